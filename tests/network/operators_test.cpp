// Operators that stay digital, on values that are worked out by hand or with the C library.

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "network/model_builder.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// float32 against double: a few units in the last place of values below 10.
constexpr double kFloatRounding = 2e-6;

std::vector<float> run(const Model& model, Tensor x) {
  return run_graph(model.load(), x).data;
}

/// The values of a network of one node on one row.
std::vector<float> run_one(const std::string& op, const std::vector<float>& x) {
  const auto n = static_cast<std::int64_t>(x.size());
  Model model({1, n});
  model.node(op, {"x"});
  return run(model, Tensor({1, n}, x));
}

void check_function(const std::string& op,
                    const std::vector<float>& x,
                    const std::function<double(double)>& wanted) {
  CAPTURE(op);
  const auto y = run_one(op, x);
  REQUIRE(y.size() == x.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    CHECK(static_cast<double>(y[k]) ==
          Approx(wanted(static_cast<double>(x[k]))).epsilon(kFloatRounding).margin(kFloatRounding));
  }
}

std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t k = 0; k < count; ++k) values[k] = static_cast<float>(k);
  return values;
}

}  // namespace

TEST_CASE("functions of single values are those of ONNX", "[network][operators]") {
  const std::vector<float> both{-2.5F, -1.0F, -0.5F, 0.0F, 0.5F, 1.5F, 3.0F};
  const std::vector<float> positive{0.25F, 1.0F, 2.0F, 9.0F};
  const auto softplus = [](double x) { return std::log(1.0 + std::exp(x)); };
  check_function("Abs", both, [](double x) { return std::fabs(x); });
  check_function("Ceil", both, [](double x) { return std::ceil(x); });
  check_function("Celu", both, [](double x) { return x < 0 ? std::exp(x) - 1.0 : x; });
  check_function("Elu", both, [](double x) { return x < 0 ? std::exp(x) - 1.0 : x; });
  check_function("Erf", both, [](double x) { return std::erf(x); });
  check_function("Exp", both, [](double x) { return std::exp(x); });
  check_function("Floor", both, [](double x) { return std::floor(x); });
  check_function("Gelu", both, [](double x) { return x * std::erfc(-x / std::sqrt(2.0)) / 2.0; });
  check_function("Log", positive, [](double x) { return std::log(x); });
  check_function("Mish", both, [&](double x) { return x * std::tanh(softplus(x)); });
  check_function("Neg", both, [](double x) { return -x; });
  check_function("Reciprocal", positive, [](double x) { return 1.0 / x; });
  check_function("Selu", both, [](double x) {
    return 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * std::expm1(x) : x);
  });
  check_function("Sign", both, [](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; });
  check_function("Softplus", both, softplus);
  check_function("Softsign", both, [](double x) { return x / (1.0 + std::fabs(x)); });
  check_function("Sqrt", positive, [](double x) { return std::sqrt(x); });
  check_function("ThresholdedRelu", both, [](double x) { return x > 1.0 ? x : 0.0; });
  // Halves go to the even neighbour.
  CHECK(run_one("Round", {-1.5F, -0.5F, 0.5F, 1.5F, 2.5F, 2.6F}) ==
        std::vector<float>{-2, 0, 0, 2, 2, 3});
  CHECK(run_one("Softplus", {1000.0F, -1000.0F}) == std::vector<float>{1000.0F, 0.0F});
}

TEST_CASE("functions take their attributes", "[network][operators]") {
  Model elu({1, 2});
  set_number(elu.node("Elu", {"x"}), "alpha", 2.0F);
  CHECK(run(elu, Tensor({1, 2}, {-1.0F, 1.0F}))[0] == Approx(2.0 * (std::exp(-1.0) - 1.0)));
  Model gelu({1, 1});
  set_text(gelu.node("Gelu", {"x"}), "approximate", "tanh");
  CHECK(run(gelu, Tensor({1, 1}, 1.0F))[0] ==
        Approx(0.5 * (1.0 + std::tanh(std::sqrt(2.0 / M_PI) * 1.044715))));
  Model other({1, 1});
  set_number(other.node("Abs", {"x"}), "alpha", 2.0F);
  CHECK_THAT(refusal(other), Contains("(Abs)") && Contains("alpha"));
}

TEST_CASE("operators on several tensors join them value by value", "[network][operators]") {
  const auto of = [](const std::string& op, const std::vector<std::string>& more = {}) {
    Model model({1, 3});
    model.weight("two", {1}, {2.0F});
    model.weight("row", {3}, {1.0F, 2.0F, -3.0F});
    model.node("Abs", {"x"}, "size");
    std::vector<std::string> inputs{"x", "size"};
    inputs.insert(inputs.end(), more.begin(), more.end());
    model.node(op, inputs);
    return run(model, Tensor({1, 3}, {-1.0F, 3.0F, -4.0F}));
  };
  CHECK(of("Max") == std::vector<float>{1, 3, 4});
  CHECK(of("Min") == std::vector<float>{-1, 3, -4});
  CHECK(of("Pow") == std::vector<float>{-1, 27, 256});
  CHECK(of("PRelu") == std::vector<float>{-1, 3, -16});
  CHECK(of("Sum", {"two", "row"}) == std::vector<float>{3, 10, -1});
  CHECK(of("Mean", {"two", "row"}) == std::vector<float>{0.75F, 2.5F, -0.25F});
  CHECK(of("Max", {"two", "row"}) == std::vector<float>{2, 3, 4});
}

