#include "study/variability.hpp"

#include <algorithm>

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

/// What a sample's cells answer through their wires, where the layer's fidelity needs it.
tile::LayerResponses responses_of(const Sampling& sampling,
                                  std::size_t l,
                                  const mapping::LayerPlan& cells) {
  if (!sampling.fidelity(l).needs_response()) return {};
  return tile::layer_responses(sampling.bench->array, cells, sampling.inner_jobs);
}

/// The tiles of one layer of a sample: its cells, their wires, their noise.
std::shared_ptr<const tile::LayerTiles> sample_tiles(const Sampling& sampling,
                                                     std::size_t l,
                                                     const mapping::LayerPlan& cells,
                                                     const RandomStream& reads) {
  const tile::LayerResponses responses = responses_of(sampling, l, cells);
  return tile::add_read_noise(
      behavioural_tiles(
          *sampling.bench, l, sampling.fidelity(l), {.layer = &cells, .responses = &responses}),
      {.layer = &cells, .noise = sampling.options->effects.read_noise, .random = reads});
}

/// On cells that keep their conductance from read to read.
std::unique_ptr<simulate::LayerKernel> quiet_kernel(const Sampling& sampling,
                                                    std::size_t l,
                                                    const mapping::LayerPlan& cells,
                                                    simulate::AdcSetting adc) {
  const tile::LayerResponses responses = responses_of(sampling, l, cells);
  return behavioural_kernel(*sampling.bench,
                            l,
                            sampling.fidelity(l),
                            {.layer = &cells, .responses = &responses},
                            {},
                            std::move(adc));
}

/// A sample's cells at a time, and the noise of its reads then.
struct Aged {
  mapping::TilePlan plan;
  RandomStream reads;
};

Aged age(const Sampling& sampling, std::uint64_t k, std::size_t time) {
  const std::uint64_t seed = sampling.bench->seed;
  return {sample_cells(*sampling.options,
                       sampling.plan(),
                       {.seed = seed, .number = k, .time = sampling.times[time]}),
          RandomStream(seed, "read_noise").fork(k).fork(time)};
}

/// The first images of a batch.
network::Tensor first_of(const network::Tensor& batch, int images) {
  network::Shape shape = batch.shape;
  shape.front() = std::min<std::int64_t>(shape.front(), images);
  const auto size = static_cast<std::ptrdiff_t>(network::element_count(shape));
  return {shape, {batch.data.begin(), batch.data.begin() + size}};
}

/// Factors on top of those that the layer has; those come first where it has none.
void multiply(simulate::Gains& gains, const simulate::Gains& more) {
  if (gains.empty())
    gains = more;
  else
    for (std::size_t b = 0; b < gains.size(); ++b) gains[b] = gains[b].cwiseProduct(more[b]);
}

/// The layer's ADCs and gains, with what makes up for its drift since `fresh`.
simulate::AdcSetting compensated(const Sampling& sampling,
                                 const simulate::CrossbarLayer& aged,
                                 std::size_t l,
                                 const mapping::LayerPlan& fresh,
                                 const RandomStream& reads) {
  using Compensation = device::Drift::Compensation;
  const device::Drift& drift = sampling.options->effects.drift;
  simulate::AdcSetting adc = sampling.adcs[l];
  const auto& inputs = sampling.bench->mapped->activations.layer_inputs;
  multiply(adc.gains,
           simulate::drift_gains(aged,
                                 *sample_tiles(sampling, l, fresh, reads),
                                 first_of(inputs.at(fresh.layer.value), drift.reference_images),
                                 drift.compensation == Compensation::Output));
  return adc;
}

/// The network on sample `k` at one of the times.
simulate::Machine sample_machine(const Sampling& sampling, std::uint64_t k, std::size_t time) {
  const Bench& bench = *sampling.bench;
  const bool compensates =
      time > 0 && sampling.options->effects.drift.compensation != device::Drift::Compensation::None;
  const Aged now = age(sampling, k, time);
  const Aged fresh = compensates ? age(sampling, k, 0) : now;
  // No sample perturbs bitstreams and the spectrum.
  simulate::Machine machine{.graph = bench.graph, .kernels = bench.digital};
  const bool is_noisy = sampling.options->effects.read_noise.is_on();
  for (std::size_t l = 0; l < now.plan.layers.size(); ++l) {
    if (sampling.fidelity(l) == Fidelity::Float) continue;
    const mapping::TilePlan& plan = sampling.plan();
    const mapping::LayerPlan& cells = now.plan.layers[l];
    const simulate::CrossbarLayer layer{
        .graph = bench.graph,
        .plan = &plan,
        .layer = &plan.layers[l],
        .tiles = is_noisy || compensates ? sample_tiles(sampling, l, cells, now.reads) : nullptr};
    simulate::AdcSetting adc =
        compensates ? compensated(sampling, layer, l, fresh.plan.layers[l], fresh.reads)
                    : sampling.adcs[l];
    machine.kernels[layer.layer->layer.value] =
        is_noisy ? simulate::make_crossbar_kernel(layer, std::move(adc))
                 : quiet_kernel(sampling, l, cells, std::move(adc));
  }
  return machine;
}

/// All samples at one time, and their scores by image.
struct Scores {
  std::vector<double> accuracy;
  std::vector<double> dice;  ///< where pixels are labelled; else of no use
  std::vector<std::vector<float>> images;

  explicit Scores(std::size_t samples) : accuracy(samples), dice(samples), images(samples) {}
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
    scores[time].dice[k] = outcome.dice.value_or(0.0);
    scores[time].images[k] = std::move(outcome.scores);
    progress.advance();
  });
  return scores;
}

std::string compensation_text(const device::Drift& drift) {
  using Compensation = device::Drift::Compensation;
  if (drift.compensation == Compensation::None) return "nothing compensates the drift";
  return std::string("compensated by one factor a ") +
         (drift.compensation == Compensation::Layer ? "layer" : "output") + ", from reads of " +
         std::to_string(drift.reference_images) + " calibration images";
}

std::string sample_text(Vary vary) {
  return vary == Vary::Chips ? "another chip, programmed once" : "the same chip, programmed again";
}

/// Of the samples as programmed, where pixels are labelled.
std::optional<report::SampledDice> dice_of(const Sampling& sampling, const Scores& scores) {
  const std::optional<double> nominal = sampling.bench->last_outcome().dice;
  if (!nominal) return std::nullopt;
  const std::vector<double>& ranks = sampling.options->monte_carlo.percentiles;
  return report::SampledDice{.nominal = *nominal,
                             .samples = scores.dice,
                             .programmed = simulate::summarize(scores.dice, ranks)};
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
        .dice = dice_of(sampling, scores.front()),
        .drift = drift_points(sampling, scores),
        .compensation = compensation_text(options_.effects.drift)};
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
