#include "network/layer.hpp"

#include <string_view>

namespace memspice::network {
namespace {

std::string_view name_of(Activation::Kind kind) {
  switch (kind) {
    case Activation::Kind::Relu:
      return "Relu";
    case Activation::Kind::LeakyRelu:
      return "LeakyRelu";
    case Activation::Kind::Sigmoid:
      return "Sigmoid";
    case Activation::Kind::Tanh:
      return "Tanh";
    case Activation::Kind::HardSigmoid:
      return "HardSigmoid";
    case Activation::Kind::HardSwish:
      return "HardSwish";
    case Activation::Kind::Clip:
      return "Clip";
    case Activation::Kind::ClRelu:
      return "ClRelu";
    case Activation::Kind::ZRelu:
      return "ZRelu";
    case Activation::Kind::ModRelu:
      return "ModRelu";
    case Activation::Kind::Softmax:
      return "Softmax";
    case Activation::Kind::LogSoftmax:
      return "LogSoftmax";
  }
  return "unknown";
}

std::string_view name_of(Recurrence::Cell cell) {
  switch (cell) {
    case Recurrence::Cell::Plain:
      return "Plain";
    case Recurrence::Cell::Gru:
      return "GRU";
    case Recurrence::Cell::Lstm:
      return "LSTM";
  }
  return "unknown";
}

struct NameOf {
  std::string operator()(const Convolution&) const { return "Convolution"; }
  std::string operator()(const Deconvolution&) const { return "Deconvolution"; }
  std::string operator()(const FullyConnected&) const { return "FullyConnected"; }
  std::string operator()(const Activation& a) const {
    return "Activation " + std::string(name_of(a.kind));
  }
  std::string operator()(const Pooling& p) const {
    return p.kind == Pooling::Kind::Max ? "Pooling Max" : "Pooling Average";
  }
  std::string operator()(const GlobalAverage&) const { return "GlobalAverage"; }
  std::string operator()(const BatchNormalization&) const { return "BatchNormalization"; }
  std::string operator()(const Elementwise& e) const {
    return "Elementwise " + std::string(to_text(e.kind));
  }
  std::string operator()(const Concatenation&) const { return "Concatenation"; }
  std::string operator()(const Reshape&) const { return "Reshape"; }
  std::string operator()(const Recurrence& r) const {
    return "Recurrence " + std::string(name_of(r.cell));
  }
  std::string operator()(const Resize&) const { return "Resize"; }
  std::string operator()(const Function& f) const {
    return "Function " + std::string(f.entry->name);
  }
  std::string operator()(const Transposition&) const { return "Transposition"; }
  std::string operator()(const Selection&) const { return "Selection"; }
  std::string operator()(const Reduction& r) const { return std::string(r.entry->name); }
  std::string operator()(const Standardization&) const { return "Standardization"; }
  std::string operator()(const LocalResponse&) const { return "LocalResponse"; }
  std::string operator()(const Quantization&) const { return "Quantization"; }
  std::string operator()(const MatrixProduct&) const { return "MatrixProduct"; }
};

}  // namespace

bool Layer::has_weights() const noexcept {
  const auto* matrix = std::get_if<FullyConnected>(&operation);
  return std::holds_alternative<Convolution>(operation) ||
         std::holds_alternative<Deconvolution>(operation) ||
         std::holds_alternative<Recurrence>(operation) || (matrix != nullptr && !matrix->is_fixed);
}

long Layer::parameter_count() const noexcept {
  return std::visit(
      [](const auto& op) -> long {
        if constexpr (requires { op.weight; }) {
          return static_cast<long>(op.weight.data.size() + op.bias.data.size());
        } else {
          return 0;
        }
      },
      operation);
}

bool is_digital(const Operation& operation) noexcept {
  const auto* elementwise = std::get_if<Elementwise>(&operation);
  if (elementwise != nullptr) return elementwise->kind > Elementwise::Kind::Sub;
  return operation.index() >= Operation(Resize{}).index();
}

std::string operation_name(const Operation& operation) {
  return std::visit(NameOf{}, operation);
}

}  // namespace memspice::network