TEST_CASE("a slope of one value is a leaky ReLU, for which there is a circuit",
          "[network][operators]") {
  Model model({1, 2});
  model.weight("slope", {1}, {0.25F});
  model.node("PRelu", {"x", "slope"});
  const Graph graph = model.load();
  CHECK(operation_name(graph.layer({0}).operation) == "Activation LeakyRelu");
  CHECK(run(model, Tensor({1, 2}, {-4.0F, 4.0F})) == std::vector<float>{-1.0F, 4.0F});
}

TEST_CASE("a sign folds into the weights before it", "[network][operators]") {
  Model model({1, 2});
  model.weight("w", {2, 1}, {3.0F, 5.0F});
  model.node("MatMul", {"x", "w"}, "h");
  model.node("Neg", {"h"});
  CHECK(model.load().layer_count() == 1);
  CHECK(run(model, Tensor({1, 2}, {1.0F, 1.0F})) == std::vector<float>{-8.0F});
}

TEST_CASE("reductions run along their axes", "[network][operators]") {
  const auto of = [](const std::string& op) {
    Model model({1, 2, 3});
    set_integers(model.node(op, {"x"}), "axes", {2});
    set_integer(*model.graph().mutable_node(0), "keepdims", 0);
    return run(model, Tensor({1, 2, 3}, {1, -2, 3, 4, 0, -1}));
  };
  CHECK(of("ReduceMax") == std::vector<float>{3, 4});
  CHECK(of("ReduceMin") == std::vector<float>{-2, -1});
  CHECK(of("ReduceMean") == std::vector<float>{2.0F / 3.0F, 1.0F});
  CHECK(of("ReduceProd") == std::vector<float>{-6, 0});
  CHECK(of("ReduceL1") == std::vector<float>{6, 5});
  CHECK(of("ReduceSumSquare") == std::vector<float>{14, 17});
  Model sum({1, 2, 3});
  sum.integers("axes", {1, 2});
  sum.node("ReduceSum", {"x", "axes"});
  const Graph graph = sum.load();
  CHECK(graph.shape_of(graph.output()) == Shape{1, 1, 1});
  CHECK(run(sum, Tensor({2, 2, 3}, ramp(12))) == std::vector<float>{15, 51});
  Model batch({1, 2});
  batch.node("ReduceMax", {"x"});
  CHECK_THAT(refusal(batch), Contains("images may not mix"));
}

TEST_CASE("normalisations use the image's own statistics", "[network][operators]") {
  // Values 0, 2: mean 1, variance 1. Values 5, 5: variance 0, so that epsilon alone divides.
  const Tensor x({1, 2, 1, 2}, {0, 2, 5, 5});
  const auto one = static_cast<float>(1.0 / std::sqrt(1.0 + 1e-5));
  const auto matches = [](const std::vector<float>& y, const std::vector<float>& wanted) {
    return largest_difference(Tensor({4}, y), Tensor({4}, wanted)) < kFloatRounding;
  };
  Model instance({1, 2, 1, 2});
  instance.weight("scale", {2}, {2, 3});
  instance.weight("shift", {2}, {1, -1});
  instance.node("InstanceNormalization", {"x", "scale", "shift"});
  CHECK(matches(run(instance, x), {1 - 2 * one, 1 + 2 * one, -1, -1}));
  Model layer({1, 2, 1, 2});
  layer.weight("scale", {2}, {2, 3});
  layer.node("LayerNormalization", {"x", "scale"});
  CHECK(matches(run(layer, x), {-2 * one, 3 * one, 0, 0}));
  Model group({1, 2, 1, 2});
  group.weight("scale", {2}, {2, 3});
  group.weight("shift", {2}, {1, -1});
  set_integer(group.node("GroupNormalization", {"x", "scale", "shift"}), "num_groups", 2);
  CHECK(matches(run(group, x), {1 - 2 * one, 1 + 2 * one, -1, -1}));
}

TEST_CASE("local response normalisation divides by neighbouring channels", "[network][operators]") {
  Model model({1, 3, 1, 1});
  auto& node = model.node("LRN", {"x"});
  set_integer(node, "size", 3);
  set_number(node, "alpha", 3.0F);
  set_number(node, "beta", 1.0F);
  // Squares 1, 4, 9: the middle channel sees all, the outer ones two of them.
  CHECK(run(model, Tensor({1, 3, 1, 1}, {1, 2, 3})) ==
        std::vector<float>{1.0F / 6.0F, 2.0F / 15.0F, 3.0F / 14.0F});
}

