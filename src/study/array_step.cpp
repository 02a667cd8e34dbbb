#include "study/array_step.hpp"

#include <cmath>

#include "base/error.hpp"
#include "synthesis/tile_step_bench.hpp"

namespace memspice::study {
namespace {

constexpr double kRunLength = 3.0;     // in estimated settling times
constexpr double kStepsPerRun = 60.0;  // the longest step; ngspice takes shorter ones on the slope
constexpr double kRiseShare = 1e-3;    // of the run
constexpr double kDelayShare = 1.0 / 20;  // of the run

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

/// All word lines of the tile to `V` [V]; the estimate is the caller's.
report::ArrayStep step_tile(const synthesis::TileSpec& spec,
                            double V,
                            const synthesis::TileStepOptions& step,
                            int bits,
                            engine::Engine& engine) {
  const auto bench = synthesis::build_tile_step_bench(
      spec, Eigen::VectorXd::Constant(spec.driven_lines(), V), step);
  const engine::Waveforms waves = run_step(bench, spec.name, engine);
  return {.tile = spec.name,
          .word_lines = static_cast<int>(spec.G.rows()),
          .bit_lines = static_cast<int>(spec.G.cols()),
          .settling = settling_of(waves, spec.G.cols(), step.delay, bits),
          .energy = charging_energy(waves, bench, step, V)};
}

}  // namespace

std::optional<report::ArrayStep> step_largest_tile(const Bench& bench,
                                                   const device::Technology& technology,
                                                   int bits) {
  const mapping::TilePlan& plan = bench.mapped->plan;
  if (!technology.line_capacitance || plan.layers.empty()) return std::nullopt;
  const mapping::Tile& tile = largest_tile(plan);
  const synthesis::TileSpec spec{.name = tile.name, .G = tile.G, .wiring = bench.array.wiring()};
  const double C = technology.line_capacitance->value;
  // One pole is half an LSB from its end after so many Elmore delays.
  const double estimate = synthesis::elmore_delay(spec, C) * std::log(std::ldexp(1.0, bits + 1));
  report::ArrayStep found = step_tile(spec,
                                      bench.array.spec().read_voltage,
                                      step_lasting(kRunLength * estimate, C),
                                      bits,
                                      *bench.spice.engine);
  found.estimate = estimate;
  return found;
}

}  // namespace memspice::study
