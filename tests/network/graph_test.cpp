#include "network/graph.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <span>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "network/onnx_support.hpp"
#include "network/ranges.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

const Activation kRelu{Activation::Kind::Relu, 0.0F, 0.0F, -1};

Layer layer(const std::string& name, Operation operation) {
  return {name, std::move(operation), {}};
}

/// x -> double -> relu and x -> negate -> relu2, joined: y = (relu(2x), relu(-x)).
Graph forked() {
  Graph graph;
  graph.set_input_shape({1, 2});
  const auto up =
      graph.add(layer("twice", FullyConnected{Tensor({2, 2}, {2, 0, 0, 2}), {}}), {Graph::kInput});
  const auto down = graph.add(layer("negate", FullyConnected{Tensor({2, 2}, {-1, 0, 0, -1}), {}}),
                              {Graph::kInput});
  const auto relu_up = graph.add(layer("relu", kRelu), {up});
  const auto relu_down = graph.add(layer("relu2", kRelu), {down});
  graph.add(layer("join", Concatenation{1}), {relu_up, relu_down});
  return graph;
}

Tensor apply_one(const Operation& operation, const Tensor& x) {
  const Tensor* input = &x;
  return apply_layer(layer("layer", operation), {&input, 1});
}

}  // namespace

TEST_CASE("Graph knows producers, consumers, shapes and names", "[network]") {
  const Graph graph = forked();
  CHECK(graph.layer_count() == 5);
  CHECK(graph.consumers(Graph::kInput) == std::vector<LayerId>{{0}, {1}});
  CHECK(graph.consumers({0}) == std::vector<LayerId>{{2}});
  CHECK(graph.consumers({4}).empty());
  CHECK(graph.inputs({4}).size() == 2);
  CHECK(graph.inputs({4})[1] == LayerId{3});
  CHECK(graph.shape_of({4}) == Shape{1, 4});
  CHECK(graph.shape_of(Graph::kInput) == Shape{1, 2});
  CHECK(graph.output() == LayerId{4});
  CHECK(graph.find("negate") == LayerId{1});
  CHECK_THROWS_WITH(graph.find("relu3"), Contains("relu3") && Contains("did you mean"));
}

TEST_CASE("Graph::add refuses what does not fit", "[network]") {
  Graph graph = forked();
  const auto refuses =
      [&graph](const Layer& wrong, std::vector<LayerId> inputs, const std::string& message) {
        CHECK_THROWS_AS(graph.add(wrong, inputs), InputError);
        CHECK_THROWS_WITH(graph.add(wrong, inputs), Contains(message));
      };
  refuses(layer("relu", kRelu), {{0}}, "layer relu: two layers have this name");
  refuses(layer("a b", kRelu), {{0}}, "a layer's name is a letter");
  refuses(layer("9lives", kRelu), {{0}}, "a layer's name is a letter");
  refuses(layer("r", kRelu), {{5}}, "there is no such layer");
  refuses(layer("r", kRelu), {{-2}}, "there is no such layer");
  refuses(layer("f", FullyConnected{Tensor({2, 3}), {}}), {{0}}, "layer f: input 1x2, weight 2x3");
  refuses(layer("j", Concatenation{0}), {{0}, {1}}, "the first axis is the batch");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  refuses(layer("n", FullyConnected{Tensor({1, 2}, {0, 1}), Tensor({1}, {nan})}),
          {{0}},
          "nan at index 0 of the bias");
  CHECK_THROWS_WITH(Graph().add(layer("r", kRelu), {Graph::kInput}), Contains("input shape"));
  CHECK_THROWS_WITH(Graph().set_input_shape({2, 3}), Contains("2x3"));
  CHECK_THROWS_WITH(graph.set_output({7}), Contains("no such layer"));
}

TEST_CASE("run_graph runs branches on every image of a batch", "[network]") {
  const Tensor y = run_graph(forked(), Tensor({2, 2}, {1, -2, -3, 4}));
  CHECK(y.shape == Shape{2, 4});
  CHECK(y.data == std::vector<float>{2, 0, 0, 2, 0, 8, 3, 0});
  CHECK_THROWS_WITH(run_graph(forked(), Tensor({2, 3})), Contains("N x 2"));
  CHECK_THROWS_AS(run_graph(forked(), Tensor({0, 2})), InputError);
}

TEST_CASE("run_graph returns an inner layer that set_output names", "[network]") {
  Graph graph = forked();
  graph.set_output({1});
  CHECK(run_graph(graph, Tensor({1, 2}, {1, -2})).data == std::vector<float>{-1, 2});
  graph.set_output(Graph::kInput);
  CHECK(run_graph(graph, Tensor({1, 2}, {1, -2})).data == std::vector<float>{1, -2});
}

