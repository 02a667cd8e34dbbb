#pragma once
// Parts of quantized models.

#include "network/model_builder.hpp"

namespace memspice::network {

using Values = std::vector<float>;

inline void integers(Model& model,
                     const std::string& name,
                     int type,
                     const std::vector<std::int64_t>& shape,
                     const std::vector<int>& values) {
  auto& added = *model.graph().add_initializer();
  added.set_name(name);
  added.set_data_type(type);
  for (const auto n : shape) added.add_dims(n);
  for (const int v : values) added.add_int32_data(v);
}

inline constexpr int kUint8 = onnx::TensorProto::UINT8;
inline constexpr int kInt8 = onnx::TensorProto::INT8;
inline constexpr int kInt32 = onnx::TensorProto::INT32;

inline void scalar(Model& model, const std::string& name, float value) {
  model.weight(name, {}, {value});
}

inline Values outputs_of(const Graph& graph, const Values& x) {
  Shape shape = graph.input_shape();
  return run_graph(graph, Tensor(shape, x)).data;
}

inline const Steps& steps_of(const Graph& graph) {
  return std::get<FullyConnected>(graph.layer({0}).operation).steps;
}

}  // namespace memspice::network
