// Networks that end in log-probabilities, or in the number of a class.

#include <catch2/catch.hpp>

#include "network/decision.hpp"
#include "network/model_builder.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// Sums of a few float32 values near 1.
constexpr double kSumRounding = 1e-6;

/// y = log(softmax(x)) of one row of four.
Tensor log_softmax_of(const std::vector<float>& x) {
  Model model({1, 4});
  model.node("LogSoftmax", {"x"});
  return run_graph(model.load(), Tensor({1, 4}, x));
}

}  // namespace

TEST_CASE("LogSoftmax is the logarithm of Softmax", "[network][classes]") {
  // exp x = 1, 2, 4, 1; their sum is 8.
  const float two = std::log(2.0F), four = std::log(4.0F);
  const Tensor y = log_softmax_of({0.0F, two, four, 0.0F});
  const std::vector<double> wanted{1.0 / 8, 2.0 / 8, 4.0 / 8, 1.0 / 8};
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(std::abs(static_cast<double>(y.data[k]) - std::log(wanted[k])) < kSumRounding);
  }
  // A probability of exp(-200) is 0 in float32; its logarithm is not.
  CHECK(log_softmax_of({0.0F, 200.0F, 0.0F, 0.0F}).data[0] == -200.0F);
}

TEST_CASE("before opset 13 LogSoftmax joins all axes from its axis on", "[network][classes]") {
  Model model({1, 2, 2});
  model.proto().mutable_opset_import(0)->set_version(11);
  set_integer(model.node("LogSoftmax", {"x"}), "axis", 1);
  const Graph graph = model.load();
  CHECK(graph.shape_of(graph.output()) == Shape{1, 2, 2});
  const Tensor y = run_graph(graph, Tensor({1, 2, 2}, 0.0F));
  for (const float v : y.data) {
    CHECK(std::abs(static_cast<double>(v) + std::log(4.0)) < kSumRounding);
  }
}

TEST_CASE("an input shape with more axes leaves the file's own axes as they are",
          "[network][classes]") {
  Model model({1, 4});
  set_integer(model.node("LogSoftmax", {"x"}), "axis", 1);
  CHECK(model.load({1, 1, 4}).input_shape() == Shape{1, 4});
  CHECK(model.load({1, 6}).input_shape() == Shape{1, 6});
  CHECK(model.load({1, 1, 5}).input_shape() == Shape{1, 1, 5});
}

TEST_CASE("LogSoftmax over the batch would mix images", "[network][classes]") {
  Model model({1, 4});
  set_integer(model.node("LogSoftmax", {"x"}), "axis", 0);
  CHECK_THAT(refusal(model), Contains("axis 0") && Contains("batch"));
}

TEST_CASE("a network that ends in ArgMax gives its scores", "[network][classes]") {
  const std::int64_t keeps = GENERATE(0, 1);
  Model model({1, 3});
  model.node("Relu", {"x"}, "scores");
  auto& largest = model.node("ArgMax", {"scores"}, "class");
  set_integer(largest, "axis", -1);
  set_integer(largest, "keepdims", keeps);
  set_integer(model.node("Cast", {"class"}), "to", onnx::TensorProto::INT32);
  const Graph graph = model.load();
  CHECK(graph.layer_count() == 1);
  const Tensor y = run_graph(graph, Tensor({1, 3}, {1.0F, 3.0F, -2.0F}));
  CHECK(y.data == std::vector<float>{1.0F, 3.0F, 0.0F});
  CHECK(decision_of(graph).label_of(y.data) == 1);
}

TEST_CASE("a network that ends in the index of TopK with one entry gives its scores",
          "[network][classes]") {
  Model model({1, 3});
  model.node("Relu", {"x"}, "scores");
  model.integers("k", {1});
  model.node("TopK", {"scores", "k"}, "score").add_output("y");
  CHECK(model.load().layer_count() == 1);
  Model two({1, 3});
  two.integers("k", {2});
  two.node("TopK", {"x", "k"}, "score").add_output("y");
  CHECK_THAT(refusal(two), Contains("k 2") && Contains("end the network before this node"));
}

TEST_CASE("ArgMax is refused where no label can be made of it", "[network][classes]") {
  const auto refused = [](const std::vector<std::int64_t>& input, std::int64_t axis) {
    Model model(input);
    set_integer(model.node("ArgMax", {"x"}), "axis", axis);
    return refusal(model);
  };
  CHECK_THAT(refused({1, 3}, 0), Contains("the first axis is the batch"));
  CHECK_THAT(refused({1, 3, 2, 2}, 1), Contains("several positions"));
  CHECK_THAT(refused({1, 3, 1, 1}, 2), Contains("one score has no largest"));
  CHECK(refused({1, 3, 1, 1}, 1) == "accepted");
  Model inside({1, 3});
  set_integer(inside.node("ArgMax", {"x"}, "class"), "axis", 1);
  inside.node("Relu", {"class"});
  CHECK_THAT(refusal(inside), Contains("(Relu)") && Contains("only the network's end"));
  Model last({1, 3});
  auto& largest = last.node("ArgMax", {"x"});
  set_integer(largest, "axis", 1);
  set_integer(largest, "select_last_index", 1);
  CHECK_THAT(refusal(last), Contains("select_last_index=1"));
}
