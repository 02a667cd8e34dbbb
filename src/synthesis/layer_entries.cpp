// Layers, the squeeze-and-excitation block, its multiplier and the DAC in the catalogue, with
// random weights: what a trained layer of the size would be made of.

#include <cmath>

#include "base/random.hpp"
#include "synthesis/block_catalogue.hpp"
#include "synthesis/converter_circuit.hpp"
#include "synthesis/convolution_circuit.hpp"
#include "synthesis/deconvolution_circuit.hpp"
#include "synthesis/multiplier.hpp"
#include "synthesis/se_block.hpp"

namespace memspice::synthesis {
namespace {

using Figures = device::AnalogFigures;

const SizeParameter kSeed{"seed", 1, true, "of the random weights"};
const SizeParameter kHeight{"height", 6, true, "of the input plane, pixels"};
const SizeParameter kWidth{"width", 6, true, "of the input plane, pixels"};
const SizeParameter kKernel{"kernel", 3, true, "rows and columns"};
const SizeParameter kPadding{"padding", 1, true, "pixels on each side"};

/// Normal weights of variance 2 / terms, as an initialisation for ReLU networks has them.
network::Tensor random_weights(const network::Shape& shape, double terms, std::uint64_t seed) {
  RandomStream stream(seed, "layer_entries");
  network::Tensor weights(shape);
  const double sigma = std::sqrt(2.0 / terms);
  for (float& w : weights.data) w = static_cast<float>(sigma * stream.normal());
  return weights;
}

std::uint64_t seed_of(const BlockRequest& request) {
  return static_cast<std::uint64_t>(std::abs(request.size("seed")));
}

std::string name_or(const BlockRequest& request, const std::string& standard) {
  return request.name.empty() ? standard : request.name;
}

network::Window square_window(const BlockRequest& request) {
  const int kernel = request.whole("kernel");
  const int stride = request.whole("stride");
  const int padding = request.whole("padding");
  return {.kernel = {kernel, kernel},
          .stride = {stride, stride},
          .padding = {padding, padding, padding, padding}};
}

Plane plane_of(const BlockRequest& request) {
  return {request.whole("channels"), request.whole("height"), request.whole("width")};
}

AnalogBlock convolution(const BlockRequest& request, const Figures& figures) {
  const Plane plane = plane_of(request);
  const network::Window window = square_window(request);
  const int k = window.kernel[0];
  const network::Convolution layer{random_weights({request.whole("outputs"), plane.channels, k, k},
                                                  plane.channels * k * k,
                                                  seed_of(request)),
                                   {},
                                   window};
  const std::string name = name_or(request, "convolution");
  return build_unrolled_convolution(name, layer, plane, {}, figures).block;
}

AnalogBlock deconvolution(const BlockRequest& request, const Figures& figures) {
  const Plane plane = plane_of(request);
  const network::Window window = square_window(request);
  const int k = window.kernel[0];
  const int extra = request.whole("output_padding");
  const network::Deconvolution layer{
      random_weights({plane.channels, request.whole("outputs"), k, k},
                     plane.channels * k * k,
                     seed_of(request)),
      {},
      window,
      {extra, extra}};
  const std::string name = name_or(request, "deconvolution");
  return build_toeplitz_deconvolution(name, layer, plane, {}, figures).block;
}

AnalogBlock squeeze_and_excitation(const BlockRequest& request, const Figures& figures) {
  SeSpec spec = random_se_spec(plane_of(request), request.whole("reduction"), seed_of(request));
  const bool is_behavioural = request.realisation == Realisation::Behavioural;
  spec.name = name_or(request, is_behavioural ? "se_block_behavioural" : "se_block");
  spec.realisation = request.realisation;
  return build_se_block(spec, figures);
}

AnalogBlock dac(const BlockRequest& request, const Figures& figures) {
  return build_dac({.name = request.name,
                    .realisation = request.realisation,
                    .bits = request.whole("bits"),
                    .range = request.size("range"),
                    .mismatch = request.size("mismatch"),
                    .seed = seed_of(request)},
                   figures);
}

}  // namespace

std::vector<CatalogueEntry> layer_entries() {
  const SizeParameter channels{"channels", 4, true, "of the input"};
  const SizeParameter outputs{"outputs", 4, true, "channels of the output"};
  const SizeParameter height{"height", 3, true, "of the input plane, pixels"};
  const SizeParameter width{"width", 3, true, "of the input plane, pixels"};
  const auto multiplier = [](const BlockRequest& request, const Figures& figures) {
    return build_multiplier({.name = request.name, .realisation = request.realisation}, figures);
  };
  return {
      {"multiplier", "x s / signal", {}, true, multiplier},
      {"se_block",
       "s_c x_c, s = sigmoid(W2 relu(W1 mean u))",
       {{"channels", 8, true, "of the plane"},
        {"reduction", 2, true, "channels per hidden value"},
        kHeight,
        kWidth,
        kSeed},
       true,
       squeeze_and_excitation},
      {"convolution",
       "all outputs at once",
       {channels, outputs, kKernel, {"stride", 1, true, "pixels"}, kPadding, height, width, kSeed},
       false,
       convolution},
      {"deconvolution",
       "sparse Toeplitz matrix, all outputs at once",
       {channels,
        outputs,
        kKernel,
        {"stride", 2, true, "pixels"},
        kPadding,
        {"output_padding", 1, true, "rows and columns"},
        height,
        width,
        kSeed},
       false,
       deconvolution},
      {"dac",
       "range code / 2^bits, by R-2R",
       {{"bits", 8, true, "of the code"},
        {"range", 0.0, false, "full scale [V]; 0: the card's signal"},
        {"mismatch", 0.0, false, "relative standard deviation of each resistor"},
        kSeed},
       true,
       dac}};
}

}  // namespace memspice::synthesis
