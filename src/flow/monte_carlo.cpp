#include "flow/monte_carlo.hpp"

#include <chrono>
#include <limits>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "crossbar/crossbar.hpp"
#include "flow/digital_layers.hpp"
#include "flow/machine.hpp"
#include "mapping/perturb.hpp"
#include "tile/noisy_tiles.hpp"

namespace memspice::flow {
namespace {

using simulate::Fidelity;

/// What every sample shares.
struct Bench {
  const config::FlowOptions* options = nullptr;
  const Parts* parts = nullptr;
  Pass pass;
  std::vector<simulate::AdcSetting> adcs;  ///< per plan layer
  std::vector<double> times;  ///< since programming [s]; the first is the programmed state
  simulate::Machine digital;  ///< the layers that no sample perturbs: bitstreams, the spectrum
  int inner_jobs = 1;         ///< threads within a sample

  Fidelity fidelity(std::size_t layer) const {
    return fidelity_of(*options, parts->mapped->plan.layers[layer].name, pass);
  }
};

Bench set_up(const config::FlowOptions& options, const Parts& parts) {
  Bench bench{.options = &options,
              .parts = &parts,
              .pass = passes_of(options).back(),
              .adcs = {},
              .times = sample_times(options),
              .digital = {.graph = &parts.inputs->graph, .kernels = {}}};
  add_digital_layers(options, parts, bench.digital);
  for (std::size_t l = 0; l < parts.mapped->plan.layers.size(); ++l) {
    const Fidelity fidelity = bench.fidelity(l);
    bench.adcs.push_back(fidelity == Fidelity::Float ? simulate::AdcSetting{}
                                                     : choose_adc(parts, l, fidelity));
  }
  const bool alone = options.monte_carlo.samples == 1 && bench.times.size() == 1;
  bench.inner_jobs = alone ? options.jobs : 1;
  return bench;
}

LayerResponses solve_layer(const Bench& bench, const mapping::LayerPlan& layer) {
  LayerResponses responses(layer.blocks.size());
  for (std::size_t b = 0; b < layer.blocks.size(); ++b) {
    const auto& tiles = layer.blocks[b].tiles;
    responses[b].resize(tiles.size());
    parallel_for(bench.inner_jobs, tiles.size(), [&](std::size_t t) {
      const crossbar::Wiring wiring = connected_wiring(tiles[t], bench.options->array.wiring);
      responses[b][t] = crossbar::solve_response(tiles[t].G, wiring).G_eff;
    });
  }
  return responses;
}

/// One layer of a sample: its cells, their wires, their noise.
std::unique_ptr<simulate::LayerKernel> sample_kernel(const Bench& bench,
                                                     std::size_t l,
                                                     const mapping::LayerPlan& cells,
                                                     const RandomStream& reads) {
  const Fidelity fidelity = bench.fidelity(l);
  LayerResponses responses;
  if (fidelity != Fidelity::Ideal) responses = solve_layer(bench, cells);
  const auto quiet =
      behavioural_tiles(*bench.parts, l, fidelity, {.layer = &cells, .responses = &responses});
  const mapping::TilePlan& plan = bench.parts->mapped->plan;
  return simulate::make_crossbar_kernel(
      {.graph = &bench.parts->inputs->graph,
       .plan = &plan,
       .layer = &plan.layers[l],
       .tiles = tile::add_read_noise(
           quiet,
           {.layer = &cells, .noise = bench.options->nonideality.read_noise, .random = reads})},
      bench.adcs[l]);
}

/// The network on sample `k` at one of the bench's times.
simulate::Machine sample_machine(const Bench& bench, std::uint64_t k, std::size_t time) {
  const config::FlowOptions& options = *bench.options;
  const mapping::TilePlan plan =
      sample_cells(options, bench.parts->mapped->plan, k, bench.times[time]);
  const RandomStream reads = RandomStream(options.seed, "read_noise").fork(k).fork(time);
  simulate::Machine machine = bench.digital;
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    if (bench.fidelity(l) == Fidelity::Float) continue;
    machine.kernels[plan.layers[l].layer.value] = sample_kernel(bench, l, plan.layers[l], reads);
  }
  return machine;
}

/// All samples at one time, and their scores by image.
struct Scores {
  std::vector<double> accuracy;
  std::vector<std::vector<float>> images;

