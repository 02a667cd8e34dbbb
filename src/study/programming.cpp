#include "study/programming.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/stopwatch.hpp"
#include "crossbar/cross_array.hpp"
#include "study/machine.hpp"
#include "study/programming_cells.hpp"

namespace memspice::study {
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
std::vector<TileWork> tiles_of(mapping::TilePlan& plan, const Rung& rung) {
  std::vector<TileWork> work;
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    if (rung.of(plan.layers[l].name) == Fidelity::Float) continue;
    for (mapping::Block& block : plan.layers[l].blocks) {
      for (mapping::Tile& tile : block.tiles)
        work.push_back({.layer = l, .tile = &tile, .copies = plan.layers[l].replicas});
    }
  }
  return work;
}

/// Writes every tile. Pulses move memristors; a plan's G is what a read of the whole cell shows.
void write_tiles(const Writing& writing,
                 const device::Memristor& cell,
                 std::vector<TileWork>& work) {
  Progress progress("program tiles", work.size(), "tiles");
  const crossbar::PulsedArraySpec spec = array_spec(writing, cell);
  const tile::Array& read = *writing.array;
  parallel_for(writing.jobs, work.size(), [&](std::size_t k) {
    TileWork& item = work[k];
    const Eigen::MatrixXd target = read.memristors(item.tile->G);
    const auto array = crossbar::make_cross_array(
        spec, initial_states(writing, cell, item.tile->name, target.rows(), target.cols()));
    item.result = crossbar::program_array(*array, cell, target, writing.options->program);
    for (Eigen::MatrixXd* G : {&item.result.G, &item.result.G_written}) *G = read.whole_cells(*G);
    progress.advance();
  });
}

/// Sums of cell k, on every crossbar that is written alike. window: of conductances [S].
void add_cell(LayerProgramming& layer,
              const TileWork& item,
              Eigen::Index k,
              double target,
              double window,
              const device::WriteOptions& write) {
  const ProgramResult& result = item.result;
  const auto copies = static_cast<double>(item.copies);
  const double error = std::abs(result.G(k) - target);
  const double disturb = std::abs(result.G(k) / result.G_written(k) - 1.0);
  layer.cells += item.copies;
  layer.failed += result.termination(k) != device::WriteTermination::Reached ? item.copies : 0;
  layer.out += error > write.tolerance(target) ? item.copies : 0;
  layer.pulses += item.copies * result.pulses(k);
  layer.most_pulses = std::max(layer.most_pulses, result.pulses(k));
  layer.error_rms += copies * error * error / (window * window);
  layer.error_max = std::max(layer.error_max, error / window);
  layer.disturb_mean += copies * disturb;
  layer.disturb_max = std::max(layer.disturb_max, disturb);
}

/// Sums of one tile into `layer`; its squared error is divided by the cells at the end.
void add_tile(LayerProgramming& layer,
              const TileWork& item,
              const Eigen::MatrixXd& target,
              const device::ConductanceWindow& conductances,
              const device::WriteOptions& write) {
  for (Eigen::Index k = 0; k < target.size(); ++k) {
    if (target(k) == 0.0) continue;
    add_cell(layer, item, k, target(k), conductances.width(), write);
  }
  layer.energy += static_cast<double>(item.copies) * item.result.energy.sum();
  layer.time = std::max(layer.time, item.result.time.sum());
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
void summarize(const device::WriteOptions& write,
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
      add_tile(layer, item, target, targets.window, write);
      add_tile(report.all, item, target, targets.window, write);
      count_pulses(item, report.pulse_counts);
      if (report.failure.empty()) report.failure = item.result.message;
    }
    if (layer.cells == 0) continue;
    finish(layer);
    report.layers.push_back(std::move(layer));
  }
  finish(report.all);
}

/// What the network scores on the cells of `written`, behind the converters of the mapped plan.
simulate::Outcome score(const Bench& bench, const mapping::TilePlan& written) {
  const Rung& rung = bench.last_rung();
  const mapping::TilePlan& plan = bench.mapped->plan;
  simulate::Machine machine{.graph = bench.graph, .kernels = bench.digital};
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    const Fidelity fidelity = rung.of(plan.layers[l].name);
    if (fidelity == Fidelity::Float) continue;
    tile::LayerResponses responses;
    if (fidelity.needs_response()) {
      responses = tile::layer_responses(bench.array, written.layers[l], bench.jobs);
    }
    machine.kernels[plan.layers[l].layer.value] =
        behavioural_kernel(bench,
                           l,
                           fidelity,
                           {.layer = &written.layers[l], .responses = &responses},
                           {},
                           adc_setting(bench, l, fidelity, rung.converters));
  }
  return simulate::simulate(
      machine, *bench.test, {.jobs = bench.jobs, .title = "simulate programmed"});
}

class ProgrammingStudy final : public Study {
 public:
  ProgrammingStudy(ProgrammingOptions options, std::optional<WritingEngine> spice)
      : options_(std::move(options)), spice_(std::move(spice)) {}

  void run(const Bench& bench, report::RunReport& report) const override {
    if (!options_.is_on) return;
    const Writing writing{
        .options = &options_, .array = &bench.array, .seed = bench.seed, .jobs = bench.jobs};
    report.programming = write_network(writing, bench);
    if (options_.spice_cells == 0 || !spice_) return;
    report.programming->agreement = compare_programming(writing, bench.mapped->plan, *spice_);
  }

 private:
  report::ProgrammingReport start_report(const Bench& bench) const {
    const bool has_amplitude_ramp = options_.program.write.ramp == device::Ramp::Amplitude;
    return {.card = options_.model + '/' + options_.parameters.name,
            .scheme = std::string(crossbar::name_of(options_.scheme)),
            .ramp = has_amplitude_ramp ? "amplitude ramp" : "width ramp",
            .passes = options_.program.passes,
            .fidelity = bench.last_rung().fidelity_text(),
            .perfect = share_of(bench.last_outcome())};
  }

  report::ProgrammingReport write_network(const Writing& writing, const Bench& bench) const {
    const Stopwatch stopwatch;
    const auto cell = device::make_memristor(options_.parameters);
    mapping::TilePlan written = bench.mapped->plan;
    std::vector<TileWork> work = tiles_of(written, bench.last_rung());
    write_tiles(writing, *cell, work);
    report::ProgrammingReport found = start_report(bench);
    summarize(options_.program.write, work, bench.mapped->plan, found);
    for (TileWork& item : work) item.tile->G = item.result.G;
    found.seconds = stopwatch.seconds();
    const simulate::Outcome programmed = score(bench, written);
    found.programmed = share_of(programmed);
    found.change = paired_change(bench.last_outcome(), programmed);
    return found;
  }

  ProgrammingOptions options_;
  std::optional<WritingEngine> spice_;
};

}  // namespace

mapping::TilePlan written_cells(const Writing& writing,
                                const mapping::TilePlan& plan,
                                const Rung& rung,
                                const std::string& layer) {
  const auto cell = device::make_memristor(writing.options->parameters);
  mapping::TilePlan written = plan;
  std::vector<TileWork> work = tiles_of(written, rung);
  std::erase_if(work, [&](const TileWork& item) {
    return !layer.empty() && plan.layers[item.layer].name != layer;
  });
  write_tiles(writing, *cell, work);
  for (TileWork& item : work) item.tile->G = item.result.G;
  return written;
}

std::unique_ptr<const Study> make_programming_study(ProgrammingOptions options,
                                                    std::optional<WritingEngine> spice) {
  return std::make_unique<ProgrammingStudy>(std::move(options), std::move(spice));
}

}  // namespace memspice::study
