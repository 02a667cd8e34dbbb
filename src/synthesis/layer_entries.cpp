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
const SizeParameter kChannels{"channels", 4, true, "of the input"};
const SizeParameter kOutputs{"outputs", 4, true, "channels of the output"};
const SizeParameter kHeight{"height", 3, true, "of the input plane, pixels"};
const SizeParameter kWidth{"width", 3, true, "of the input plane, pixels"};
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

AnalogBlock sliding_convolution(const BlockRequest& request, const Figures& figures) {
  const int channels = request.whole("channels");
  const int k = request.whole("kernel");
  const network::Convolution layer{
      random_weights(
          {request.whole("outputs"), channels, k, k}, channels * k * k, seed_of(request)),
      {},
      {.kernel = {k, k}}};
  const std::string name = name_or(request, "sliding_convolution");
  return build_sliding_convolution(name, layer, {}, figures).block;
}

AnalogBlock fully_connected(const BlockRequest& request, const Figures& figures) {
  const int inputs = request.whole("inputs");
  const network::FullyConnected layer{
      random_weights({request.whole("outputs"), inputs}, inputs, seed_of(request)), {}};
  return build_fully_connected(name_or(request, "fully_connected"), layer, {}, figures).block;
}

network::Deconvolution random_deconvolution(const BlockRequest& request) {
  const int channels = request.whole("channels");
  const network::Window window = square_window(request);
  const int k = window.kernel[0];
  const int extra = request.whole("output_padding");
  return {random_weights(
              {channels, request.whole("outputs"), k, k}, channels * k * k, seed_of(request)),
          {},
          window,
          {extra, extra}};
}

AnalogBlock deconvolution(const BlockRequest& request, const Figures& figures) {
  const std::string name = name_or(request, "deconvolution");
  return build_toeplitz_deconvolution(
             name, random_deconvolution(request), plane_of(request), {}, figures)
      .block;
}

KernelFirstDeconvolution kernel_first(const BlockRequest& request, const Figures& figures) {
  const std::string name = name_or(request, request.circuit);
  return build_kernel_first_deconvolution(
      name, random_deconvolution(request), plane_of(request), {}, figures);
}

AnalogBlock squeeze_and_excitation(const BlockRequest& request, const Figures& figures) {
  SeSpec spec = random_se_spec(plane_of(request), request.whole("reduction"), seed_of(request));
  const bool is_behavioural = request.realisation == Realisation::Behavioural;
  spec.name = name_or(request, is_behavioural ? "se_block_behavioural" : "se_block");
  spec.realisation = request.realisation;
  return build_se_block(spec, figures);
}

ConverterSpec converter_spec(const BlockRequest& request) {
  return {.name = request.name,
          .realisation = request.realisation,
          .bits = request.whole("bits"),
          .range = request.size("range"),
          .mismatch = request.size("mismatch"),
          .seed = seed_of(request)};
}

std::vector<SizeParameter> converter_sizes(int bits) {
  return {{"bits", static_cast<double>(bits), true, "of the code"},
          {"range", 0.0, false, "full scale [V]; 0: the card's signal"},
          {"mismatch", 0.0, false, "relative standard deviation of each resistor"},
          kSeed};
}

std::vector<CatalogueEntry> multiplier_entries() {
  const auto multiplier = [](const BlockRequest& request, const Figures& figures) {
    return build_multiplier({.name = request.name, .realisation = request.realisation}, figures);
  };
  return {{"multiplier", "x s / signal", {}, true, multiplier},
          {"se_block",
           "s_c x_c, s = sigmoid(W2 relu(W1 mean u))",
           {{"channels", 8, true, "of the plane"},
            {"reduction", 2, true, "channels per hidden value"},
            {"height", 6, true, "of the input plane, pixels"},
            {"width", 6, true, "of the input plane, pixels"},
            kSeed},
           true,
           squeeze_and_excitation}};
}

std::vector<CatalogueEntry> forward_entries() {
  return {{"fully_connected",
           "W x",
           {{"inputs", 16, true, "values"}, {"outputs", 4, true, "values"}, kSeed},
           false,
           fully_connected},
          {"convolution",
           "all outputs at once",
           {kChannels,
            kOutputs,
            kKernel,
            {"stride", 1, true, "pixels"},
            kPadding,
            kHeight,
            kWidth,
            kSeed},
           false,
           convolution},
          {"sliding_convolution",
           "one pixel of every channel, of one window",
           {kChannels, kOutputs, kKernel, kSeed},
           false,
           sliding_convolution}};
}

std::vector<CatalogueEntry> deconvolution_entries() {
  const std::vector<SizeParameter> sizes{kChannels,
                                         kOutputs,
                                         kKernel,
                                         {"stride", 2, true, "pixels"},
                                         kPadding,
                                         {"output_padding", 1, true, "rows and columns"},
                                         kHeight,
                                         kWidth,
                                         kSeed};
  const auto taps = [](const BlockRequest& request, const Figures& figures) {
    return kernel_first(request, figures).taps.block;
  };
  const auto summer = [](const BlockRequest& request, const Figures& figures) {
    return kernel_first(request, figures).summer;
  };
  return {
      {"deconvolution", "sparse Toeplitz matrix, all outputs at once", sizes, false, deconvolution},
      {"kernel_first_taps",
       "what one pixel adds to every tap of a deconvolution",
       sizes,
       false,
       taps},
      {"kernel_first_summer",
       "held taps added up to the outputs of a deconvolution",
       sizes,
       false,
       summer}};
}

std::vector<CatalogueEntry> converter_entries() {
  const auto dac = [](const BlockRequest& request, const Figures& figures) {
    return build_dac(converter_spec(request), figures);
  };
  const auto sar_front_end = [](const BlockRequest& request, const Figures& figures) {
    return build_sar_front_end(converter_spec(request), figures);
  };
  return {{"dac", "range code / 2^bits, by R-2R", converter_sizes(8), true, dac},
          {"sar_front_end",
           "above 0 while in_0 exceeds the code's level: what a successive-approximation ADC "
           "decides by",
           converter_sizes(4),
           false,
           sar_front_end}};
}

}  // namespace

std::vector<CatalogueEntry> layer_entries() {
  std::vector<CatalogueEntry> entries;
  for (const auto& family :
       {multiplier_entries(), forward_entries(), deconvolution_entries(), converter_entries()}) {
    entries.insert(entries.end(), family.begin(), family.end());
  }
  return entries;
}

}  // namespace memspice::synthesis
