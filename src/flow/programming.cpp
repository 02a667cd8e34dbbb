#include "flow/programming.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "crossbar/access_law.hpp"
#include "crossbar/cross_array.hpp"
#include "crossbar/crossbar.hpp"
#include "flow/digital_layers.hpp"
#include "flow/machine.hpp"
#include "flow/programming_cells.hpp"

namespace memspice::flow {
namespace {

using crossbar::ProgramResult;
using report::LayerProgramming;
using simulate::Fidelity;

/// One tile of a plan.
struct TileWork {
  std::size_t layer = 0;
  mapping::Tile* tile = nullptr;
  long copies = 1;  ///< crossbars that are written alike
  ProgramResult result = {};
};

/// The tiles of layers that run on crossbars; the others stay digital.
std::vector<TileWork> tiles_of(const config::FlowOptions& options,
                               mapping::TilePlan& plan,
                               const Pass& pass) {
  std::vector<TileWork> work;
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    if (fidelity_of(options, plan.layers[l].name, pass) == Fidelity::Float) continue;
    for (mapping::Block& block : plan.layers[l].blocks) {
      for (mapping::Tile& tile : block.tiles)
        work.push_back({.layer = l, .tile = &tile, .copies = plan.layers[l].replicas});
    }
  }
  return work;
}

/// Writes every tile. Pulses move memristors; a plan's G is what a read of the whole cell shows.
void write_tiles(const config::FlowOptions& options,
                 const device::Memristor& cell,
                 std::vector<TileWork>& work) {
  Progress progress("program tiles", work.size(), "tiles");
  const crossbar::PulsedArraySpec spec = array_spec(options, cell);
  const double V = options.array.read_voltage, alpha = options.device.alpha;
  const device::Access& access = options.array.access;
  parallel_for(options.jobs, work.size(), [&](std::size_t k) {
    TileWork& item = work[k];
    const Eigen::MatrixXd target = crossbar::memristors_behind(item.tile->G, V, alpha, access);
    const auto array = crossbar::make_cross_array(
        spec, initial_states(options, cell, item.tile->name, target.rows(), target.cols()));
    item.result = crossbar::program_array(*array, cell, target, options.programming.program);
    for (Eigen::MatrixXd* G : {&item.result.G, &item.result.G_written}) {
      *G = crossbar::whole_cells(*G, V, alpha, access);
    }
    progress.advance();
  });
}

/// Sums of one tile into `layer`; its squared error is divided by the cells at the end.
void add_tile(LayerProgramming& layer,
              const TileWork& item,
              const Eigen::MatrixXd& target,
              const config::FlowOptions& options) {
  const ProgramResult& result = item.result;
  const auto copies = static_cast<double>(item.copies);
  const double window = options.device.window.width();
  const device::WriteOptions& write = options.programming.program.write;
  for (Eigen::Index k = 0; k < target.size(); ++k) {
    if (target(k) == 0.0) continue;
    const double error = std::abs(result.G(k) - target(k));
    const double disturb = std::abs(result.G(k) / result.G_written(k) - 1.0);
    layer.cells += item.copies;
    layer.failed += result.termination(k) != device::WriteTermination::Reached ? item.copies : 0;
    layer.out += error > write.tolerance(target(k)) ? item.copies : 0;
    layer.pulses += item.copies * result.pulses(k);
    layer.most_pulses = std::max(layer.most_pulses, result.pulses(k));
    layer.error_rms += copies * error * error / (window * window);
    layer.error_max = std::max(layer.error_max, error / window);
    layer.disturb_mean += copies * disturb;
    layer.disturb_max = std::max(layer.disturb_max, disturb);
  }
  layer.energy += copies * result.energy.sum();
  layer.time = std::max(layer.time, result.time.sum());
}

void finish(LayerProgramming& layer) {
  const double cells = std::max(static_cast<double>(layer.cells), 1.0);
  layer.error_rms = std::sqrt(layer.error_rms / cells);
  layer.disturb_mean /= cells;
}

void count_pulses(const TileWork& item, std::vector<long>& counts) {
  for (const int pulses : item.result.pulses.reshaped()) {
    const auto k = static_cast<std::size_t>(pulses);
    if (counts.size() <= k) counts.resize(k + 1, 0);
    counts[k] += item.copies;
  }
}

/// Statistics by layer. `targets`: the plan as mapped.
void summarize(const config::FlowOptions& options,
               const std::vector<TileWork>& work,
               const mapping::TilePlan& targets,
               report::ProgrammingReport& report) {
  report.all.name = "all";
  for (std::size_t l = 0; l < targets.layers.size(); ++l) {
    LayerProgramming layer;
    layer.name = targets.layers[l].name;
    for (const TileWork& item : work) {
      if (item.layer != l) continue;
      const Eigen::MatrixXd& target = targets.tile(item.tile->name).G;
      add_tile(layer, item, target, options);
      add_tile(report.all, item, target, options);
      count_pulses(item, report.pulse_counts);
      if (report.failure.empty()) report.failure = item.result.message;
    }
    if (layer.cells == 0) continue;
    finish(layer);
    report.layers.push_back(std::move(layer));
  }
  finish(report.all);
}

LayerResponses solve_layer(const config::FlowOptions& options, const mapping::LayerPlan& layer) {
  LayerResponses responses(layer.blocks.size());
  for (std::size_t b = 0; b < layer.blocks.size(); ++b) {
    const auto& tiles = layer.blocks[b].tiles;
    responses[b].resize(tiles.size());
    parallel_for(options.jobs, tiles.size(), [&](std::size_t t) {
      responses[b][t] = crossbar::solve_response(tiles[t].G, options.array.wiring).G_eff;
    });
  }
  return responses;
}

/// What the network scores on the cells of `written`, behind the converters of the mapped plan.
simulate::Outcome score(const config::FlowOptions& options,
                        const Parts& parts,
                        const mapping::TilePlan& written,
                        const Pass& pass) {
  const mapping::TilePlan& plan = parts.mapped->plan;
  simulate::Machine machine{.graph = &parts.inputs->graph, .kernels = {}};
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    const Fidelity fidelity = fidelity_of(options, plan.layers[l].name, pass);
    if (fidelity == Fidelity::Float) continue;
    LayerResponses responses;
    if (fidelity != Fidelity::Ideal) responses = solve_layer(options, written.layers[l]);
    machine.kernels[plan.layers[l].layer.value] = simulate::make_crossbar_kernel(
        {.graph = &parts.inputs->graph,
         .plan = &plan,
         .layer = &plan.layers[l],
         .tiles = behavioural_tiles(
             parts, l, fidelity, {.layer = &written.layers[l], .responses = &responses})},
        choose_adc(parts, l, fidelity));
  }
  add_digital_layers(options, parts, machine);
  return simulate::simulate(
      machine, parts.inputs->test, {.jobs = options.jobs, .title = "simulate programmed"});
}

}  // namespace