TEST_CASE("parts of a computed tensor are selected image by image", "[network][operators]") {
  const Tensor x({2, 2, 1, 3}, ramp(12));
  const auto moved = [&](Model& model) { return run(model, x); };
  Model gather({1, 2, 1, 3});
  gather.integers("last", {1, 0, 1});
  set_integer(gather.node("Gather", {"x", "last"}), "axis", 1);
  CHECK(moved(gather) ==
        std::vector<float>{3, 4, 5, 0, 1, 2, 3, 4, 5, 9, 10, 11, 6, 7, 8, 9, 10, 11});
  Model slice({1, 2, 1, 3});
  slice.integers("starts", {2});
  slice.integers("ends", {-4});
  slice.integers("axes", {3});
  slice.integers("steps", {-2});
  slice.node("Slice", {"x", "starts", "ends", "axes", "steps"});
  CHECK(moved(slice) == std::vector<float>{2, 0, 5, 3, 8, 6, 11, 9});
  Model split({1, 2, 1, 3});
  split.integers("lengths", {1, 2});
  auto& parts = split.node("Split", {"x", "lengths"}, "one");
  parts.add_output("two");
  set_integer(parts, "axis", 3);
  set_integer(split.node("Concat", {"two", "one"}), "axis", 3);
  CHECK(moved(split) == std::vector<float>{1, 2, 0, 4, 5, 3, 7, 8, 6, 10, 11, 9});
  Model batch({1, 2, 1, 3});
  batch.integers("first", {0});
  batch.node("Gather", {"x", "first"});
  CHECK_THAT(refusal(batch), Contains("(Gather)") && Contains("images out of a batch"));
}

TEST_CASE("blocks of pixels become channels and back", "[network][operators]") {
  Model there({1, 1, 2, 4});
  set_integer(there.node("SpaceToDepth", {"x"}, "blocks"), "blocksize", 2);
  there.graph().mutable_output(0)->set_name("blocks");
  CHECK(run(there, Tensor({1, 1, 2, 4}, ramp(8))) == std::vector<float>{0, 2, 1, 3, 4, 6, 5, 7});
  set_integer(there.node("DepthToSpace", {"blocks"}), "blocksize", 2);
  there.graph().mutable_output(0)->set_name("y");
  CHECK(run(there, Tensor({1, 1, 2, 4}, ramp(8))) == ramp(8));
}

TEST_CASE("padding repeats, mirrors or fills what lies around the image", "[network][operators]") {
  const auto of = [](const std::string& mode, std::vector<float> fill = {}) {
    Model model({1, 1, 1, 3});
    model.integers("pads", {0, 0, 0, 2, 0, 0, 0, 1});
    std::vector<std::string> inputs{"x", "pads"};
    if (!fill.empty()) model.weight("fill", {}, fill), inputs.push_back("fill");
    set_text(model.node("Pad", inputs, "padded"), "mode", mode);
    model.node("Abs", {"padded"});
    return run(model, Tensor({1, 1, 1, 3}, {1, 2, 3}));
  };
  CHECK(of("reflect") == std::vector<float>{3, 2, 1, 2, 3, 2});
  CHECK(of("edge") == std::vector<float>{1, 1, 1, 2, 3, 3});
  CHECK(of("constant", {7}) == std::vector<float>{7, 7, 1, 2, 3, 7});
  CHECK(of("constant") == std::vector<float>{0, 0, 1, 2, 3, 0});
}

TEST_CASE("pixels are interpolated between their neighbours", "[network][operators]") {
  Model model({1, 1, 1, 2});
  model.weight("roi", {0}, {});
  model.weight("scales", {4}, {1, 1, 1, 2});
  auto& node = model.node("Resize", {"x", "roi", "scales"});
  set_text(node, "mode", "linear");
  // half_pixel: the results lie at -0.25, 0.25, 0.75 and 1.25 pixels.
  CHECK(run(model, Tensor({1, 1, 1, 2}, {0, 4})) == std::vector<float>{0, 1, 3, 4});
  Model up({1, 1, 1, 2});
  up.weight("scales", {4}, {1, 1, 1, 2});
  set_text(up.node("Upsample", {"x", "scales"}), "mode", "nearest");
  CHECK(run(up, Tensor({1, 1, 1, 2}, {0, 4})) == std::vector<float>{0, 0, 4, 4});
}

TEST_CASE("an operator that is missing names the nearest one and what to do",
          "[network][operators]") {
  Model grid;
  grid.node("GridSample", {"x"});
  CHECK_THAT(refusal(grid),
             Contains("the_GridSample") && Contains("operator GridSample: is not supported") &&
                 Contains("nearest that is: Resize") && Contains("end the network before"));
  Model spelled;
  spelled.node("ReduceMaxx", {"x"});
  CHECK_THAT(refusal(spelled), Contains("nearest that is: ReduceMax;"));
}
