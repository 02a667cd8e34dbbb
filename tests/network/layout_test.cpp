// Networks whose images have their channels last, and networks on sequences. What they compute is
// compared with sums written out here, and with the same network in the usual order.

#include <catch2/catch.hpp>
#include <numeric>

#include "network/model_builder.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// Sums of some hundred float32 products of size 1 in another order.
constexpr double kSums = 1e-5;

const std::vector<std::int64_t> kToLast{0, 2, 3, 1};
const std::vector<std::int64_t> kToFirst{0, 3, 1, 2};

/// Values of both signs without a pattern along any axis.
std::vector<float> noise(std::int64_t count, int seed = 1) {
  std::vector<float> values;
  for (std::int64_t k = 0; k < count; ++k) {
    values.push_back(static_cast<float>((k * 37 + seed * 11) % 23 - 11) / 11.0F);
  }
  return values;
}

Tensor noise_of(const Shape& shape, int seed = 1) {
  return Tensor(shape, noise(element_count(shape), seed));
}

/// y[n][i][j][c] = x[n][c][i][j].
Tensor channels_last(const Tensor& x) {
  const auto C = x.shape[1], H = x.shape[2], W = x.shape[3];
  Tensor y({x.shape[0], H, W, C});
  for (std::int64_t k = 0; k < x.size(); ++k) {
    const auto n = k / (C * H * W), c = k / (H * W) % C, i = k / W % H, j = k % W;
    y.data[static_cast<std::size_t>(((n * H + i) * W + j) * C + c)] =
        x.data[static_cast<std::size_t>(k)];
  }
  return y;
}

int count_of(const Graph& graph, const std::string& operation) {
  int count = 0;
  for (const LayerId id : graph.topological_order()) {
    if (operation_name(graph.layer(id).operation) == operation) ++count;
  }
  return count;
}

void transpose(Model& model,
               const std::string& from,
               const std::string& to,
               const std::vector<std::int64_t>& order) {
  set_integers(model.node("Transpose", {from}, to), "perm", order);
}

/// conv 3x3, 2 -> 4 channels, on 6 x 5 images; in channels-last form between transpositions.
void add_convolution(Model& model, bool last, const std::string& from, const std::string& to) {
  if (last) transpose(model, from, to + "_first", kToFirst);
  model.node("Conv", {last ? to + "_first" : from, "kernel"}, last ? to + "_result" : to);
  if (last) transpose(model, to + "_result", to, kToLast);
}

/// Keras' way: everything but the convolution sees channels last.
Model network_of_keras(bool last) {
  Model model(last ? std::vector<std::int64_t>{1, 6, 5, 2} : std::vector<std::int64_t>{1, 2, 6, 5});
  model.weight("kernel", {4, 2, 3, 3}, noise(72));
  add_convolution(model, last, "x", "c");
  const std::vector<std::int64_t> per_channel =
      last ? std::vector<std::int64_t>{4} : std::vector<std::int64_t>{4, 1, 1};
  model.weight("bias", per_channel, {0.5F, -0.25F, 0.125F, 1.0F});
  model.node("Add", {"c", "bias"}, "b");
  model.node("Relu", {"b"}, "r");
  // Squeeze and excitation: a mean per channel scales the channels.
  set_integers(model.node("ReduceMean", {"r"}, "m"),
               "axes",
               last ? std::vector<std::int64_t>{1, 2} : std::vector<std::int64_t>{2, 3});
  model.node("Sigmoid", {"m"}, "s");
  model.node("Mul", {"r", "s"}, "g");
  set_integer(model.node("Concat", {"g", "r"}, "j"), "axis", last ? 3 : 1);
  model.node("Flatten", {"j"}, "f");
  return model;
}

