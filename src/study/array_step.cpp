#include "study/array_step.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "synthesis/tile_step_bench.hpp"
#include "tile/charging_certificate.hpp"
#include "tile/stored_pinned.hpp"

namespace memspice::study {
namespace {

constexpr double kRunLength = 3.0;     // in estimated settling times
constexpr double kStepsPerRun = 60.0;  // the longest step; ngspice takes shorter ones on the slope
constexpr double kRiseShare = 1e-3;    // of the run
constexpr double kDelayShare = 1.0 / 20;  // of the run
/// Of half an LSB, what ngspice may leave at all nodes together.
constexpr double kResidualShare = 1e-2;

const mapping::Tile& largest_tile(const mapping::TilePlan& plan) {
  const mapping::Tile* largest = nullptr;
  for (const mapping::LayerPlan& layer : plan.layers) {
    for (const mapping::Block& block : layer.blocks) {
      for (const mapping::Tile& tile : block.tiles) {
        if (largest == nullptr || tile.G.size() > largest->G.size()) largest = &tile;
      }
    }
  }
  return *largest;
}

/// From the step until every bit line's current stays within half an LSB of the largest last one
/// of its own last [s].
double settling_of(const engine::Waveforms& waves, Eigen::Index bit_lines, double start, int bits) {
  const auto last = waves.values.row(waves.values.rows() - 1).head(bit_lines);
  const double tolerance = std::ldexp(last.cwiseAbs().maxCoeff(), -bits - 1);
  for (Eigen::Index k = waves.axis.size() - 2; k >= 0; --k) {
    const double away = (waves.values.row(k).head(bit_lines) - last).cwiseAbs().maxCoeff();
    if (away > tolerance) return std::max(0.0, waves.axis[k + 1] - start);
  }
  return 0.0;
}

/// What the drivers gave beyond the last point's power since the step [J].
double charging_energy(const engine::Waveforms& waves,
                       const synthesis::TileStepBench& bench,
                       const synthesis::TileStepOptions& step,
                       double V) {
  const auto drivers = static_cast<Eigen::Index>(bench.driven_line.size());
  const Eigen::VectorXd supplied = -V * waves.values.rightCols(drivers).rowwise().sum();
  const double settled = supplied[supplied.size() - 1];
  double energy = 0.0;
  for (Eigen::Index k = 1; k < supplied.size(); ++k) {
    const double dt = waves.axis[k] - waves.axis[k - 1];
    if (waves.axis[k] <= step.delay) continue;
    energy += dt * ((supplied[k] + supplied[k - 1]) / 2 - settled);
  }
  return energy;
}

synthesis::TileStepOptions step_lasting(double run, double line_capacitance) {
  return {.line_capacitance = line_capacitance,
          .delay = kDelayShare * run,
          .rise = kRiseShare * run,
          .duration = run,
          .max_step = run / kStepsPerRun};
}

engine::Waveforms run_step(const synthesis::TileStepBench& bench,
                           const std::string& tile,
                           engine::Engine& engine) {
  engine::Waveforms waves = engine.run(netlist::write_deck(bench.circuit, bench.analysis));
  if (waves.ok()) return waves;
  throw RunError({.place = tile,
                  .value = {},
                  .rule = "its step response failed: " + waves.summary.message,
                  .remedy = "take the line capacitance out of the technology card"});
}

[[noreturn]] void refuse(const std::string& tile, const tile::ChargingCertificate& certificate) {
  throw RunError({.place = "tile " + tile,
                  .value = to_text_rounded(certificate.relative, 3) + " of its largest output",
                  .rule = "is more than ngspice may leave at its nodes while its lines charge",
                  .remedy = "set `method` under [spice] to \"direct\""});
}

report::ArrayStep step_of(const synthesis::TileSpec& spec) {
  return {.tile = spec.name,
          .word_lines = static_cast<int>(spec.G.rows()),
          .bit_lines = static_cast<int>(spec.G.cols())};
}

/// All word lines of the tile to `V` [V] as one transient of ngspice.
report::ArrayStep step_directly(const synthesis::TileSpec& spec,
                                double V,
                                const synthesis::TileStepOptions& step,
                                int bits,
                                engine::Engine& engine) {
  const auto bench = synthesis::build_tile_step_bench(
      spec, Eigen::VectorXd::Constant(spec.driven_lines(), V), step);
  const engine::Waveforms waves = run_step(bench, spec.name, engine);
  report::ArrayStep found = step_of(spec);
  found.settling = settling_of(waves, spec.G.cols(), step.delay, bits);
  found.energy = charging_energy(waves, bench, step, V);
  return found;
}

/// The same by our own integration, with every node held to ngspice where there is one.
report::ArrayStep step_held(const synthesis::TileSpec& spec,
                            double V,
                            const synthesis::TileStepOptions& step,
                            int bits,
                            engine::Engine* engine) {
  const crossbar::ChargingOptions options{.line_capacitance = step.line_capacitance,
                                          .rise = step.rise,
                                          .tolerance = std::ldexp(1.0, -bits - 1)};
  const auto [charging, certificate] =
      tile::charge_tile(spec, Eigen::VectorXd::Constant(spec.G.rows(), V), options, engine);
  report::ArrayStep found = step_of(spec);
  found.settling = charging.settling(options.tolerance * charging.I_rest.cwiseAbs().maxCoeff());
  found.energy = charging.energy();
  if (!certificate) return found;
  if (certificate->relative > kResidualShare * options.tolerance) refuse(spec.name, *certificate);
  found.residual = certificate->relative;
  return found;
}

/// The tile as its reads see it: the curvature of plain cells, else what whole cells read as.
synthesis::TileSpec spec_of(const mapping::Tile& tile, const tile::Array& array) {
  const bool is_plain = array.has_law() && !array.has_access();
  return {.name = tile.name,
          .G = tile.G,
          .alpha = is_plain ? array.spec().alpha : 0.0,
          .wiring = array.wiring()};
}

}  // namespace

std::optional<report::ArrayStep> step_largest_tile(const Bench& bench,
                                                   const device::Technology& technology,
                                                   int bits) {
  const mapping::TilePlan& plan = bench.mapped->plan;
  if (!technology.line_capacitance || plan.layers.empty()) return std::nullopt;
  const synthesis::TileSpec spec = spec_of(largest_tile(plan), bench.array);
  const double C = technology.line_capacitance->value;
  // One pole is half an LSB from its end after so many Elmore delays.
  const double estimate = synthesis::elmore_delay(spec, C) * std::log(std::ldexp(1.0, bits + 1));
  const synthesis::TileStepOptions step = step_lasting(kRunLength * estimate, C);
  const double V = bench.array.spec().read_voltage;
  report::ArrayStep found = bench.spice.pinned != nullptr && tile::can_charge(spec)
                                ? step_held(spec, V, step, bits, bench.spice.pinned->engine())
                                : step_directly(spec, V, step, bits, *bench.spice.engine);
  found.estimate = estimate;
  return found;
}

}  // namespace memspice::study
