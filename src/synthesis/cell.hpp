#pragma once
// What stands at a crossing: a memristor, and perhaps a device in series that gives access to it.
//
//   1R                   1T1R  gate line g_i                 1S1R
//
//   word --[ M ]-- bit   word --[ M ]--o m_i_j --| |-- bit   word --[ M ]--o m_i_j --[ S ]-- bit
//
// The array builder knows no memristor: any definition with the ports (word side, bit side,
// further nodes) will do, so that a dynamic model of device_models/ can be programmed in place.

#include <Eigen/Core>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "device/access.hpp"

namespace memspice::synthesis {

/// A memristor from hand-written text, one instance `cell_i_j` per crossing with G > 0.
struct DefinedMemristor {
  /// Ports: word-line side, bit-line side, then nodes of its own (its state, say), which become
  /// nets cell_i_j_PORT that a probe may read.
  circuit::Definition definition;
  /// The instance's parameters at word line i and bit line j.
  std::function<std::vector<circuit::Parameter>(Eigen::Index i, Eigen::Index j)> parameters;
};

/// Default: a memristor I = G sinh(alpha v)/alpha of its own conductance, with nothing in series.
struct CellDesign {
  std::optional<DefinedMemristor> memristor = std::nullopt;
  device::Access access = {};

  bool has_gate() const noexcept {
    return std::holds_alternative<device::AccessTransistor>(access);
  }
};

/// Adds cells to one circuit, and the definitions that they name.
class CellBuilder {
 public:
  /// `design` and `circuit` must outlive it. alpha [1/V] of the default memristor.
  CellBuilder(circuit::Circuit& circuit, const CellDesign& design, double alpha);

  /// Where a cell stands and what it joins. `gate` is read by cells with a transistor.
  struct Site {
    Eigen::Index i = 0, j = 0;
    circuit::NetId word, bit, gate = circuit::kGround;
  };
  /// G [S] > 0: of the default memristor.
  void add(const Site& site, double G);

 private:
  void define();
  void add_memristor(const Site& site, circuit::NetId bit_side, double G);
  void add_access(const Site& site, circuit::NetId inner);

  circuit::Circuit& circuit_;
  const CellDesign& design_;
  double alpha_;
  bool is_defined_ = false;
};

/// The file of an access device's subcircuit, relative to the shipped files; "" for 1R.
std::string access_file(const device::Access& access);

}  // namespace memspice::synthesis