TEST_CASE("run_graph lets a hook replace chosen layers", "[network]") {
  const Graph graph = forked();
  int calls = 0;
  const Tensor y = run_graph(
      graph, Tensor({1, 2}, {1, -2}), [&](LayerId id, std::span<const Tensor* const> inputs) {
        ++calls;
        if (id != LayerId{2}) return Tensor{};
        CHECK(inputs[0]->data == std::vector<float>{2, -4});
        return Tensor({1, 2}, 7.0F);
      });
  CHECK(calls == 5);
  CHECK(y.data == std::vector<float>{7, 7, 0, 2});
}

TEST_CASE("run_graph gives the same for any batch and thread", "[network]") {
  const Graph graph = load_onnx(network_data("compact.onnx"));
  const Tensor input = read_reference(network_data("compact_input.pb"));
  const Tensor both = run_graph(graph, input);
  const auto image = static_cast<std::ptrdiff_t>(input.data.size() / 2);
  std::atomic<int> equal = 0;
  parallel_for(2, 16, [&](std::size_t k) {
    const auto first = input.data.begin() + static_cast<std::ptrdiff_t>(k % 2) * image;
    const Tensor one = run_graph(graph, Tensor({1, 3, 32, 32}, {first, first + image}));
    const auto row = both.data.begin() + static_cast<std::ptrdiff_t>(5 * (k % 2));
    // The product of one row may be summed in another order than that of two.
    if (largest_difference(one, Tensor({1, 5}, {row, row + 5})) < 1e-6) ++equal;
  });
  CHECK(equal == 16);
}

TEST_CASE("a transposed convolution is the adjoint of the convolution", "[network]") {
  // <conv(x), y> = <x, deconv(y)> for every stride, padding, dilation and group count.
  const int stride = GENERATE(1, 2, 3);
  const int groups = GENERATE(1, 2);
  const int dilation = GENERATE(1, 2);
  Window window{{3, 2}, {stride, 1}, {1, dilation}, {1, 0, 2, 1}, false};
  const auto ramp = [](Shape shape) {
    Tensor tensor(std::move(shape));
    for (std::size_t k = 0; k < tensor.data.size(); ++k) {
      tensor.data[k] = static_cast<float>(static_cast<int>(k * 37 % 19) - 9);
    }
    return tensor;
  };
  const Tensor weight = ramp({6, 4 / groups, 3, 2});
  const Tensor x = ramp({2, 4, 9, 7});
  const Tensor forward = apply_one(Convolution{weight, {}, window, groups}, x);
  const Tensor y = ramp(forward.shape);
  const int missing = (9 + 3 - 3) % stride;  // rows that the last window does not reach
  const Tensor back = apply_one(Deconvolution{weight, {}, window, {missing, 0}, groups}, y);
  REQUIRE(back.shape == x.shape);
  const auto dot = [](const Tensor& a, const Tensor& b) {
    double sum = 0.0;
    for (std::size_t k = 0; k < a.data.size(); ++k) {
      sum += static_cast<double>(a.data[k]) * static_cast<double>(b.data[k]);
    }
    return sum;
  };
  // Whole numbers below 2^24: float32 is exact.
  CHECK(dot(forward, y) == dot(x, back));
}

TEST_CASE("average pooling counts padding only where told", "[network]") {
  const Tensor ones({1, 1, 2, 2}, 1.0F);
  Pooling pooling{Pooling::Kind::Average, {{2, 2}, {2, 2}, {1, 1}, {1, 1, 1, 1}, false}, false};
  CHECK(apply_one(pooling, ones).data == std::vector<float>(4, 1.0F));
  pooling.count_padding = true;
  CHECK(apply_one(pooling, ones).data == std::vector<float>(4, 0.25F));
}

TEST_CASE("the last partial window counts with ceil_mode if it starts on the image", "[network]") {
  const Tensor row({1, 1, 1, 5}, {1, 2, 3, 4, 5});
  const Window window{{1, 2}, {1, 2}, {1, 1}, {0, 0, 0, 0}, true};
  CHECK(apply_one(Pooling{Pooling::Kind::Max, window, false}, row).data ==
        std::vector<float>{2, 4, 5});
  // Starts in the padding behind the image: dropped, as PyTorch does.
  const Window wide{{1, 2}, {1, 3}, {1, 1}, {0, 1, 0, 1}, true};
  CHECK(apply_one(Pooling{Pooling::Kind::Max, wide, false}, row).data == std::vector<float>{1, 4});
}

