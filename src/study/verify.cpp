#include "study/verify.hpp"

#include <algorithm>
#include <numeric>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/random.hpp"
#include "base/stopwatch.hpp"
#include "network/run_graph.hpp"
#include "study/machine.hpp"

namespace memspice::study {
namespace {

using network::Tensor;
using simulate::Fidelity;

/// Images that go through ngspice together: enough for its tiles to be loaded once for many
/// vectors, few enough that a kill loses little.
constexpr std::size_t kImagesAtOnce = 10;
/// The share of images that ByMargin calls close, and how many of the drawn are of them.
constexpr double kCloseImages = 0.1, kCloseDrawn = 0.5;

/// What a network says of one image.
struct JudgedImage {
  std::vector<float> values;
  int label = 0;
  double margin = 0.0;  ///< best less second; of one score its distance from the threshold
};

JudgedImage judge(const network::Decision& decision, std::span<const float> values) {
  JudgedImage scores{.values = {values.begin(), values.end()}, .label = decision.label_of(values)};
  if (values.size() == 1) {
    scores.margin = std::abs(double{values[0]} - double{decision.threshold.value_or(0.0F)});
    return scores;
  }
  std::vector<float> sorted = scores.values;
  std::ranges::partial_sort(sorted, sorted.begin() + 2, std::greater());
  scores.margin = double{sorted[0]} - double{sorted[1]};
  return scores;
}

/// The images of those numbers as one batch.
Tensor batch_of(const network::Dataset& data, std::span<const int> images) {
  Tensor batch = data.batch(images.front(), 1);
  batch.shape.front() = static_cast<std::int64_t>(images.size());
  for (const int image : images.subspan(1)) {
    const Tensor one = data.batch(image, 1);
    batch.data.insert(batch.data.end(), one.data.begin(), one.data.end());
  }
  return batch;
}

std::vector<JudgedImage> judge_images(const simulate::Machine& machine,
                                      const network::Dataset& data,
                                      std::span<const int> images) {
  const Tensor output = simulate::run_batch(machine, batch_of(data, images));
  const network::Decision decision = network::decision_of(*machine.graph);
  const std::size_t width = output.data.size() / images.size();
  std::vector<JudgedImage> scores;
  for (std::size_t k = 0; k < images.size(); ++k) {
    scores.push_back(judge(decision, std::span(output.data).subspan(k * width, width)));
  }
  return scores;
}

/// How far apart the two best scores of each image are, on the machine that scored it.
std::vector<double> margins_of(const simulate::Machine& machine,
                               const network::Dataset& data,
                               int jobs) {
  constexpr int kMarginsAtOnce = 100;
  const int count = data.count();
  std::vector<double> margins(static_cast<std::size_t>(count));
  parallel_for(
      jobs,
      static_cast<std::size_t>((count + kMarginsAtOnce - 1) / kMarginsAtOnce),
      [&](std::size_t b) {
        const int first = static_cast<int>(b) * kMarginsAtOnce;
        std::vector<int> images(static_cast<std::size_t>(std::min(kMarginsAtOnce, count - first)));
        std::iota(images.begin(), images.end(), first);
        std::ranges::transform(
            judge_images(machine, data, images), margins.begin() + first, &JudgedImage::margin);
      });
  return margins;
}

/// The machine that scored, every crossbar of it in ngspice behind the same ADCs.
simulate::Machine in_spice(const Bench& bench, simulate::Machine machine) {
  const std::vector<mapping::LayerPlan>& layers = bench.mapped->plan.layers;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const Fidelity fidelity = bench.last_rung().of(layers[l].name);
    if (fidelity == Fidelity::Float || fidelity == Fidelity::Spice) continue;
    machine.kernels[layers[l].layer.value] =
        build_kernel(bench, l, Fidelity::Spice, fidelity, bench.last_rung().converters);
  }
  return machine;
}

/// What the drawn images showed beside their labels.
struct VerifiedImages {
  report::SpiceAccuracy found;
  std::vector<double> margins;

  void add(const JudgedImage& before, const JudgedImage& spice) {
    ++found.images;
    if (before.label != spice.label) ++found.flips;
    margins.push_back(before.margin);
    for (std::size_t k = 0; k < spice.values.size(); ++k) {
      const double difference = double{spice.values[k]} - double{before.values[k]};
      found.largest_error = std::max(found.largest_error, std::abs(difference));
    }
  }
};

bool runs_on_crossbars(const Bench& bench) {
  return std::ranges::any_of(bench.mapped->plan.layers, [&](const mapping::LayerPlan& layer) {
    return bench.last_rung().of(layer.name) != Fidelity::Float;
  });
}

class VerifyStudy final : public Study {
 public:
  explicit VerifyStudy(VerifyOptions options) : options_(options) {}

  void run(const Bench& bench, report::RunReport& report) const override {
    if (options_.images == 0 || !runs_on_crossbars(bench)) return;
    const Stopwatch stopwatch;
    const simulate::Machine scored = build_machine(bench, bench.last_rung());
    const simulate::Machine spice = in_spice(bench, scored);
    // Only what is drawn by its margin needs everybody's.
    const std::vector<double> margins =
        options_.draw == Draw::ByMargin
            ? margins_of(scored, *bench.test, bench.jobs)
            : std::vector<double>(static_cast<std::size_t>(bench.test->count()));
    std::vector<Stratum> strata = draw_images(margins, options_, bench.seed);
    VerifiedImages seen;
    Progress progress("verify in ngspice", drawn_count(strata), "images");
    for (Stratum& stratum : strata) verify(scored, spice, *bench.test, stratum, seen, progress);
    progress.finish();
    report.spice.accuracy = conclude(bench, strata, std::move(seen));
    report.spice.accuracy->seconds = stopwatch.seconds();
  }

