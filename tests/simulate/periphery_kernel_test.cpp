// A kernel must be its circuit's curve, and with ideal curves the float reference.

#include "simulate/periphery_kernel.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/random.hpp"
#include "simulate/simulate.hpp"

using namespace memspice;
using network::Tensor;
using periphery::PeripheryModel;
using simulate::ScaledCurve;

namespace {

Tensor random_tensor(network::Shape shape, double low, double high) {
  RandomStream random(5, "periphery kernel");
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(low, high));
  return tensor;
}

/// f at `points` even points of +-0.2 V.
template <typename Function>
std::shared_ptr<const PeripheryModel> curve(int points, Function f) {
  auto model = std::make_shared<PeripheryModel>();
  model->name = "curve";
  model->curve_in = Eigen::VectorXd::LinSpaced(points, -0.2, 0.2);
  model->curve_out = model->curve_in.unaryExpr(f);
  return model;
}

std::shared_ptr<const ScaledCurve> scaled(std::shared_ptr<const PeripheryModel> model,
                                          double volts) {
  return std::make_shared<ScaledCurve>(std::move(model), volts, volts);
}

network::Layer relu_layer() {
  return {.name = "relu",
          .operation = network::Activation{.kind = network::Activation::Kind::Relu},
          .output_shape = {1, 3, 4, 4}};
}

/// One layer on x, by its kernel.
Tensor run(const network::Layer& layer, std::shared_ptr<const ScaledCurve> with, const Tensor& x) {
  const Tensor* inputs[] = {&x};
  return simulate::make_periphery_kernel(layer, std::move(with))->apply(inputs, 0);
}

float largest_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape == b.shape);
  float worst = 0.0F;
  for (std::size_t k = 0; k < a.data.size(); ++k) {
    worst = std::max(worst, std::abs(a.data[k] - b.data[k]));
  }
  return worst;
}

constexpr float kRounding = 1e-6F;  // of values near 1 in single precision, two scalings

}  // namespace

TEST_CASE("with an ideal curve a periphery kernel is the float layer", "[simulate]") {
  const Tensor x = random_tensor({3, 3, 4, 4}, -1.0, 1.0);
  const Tensor* inputs[] = {&x};
  // An odd number of points: the corner at 0 is one of them, and straight pieces are exact.
  const auto relu = curve(41, [](double v) { return std::max(v, 0.0); });
  CHECK(largest_difference(run(relu_layer(), scaled(relu, 0.2), x),
                           network::apply_layer(relu_layer(), inputs)) < kRounding);
  const auto line = curve(2, [](double v) { return v; });
  for (const auto kind : {network::Pooling::Kind::Max, network::Pooling::Kind::Average}) {
    const network::Layer pool{
        .name = "pool",
        .operation = network::Pooling{.kind = kind, .window = {.kernel = {2, 2}, .stride = {2, 2}}},
        .output_shape = {1, 3, 2, 2}};
    CHECK(largest_difference(run(pool, scaled(line, 0.2), x), network::apply_layer(pool, inputs)) <
          kRounding);
  }
  const network::Layer global{.name = "mean",
                              .operation = network::GlobalAverage{.axes = {2, 3}},
                              .output_shape = {1, 3, 1, 1}};
  CHECK(largest_difference(run(global, scaled(line, 0.2), x),
                           network::apply_layer(global, inputs)) < kRounding);
}

TEST_CASE("a product of tensors passes the multiplier's curve", "[simulate]") {
  const Tensor x = random_tensor({2, 3, 2, 2}, -1.0, 1.0);
  const Tensor s = random_tensor({2, 3, 1, 1}, 0.0, 1.0);
  const Tensor* inputs[] = {&x, &s};
  network::Layer product{
      .name = "scale", .operation = network::Elementwise{}, .output_shape = {1, 3, 2, 2}};
  std::get<network::Elementwise>(product.operation).kind = network::Elementwise::Kind::Mul;
  const auto half = curve(2, [](double v) { return v / 2; });
  const auto kernel = simulate::make_periphery_kernel(product, scaled(half, 0.2));
  Tensor expected = network::apply_layer(product, inputs);
  for (float& value : expected.data) value /= 2;
  CHECK(largest_difference(kernel->apply(inputs, 0), expected) < kRounding);
}