std::optional<report::ProgrammingReport> run_programming(const config::FlowOptions& options,
                                                         const Parts& parts,
                                                         const simulate::Outcome& perfect) {
  const config::ProgrammingOptions& programming = options.programming;
  if (!programming.is_on) return std::nullopt;
  const auto start = std::chrono::steady_clock::now();
  const auto cell = device::make_memristor(programming.parameters);
  const Pass pass = passes_of(options).back();
  mapping::TilePlan written = parts.mapped->plan;
  std::vector<TileWork> work = tiles_of(options, written, pass);
  write_tiles(options, *cell, work);

  const bool has_amplitude_ramp = programming.program.write.ramp == device::Ramp::Amplitude;
  report::ProgrammingReport found{
      .card = programming.model + '/' + programming.parameters.name,
      .scheme = std::string(crossbar::name_of(programming.scheme)),
      .ramp = has_amplitude_ramp ? "amplitude ramp" : "width ramp",
      .passes = programming.program.passes,
      .fidelity = pass.own_layers ? "as set" : std::string(simulate::to_text(pass.fidelity)),
      .perfect = share_of(perfect)};
  summarize(options, work, parts.mapped->plan, found);
  for (TileWork& item : work) item.tile->G = item.result.G;
  found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const simulate::Outcome programmed = score(options, parts, written, pass);
  found.programmed = share_of(programmed);
  found.change = paired_change(perfect, programmed);
  return found;
}

mapping::TilePlan written_cells(const config::FlowOptions& options,
                                const mapping::TilePlan& plan,
                                const std::string& layer) {
  const auto cell = device::make_memristor(options.programming.parameters);
  mapping::TilePlan written = plan;
  std::vector<TileWork> work = tiles_of(options, written, passes_of(options).back());
  std::erase_if(work, [&](const TileWork& item) {
    return !layer.empty() && plan.layers[item.layer].name != layer;
  });
  write_tiles(options, *cell, work);
  for (TileWork& item : work) item.tile->G = item.result.G;
  return written;
}

}  // namespace memspice::flow
