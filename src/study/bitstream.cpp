#include "study/bitstream.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "network/ranges.hpp"
#include "simulate/bitstream_kernel.hpp"
#include "stochastic/full_scale.hpp"
#include "study/bitstream_cost.hpp"

namespace memspice::study {
namespace {

using simulate::Arithmetic;
using simulate::Machine;

bool is_bitstream(const Bench& bench, network::LayerId id) {
  const network::Layer& layer = bench.graph->layer(id);
  return layer.has_weights() && bench.paths.of(layer.name) == LayerPath::Bitstream;
}

bool has_bitstreams(const Bench& bench) {
  return std::ranges::any_of(bench.graph->topological_order(),
                             [&](network::LayerId id) { return is_bitstream(bench, id); });
}

/// Machines with the bitstream layers in one arithmetic, the others float.
Machine machine_of(const Bench& bench,
                   const BitstreamCodes& codes,
                   Arithmetic arithmetic,
                   std::optional<simulate::BitFaults> faults = std::nullopt) {
  Machine machine{.graph = bench.graph, .kernels = {}};
  for (const auto& [id, layer_codes] : codes) {
    const network::Layer& layer = bench.graph->layer(network::LayerId{id});
    auto own = faults;
    if (own) own->random = own->random.fork(layer.name);
    machine.kernels[id] =
        simulate::make_bitstream_kernel(layer, layer_codes, arithmetic, std::move(own));
  }
  return machine;
}

/// What full scale of a layer's inputs stands for: their percentile, or what loses least of them.
network::ActivationRange input_range(const stochastic::Options& options,
                                     const Bench& bench,
                                     network::LayerId id,
                                     int bits) {
  const network::Activations& seen = *bench.stream_inputs;
  const network::ActivationRange range = seen.ranges.of_inputs(*bench.graph, id);
  if (options.activation_percentile) return range;
  const bool is_signed = range.low < 0.0F || options.form == stochastic::FormChoice::Signed;
  const auto form = is_signed ? stochastic::Form::Signed : stochastic::Form::Mixed;
  const auto scale = static_cast<float>(stochastic::least_error_scale(
      seen.layer_inputs.at(id.value).data, stochastic::activation_range(form, bits).high));
  return {std::max(range.low, -scale), std::min(range.high, scale)};
}

/// Encodes the bitstream layers with N bits, and weights of weight_bits(layer name).
template <typename WeightBits>
BitstreamCodes encode(const stochastic::Options& options,
                      const Bench& bench,
                      int bits,
                      WeightBits weight_bits) {
  BitstreamCodes codes;
  for (const network::LayerId id : bench.graph->topological_order()) {
    const network::Layer& layer = bench.graph->layer(id);
    if (!is_bitstream(bench, id)) continue;
    const network::ActivationRange range = input_range(options, bench, id, bits);
    const stochastic::Form form =
        stochastic::choose_form(options.form, range, "layer " + layer.name);
    const stochastic::Precision precision{.form = form,
                                          .bits = bits,
                                          .weight_bits = weight_bits(layer.name),
                                          .guard_bits = options.guard_bits};
    codes[id.value] = std::make_shared<const stochastic::LayerCodes>(
        stochastic::encode_layer(layer, precision, range));
  }
  return codes;
}

/// With N bits, those of the weights too.
BitstreamCodes full_codes(const stochastic::Options& options, const Bench& bench, int bits) {
  return encode(options, bench, bits, [&](const std::string&) { return bits; });
}

BitstreamCodes configured_codes(const stochastic::Options& options, const Bench& bench) {
  return encode(options, bench, options.bits, [&](const std::string& layer) {
    return options.weight_bits(layer);
  });
}

simulate::Outcome score(const Bench& bench,
                        const Machine& machine,
                        const network::Dataset& images,
                        const std::string& title) {
  return simulate::simulate(machine, images, {.jobs = bench.jobs, .title = title});
}

/// All layers at that N.
report::BitstreamPoint point_at(const BitstreamOptions& options, const Bench& bench, int bits) {
  const BitstreamCodes codes = full_codes(options.bitstream, bench, bits);
  const auto outcome_of = [&](Arithmetic arithmetic, const char* name) {
    return score(bench,
                 machine_of(bench, codes, arithmetic),
                 *bench.test,
                 std::string(name) + ", " + std::to_string(bits) + " bits");
  };
  const simulate::Outcome bitstream = outcome_of(Arithmetic::Bitstream, "bitstream");
  return {.bits = bits,
          .bitstream = share_of(bitstream),
          .fixed_point = share_of(outcome_of(Arithmetic::FixedPoint, "fixed point")),
          .cut = share_of(outcome_of(Arithmetic::Cut, "products cut")),
          .truncated = share_of(outcome_of(Arithmetic::Truncated, "truncated multipliers")),
          .fixed_width = share_of(outcome_of(Arithmetic::FixedWidth, "fixed-width multipliers")),
          .cycles_per_product = mean_cycles(options, *bench.graph, codes),
          .change = paired_change(bench.first_outcome(), bitstream)};
}

/// Each N of the sweep and the configured one.
std::vector<report::BitstreamPoint> sweep_bits(const BitstreamOptions& options,
                                               const Bench& bench) {
  std::set<int> sweep(options.bitstream.sweep.begin(), options.bitstream.sweep.end());
  sweep.insert(options.bitstream.bits);
  std::vector<report::BitstreamPoint> points;
  for (const int bits : sweep) points.push_back(point_at(options, bench, bits));
  return points;
}

simulate::SampleStatistics sample_faults(const BitstreamOptions& options,
                                         const Bench& bench,
                                         const BitstreamCodes& codes,
                                         const network::Dataset& images,
                                         std::pair<double, Arithmetic> what) {
  const auto [rate, arithmetic] = what;
  std::vector<double> accuracies;
  std::vector<std::vector<float>> scores;
  for (int k = 0; k < options.bitstream.faults.samples; ++k) {
    const simulate::BitFaults faults{
        .rate = rate,
        .random = RandomStream(bench.seed, "bit_flips").fork(static_cast<std::uint64_t>(k))};
    simulate::Outcome outcome = simulate::simulate(machine_of(bench, codes, arithmetic, faults),
                                                   images,
                                                   {.jobs = bench.jobs, .batch = 10, .title = ""});
    accuracies.push_back(outcome.accuracy);
    scores.push_back(std::move(outcome.scores));
  }
  return simulate::summarize(accuracies, {}, simulate::spread_of_images(scores));
}

void add_faults(const BitstreamOptions& options,
                const Bench& bench,
                const BitstreamCodes& codes,
                report::BitstreamReport& report) {
  if (options.bitstream.faults.rates.empty()) return;
  const network::Dataset images = bench.test->first_images(options.bitstream.faults.images);
  report.fault_images = images.count();
  const auto clean = [&](Arithmetic arithmetic) {
    return share_of(score(bench, machine_of(bench, codes, arithmetic), images, ""));
  };
  report.faultless_streams = clean(Arithmetic::Bitstream);
  report.faultless_words = clean(Arithmetic::FixedPoint);
  std::vector<double> rates = options.bitstream.faults.rates;
  std::ranges::sort(rates);
  for (const double rate : rates) {
    report.faults.push_back(
        {.rate = rate,
         .streams = sample_faults(options, bench, codes, images, {rate, Arithmetic::Bitstream}),
         .words = sample_faults(options, bench, codes, images, {rate, Arithmetic::FixedPoint})});
  }
}

class BitstreamStudy final : public Study {
 public:
  explicit BitstreamStudy(BitstreamOptions options) : options_(std::move(options)) {}