TEST_CASE("offset, gain and saturation reach the network's values", "[simulate]") {
  // 1 stands for 0.1 V: the curve ends at 2 and there it stays.
  const auto model = curve(3, [](double v) { return 0.9 * v + 0.01; });
  Tensor x({1, 5});
  x.data = {0.0F, 1.0F, -1.0F, 2.0F, 50.0F};
  const network::Layer layer{
      .name = "relu",
      .operation = network::Activation{.kind = network::Activation::Kind::Relu},
      .output_shape = {1, 5}};
  const Tensor y = run(layer, scaled(model, 0.1), x);
  const float expected[] = {0.1F, 1.0F, -0.8F, 1.9F, 1.9F};
  for (std::size_t k = 0; k < 5; ++k) CHECK(y.data[k] == Approx(expected[k]).margin(kRounding));
}

TEST_CASE("a converter of one polarity keeps signs", "[simulate]") {
  const auto model = curve(3, [](double v) { return 2 * v; });
  std::vector<float> values = {-0.1F, 0.0F, 0.05F};
  scaled(model, 1.0)->apply_to_size(values);
  CHECK(values[0] == Approx(-0.2F));
  CHECK(values[1] == 0.0F);
  CHECK(values[2] == Approx(0.1F));
}

TEST_CASE("what no curve stands for is refused by name", "[simulate]") {
  const auto line = scaled(curve(2, [](double v) { return v; }), 1.0);
  network::Layer softmax = relu_layer();
  softmax.name = "scores";
  softmax.operation = network::Activation{.kind = network::Activation::Kind::Softmax};
  CHECK_THROWS_WITH(simulate::make_periphery_kernel(softmax, line), Catch::Contains("scores"));
  CHECK_THROWS_WITH(ScaledCurve(std::make_shared<PeripheryModel>(), 1.0, 1.0),
                    Catch::Contains("no transfer curve"));
  CHECK_THROWS_AS(scaled(curve(2, [](double v) { return v; }), 0.0), InputError);
}

TEST_CASE("average_tree finds the fewest equal stages", "[simulate]") {
  const auto tree = [](std::int64_t values, std::int64_t most) {
    const simulate::AverageTree found = simulate::average_tree(values, most);
    return std::pair(found.window, found.stages);
  };
  CHECK(tree(49, 256) == std::pair<std::int64_t, int>(49, 1));
  CHECK(tree(1, 256) == std::pair<std::int64_t, int>(1, 1));
  CHECK(tree(512 * 512, 256) == std::pair<std::int64_t, int>(64, 3));
  CHECK(tree(256 * 256, 256) == std::pair<std::int64_t, int>(256, 2));
  CHECK(tree(15 * 15, 64) == std::pair<std::int64_t, int>(15, 2));
  CHECK(tree(257, 256).first == 0);
  CHECK(tree(2 * 257, 256).first == 0);
}

TEST_CASE("a tree of averages puts its circuit's error behind each stage", "[simulate]") {
  const network::Layer layer{.name = "squeeze",
                             .operation = network::GlobalAverage{.axes = {2, 3}},
                             .output_shape = {1, 3, 1, 1}};
  const Tensor x = random_tensor({2, 3, 4, 4}, -1.0, 1.0);
  const Tensor* inputs[] = {&x};
  // 1 mV of offset and 1 % of gain in each of two stages: y = 0.99 (0.99 m + 1 mV) + 1 mV.
  const auto model = curve(2, [](double v) { return 0.99 * v + 1e-3; });
  const Tensor found =
      simulate::make_periphery_kernel(layer, scaled(model, 0.1), 2)->apply(inputs, 0);
  Tensor expected = network::apply_layer(layer, inputs);
  for (float& y : expected.data) y = 0.9801F * y + 0.0199F;
  CHECK(largest_difference(found, expected) < kRounding);
  CHECK_THROWS_AS(simulate::make_periphery_kernel(relu_layer(), scaled(model, 0.1), 2), InputError);
}