/// 96 values, the result of network_of_keras, to three scores; the weight's rows as the file's
/// order has them.
void add_scores(Model& model, bool last) {
  const std::vector<float> weight = noise(96 * 3, 5);
  std::vector<float> rows(weight.size());
  for (std::size_t k = 0; k < weight.size(); ++k) {
    const std::size_t c = k / 3 / 12, pixel = k / 3 % 12;
    rows[last ? (pixel * 8 + c) * 3 + k % 3 : k] = weight[k];
  }
  model.weight("w", {96, 3}, rows);
  model.node("MatMul", {"f", "w"});
}

}  // namespace

TEST_CASE("a network of channels-last images is the usual one, transpositions folded",
          "[network][layout]") {
  Model last = network_of_keras(true), first = network_of_keras(false);
  add_scores(last, true);
  add_scores(first, false);
  const Graph graph = last.load();
  CHECK(graph.input_shape() == Shape{1, 2, 6, 5});
  CHECK(count_of(graph, "Transposition") == 0);
  CHECK(count_of(graph, "Selection") == 0);
  CHECK(graph.layer_count() == first.load().layer_count());
  const Tensor x = noise_of({3, 2, 6, 5});
  CHECK(largest_difference(run_graph(graph, x), run_graph(first.load(), x)) < kSums);
}

TEST_CASE("a product along the channels of channels-last images works on each pixel",
          "[network][layout]") {
  // As Keras' Dense behind a convolution: no transposition has to be left between two of them.
  Model model({1, 2, 6, 5});
  model.weight("kernel", {4, 2, 3, 3}, noise(72));
  model.weight("w", {4, 3}, noise(12, 4));
  model.node("Conv", {"x", "kernel"}, "c");
  transpose(model, "c", "last", kToLast);
  model.node("MatMul", {"last", "w"}, "product");
  transpose(model, "product", "y", kToFirst);
  const Graph graph = model.load();
  CHECK(graph.layer_count() == 2);
  const Tensor x = noise_of({2, 2, 6, 5});
  const Tensor y = run_graph(graph, x);
  Model plain({1, 2, 6, 5});
  plain.weight("kernel", {4, 2, 3, 3}, noise(72));
  plain.node("Conv", {"x", "kernel"});
  const Tensor c = run_graph(plain.load(), x);
  REQUIRE(y.shape == Shape{2, 3, 4, 3});
  for (std::int64_t k = 0; k < y.size(); ++k) {
    const auto n = k / 36, o = k / 12 % 3, pixel = k % 12;
    double sum = 0.0;
    for (std::int64_t i = 0; i < 4; ++i) {
      sum += static_cast<double>(c.data[static_cast<std::size_t>((n * 4 + i) * 12 + pixel)]) *
             static_cast<double>(noise(12, 4)[static_cast<std::size_t>(i * 3 + o)]);
    }
    CHECK(static_cast<double>(y.data[static_cast<std::size_t>(k)]) == Approx(sum).margin(kSums));
  }
}

TEST_CASE("a transposition that nothing takes over becomes a layer", "[network][layout]") {
  Model model({1, 2, 2, 3});
  transpose(model, "x", "t", kToLast);
  model.node("Flatten", {"t"}, "f");
  model.node("Relu", {"f"});
  const Graph graph = model.load();
  CHECK(graph.input_shape() == Shape{1, 2, 2, 3});
  Tensor x({2, 2, 2, 3});
  std::iota(x.data.begin(), x.data.end(), 0.0F);
  Tensor wanted = channels_last(x);
  wanted.shape = {2, 12};
  CHECK(largest_difference(run_graph(graph, x), wanted) == 0.0);
}

TEST_CASE("transpositions of any axes are computed", "[network][layout]") {
  Model model({1, 2, 3, 4});
  transpose(model, "x", "y", {0, 2, 1, 3});
  const Graph graph = model.load();
  CHECK(count_of(graph, "Transposition") == 1);
  Tensor x({1, 2, 3, 4});
  std::iota(x.data.begin(), x.data.end(), 0.0F);
  const Tensor y = run_graph(graph, x);
  REQUIRE(y.shape == Shape{1, 3, 2, 4});
  for (std::int64_t i = 0; i < 24; ++i) {
    const auto a = i / 8, b = i / 4 % 2, c = i % 4;
    CHECK(y.data[static_cast<std::size_t>(i)] == static_cast<float>((b * 3 + a) * 4 + c));
  }
}

