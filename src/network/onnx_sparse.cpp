#include "network/onnx_sparse.hpp"

#include <onnx/onnx_pb.h>

#include "base/error.hpp"
#include "network/onnx_constant.hpp"
#include "network/onnx_model.hpp"

namespace memspice::network {
namespace {

class SparseFill {
 public:
  SparseFill(const std::string& file, const onnx::ModelProto& model)
      : file_(file), room_(room_of(model)) {}

  void fill(const onnx::SparseTensorProto& sparse, onnx::TensorProto& dense) {
    place_ = file_ + ": sparse weight \"" + sparse.values().name() + "\"";
    shape_.assign(sparse.dims().begin(), sparse.dims().end());
    const Constant values = read_constant(sparse.values(), place_);
    const std::vector<std::int64_t> places = read_places(sparse.indices());
    if (static_cast<std::int64_t>(places.size()) != values.count()) {
      refuse(
          std::to_string(values.count()) + " values, " + std::to_string(places.size()) + " indices",
          "each value has its index");
    }
    const std::int64_t count = take_room();
    dense.set_name(sparse.values().name());
    for (const auto n : shape_) dense.add_dims(n);
    std::visit([&](const auto& held) { spread(held, places, count, dense); }, values.values);
  }

 private:
  [[noreturn]] void refuse(const std::string& value, const std::string& rule) const {
    reject(place_, value, rule, "export dense weights");
  }

  std::int64_t take_room() {
    const std::int64_t count = element_count(shape_);
    room_ -= 8 * count;
    if (room_ < 0) refuse(to_text(shape_), "takes more memory than the file's size warrants");
    return count;
  }

  /// Where each value lies, row by row: stored so, or as one index per axis.
  std::vector<std::int64_t> read_places(const onnx::TensorProto& indices) const {
    const Constant read = read_constant(indices, place_);
    const std::int64_t total = element_count(shape_);
    const bool by_axis = read.shape.size() == 2;
    if (!read.is_integer() || (by_axis && read.shape[1] != std::ssize(shape_))) {
      refuse(to_text(read.shape), "indices are integers, one a value or one an axis");
    }
    const auto& stored = std::get<1>(read.values);
    const std::size_t step = by_axis ? shape_.size() : 1;
    std::vector<std::int64_t> places;
    for (std::size_t first = 0; first + step <= stored.size(); first += step) {
      std::int64_t place = by_axis ? 0 : stored[first];
      for (std::size_t axis = 0; by_axis && axis < step; ++axis) {
        const std::int64_t index = stored[first + axis];
        if (index < 0 || index >= shape_[axis]) place = total;
        if (place < total) place = place * shape_[axis] + index;
      }
      if (place < 0 || place >= total) refuse("an index", "lies outside " + to_text(shape_));
      places.push_back(place);
    }
    return places;
  }

  static void spread(const std::vector<float>& values,
                     const std::vector<std::int64_t>& places,
                     std::int64_t count,
                     onnx::TensorProto& dense) {
    dense.set_data_type(onnx::TensorProto::FLOAT);
    auto& held = *dense.mutable_float_data();
    held.Resize(static_cast<int>(count), 0.0F);
    for (std::size_t k = 0; k < values.size(); ++k) held[static_cast<int>(places[k])] = values[k];
  }
  static void spread(const std::vector<std::int64_t>& values,
                     const std::vector<std::int64_t>& places,
                     std::int64_t count,
                     onnx::TensorProto& dense) {
    dense.set_data_type(onnx::TensorProto::INT64);
    auto& held = *dense.mutable_int64_data();
    held.Resize(static_cast<int>(count), 0);
    for (std::size_t k = 0; k < values.size(); ++k) held[static_cast<int>(places[k])] = values[k];
  }

  const std::string& file_;
  std::int64_t room_;
  std::string place_;  ///< the tensor at hand
  Shape shape_;
};

}  // namespace

void fill_sparse_weights(const std::string& file, onnx::ModelProto& model) {
  SparseFill sparse(file, model);
  onnx::GraphProto& graph = *model.mutable_graph();
  for (const auto& weight : graph.sparse_initializer()) {
    sparse.fill(weight, *graph.add_initializer());
  }
  graph.clear_sparse_initializer();
  for (auto& node : *graph.mutable_node()) {
    for (auto& attribute : *node.mutable_attribute()) {
      if (attribute.name() != "sparse_value" || !attribute.has_sparse_tensor()) continue;
      sparse.fill(attribute.sparse_tensor(), *attribute.mutable_t());
      attribute.set_name("value");
      attribute.set_type(onnx::AttributeProto::TENSOR);
      attribute.clear_sparse_tensor();
    }
  }
}

}  // namespace memspice::network
