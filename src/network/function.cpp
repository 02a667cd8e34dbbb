// Functions of single values that stay digital.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "network/digital.hpp"

namespace memspice::network {
namespace {

using Parameters = std::array<float, 2>;

/// `f` of each value.
template <auto f>
void each(std::span<float> values, const Parameters& /*parameters*/) {
  for (float& v : values) v = f(v);
}

/// `f` of each value and the first parameter.
template <auto f>
void each_with_one(std::span<float> values, const Parameters& parameters) {
  for (float& v : values) v = f(v, parameters[0]);
}

/// `f` of each value and both parameters.
template <auto f>
void each_with_two(std::span<float> values, const Parameters& parameters) {
  for (float& v : values) v = f(v, parameters[0], parameters[1]);
}

/// log(1 + exp x) without overflow.
float softplus(float x) {
  return std::max(x, 0.0F) + std::log1p(std::exp(-std::abs(x)));
}

/// Hendrycks and Gimpel 2016: x times the Gaussian's integral, which they approximate by tanh.
float gelu(float x, float by_tanh) {
  if (by_tanh == 0.0F) return 0.5F * x * (1.0F + std::erf(x / std::numbers::sqrt2_v<float>));
  const float slope = std::sqrt(2.0F / std::numbers::pi_v<float>);
  return 0.5F * x * (1.0F + std::tanh(slope * (x + 0.044715F * x * x * x)));
}

float selu(float x, float alpha, float gamma) {
  return gamma * (x < 0.0F ? alpha * std::expm1(x) : x);
}

float shrink(float x, float lambda, float bias) {
  if (x < -lambda) return x + bias;
  return x > lambda ? x - bias : 0.0F;
}

float sign(float x) {
  if (x == 0.0F) return 0.0F;
  return std::copysign(1.0F, x);
}

float thresholded_relu(float x, float alpha) {
  return x > alpha ? x : 0.0F;
}

/// Every function, in alphabetical order. A line adds one: import, arithmetic and messages follow.
constexpr std::array kFunctions{
    FunctionEntry{"Abs", each<[](float x) { return std::abs(x); }>},
    FunctionEntry{"Acos", each<[](float x) { return std::acos(x); }>},
    FunctionEntry{"Acosh", each<[](float x) { return std::acosh(x); }>},
    FunctionEntry{"Asin", each<[](float x) { return std::asin(x); }>},
    FunctionEntry{"Asinh", each<[](float x) { return std::asinh(x); }>},
    FunctionEntry{"Atan", each<[](float x) { return std::atan(x); }>},
    FunctionEntry{"Atanh", each<[](float x) { return std::atanh(x); }>},
    FunctionEntry{"Ceil", each<[](float x) { return std::ceil(x); }>},
    FunctionEntry{"Celu",
                  each_with_one<[](float x, float a) {
                    return std::max(x, 0.0F) + std::min(a * std::expm1(x / a), 0.0F);
                  }>,
                  {{{"alpha", 1.0F}}}},
    FunctionEntry{"Cos", each<[](float x) { return std::cos(x); }>},
    FunctionEntry{"Cosh", each<[](float x) { return std::cosh(x); }>},
    FunctionEntry{"Elu",
                  each_with_one<[](float x, float a) { return x < 0 ? a * std::expm1(x) : x; }>,
                  {{{"alpha", 1.0F}}}},
    FunctionEntry{"Erf", each<[](float x) { return std::erf(x); }>},
    FunctionEntry{"Exp", each<[](float x) { return std::exp(x); }>},
    FunctionEntry{"Floor", each<[](float x) { return std::floor(x); }>},
    // The parameter is not 0 for attribute approximate = "tanh", which its reader sees to.
    FunctionEntry{"Gelu", each_with_one<gelu>},
    FunctionEntry{"Log", each<[](float x) { return std::log(x); }>},
    FunctionEntry{"Mish", each<[](float x) { return x * std::tanh(softplus(x)); }>},
    FunctionEntry{"Reciprocal", each<[](float x) { return 1.0F / x; }>},
    // Halves go to the even neighbour, as ONNX asks.
    FunctionEntry{"Round", each<[](float x) { return std::nearbyint(x); }>},
    FunctionEntry{"Selu", each_with_two<selu>, {{{"alpha", 1.67326319F}, {"gamma", 1.05070102F}}}},
    FunctionEntry{"Shrink", each_with_two<shrink>, {{{"lambd", 0.5F}, {"bias", 0.0F}}}},
    FunctionEntry{"Sign", each<sign>},
    FunctionEntry{"Sin", each<[](float x) { return std::sin(x); }>},
    FunctionEntry{"Sinh", each<[](float x) { return std::sinh(x); }>},
    FunctionEntry{"Softplus", each<softplus>},
    FunctionEntry{"Softsign", each<[](float x) { return x / (1.0F + std::abs(x)); }>},
    FunctionEntry{"Sqrt", each<[](float x) { return std::sqrt(x); }>},
    FunctionEntry{"Tan", each<[](float x) { return std::tan(x); }>},
    FunctionEntry{"ThresholdedRelu", each_with_one<thresholded_relu>, {{{"alpha", 1.0F}}}},
};

}  // namespace

const FunctionEntry* find_function(std::string_view name) noexcept {
  const auto* found = std::ranges::find(kFunctions, name, &FunctionEntry::name);
  return found == kFunctions.end() ? nullptr : found;
}

std::vector<std::string_view> function_names() {
  std::vector<std::string_view> names;
  for (const FunctionEntry& entry : kFunctions) names.push_back(entry.name);
  return names;
}

}  // namespace memspice::network
