#include "flow/spectral.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "config/read_spectral.hpp"
#include "flow/on_crossbars.hpp"
#include "simulate/spectral_kernel.hpp"
#include "spectral/run.hpp"

namespace memspice::flow {
namespace {

using network::LayerId;
using report::SpectralLayer;
using report::SpectralReport;
using spectral::Counts;

/// The layer's multiplications and additions in space, and its tensors' words.
Counts spatial_counts(const network::Graph& graph, LayerId id) {
  const network::Layer& layer = graph.layer(id);
  const std::int64_t inputs = network::element_count(graph.shape_of(graph.inputs(id)[0]));
  const std::int64_t outputs = network::element_count(layer.output_shape);
  std::int64_t per_output = 0, words = 0;
  if (const auto* c = std::get_if<network::Convolution>(&layer.operation)) {
    per_output = c->weight.size() / c->weight.shape[0];
    words = c->weight.size();
  } else if (const auto* d = std::get_if<network::Deconvolution>(&layer.operation)) {
    words = d->weight.size();
    per_output = inputs * (words / d->weight.shape[0]) / outputs;
  } else {
    const auto& f = std::get<network::FullyConnected>(layer.operation);
    per_output = f.weight.shape[1];
    words = f.weight.size();
  }
  return {.multiplications = per_output * outputs,
          .additions = (per_output - 1) * outputs,
          .words_in = inputs,
          .words_kernel = words,
          .words_out = outputs};
}

/// Layers of an ordinary network that stay digital.
std::vector<SpectralLayer> ordinary_layers(const config::FlowOptions& options,
                                           const Inputs& inputs) {
  std::vector<SpectralLayer> layers;
  for (const LayerId id : inputs.graph.topological_order()) {
    const network::Layer& layer = inputs.graph.layer(id);
    const std::string path = path_of(options, layer.name);
    const bool is_digital = !runs_on_crossbars(options, layer.name) && path != "bitstream";
    if (!layer.has_weights() || !is_digital) continue;
    SpectralLayer row{
        .name = layer.name, .path = path, .spatial = spatial_counts(inputs.graph, id)};
    row.counts = row.spatial;
    for (const SpectralChoice& choice : inputs.choices) {
      if (choice.layer != id) continue;
      row.seconds_spectral = choice.seconds_spectral;
      row.seconds_spatial = choice.seconds_spatial;
      if (!choice.in_spectrum) continue;
      row.counts = choice.convolution->counts();
      row.transform = choice.convolution->transform_size();
    }
    layers.push_back(std::move(row));
  }
  return layers;
}

/// The parts of a spectral network that are on no crossbar: its transform always.
std::vector<SpectralLayer> network_layers(const config::FlowOptions& options,
                                          const spectral::SpectralNetwork& network) {
  const spectral::Architecture shape = spectral::drop_unused_bins(network).architecture;
  const spectral::NetworkCost cost = spectral::count_cost(shape);
  std::vector<SpectralLayer> layers;
  layers.push_back({.name = "transform",
                    .path = "digital",
                    .transform = shape.image,
                    .counts = spectral::count_transform(shape)});
  for (std::size_t l = 0; l < cost.layers.size(); ++l) {
    const std::string name = "spectral" + std::to_string(l + 1);
    if (runs_on_crossbars(options, name)) continue;
    layers.push_back({.name = name, .path = "digital", .counts = cost.layers[l].counts});
  }
  for (std::size_t l = 0; l < cost.classifier_layers.size(); ++l) {
    const std::string name = "fc" + std::to_string(l + 1);
    if (runs_on_crossbars(options, name)) continue;
    layers.push_back({.name = name, .path = "digital", .counts = cost.classifier_layers[l]});
  }
  return layers;
}

void price_layers(const config::FlowOptions& options, SpectralReport& report) {
  const spectral::DigitalCard card = config::load_digital_card(options.spectral.digital);
  report.card = card.name;
  report.lanes = options.spectral.lanes;
  report.area = spectral::unit_area(card, report.lanes);
  for (SpectralLayer& layer : report.layers) {
    layer.cost = spectral::price(layer.counts, card, report.lanes);
    report.total += layer.counts;
    report.total_cost += layer.cost;
  }
}

/// A spectral network's own arithmetic in the place of the graph's.
simulate::Outcome run_network(const config::FlowOptions& options, const Inputs& inputs) {
  const spectral::Runner runner(spectral::drop_unused_bins(*inputs.spectral));
  return simulate::simulate(
      [&](const network::Tensor& batch, std::uint64_t) { return runner.run(batch); },
      inputs.test,
      {.jobs = options.jobs,
       .title = "simulate spectral",
       .decision = network::decision_of(inputs.graph)});
}

simulate::Machine machine_of(const Inputs& inputs) {
  simulate::Machine machine{.graph = &inputs.graph, .kernels = {}};
  add_spectral_layers(inputs.choices, machine);
  return machine;
}

/// Largest difference of the scores from the float network's, relative to their largest.
double largest_difference(const Inputs& inputs, const network::Tensor& scores) {
  const int images = static_cast<int>(scores.shape.front());
  const network::Tensor reference = network::run_float(inputs.graph, inputs.test.batch(0, images));
  double error = 0.0, size = 0.0;
  for (std::size_t k = 0; k < reference.data.size(); ++k) {
    error = std::max(error, double{std::abs(scores.data[k] - reference.data[k])});
    size = std::max(size, double{std::abs(reference.data[k])});
  }
  return size > 0.0 ? error / size : error;
}

network::Tensor first_scores(const Inputs& inputs) {
  const network::Tensor batch = inputs.test.batch(0, std::min(100, inputs.test.count()));
  if (!inputs.spectral) return simulate::run_batch(machine_of(inputs), batch);
  return spectral::Runner(*inputs.spectral).run(batch);
}

}  // namespace

void add_spectral_layers(const std::vector<SpectralChoice>& choices, simulate::Machine& machine) {
  for (const SpectralChoice& choice : choices) {
    if (!choice.in_spectrum) continue;
    machine.kernels[choice.layer.value] = simulate::make_spectral_kernel(choice.convolution);
  }
}

std::optional<SpectralReport> run_spectral(const config::FlowOptions& options,
                                           const Inputs& inputs,
                                           const simulate::Outcome& float_outcome) {
  if (!inputs.spectral && inputs.choices.empty()) return std::nullopt;
  SpectralReport report{.is_network = inputs.spectral.has_value(),
                        .float_accuracy = share_of(float_outcome)};
  const simulate::Outcome outcome =
      inputs.spectral ? run_network(options, inputs)
                      : simulate::simulate(machine_of(inputs),
                                           inputs.test,
                                           {.jobs = options.jobs, .title = "simulate spectral"});
  report.accuracy = share_of(outcome);
  report.change = paired_change(float_outcome, outcome);
  report.seconds = outcome.seconds;
  report.largest_difference = largest_difference(inputs, first_scores(inputs));
  report.layers = inputs.spectral ? network_layers(options, *inputs.spectral)
                                  : ordinary_layers(options, inputs);
  price_layers(options, report);
  return report;
}

}  // namespace memspice::flow
