#include "study/variability.hpp"

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/stopwatch.hpp"
#include "mapping/perturb.hpp"
#include "study/machine.hpp"
#include "tile/noisy_tiles.hpp"

namespace memspice::study {
namespace {

using simulate::Fidelity;

/// What every sample shares.
struct Sampling {
  const VariabilityOptions* options = nullptr;
  const Bench* bench = nullptr;
  std::vector<simulate::AdcSetting> adcs;  ///< per plan layer
  std::vector<double> times;  ///< since programming [s]; the first is the programmed state
  int inner_jobs = 1;         ///< threads within a sample

  const mapping::TilePlan& plan() const { return bench->mapped->plan; }
  Fidelity fidelity(std::size_t layer) const {
    return bench->last_rung().of(plan().layers[layer].name);
  }
};

Sampling set_up(const VariabilityOptions& options, const Bench& bench) {
  Sampling sampling{.options = &options,
                    .bench = &bench,
                    .adcs = {},
                    .times = sample_times(options.effects.drift)};
  // Samples differ in their cells; the converters around them stay.
  const ConverterEffects& effects = bench.last_rung().converters;
  for (std::size_t l = 0; l < sampling.plan().layers.size(); ++l) {
    const Fidelity fidelity = sampling.fidelity(l);
    sampling.adcs.push_back(fidelity == Fidelity::Float ? simulate::AdcSetting{}
                                                        : adc_setting(bench, l, fidelity, effects));
  }
  const bool alone = options.monte_carlo.samples == 1 && sampling.times.size() == 1;
  sampling.inner_jobs = alone ? bench.jobs : 1;
  return sampling;
}

/// One layer of a sample: its cells, their wires, their noise.
std::unique_ptr<simulate::LayerKernel> sample_kernel(const Sampling& sampling,
                                                     std::size_t l,
                                                     const mapping::LayerPlan& cells,
                                                     const RandomStream& reads) {
  const Fidelity fidelity = sampling.fidelity(l);
  tile::LayerResponses responses;
  if (fidelity.needs_response()) {
    responses = tile::layer_responses(sampling.bench->array, cells, sampling.inner_jobs);
  }
  const auto quiet =
      behavioural_tiles(*sampling.bench, l, fidelity, {.layer = &cells, .responses = &responses});
  const mapping::TilePlan& plan = sampling.plan();
  return simulate::make_crossbar_kernel(
      {.graph = sampling.bench->graph,
       .plan = &plan,
       .layer = &plan.layers[l],
       .tiles = tile::add_read_noise(
           quiet,
           {.layer = &cells, .noise = sampling.options->effects.read_noise, .random = reads})},
      sampling.adcs[l]);
}

/// The network on sample `k` at one of the times.
simulate::Machine sample_machine(const Sampling& sampling, std::uint64_t k, std::size_t time) {
  const Bench& bench = *sampling.bench;
  const mapping::TilePlan plan =
      sample_cells(*sampling.options,
                   sampling.plan(),
                   {.seed = bench.seed, .number = k, .time = sampling.times[time]});
  const RandomStream reads = RandomStream(bench.seed, "read_noise").fork(k).fork(time);
  // No sample perturbs bitstreams and the spectrum.
  simulate::Machine machine{.graph = bench.graph, .kernels = bench.digital};
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    if (sampling.fidelity(l) == Fidelity::Float) continue;
    machine.kernels[plan.layers[l].layer.value] = sample_kernel(sampling, l, plan.layers[l], reads);
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
std::vector<Scores> score_samples(const Sampling& sampling) {
  const auto samples = static_cast<std::size_t>(sampling.options->monte_carlo.samples);
  const std::size_t times = sampling.times.size();
  std::vector<Scores> scores(times, Scores(samples));
  Progress progress("sample chips", samples * times, "samples");
  // The longest-running loop is over samples; one alone spreads over its images instead.
  const int outer_jobs = samples * times > 1 ? sampling.bench->jobs : 1;
  parallel_for(outer_jobs, samples * times, [&](std::size_t item) {
    const std::size_t k = item / times;
    const std::size_t time = item % times;
    simulate::Outcome outcome = simulate::simulate(sample_machine(sampling, k, time),
                                                   *sampling.bench->test,
                                                   {.jobs = sampling.inner_jobs, .title = ""});
    scores[time].accuracy[k] = outcome.accuracy;
    scores[time].images[k] = std::move(outcome.scores);
    progress.advance();
  });
  return scores;
}

std::string sample_text(Vary vary) {
  return vary == Vary::Chips ? "another chip, programmed once" : "the same chip, programmed again";
}

/// The rows that the drift table asked for, from what was scored.
std::vector<report::DriftPoint> drift_points(const Sampling& sampling,
                                             const std::vector<Scores>& scores) {
  std::vector<report::DriftPoint> points;
  if (!sampling.options->effects.drift.is_on()) return points;
  const bool asked_for_first = sampling.options->effects.drift.times.front() == sampling.times[0];
  for (std::size_t t = asked_for_first ? 0 : 1; t < sampling.times.size(); ++t) {
    points.push_back({.time = sampling.times[t],
                      .accuracy = scores[t].summary(sampling.options->monte_carlo.percentiles)});
  }
  return points;
}

class VariabilityStudy final : public Study {
 public:
  explicit VariabilityStudy(VariabilityOptions options) : options_(std::move(options)) {}

  void run(const Bench& bench, report::RunReport& report) const override {
    if (!options_.effects.any()) return;
    const Stopwatch stopwatch;
    const Sampling sampling = set_up(options_, bench);
    const std::vector<Scores> scores = score_samples(sampling);
    report.variability = report::VariabilityReport{
        .fidelity = bench.last_rung().fidelity_text(),
        .sample = sample_text(options_.monte_carlo.vary),
        .nominal = share_of(bench.last_outcome()),
        .accuracies = scores.front().accuracy,
        .programmed = scores.front().summary(options_.monte_carlo.percentiles),
        .drift = drift_points(sampling, scores)};
    report.variability->seconds = stopwatch.seconds();
  }

 private:
  VariabilityOptions options_;
};

}  // namespace

std::vector<double> sample_times(const device::Drift& drift) {
  std::vector<double> times{drift.t0};
  for (const double t : drift.times) {
    if (t > drift.t0) times.push_back(t);
  }
  return times;
}

mapping::TilePlan sample_cells(const VariabilityOptions& options,
                               const mapping::TilePlan& plan,
                               const Sample& sample) {
  const bool same_chip = options.monte_carlo.vary == Vary::Programmings;
  mapping::ChipState state =
      mapping::draw_chip(sample.seed, same_chip ? 0 : sample.number, same_chip ? sample.number : 0);
  state.time = sample.time;
  return mapping::perturb(plan, options.effects, state);
}

std::unique_ptr<const Study> make_variability_study(VariabilityOptions options) {
  return std::make_unique<VariabilityStudy>(std::move(options));
}

}  // namespace memspice::study