TEST_CASE("activations keep to their definitions at the ends of float", "[network]") {
  const Tensor x({1, 3}, {-200.0F, 0.0F, 200.0F});
  const auto run = [&x](Activation::Kind kind, float alpha = 0.0F, float beta = 0.0F) {
    return apply_one(Activation{kind, alpha, beta, -1}, x).data;
  };
  CHECK(run(Activation::Kind::Sigmoid)[1] == 0.5F);
  CHECK(run(Activation::Kind::Sigmoid)[2] == 1.0F);
  CHECK(run(Activation::Kind::Softmax) == std::vector<float>{0.0F, 0.0F, 1.0F});
  CHECK(run(Activation::Kind::LeakyRelu, 0.5F) == std::vector<float>{-100.0F, 0.0F, 200.0F});
  CHECK(run(Activation::Kind::HardSwish) == std::vector<float>{0.0F, 0.0F, 200.0F});
  CHECK(run(Activation::Kind::Clip, -1.0F, 6.0F) == std::vector<float>{-1.0F, 0.0F, 6.0F});
}

TEST_CASE("measure_ranges finds extremes and percentiles of every tensor", "[network]") {
  const Graph graph = forked();
  const Tensor images({2, 2}, {1, -2, -3, 4});
  const ActivationRanges all = measure_ranges(graph, images, 100.0);
  CHECK(all.of(Graph::kInput).low == -3.0F);
  CHECK(all.of(Graph::kInput).high == 4.0F);
  CHECK(all.of({0}).low == -6.0F);
  CHECK(all.of({2}).low == 0.0F);
  CHECK(all.of({2}).high == 8.0F);
  // The join sees relu(2x) in [0, 8] and relu(-x) in [0, 3].
  CHECK(all.of_inputs(graph, {4}).high == 8.0F);
  CHECK(all.of_inputs(graph, {0}).low == -3.0F);

  // |x| is 1 2 3 4: the median lies midway between 2 and 3, rank 0.5 * 3 = 1.5.
  const ActivationRanges half = measure_ranges(graph, images, 50.0);
  CHECK(half.input.high == 2.5F);
  CHECK(half.input.low == -2.5F);
  // relu(2x) is 2 0 0 8: its median is 1, and it stays without negative values.
  CHECK(half.of({2}).high == 1.0F);
  CHECK(half.of({2}).low == 0.0F);
  // relu(2x) of these images is 0 but for one value in four: nothing is below the 50th percentile.
  const Tensor sparse({2, 2}, {0, 0, 0, 4});
  CHECK(measure_ranges(graph, sparse, 50.0).of({2}).high == 8.0F);
  for (const double wrong : {0.0, -1.0, 100.1, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_AS(measure_ranges(graph, images, wrong), InputError);
  }
}

TEST_CASE("images that run one by one give the ranges of all", "[network]") {
  const Graph graph = forked();
  // 2,000 images of 2 values, so that the largest of them are sorted out more than once.
  RandomStream random(3, "images");
  Tensor images({2000, 2});
  for (float& v : images.data) v = static_cast<float>(random.normal());
  const CalibrationMemory little{.batch = 1, .kept = 3 * 4 * sizeof(float)};
  for (const double percentile : {100.0, 99.9, 50.0, 0.1}) {
    CAPTURE(percentile);
    const Activations all = record_activations(graph, images, percentile);
    const Activations few = record_activations(graph, images, percentile, little);
    for (const LayerId id : {Graph::kInput, LayerId{0}, LayerId{2}, LayerId{4}}) {
      CHECK(few.ranges.of(id).low == all.ranges.of(id).low);
      CHECK(few.ranges.of(id).high == all.ranges.of(id).high);
    }
    // Both layers with weights take the input, 4 values an image together.
    REQUIRE(all.images == 2000);
    REQUIRE(few.images == 3);
    for (const int layer : {0, 1}) {
      CHECK(all.layer_inputs.at(layer).data == images.data);
      CHECK(few.layer_inputs.at(layer).shape == Shape{3, 2});
      CHECK(std::ranges::equal(few.layer_inputs.at(layer).data, std::span(images.data).first(6)));
    }
  }
}

TEST_CASE("run_graph skips layers that the output does not need", "[network]") {
  Graph graph = forked();
  graph.set_output({2});
  std::vector<int> ran;
  run_graph(graph, Tensor({1, 2}), [&](LayerId id, std::span<const Tensor* const>) {
    ran.push_back(id.value);
    return Tensor{};
  });
  CHECK(ran == std::vector<int>{0, 2});
}

TEST_CASE("element_count refuses what overflows", "[network]") {
  CHECK(element_count({}) == 1);
  CHECK(element_count({3, 0, 5}) == 0);
  CHECK(element_count({kMaxElements}) == kMaxElements);
  CHECK_THROWS_AS(element_count({kMaxElements, 2}), InputError);
  CHECK_THROWS_AS(element_count({std::int64_t{1} << 62, std::int64_t{1} << 62}), InputError);
  CHECK_THROWS_AS(element_count({-1, 4}), InputError);
  CHECK_THROWS_AS(element_count({0, -1}), InputError);
}
