#include "support/small_networks.hpp"

#include <cmath>

#include "base/random.hpp"
#include "support/block_run.hpp"

namespace memspice::test {
namespace {

using namespace network;

/// N(0, 2 / inputs), as after He initialisation.
Tensor weights(const Shape& shape, std::int64_t inputs, const std::string& purpose) {
  RandomStream stream(11, purpose);
  Tensor tensor(shape);
  const double sigma = std::sqrt(2.0 / static_cast<double>(inputs));
  for (float& value : tensor.data) value = static_cast<float>(sigma * stream.normal());
  return tensor;
}

Tensor biases(std::int64_t count, const std::string& purpose) {
  RandomStream stream(12, purpose);
  Tensor tensor({count});
  for (float& value : tensor.data) value = static_cast<float>(stream.uniform(-0.2, 0.2));
  return tensor;
}

/// Leaves image n bright in the whole, or in one half only, so that labels differ.
void shade(Tensor& images) {
  const std::int64_t height = images.shape[2], width = images.shape[3];
  const std::int64_t pixels = images.shape[1] * height * width;
  for (std::int64_t k = 0; k < images.size(); ++k) {
    const std::int64_t y = k / width % height, x = k % width;
    const bool bright[] = {true, y < height / 2, y >= height / 2, x < width / 2, x >= width / 2};
    if (!bright[k / pixels % 5]) images.data[static_cast<std::size_t>(k)] *= 0.1F;
  }
}

const Activation kRelu{Activation::Kind::Relu, 0.0F, 0.0F, -1};
const Activation kSigmoid{Activation::Kind::Sigmoid, 0.0F, 0.0F, -1};

}  // namespace

Graph small_cnn(int size) {
  Graph graph;
  graph.set_input_shape({1, 1, size, size});
  const auto add = [&](const std::string& name, Operation operation, std::vector<LayerId> from) {
    return graph.add({name, std::move(operation), {}}, std::move(from));
  };
  const Window halving{.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1, 1, 1}};
  const auto conv = add("conv",
                        Convolution{weights({4, 1, 3, 3}, 9, "conv"), biases(4, "conv"), halving},
                        {Graph::kInput});
  const auto relu = add("relu", kRelu, {conv});
  const auto squeeze = add("squeeze", GlobalAverage{{2, 3}, true}, {relu});
  const Window point{.kernel = {1, 1}};
  const auto reduce = add(
      "reduce", Convolution{weights({2, 4, 1, 1}, 4, "se1"), biases(2, "se1"), point}, {squeeze});
  const auto hidden = add("hidden", kRelu, {reduce});
  const auto expand = add(
      "expand", Convolution{weights({4, 2, 1, 1}, 2, "se2"), biases(4, "se2"), point}, {hidden});
  const auto gate = add("gate", kSigmoid, {expand});
  Elementwise product;
  product.kind = Elementwise::Kind::Mul;
  const auto scaled = add("scaled", product, {relu, gate});
  const Window halves{.kernel = {2, 2}, .stride = {2, 2}};
  const auto pool = add("pool", Pooling{Pooling::Kind::Max, halves}, {scaled});
  const auto up =
      add("up",
          Deconvolution{weights({4, 2, 3, 3}, 9, "up"), biases(2, "up"), halving, {1, 1}},
          {pool});
  const auto relu_up = add("relu_up", kRelu, {up});
  Reshape flatten;
  flatten.flatten_axis = 1;
  const auto flat = add("flatten", flatten, {relu_up});
  const int features = 2 * (size / 2) * (size / 2);
  add("classify",
      FullyConnected{weights({3, features}, features / 2, "classify"), biases(3, "classify")},
      {flat});
  return graph;
}

Graph small_mlp() {
  Graph graph;
  graph.set_input_shape({1, 6});
  const auto first = graph.add(
      {"fc1", FullyConnected{weights({5, 6}, 6, "fc1"), biases(5, "fc1")}, {}}, {Graph::kInput});
  const auto relu = graph.add({"relu1", kRelu, {}}, {first});
  graph.add({"fc2", FullyConnected{weights({3, 5}, 5, "fc2"), biases(3, "fc2")}, {}}, {relu});
  return graph;
}

Tensor random_images(const Graph& graph, int count, std::uint64_t seed) {
  Shape shape = graph.input_shape();
  shape.front() = count;
  RandomStream stream(seed, "images");
  Tensor images(shape);
  for (float& value : images.data) value = static_cast<float>(stream.uniform());
  if (shape.size() == 4) shade(images);
  return images;
}

PlannedNetwork plan_network(const Graph& graph,
                            const Tensor& calibration,
                            synthesis::Realisation realisation,
                            const mapping::Options& mapping,
                            int levels) {
  PlannedNetwork planned;
  planned.ranges = measure_ranges(graph, calibration, 100.0);
  mapping::MappingInputs inputs;
  inputs.options = mapping;
  inputs.window = {.g_min = 1e-6, .g_max = 50e-6, .levels = levels};
  inputs.read_voltage = analog_figures().signal.value;
  for (int k = 0; k < graph.layer_count(); ++k) {
    inputs.input_ranges.push_back(planned.ranges.of_inputs(graph, LayerId{k}));
  }
  planned.plan = std::make_unique<mapping::TilePlan>(mapping::map_network(graph, inputs));
  planned.stages = synthesis::plan_stages(
      graph, *planned.plan, planned.ranges, {.realisation = realisation}, analog_figures());
  return planned;
}

Eigen::MatrixXd voltages_of(const Tensor& values, double scale) {
  const std::int64_t images = values.shape.front();
  const Eigen::Map<const Eigen::MatrixXf> columns(
      values.data.data(), values.size() / images, images);
  return scale * columns.cast<double>();
}

}  // namespace memspice::test