  explicit Scores(std::size_t samples) : accuracy(samples), images(samples) {}
  simulate::SampleStatistics summary(std::span<const double> percentiles) const {
    return simulate::summarize(accuracy, percentiles, simulate::spread_of_images(images));
  }
};

/// By time.
std::vector<Scores> score_samples(const Bench& bench) {
  const auto samples = static_cast<std::size_t>(bench.options->monte_carlo.samples);
  const std::size_t times = bench.times.size();
  std::vector<Scores> scores(times, Scores(samples));
  Progress progress("sample chips", samples * times, "samples");
  // The longest-running loop is over samples; one alone spreads over its images instead.
  const int outer_jobs = samples * times > 1 ? bench.options->jobs : 1;
  parallel_for(outer_jobs, samples * times, [&](std::size_t item) {
    const std::size_t k = item / times;
    const std::size_t time = item % times;
    simulate::Outcome outcome = simulate::simulate(sample_machine(bench, k, time),
                                                   bench.parts->inputs->test,
                                                   {.jobs = bench.inner_jobs, .title = ""});
    scores[time].accuracy[k] = outcome.accuracy;
    scores[time].images[k] = std::move(outcome.scores);
    progress.advance();
  });
  return scores;
}

std::string sample_text(config::Vary vary) {
  return vary == config::Vary::Chips ? "another chip, programmed once"
                                     : "the same chip, programmed again";
}

/// The rows that the drift table asked for, from what was scored.
std::vector<report::DriftPoint> drift_points(const Bench& bench,
                                             const std::vector<Scores>& scores) {
  std::vector<report::DriftPoint> points;
  if (!bench.options->nonideality.drift.is_on()) return points;
  const bool asked_for_first = bench.options->nonideality.drift.times.front() == bench.times[0];
  for (std::size_t t = asked_for_first ? 0 : 1; t < bench.times.size(); ++t) {
    points.push_back({.time = bench.times[t],
                      .accuracy = scores[t].summary(bench.options->monte_carlo.percentiles)});
  }
  return points;
}

}  // namespace

std::vector<double> sample_times(const config::FlowOptions& options) {
  const device::Drift& drift = options.nonideality.drift;
  std::vector<double> times{drift.t0};
  for (const double t : drift.times) {
    if (t > drift.t0) times.push_back(t);
  }
  return times;
}

mapping::TilePlan sample_cells(const config::FlowOptions& options,
                               const mapping::TilePlan& plan,
                               std::uint64_t sample,
                               double time) {
  const bool same_chip = options.monte_carlo.vary == config::Vary::Programmings;
  mapping::ChipState state =
      mapping::draw_chip(options.seed, same_chip ? 0 : sample, same_chip ? sample : 0);
  state.time = time;
  return mapping::perturb(plan, options.nonideality, state);
}

crossbar::Wiring connected_wiring(const mapping::Tile& tile, crossbar::Wiring wiring) {
  constexpr double open = std::numeric_limits<double>::infinity();
  const auto cut = [&](std::vector<double>& lines, int count, double all, const auto& cuts) {
    if (cuts.empty()) return;
    if (lines.empty()) lines.assign(static_cast<std::size_t>(count), all);
    for (const int k : cuts) lines[static_cast<std::size_t>(k)] = open;
  };
  cut(wiring.driver_per_line, tile.word_lines(), wiring.driver, tile.open_word_lines);
  cut(wiring.sense_per_line, tile.bit_lines(), wiring.sense, tile.open_bit_lines);
  return wiring;
}

std::optional<report::VariabilityReport> run_monte_carlo(const config::FlowOptions& options,
                                                         const Parts& parts,
                                                         const simulate::Outcome& nominal) {
  if (!options.nonideality.any()) return std::nullopt;
  const auto start = std::chrono::steady_clock::now();
  const Bench bench = set_up(options, parts);
  const std::vector<Scores> scores = score_samples(bench);
  const bool as_set = bench.pass.own_layers;
  report::VariabilityReport found{
      .fidelity = as_set ? "as set" : std::string(simulate::to_text(bench.pass.fidelity)),
      .sample = sample_text(options.monte_carlo.vary),
      .nominal = share_of(nominal),
      .accuracies = scores.front().accuracy,
      .programmed = scores.front().summary(options.monte_carlo.percentiles),
      .drift = drift_points(bench, scores)};
  found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return found;
}

}  // namespace memspice::flow