TEST_CASE("a file that moves its batch of 1 is taken as one image's", "[network][layout]") {
  Model model({1, 2, 3});
  transpose(model, "x", "t", {1, 2, 0});  // 2 x 3 x 1
  model.weight("w", {2, 1, 1}, {10.0F, 100.0F});
  model.node("Mul", {"t", "w"}, "m");
  set_integer(model.node("Softmax", {"m"}, "s"), "axis", 0);
  transpose(model, "s", "y", {2, 1, 0});  // 1 x 3 x 2
  const Graph graph = model.load();
  CHECK(graph.shape_of(graph.output()) == Shape{1, 3, 2});
  const Tensor x({2, 2, 3}, noise(12));
  const Tensor y = run_graph(graph, x);
  for (std::size_t n = 0; n < 2; ++n) {
    for (std::size_t j = 0; j < 3; ++j) {
      // The softmax of two: a sigmoid of their difference.
      const float a = 10.0F * x.data[n * 6 + j], b = 100.0F * x.data[n * 6 + 3 + j];
      CHECK(y.data[(n * 3 + j) * 2] == Approx(1.0 / (1.0 + std::exp(b - a))).margin(kSums));
    }
  }
  Model batch({2, 2, 3});
  transpose(batch, "x", "y", {1, 0, 2});
  CHECK_THAT(refusal(batch),
             Contains("moves or mixes the axis of the batch") && Contains("free batch axis"));
}

TEST_CASE("an image's rows and columns stay apart where a layer needs them so",
          "[network][layout]") {
  // The pool sees N x H x W x C as if H were channels: no transposition may be dropped.
  Model model({1, 2, 2, 2});
  transpose(model, "x", "t", kToLast);
  auto& pool = model.node("MaxPool", {"t"});
  set_integers(pool, "kernel_shape", {1, 2});
  const Graph graph = model.load();
  const Tensor x({1, 2, 2, 2}, {1, 2, 3, 4, 8, 7, 6, 5});
  CHECK(run_graph(graph, x).data == std::vector<float>{8, 7, 6, 5});
}

TEST_CASE("a convolution over a sequence slides along its length", "[network][layout]") {
  const std::int64_t stride = GENERATE(1, 2), dilation = GENERATE(1, 2), groups = GENERATE(1, 2);
  Model model({1, 4, 9});
  const Tensor w = noise_of({6, 4 / groups, 3}, 3);
  model.weight("w", w.shape, w.data);
  auto& node = model.node("Conv", {"x", "w"});
  set_integers(node, "strides", {stride});
  set_integers(node, "dilations", {dilation});
  set_integers(node, "pads", {2, 1});
  set_integer(node, "group", groups);
  const Tensor x = noise_of({2, 4, 9});
  const Tensor y = run_graph(model.load(), x);
  const std::int64_t steps = (9 + 3 - (2 * dilation + 1)) / stride + 1;
  REQUIRE(y.shape == Shape{2, 6, steps});
  Tensor wanted(y.shape);
  for (std::int64_t k = 0; k < wanted.size(); ++k) {
    const auto n = k / (6 * steps), o = k / steps % 6, p = k % steps;
    double sum = 0.0;
    for (std::int64_t c = 0; c < 4 / groups; ++c) {
      for (std::int64_t t = 0; t < 3; ++t) {
        const auto at = p * stride + t * dilation - 2;
        const auto channel = o / (6 / groups) * (4 / groups) + c;
        if (at < 0 || at >= 9) continue;
        sum +=
            static_cast<double>(w.data[static_cast<std::size_t>((o * (4 / groups) + c) * 3 + t)]) *
            static_cast<double>(x.data[static_cast<std::size_t>((n * 4 + channel) * 9 + at)]);
      }
    }
    wanted.data[static_cast<std::size_t>(k)] = static_cast<float>(sum);
  }
  CHECK(largest_difference(y, wanted) < kSums);
}

