#include "study/spectral_paths.hpp"

#include <algorithm>
#include <limits>

#include "base/blas.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "base/stopwatch.hpp"

namespace memspice::study {
namespace {

using network::LayerId;
using network::Tensor;

bool asks_for_spectrum(LayerPath path) {
  return path == LayerPath::Spectral || path == LayerPath::Fastest;
}

/// Null for a layer that cannot be computed in the spectrum and was not named.
std::shared_ptr<const spectral::Convolution> in_spectrum(const Paths& asked,
                                                         const network::Graph& graph,
                                                         LayerId id) {
  const network::Layer& layer = graph.layer(id);
  const bool is_named = asked.layers.contains(layer.name);
  const std::string place = "[path] " + layer.name;
  const auto* convolution = std::get_if<network::Convolution>(&layer.operation);
  if (convolution == nullptr && !is_named) return nullptr;
  if (convolution == nullptr) {
    throw InputError({.place = place,
                      .value = network::operation_name(layer.operation),
                      .rule = "only convolutions are computed in the spectrum",
                      .remedy = "give this layer the path \"float\" or \"crossbar\""});
  }
  try {
    return std::make_shared<const spectral::Convolution>(
        *convolution, graph.shape_of(graph.inputs(id)[0]), place);
  } catch (const InputError&) {
    if (is_named) throw;
    return nullptr;
  }
}

/// What a layer would see; times do not depend on the values.
Tensor random_input(const network::Graph& graph, LayerId id, std::int64_t images) {
  network::Shape shape = graph.shape_of(graph.inputs(id)[0]);
  shape.front() = images;
  Tensor x(shape);
  RandomStream random(1, "spectral_choice");
  for (float& value : x.data) value = static_cast<float>(random.uniform());
  return x;
}

/// Shortest of several runs, per image [s].
template <typename Body>
double seconds_of(std::int64_t images, const Body& body) {
  constexpr int runs = 5;
  double shortest = std::numeric_limits<double>::infinity();
  for (int k = 0; k < runs; ++k) {
    const Stopwatch stopwatch;
    body();
    shortest = std::min(shortest, stopwatch.seconds());
  }
  return shortest / static_cast<double>(images);
}

void measure(const network::Graph& graph, SpectralChoice& choice) {
  constexpr std::int64_t images = 8;
  pin_blas_to_one_thread();
  const network::Layer& layer = graph.layer(choice.layer);
  const Tensor x = random_input(graph, choice.layer, images);
  const Tensor* const inputs[] = {&x};
  choice.seconds_spectral = seconds_of(images, [&] { choice.convolution->apply(x); });
  choice.seconds_spatial = seconds_of(images, [&] { network::apply_layer(layer, inputs); });
}

/// In a spectral network nothing is to be chosen.
ResolvedPaths keep_digital(Paths paths) {
  const auto keep = [](LayerPath& path) {
    if (path == LayerPath::Fastest) path = LayerPath::Spectral;
  };
  keep(paths.standard);
  for (auto& [layer, path] : paths.layers) keep(path);
  return {std::move(paths), {}};
}

}  // namespace

ResolvedPaths resolve_paths(const Paths& asked,
                            const network::Graph& graph,
                            bool is_spectral_network) {
  if (is_spectral_network) return keep_digital(asked);
  ResolvedPaths resolved{asked, {}};
  for (const LayerId id : graph.topological_order()) {
    const network::Layer& layer = graph.layer(id);
    const LayerPath path = asked.of(layer.name);
    if (!layer.has_weights() || !asks_for_spectrum(path)) continue;
    LayerPath& taken = resolved.paths.layers[layer.name] = LayerPath::Float;
    SpectralChoice choice{.layer = id, .convolution = in_spectrum(asked, graph, id)};
    if (choice.convolution == nullptr) continue;
    measure(graph, choice);
    choice.in_spectrum =
        path == LayerPath::Spectral || choice.seconds_spectral < choice.seconds_spatial;
    if (choice.in_spectrum) taken = LayerPath::Spectral;
    resolved.choices.push_back(std::move(choice));
  }
  if (asks_for_spectrum(asked.standard)) resolved.paths.standard = LayerPath::Float;
  return resolved;
}

}  // namespace memspice::study
