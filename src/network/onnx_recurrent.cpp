#include "network/onnx_recurrent.hpp"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/text.hpp"

namespace memspice::network {
namespace {

/// A function that gates apply besides those of function.cpp, with ONNX's own parameters.
struct GateEntry {
  std::string_view name;
  Activation activation;
};
constexpr std::array kGateFunctions{
    GateEntry{"HardSigmoid", {Activation::Kind::HardSigmoid, 0.2F, 0.5F}},
    GateEntry{"LeakyRelu", {Activation::Kind::LeakyRelu, 0.01F}},
    GateEntry{"Relu", {Activation::Kind::Relu}},
    GateEntry{"Sigmoid", {Activation::Kind::Sigmoid}},
    GateEntry{"Tanh", {Activation::Kind::Tanh}},
};
constexpr std::array<std::string_view, 4> kOthers{"Elu", "Softplus", "Softsign", "ThresholdedRelu"};

std::vector<std::string> known_functions() {
  std::vector<std::string> names(kOthers.begin(), kOthers.end());
  for (const GateEntry& entry : kGateFunctions) names.emplace_back(entry.name);
  std::ranges::sort(names);
  return names;
}

/// The next of a list of parameters, for functions that have one.
class Parameters {
 public:
  explicit Parameters(std::vector<float> given) : given_(std::move(given)) {}
  float next(float otherwise) { return at_ < given_.size() ? given_[at_++] : otherwise; }

 private:
  std::vector<float> given_;
  std::size_t at_ = 0;
};

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

/// Names count whatever their case, as the specification's default spellings differ.
bool is_called(std::string_view name, const std::string& wanted) {
  return lower_case(std::string(name)) == lower_case(wanted);
}

GateFunction make_function(OnnxNode& node,
                           const std::string& name,
                           Parameters& alpha,
                           Parameters& beta) {
  for (const GateEntry& entry : kGateFunctions) {
    if (!is_called(entry.name, name)) continue;
    Activation activation = entry.activation;
    if (activation.alpha != 0.0F) activation.alpha = alpha.next(activation.alpha);
    if (activation.beta != 0.0F) activation.beta = beta.next(activation.beta);
    return {activation, {}};
  }
  for (const std::string_view other : kOthers) {
    if (!is_called(other, name)) continue;
    Function function{find_function(other), {}};
    const auto& parameter = function.entry->parameters[0];
    if (!parameter.name.empty()) function.parameters[0] = alpha.next(parameter.otherwise);
    return {{}, function};
  }
  node.reject("activation " + name, "gates apply " + join(known_functions(), ", "));
}

std::vector<std::string> text_list(OnnxNode& node, const char* name) {
  const auto* found = node.attribute(name);
  if (found == nullptr) return {};
  return {found->strings().begin(), found->strings().end()};
}

std::vector<std::string> standard_functions(Recurrence::Cell cell) {
  switch (cell) {
    case Recurrence::Cell::Plain:
      return {"Tanh"};
    case Recurrence::Cell::Gru:
      return {"Sigmoid", "Tanh"};
    case Recurrence::Cell::Lstm:
      return {"Sigmoid", "Tanh", "Tanh"};
  }
  return {};
}

void require_directions(OnnxNode& node, std::int64_t directions) {
  const std::string direction = node.text("direction", "forward");
  const bool is_known =
      direction == "forward" || direction == "reverse" || direction == "bidirectional";
  if (is_known && directions == (direction == "bidirectional" ? 2 : 1)) return;
  node.reject("direction " + direction + " with " + std::to_string(directions),
              "R has one matrix for forward or reverse, two for bidirectional");
}

}  // namespace

std::array<GateFunction, 3> gate_functions(OnnxNode& node,
                                           Recurrence::Cell cell,
                                           std::int64_t direction,
                                           std::int64_t directions) {
  require_directions(node, directions);
  const auto standard = standard_functions(cell);
  auto names = text_list(node, "activations");
  Parameters alpha(node.number_list("activation_alpha")), beta(node.number_list("activation_beta"));
  const bool names_none = names.empty();
  for (std::int64_t d = 0; names_none && d < directions; ++d) {
    names.insert(names.end(), standard.begin(), standard.end());
  }
  std::array<GateFunction, 3> functions;
  const auto first = static_cast<std::size_t>(direction) * standard.size();
  for (std::size_t k = 0; k < first + standard.size(); ++k) {
    if (k >= names.size()) node.reject("activations", "names a function for each gate");
    const GateFunction function = make_function(node, names[k], alpha, beta);
    if (k >= first) functions[k - first] = function;
  }
  return functions;
}

}  // namespace memspice::network