TEST_CASE("a network on sequences has one layer per node between its ends", "[network][layout]") {
  Model model({1, 2, 12});
  model.weight("w", {3, 2, 5}, noise(30));
  model.weight("mean", {3}, {0.1F, 0.2F, 0.3F});
  model.weight("one", {3}, {1, 1, 1});
  model.node("Conv", {"x", "w"}, "c");
  model.node("BatchNormalization", {"c", "one", "mean", "mean", "one"}, "b");
  model.node("Relu", {"b"}, "r");
  auto& pool = model.node("MaxPool", {"r"}, "p");
  set_integers(pool, "kernel_shape", {2});
  set_integers(pool, "strides", {2});
  model.node("Flatten", {"p"}, "f");
  model.weight("v", {12, 2}, noise(24, 2));
  model.node("MatMul", {"f", "v"});
  const Graph graph = model.load();
  // To an image of height 1, conv with its normalisation, ReLU, pool, to a row, scores.
  CHECK(graph.layer_count() == 6);
  CHECK(count_of(graph, "Reshape") == 2);
  CHECK(graph.layer({1}).name == "the_Conv");
}

TEST_CASE("pools and transposed convolutions run over sequences", "[network][layout]") {
  const auto of = [](const std::string& op,
                     const std::function<void(onnx::NodeProto&)>& set,
                     const std::vector<std::string>& inputs = {"x"}) {
    Model model({1, 1, 4});
    model.weight("w", {1, 1, 2}, {1, 10});
    set(model.node(op, inputs));
    return run_graph(model.load(), Tensor({1, 1, 4}, {1, 2, 5, 3})).data;
  };
  const auto window = [](onnx::NodeProto& node) { set_integers(node, "kernel_shape", {3}); };
  const auto ceiling = [](onnx::NodeProto& node) {
    set_integers(node, "kernel_shape", {3});
    set_integers(node, "strides", {2});
    set_integer(node, "ceil_mode", 1);
  };
  const auto counted = [](onnx::NodeProto& node) {
    set_integers(node, "kernel_shape", {2});
    set_integers(node, "strides", {2});
    set_integers(node, "pads", {1, 1});
    set_integer(node, "count_include_pad", 1);
  };
  const auto same = [](onnx::NodeProto& node) {
    set_integers(node, "kernel_shape", {3});
    set_text(node, "auto_pad", "SAME_UPPER");
  };
  const auto nothing = [](onnx::NodeProto&) {};
  CHECK(of("MaxPool", window) == std::vector<float>{5, 5});
  CHECK(of("MaxPool", ceiling) == std::vector<float>{5, 5});
  CHECK(of("MaxPool", same) == std::vector<float>{2, 5, 5, 5});
  CHECK(of("AveragePool", counted) == std::vector<float>{0.5F, 3.5F, 1.5F});
  CHECK(of("GlobalAveragePool", nothing) == std::vector<float>{2.75F});
  CHECK(of("GlobalMaxPool", nothing) == std::vector<float>{5});
  CHECK(of("ConvTranspose",
           [](onnx::NodeProto& node) { set_integers(node, "strides", {2}); },
           {"x", "w"}) == std::vector<float>{1, 10, 2, 20, 5, 50, 3, 30});
}

TEST_CASE("windows over volumes are refused with what to do", "[network][layout]") {
  Model model({1, 1, 3, 3, 3});
  model.weight("w", {1, 1, 2, 2, 2}, std::vector<float>(8, 1.0F));
  model.node("Conv", {"x", "w"});
  CHECK_THAT(refusal(model), Contains("(Conv)") && Contains("images or sequences"));
}