 private:
  static std::size_t drawn_count(const std::vector<Stratum>& strata) {
    std::size_t count = 0;
    for (const Stratum& stratum : strata) count += stratum.drawn.size();
    return count;
  }

  static void verify(const simulate::Machine& scored,
                     const simulate::Machine& spice,
                     const network::Dataset& data,
                     Stratum& stratum,
                     VerifiedImages& seen,
                     Progress& progress) {
    for (std::span<const int> left(stratum.drawn); !left.empty();) {
      const auto some = left.first(std::min(kImagesAtOnce, left.size()));
      left = left.subspan(some.size());
      const std::vector<JudgedImage> before = judge_images(scored, data, some);
      const std::vector<JudgedImage> found = judge_images(spice, data, some);
      for (std::size_t k = 0; k < some.size(); ++k) {
        const int label = data.labels[static_cast<std::size_t>(some[k])];
        seen.add(before[k], found[k]);
        stratum.gained += found[k].label == label && before[k].label != label ? 1 : 0;
        stratum.lost += found[k].label != label && before[k].label == label ? 1 : 0;
        progress.advance();
      }
    }
  }

  report::SpiceAccuracy conclude(const Bench& bench,
                                 const std::vector<Stratum>& strata,
                                 VerifiedImages seen) const {
    report::SpiceAccuracy found = seen.found;
    found.by_margin = options_.draw == Draw::ByMargin;
    found.scored = bench.test->count();
    found.change = change_of(strata);
    found.before = simulate::share_of(bench.last_outcome());
    found.accuracy = report::accuracy_after(found.before, found.change);
    std::ranges::sort(seen.margins);
    found.least_margin = seen.margins.front();
    found.median_margin = seen.margins[seen.margins.size() / 2];
    return found;
  }

  VerifyOptions options_;
};

/// The first `count` of a random order.
std::vector<int> draw_some(std::vector<int> images, std::size_t count, RandomStream& random) {
  for (std::size_t k = 0; k < count; ++k) {
    std::swap(images[k], images[k + random.below(images.size() - k)]);
  }
  images.resize(count);
  std::ranges::sort(images);
  return images;
}

/// What a stratum of that share of all images adds to the change's interval.
simulate::Interval interval_of(const Stratum& stratum, double weight, double confidence) {
  const auto n = static_cast<long>(stratum.drawn.size());
  if (stratum.images.size() == stratum.drawn.size()) {  // all were run: nothing is left open
    const double change = weight * (stratum.gained - stratum.lost) / static_cast<double>(n);
    return {change, change};
  }
  const simulate::Interval up = simulate::clopper_pearson(stratum.gained, n, confidence);
  const simulate::Interval down = simulate::clopper_pearson(stratum.lost, n, confidence);
  return {weight * (*up.low - *down.high), weight * (*up.high - *down.low)};
}

}  // namespace

std::vector<Stratum> draw_images(std::span<const double> margins,
                                 const VerifyOptions& options,
                                 std::uint64_t seed) {
  const std::size_t all = margins.size();
  const std::size_t wanted = std::min(all, static_cast<std::size_t>(options.images));
  std::vector<int> order(all);
  std::iota(order.begin(), order.end(), 0);
  RandomStream random(seed, "verified images");
  if (options.draw == Draw::Evenly) return {{order, draw_some(order, wanted, random)}};
  std::ranges::stable_sort(order, {}, [&](int k) { return margins[static_cast<std::size_t>(k)]; });
  const auto close = static_cast<std::size_t>(kCloseImages * static_cast<double>(all));
  const auto drawn_close =
      std::min(close, static_cast<std::size_t>(kCloseDrawn * static_cast<double>(wanted)));
  std::vector<int> near(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(close));
  std::vector<int> far(order.begin() + static_cast<std::ptrdiff_t>(close), order.end());
  const std::size_t drawn_far = std::min(far.size(), wanted - drawn_close);
  std::vector<Stratum> strata;
  if (drawn_close > 0) strata.push_back({near, draw_some(near, drawn_close, random)});
  if (drawn_far > 0) strata.push_back({far, draw_some(far, drawn_far, random)});
  return strata;
}

simulate::PairedChange change_of(std::span<const Stratum> strata) {
  double all = 0.0;
  for (const Stratum& stratum : strata) all += static_cast<double>(stratum.images.size());
  const double confidence =
      1.0 - (1.0 - simulate::kConfidence) / (2.0 * static_cast<double>(strata.size()));
  simulate::PairedChange change{.interval = {0.0, 0.0}};
  for (const Stratum& stratum : strata) {
    const double weight = static_cast<double>(stratum.images.size()) / all;
    const auto n = static_cast<double>(stratum.drawn.size());
    const simulate::Interval interval = interval_of(stratum, weight, confidence);
    change.gained += stratum.gained;
    change.lost += stratum.lost;
    change.value += weight * (stratum.gained - stratum.lost) / n;
    *change.interval.low += *interval.low;
    *change.interval.high += *interval.high;
  }
  return change;
}

std::unique_ptr<const Study> make_verify_study(VerifyOptions options) {
  return std::make_unique<VerifyStudy>(options);
}

}  // namespace memspice::study
