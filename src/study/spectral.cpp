#include "study/spectral.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "simulate/spectral_kernel.hpp"
#include "spectral/run.hpp"

namespace memspice::study {
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

/// What the choice between space and spectrum measured of the layer, and what it then computes.
void add_choice(const SpectralChoice& choice, SpectralLayer& row) {
  row.seconds_spectral = choice.seconds_spectral;
  row.seconds_spatial = choice.seconds_spatial;
  if (!choice.in_spectrum) return;
  row.counts = choice.convolution->counts();
  row.transform = choice.convolution->transform_size();
}

/// Layers of an ordinary network that stay digital.
std::vector<SpectralLayer> ordinary_layers(const SpectralStudyOptions& options,
                                           const Bench& bench) {
  std::vector<SpectralLayer> layers;
  for (const LayerId id : bench.graph->topological_order()) {
    const network::Layer& layer = bench.graph->layer(id);
    const LayerPath path = bench.paths.of(layer.name);
    const bool is_digital = path != LayerPath::Crossbar && path != LayerPath::Bitstream;
    if (!layer.has_weights() || !is_digital) continue;
    const Counts spatial = spatial_counts(*bench.graph, id);
    layers.push_back({.name = layer.name,
                      .path = std::string(to_text(path)),
                      .counts = spatial,
                      .spatial = spatial});
    for (const SpectralChoice& choice : options.choices) {
      if (choice.layer == id) add_choice(choice, layers.back());
    }
  }
  return layers;
}

/// The parts of a spectral network that are on no crossbar: its transform always.
std::vector<SpectralLayer> network_layers(const Paths& paths,
                                          const spectral::SpectralNetwork& network) {
  const spectral::Architecture shape = spectral::drop_unused_bins(network).architecture;
  const spectral::NetworkCost cost = spectral::count_cost(shape);
  std::vector<SpectralLayer> layers{{.name = "transform",
                                     .path = "digital",
                                     .transform = shape.image,
                                     .counts = spectral::count_transform(shape)}};
  const auto add_digital = [&](const std::string& name, const Counts& counts) {
    if (paths.on_crossbars(name)) return;
    layers.push_back({.name = name, .path = "digital", .counts = counts});
  };
  for (std::size_t l = 0; l < cost.layers.size(); ++l) {
    add_digital("spectral" + std::to_string(l + 1), cost.layers[l].counts);
  }
  for (std::size_t l = 0; l < cost.classifier_layers.size(); ++l) {
    add_digital("fc" + std::to_string(l + 1), cost.classifier_layers[l]);
  }
  return layers;
}

void price_layers(const SpectralStudyOptions& options, SpectralReport& report) {
  const spectral::DigitalCard& card = *options.card;
  report.card = card.name;
  report.lanes = options.lanes;
  report.area = spectral::unit_area(card, report.lanes);
  for (SpectralLayer& layer : report.layers) {
    layer.cost = spectral::price(layer.counts, card, report.lanes);
    report.total += layer.counts;
    report.total_cost += layer.cost;
  }
}

/// A spectral network's own arithmetic in the place of the graph's.
simulate::Outcome run_network(const spectral::SpectralNetwork& network, const Bench& bench) {
  const spectral::Runner runner(spectral::drop_unused_bins(network));
  return simulate::simulate(
      [&](const network::Tensor& batch, std::uint64_t) { return runner.run(batch); },
      *bench.test,
      {.jobs = bench.jobs,
       .title = "simulate spectral",
       .decision = network::decision_of(*bench.graph)});
}

/// Largest difference of the scores from the float network's, relative to their largest.
double largest_difference(const Bench& bench, const network::Tensor& scores) {
  const int images = static_cast<int>(scores.shape.front());
  const network::Tensor reference = network::run_graph(*bench.graph, bench.test->batch(0, images));
  double error = 0.0, size = 0.0;
  for (std::size_t k = 0; k < reference.data.size(); ++k) {
    error = std::max(error, double{std::abs(scores.data[k] - reference.data[k])});
    size = std::max(size, double{std::abs(reference.data[k])});
  }
  return size > 0.0 ? error / size : error;
}

class SpectralStudy final : public Study {
 public:
  explicit SpectralStudy(SpectralStudyOptions options) : options_(std::move(options)) {}

  void run(const Bench& bench, report::RunReport& report) const override {
    if (!options_.is_on()) return;
    const simulate::Machine machine{.graph = bench.graph,
                                    .kernels = make_spectral_kernels(options_.choices)};
    const simulate::Outcome outcome = score(bench, machine);
    const network::Tensor batch = bench.test->batch(0, std::min(100, bench.test->count()));
    SpectralReport found{.is_network = options_.network != nullptr,
                         .float_accuracy = share_of(bench.first_outcome()),
                         .accuracy = share_of(outcome),
                         .largest_difference = largest_difference(bench, scores_of(machine, batch)),
                         .change = paired_change(bench.first_outcome(), outcome),
                         .seconds = outcome.seconds};
    found.layers = options_.network != nullptr ? network_layers(bench.paths, *options_.network)
                                               : ordinary_layers(options_, bench);
    price_layers(options_, found);
    report.spectral = std::move(found);
  }

 private:
  simulate::Outcome score(const Bench& bench, const simulate::Machine& machine) const {
    if (options_.network != nullptr) return run_network(*options_.network, bench);
    return simulate::simulate(
        machine, *bench.test, {.jobs = bench.jobs, .title = "simulate spectral"});
  }
  network::Tensor scores_of(const simulate::Machine& machine, const network::Tensor& batch) const {
    if (options_.network != nullptr) return spectral::Runner(*options_.network).run(batch);
    return simulate::run_batch(machine, batch);
  }

  SpectralStudyOptions options_;
};

}  // namespace

Kernels make_spectral_kernels(const std::vector<SpectralChoice>& choices) {
  Kernels kernels;
  for (const SpectralChoice& choice : choices) {
    if (!choice.in_spectrum) continue;
    kernels[choice.layer.value] = simulate::make_spectral_kernel(choice.convolution);
  }
  return kernels;
}

std::unique_ptr<const Study> make_spectral_study(SpectralStudyOptions options) {
  return std::make_unique<SpectralStudy>(std::move(options));
}

}  // namespace memspice::study
