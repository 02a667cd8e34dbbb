#include "flow/bitstream.hpp"

#include <algorithm>
#include <numeric>

#include "config/read_bitstream.hpp"
#include "flow/bitstream_cost.hpp"
#include "network/ranges.hpp"
#include "simulate/bitstream_kernel.hpp"

namespace memspice::flow {
namespace {

using simulate::Arithmetic;
using simulate::Machine;

/// Machines with the bitstream layers in one arithmetic, the others float.
Machine machine_of(const Inputs& inputs,
                   const BitstreamCodes& codes,
                   Arithmetic arithmetic,
                   std::optional<simulate::BitFaults> faults = std::nullopt) {
  Machine machine{.graph = &inputs.graph, .kernels = {}};
  for (const auto& [id, layer_codes] : codes) {
    const network::Layer& layer = inputs.graph.layer(network::LayerId{id});
    auto own = faults;
    if (own) own->random = own->random.fork(layer.name);
    machine.kernels[id] =
        simulate::make_bitstream_kernel(layer, layer_codes, arithmetic, std::move(own));
  }
  return machine;
}

/// Encodes the bitstream layers with N bits, and weights of weight_bits(layer name).
template <typename WeightBits>
BitstreamCodes encode(const config::FlowOptions& options,
                      const Inputs& inputs,
                      const network::ActivationRanges& ranges,
                      int bits,
                      WeightBits weight_bits) {
  BitstreamCodes codes;
  for (const network::LayerId id : inputs.graph.topological_order()) {
    const network::Layer& layer = inputs.graph.layer(id);
    if (!layer.has_weights() || !runs_as_bitstream(options, layer.name)) continue;
    const network::ActivationRange range = ranges.of_inputs(inputs.graph, id);
    const stochastic::Form form =
        stochastic::choose_form(options.bitstream.form, range, "layer " + layer.name);
    const stochastic::Precision precision{.form = form,
                                          .bits = bits,
                                          .weight_bits = weight_bits(layer.name),
                                          .guard_bits = options.bitstream.guard_bits};
    codes[id.value] = std::make_shared<const stochastic::LayerCodes>(
        stochastic::encode_layer(layer, precision, range));
  }
  return codes;
}

BitstreamCodes configured_codes(const config::FlowOptions& options,
                                const Inputs& inputs,
                                const network::ActivationRanges& ranges) {
  return encode(options, inputs, ranges, options.bitstream.bits, [&](const std::string& layer) {
    return options.bitstream.weight_bits(layer);
  });
}

network::ActivationRanges ranges_of(const config::FlowOptions& options, const Inputs& inputs) {
  return network::measure_ranges(
      inputs.graph, inputs.calibration.images, options.bitstream.activation_percentile);
}

simulate::Outcome score(const config::FlowOptions& options,
                        const Machine& machine,
                        const network::Dataset& images,
                        const std::string& title) {
  return simulate::simulate(machine, images, {.jobs = options.jobs, .title = title});
}

/// All layers at each N of the sweep and at the configured N.
std::vector<report::BitstreamPoint> sweep_bits(const config::FlowOptions& options,
                                               const Parts& parts,
                                               const network::ActivationRanges& ranges,
                                               const simulate::Outcome& float_outcome) {
  std::vector<int> sweep = options.bitstream.sweep;
  sweep.push_back(options.bitstream.bits);
  std::ranges::sort(sweep);
  sweep.erase(std::unique(sweep.begin(), sweep.end()), sweep.end());
  std::vector<report::BitstreamPoint> points;
  const Inputs& inputs = *parts.inputs;
  for (const int bits : sweep) {
    const BitstreamCodes codes =
        encode(options, inputs, ranges, bits, [&](const std::string&) { return bits; });
    const auto outcome_of = [&](Arithmetic arithmetic, const char* name) {
      return score(options,
                   machine_of(inputs, codes, arithmetic),
                   inputs.test,
                   std::string(name) + ", " + std::to_string(bits) + " bits");
    };
    const simulate::Outcome bitstream = outcome_of(Arithmetic::Bitstream, "bitstream");
    points.push_back({.bits = bits,
                      .bitstream = share_of(bitstream),
                      .fixed_point = share_of(outcome_of(Arithmetic::FixedPoint, "fixed point")),
                      .cycles_per_product = mean_cycles(options, inputs, codes),
                      .change = paired_change(float_outcome, bitstream)});
  }
  return points;
}

simulate::SampleStatistics sample_faults(const config::FlowOptions& options,
                                         const Parts& parts,
                                         const BitstreamCodes& codes,
                                         const network::Dataset& images,
                                         std::pair<double, Arithmetic> what) {
  const auto [rate, arithmetic] = what;
  std::vector<double> accuracies;
  std::vector<std::vector<float>> scores;
  for (int k = 0; k < options.bitstream.faults.samples; ++k) {
    const simulate::BitFaults faults{
        .rate = rate,
        .random = RandomStream(options.seed, "bit_flips").fork(static_cast<std::uint64_t>(k))};
    simulate::Outcome outcome =
        simulate::simulate(machine_of(*parts.inputs, codes, arithmetic, faults),
                           images,
                           {.jobs = options.jobs, .batch = 10, .title = ""});
    accuracies.push_back(outcome.accuracy);
    scores.push_back(std::move(outcome.scores));
  }
  return simulate::summarize(accuracies, {}, simulate::spread_of_images(scores));
}

void add_faults(const config::FlowOptions& options,
                const Parts& parts,
                const BitstreamCodes& codes,
                report::BitstreamReport& report) {
  if (options.bitstream.faults.rates.empty()) return;
  const network::Dataset images = parts.inputs->test.first_images(options.bitstream.faults.images);
  report.fault_images = images.count();
  const auto clean = [&](Arithmetic arithmetic) {
    return share_of(score(options, machine_of(*parts.inputs, codes, arithmetic), images, ""));
  };
  report.faultless_streams = clean(Arithmetic::Bitstream);
  report.faultless_words = clean(Arithmetic::FixedPoint);
  std::vector<double> rates = options.bitstream.faults.rates;
  std::ranges::sort(rates);
  for (const double rate : rates) {
    report.faults.push_back(
        {.rate = rate,
         .streams = sample_faults(options, parts, codes, images, {rate, Arithmetic::Bitstream}),
         .words = sample_faults(options, parts, codes, images, {rate, Arithmetic::FixedPoint})});
  }
}

}  // namespace

bool runs_as_bitstream(const config::FlowOptions& options, const std::string& layer) {
  auto path = options.path.find(layer);
  if (path == options.path.end()) path = options.path.find("default");
  return path != options.path.end() && path->second == "bitstream";
}

void add_bitstream_layers(const config::FlowOptions& options,
                          const Parts& parts,
                          simulate::Machine& machine) {
  const Inputs& inputs = *parts.inputs;
  bool any = false;
  for (const network::LayerId id : inputs.graph.topological_order()) {
    const network::Layer& layer = inputs.graph.layer(id);
    any = any || (layer.has_weights() && runs_as_bitstream(options, layer.name));
  }
  if (!any) return;
  const BitstreamCodes codes = configured_codes(options, inputs, ranges_of(options, inputs));
  machine.kernels.merge(machine_of(inputs, codes, Arithmetic::Bitstream).kernels);
}

std::optional<report::BitstreamReport> run_bitstream(const config::FlowOptions& options,
                                                     const Parts& parts,
                                                     const simulate::Outcome& float_outcome) {
  const Inputs& inputs = *parts.inputs;
  const network::ActivationRanges ranges = ranges_of(options, inputs);
  const BitstreamCodes codes = configured_codes(options, inputs, ranges);
  if (codes.empty()) return std::nullopt;
  const simulate::Outcome outcome =
      simulate::simulate(machine_of(inputs, codes, Arithmetic::Bitstream),
                         inputs.test,
                         {.jobs = options.jobs, .title = "simulate bitstream"});
  report::BitstreamReport report{.bits = options.bitstream.bits,
                                 .guard_bits = options.bitstream.guard_bits,
                                 .parallel = options.bitstream.parallel,
                                 .lanes = options.bitstream.lanes,
                                 .batch = options.bitstream.batch,
                                 .float_accuracy = share_of(float_outcome),
                                 .accuracy = share_of(outcome),
                                 .change = paired_change(float_outcome, outcome),
                                 .seconds = outcome.seconds};
  report.fixed_point = share_of(score(options,
                                      machine_of(inputs, codes, Arithmetic::FixedPoint),
                                      inputs.test,
                                      "simulate fixed point"));
  report.points = sweep_bits(options, parts, ranges, float_outcome);
  add_faults(options, parts, codes, report);
  const BitstreamCodes full = encode(options, inputs, ranges, report.bits, [&](const std::string&) {
    return options.bitstream.bits;
  });
  add_costs(options, inputs, {&codes, &full}, report);
  return report;
}

}  // namespace memspice::flow
