#pragma once
// An array that charges (crossbar/charging.hpp) held to ngspice, whatever its size: at each of our
// own steps ngspice says what cells, wires, drivers and senses take from every node, and what the
// node's capacitance gives must be just that.
//
//   r_k = C_k dv_k/dt + F_k(v)        F: ngspice's pin currents with all nodes held
//   (pinned_tile.hpp)
//
// Of a current into a node of an array of ohmic cells no more reaches the outputs, over all times
// after, than flowed in: a residual that keeps below r_k moves all outputs together by at most
// sum_k r_k. Cells whose slope changes on the way may give back later what they kept; there it is a
// residual and no bound. How well steps are joined in time is the integration's own error control.

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "crossbar/charging.hpp"
#include "engine/pinned.hpp"
#include "synthesis/tile_circuit.hpp"
#include "tile/pinned_solver.hpp"

namespace memspice::tile {

struct ChargingCertificate {
  double residual = 0.0;  ///< sum over nodes of the largest |r_k| at any sample [A]
  double relative = 0.0;  ///< to the largest output at rest
  long evaluations = 0;   ///< samples, times for which ngspice gave all F_k
  double seconds = 0.0;   ///< inside ngspice
};

/// Takes the samples of a charging array and asks ngspice for many of them at a time.
class HeldCharging {
 public:
  /// `spec` as can_charge takes it; V: what its word lines step to [V]. `V` and `engine` must
  /// outlive it.
  HeldCharging(const synthesis::TileSpec& spec,
               const Eigen::VectorXd& V,
               double line_capacitance,
               engine::Engine& engine);

  /// Throws RunError naming the tile when ngspice fails, as does `finish`.
  void take(const crossbar::ChargingSample& sample);
  /// largest_output: at rest [A].
  ChargingCertificate finish(double largest_output);

 private:
  Eigen::VectorXd brought_by(const Eigen::VectorXd& rate) const;
  void ask();
  void judge(const Eigen::VectorXd& residual);

  Eigen::Index n_, m_;
  const Eigen::VectorXd& V_;
  double C_;
  engine::Engine& engine_;
  PinnedProblem problem_;
  std::vector<engine::PinnedDeck> decks_;
  std::vector<double> shares_;
  std::vector<Eigen::VectorXd> brought_;
  Eigen::VectorXd worst_;  ///< largest |residual| of each pin so far [A]
  ChargingCertificate certificate_;
};

struct CertifiedCharging {
  crossbar::Charging charging;
  std::optional<ChargingCertificate> certificate;  ///< none without an engine
};

/// Whether `charge_tile` takes the tile: plain cells, each of them there, on word lines that bring
/// the current.
bool can_charge(const synthesis::TileSpec& spec);

/// V: what each word line steps to [V]; engine: null where a run asks the store alone. Throws
/// RunError naming the tile when ngspice fails or our own integration does.
CertifiedCharging charge_tile(const synthesis::TileSpec& spec,
                              const Eigen::VectorXd& V,
                              const crossbar::ChargingOptions& options,
                              engine::Engine* engine);

}  // namespace memspice::tile
