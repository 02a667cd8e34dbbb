#pragma once
// What kernel-first execution takes: computations, memristor pairs and their power, with pruned
// weights absent and with their pairs left at the least conductance.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace memspice::report {

/// Power and energy of a layer's arrays; solved on the network's own vectors.
struct PairPower {
  double energy = 0.0;           ///< per image, pruned pairs absent [J]
  double energy_at_g_min = 0.0;  ///< per image, pruned pairs there, at g_min [J]
  double power = 0.0;            ///< while the layer works, pruned pairs absent [W]
  double power_at_g_min = 0.0;   ///< [W]
  PairPower& operator+=(const PairPower& other);
};

struct KernelFirstLayerReport {
  std::string name;
  long weights = 0;  ///< of the kernels
  long kept = 0;     ///< that were not pruned: pairs
  long plane = 0;    ///< positions that each weight's pass runs over
  long summers = 0;
  std::optional<PairPower> power = {};  ///< absent before a run

  long computations() const noexcept { return kept * plane; }  ///< multiply-accumulates per image
  long dense() const noexcept { return weights * plane; }      ///< without pruning
};

struct KernelFirstReport {
  std::vector<KernelFirstLayerReport> layers;

  long weights() const noexcept;
  long kept() const noexcept;
  long summers() const noexcept;
  long computations() const noexcept;
  long dense() const noexcept;
  double pruned() const noexcept;          ///< share of the weights, 0 .. 1
  double saved() const noexcept;           ///< share of the dense computations, 0 .. 1
  std::optional<PairPower> power() const;  ///< all layers at work at once
};

/// The value of "kernel_first" in JSON.
nlohmann::ordered_json kernel_first_json(const KernelFirstReport& report);

}  // namespace memspice::report
