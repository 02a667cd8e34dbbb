#include "mapping/perturb.hpp"

#include <cmath>

#include "device/phase_change.hpp"

namespace memspice::mapping {
namespace {

using device::ConductanceWindow;
using device::DeviceToDevice;
using device::Drift;
using device::NonidealityOptions;
using device::ProgrammingError;

/// Calls change(G_ij, z) on every cell with a standard normal z.
template <typename Change>
void for_each_cell(Eigen::MatrixXd& G, RandomStream random, Change change) {
  for (double& cell : G.reshaped()) change(cell, random.normal());
}

void add_programming_error(Eigen::MatrixXd& G,
                           const ProgrammingError& error,
                           const ConductanceWindow& window,
                           RandomStream random) {
  if (!error.is_on()) return;
  const double fixed = error.sigma > 0.0 ? error.sigma : error.relative_sigma * window.width();
  const bool is_phase_change = error.law == ProgrammingError::Law::PhaseChange;
  for_each_cell(G, std::move(random), [&](double& cell, double z) {
    const double sigma =
        is_phase_change ? device::phase_change_programming_sigma(cell, window.g_max) : fixed;
    cell = std::max(cell + sigma * z, 0.0);
  });
}

/// G <- G exp(sigma z - shift).
void spread(Eigen::MatrixXd& G, double sigma, double shift, RandomStream random) {
  if (sigma == 0.0) return;
  for_each_cell(
      G, std::move(random), [&](double& cell, double z) { cell *= std::exp(sigma * z - shift); });
}

/// The exponents follow the targets, as the published laws do.
void let_drift(Eigen::MatrixXd& G,
               const Eigen::MatrixXd& target,
               const Drift& drift,
               const ConductanceWindow& window,
               const ChipState& state,
               RandomStream random) {
  if (!drift.is_on() || state.time == drift.t0) return;
  const double log_time = std::log(state.time / drift.t0);
  for (Eigen::Index k = 0; k < G.size(); ++k) {
    const double z = random.normal();
    double nu = drift.nu + drift.nu_sigma * z;
    if (drift.law == Drift::Law::PhaseChange) {
      const auto law = device::phase_change_drift(target.data()[k], window.g_max);
      nu = std::abs(law.mean + law.sigma * z);
    }
    G.data()[k] *= std::exp(-nu * log_time);
  }
}

void stick_cells(Eigen::MatrixXd& G,
                 const device::StuckCells& stuck,
                 const ConductanceWindow& window,
                 RandomStream random) {
  if (!stuck.is_on()) return;
  const double on = stuck.on_conductance.value_or(window.g_max);
  const double off = stuck.off_conductance.value_or(window.g_min);
  for (double& cell : G.reshaped()) {
    const double u = random.uniform();
    if (u < stuck.on) cell = on;
    // As a distance from 1, so that a rate of 0 marks no cell and one of 1 every cell.
    if (1.0 - u <= stuck.off) cell = off;
  }
}

std::vector<int> draw_open(int lines, double rate, RandomStream random) {
  std::vector<int> open;
  for (int k = 0; k < lines; ++k) {
    if (random.chance(rate)) open.push_back(k);
  }
  return open;
}

void perturb_tile(Tile& tile,
                  const ConductanceWindow& window,
                  const NonidealityOptions& options,
                  const ChipState& state) {
  const auto of_chip = [&](const char* effect) { return state.chip.fork(effect).fork(tile.name); };
  const auto of_programming = [&](const char* effect) {
    return state.programming.fork(effect).fork(tile.name);
  };
  const DeviceToDevice& between = options.device_to_device;
  const bool keeps_mean = between.centre == DeviceToDevice::Centre::Mean;
  const Eigen::MatrixXd target = tile.G;
  add_programming_error(tile.G, options.programming, window, of_programming("programming_error"));
  spread(tile.G, options.cycle_to_cycle.sigma, 0.0, of_programming("cycle_to_cycle"));
  spread(tile.G,
         between.sigma,
         keeps_mean ? 0.5 * between.sigma * between.sigma : 0.0,
         of_chip("device_to_device"));
  let_drift(tile.G, target, options.drift, window, state, of_chip("drift"));
  stick_cells(tile.G, options.stuck, window, of_chip("stuck"));
  tile.open_word_lines =
      draw_open(tile.word_lines(), options.opens.word_lines, of_chip("open_word_lines"));
  tile.open_bit_lines =
      draw_open(tile.bit_lines(), options.opens.bit_lines, of_chip("open_bit_lines"));
}

}  // namespace

ChipState draw_chip(std::uint64_t seed, std::uint64_t chip, std::uint64_t programming) {
  return {.chip = RandomStream(seed, "chip").fork(chip),
          .programming = RandomStream(seed, "programming").fork(chip).fork(programming),
          .time = 0.0};
}

TilePlan perturb(const TilePlan& plan, const NonidealityOptions& options, const ChipState& state) {
  TilePlan perturbed = plan;
  for (LayerPlan& layer : perturbed.layers) {
    for (Block& block : layer.blocks) {
      for (Tile& tile : block.tiles) perturb_tile(tile, plan.window, options, state);
    }
  }
  return perturbed;
}

Eigen::MatrixXd connected_cells(const Tile& tile) {
  Eigen::MatrixXd G = tile.G;
  for (const int i : tile.open_word_lines) G.row(i).setZero();
  for (const int j : tile.open_bit_lines) G.col(j).setZero();
  return G;
}

}  // namespace memspice::mapping