  void run(const Bench& bench, report::RunReport& report) const override {
    if (!has_bitstreams(bench)) return;
    const BitstreamCodes codes = configured_codes(options_.bitstream, bench);
    report::BitstreamReport found = start_report(bench, codes);
    found.points = sweep_bits(options_, bench);
    add_faults(options_, bench, codes, found);
    const BitstreamCodes full = full_codes(options_.bitstream, bench, options_.bitstream.bits);
    add_costs(options_, *bench.graph, {&codes, &full}, found);
    report.bitstream = std::move(found);
  }

 private:
  /// As configured, beside fixed point.
  report::BitstreamReport start_report(const Bench& bench, const BitstreamCodes& codes) const {
    const stochastic::Options& options = options_.bitstream;
    const simulate::Outcome& float_outcome = bench.first_outcome();
    const simulate::Outcome outcome = score(
        bench, machine_of(bench, codes, Arithmetic::Bitstream), *bench.test, "simulate bitstream");
    report::BitstreamReport report{.bits = options.bits,
                                   .guard_bits = options.guard_bits,
                                   .parallel = options.parallel,
                                   .lanes = options.lanes,
                                   .batch = options.batch,
                                   .float_accuracy = share_of(float_outcome),
                                   .accuracy = share_of(outcome),
                                   .change = paired_change(float_outcome, outcome),
                                   .seconds = outcome.seconds};
    report.fixed_point = share_of(score(bench,
                                        machine_of(bench, codes, Arithmetic::FixedPoint),
                                        *bench.test,
                                        "simulate fixed point"));
    return report;
  }

  BitstreamOptions options_;
};

}  // namespace

void add_bitstreams(const stochastic::Options& options, Bench& bench) {
  if (!has_bitstreams(bench)) return;
  bench.stream_inputs = std::make_shared<const network::Activations>(network::record_activations(
      *bench.graph, bench.calibration->images, options.activation_percentile.value_or(100.0)));
  const BitstreamCodes codes = configured_codes(options, bench);
  bench.digital.merge(machine_of(bench, codes, Arithmetic::Bitstream).kernels);
}

std::unique_ptr<const Study> make_bitstream_study(BitstreamOptions options) {
  return std::make_unique<BitstreamStudy>(std::move(options));
}

}  // namespace memspice::study
