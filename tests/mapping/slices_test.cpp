#include "mapping/slices.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/random.hpp"
#include "mapping/tile_plan.hpp"

using namespace memspice;
using network::Tensor;

namespace {

network::Graph one_product(network::FullyConnected product, std::int64_t inputs) {
  network::Graph graph;
  graph.set_input_shape({1, inputs});
  graph.set_output(graph.add({.name = "fc", .operation = std::move(product), .output_shape = {}},
                             {network::Graph::kInput}));
  return graph;
}

mapping::MappingInputs in_digits(int slices, int levels) {
  mapping::MappingInputs inputs;
  inputs.options.slices = slices;
  inputs.window = {.g_min = 1e-6, .g_max = 16e-6, .levels = levels};
  return inputs;
}

}  // namespace

TEST_CASE("a weight's digits have its sign and its value", "[mapping][slices]") {
  // 27 = 1 * 16 + 2 * 4 + 3 of 4^3 - 1 = 63 steps; 0.3 steps round to none.
  Eigen::MatrixXd W(3, 1);
  W << 27.0 / 63.0, -27.0 / 63.0, 0.3 / 63.0;
  const auto slices = mapping::slice_weights(W, Eigen::VectorXd::Ones(1), 4, 3);
  REQUIRE(slices.size() == 3);
  const double expected[3] = {3.0, 2.0 * 4.0, 1.0 * 16.0};
  for (std::size_t s = 0; s < 3; ++s) {
    CHECK(slices[s].W(0, 0) == Approx(expected[s] / 63.0).epsilon(1e-14));
    CHECK(slices[s].W(1, 0) == -slices[s].W(0, 0));
    CHECK(slices[s].W(2, 0) == 0.0);
    CHECK(slices[s].w_max[0] == Approx(3.0 * std::pow(4.0, s) / 63.0).epsilon(1e-14));
  }
}

TEST_CASE("digits add up to the nearest step, and weights beyond the largest clip",
          "[mapping][slices]") {
  RandomStream random(3, "digits");
  const Eigen::MatrixXd W =
      Eigen::MatrixXd::NullaryExpr(40, 5, [&] { return random.uniform(-1.2, 1.2); });
  const Eigen::VectorXd w_max = (Eigen::VectorXd(5) << 1.0, 0.5, 2.0, 1.1, 1e-3).finished();
  for (const auto& [levels, count] : {std::pair{2, 5}, {3, 3}, {16, 2}, {32, 4}}) {
    const double steps = mapping::steps_of_slices(levels, count);
    Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(40, 5);
    for (const auto& slice : mapping::slice_weights(W, w_max, levels, count)) {
      sum += slice.W;
      // On the levels of the slice's own window.
      const Eigen::MatrixXd digit =
          (slice.W.array().rowwise() / slice.w_max.transpose().array() * (levels - 1.0)).matrix();
      CHECK((digit.array() - digit.array().round()).abs().maxCoeff() < 1e-9);
    }
    for (Eigen::Index j = 0; j < 5; ++j) {
      const double q = w_max[j] / steps;
      const Eigen::VectorXd wanted = W.col(j).cwiseMin(w_max[j]).cwiseMax(-w_max[j]);
      // Half a step, and what doubles of this size round.
      CHECK((sum.col(j) - wanted).cwiseAbs().maxCoeff() <= 0.5 * q + 1e-14 * w_max[j]);
    }
  }
}

TEST_CASE("the fewest levels that reach a grid", "[mapping][slices]") {
  CHECK(mapping::levels_for(127, 2) == 12);  // 11^2 - 1 = 120 < 127 <= 143
  CHECK(mapping::levels_for(127, 7) == 2);   // 2^7 - 1
  CHECK(mapping::levels_for(1, 3) == 2);
}

TEST_CASE("a plan in digits has a block for each, named and scaled", "[mapping][slices]") {
  const network::FullyConnected fc{.weight = Tensor({2, 3}, {0.5F, -1, 0.25F, 0, 1, -0.75F}),
                                   .bias = Tensor({2}, {0.125F, -0.5F})};
  const network::Graph graph = one_product(fc, 3);
  const mapping::TilePlan plan = mapping::map_network(graph, in_digits(2, 16));
  const mapping::LayerPlan& layer = plan.layers.at(0);
  REQUIRE(layer.blocks.size() == 2);
  CHECK(layer.slices == 2);
  CHECK(plan.memristor_count() == 2L * 2 * 2 * 4);  // digits, pairs, outputs, inputs with bias
  CHECK(layer.blocks[0].tiles[0].name == "fc_b0_s0_r0_c0");
  CHECK(layer.blocks[1].tiles[0].name == "fc_b0_s1_r0_c0");
  // Steps of 1/255: digits of 15 steps; 16 of them to the next.
  CHECK(layer.blocks[0].w_max[0] == Approx(15.0 / 255.0));
  CHECK(layer.blocks[1].w_max[0] == Approx(240.0 / 255.0));
  CHECK(layer.blocks[1].scale[0] == Approx(16.0F * layer.blocks[0].scale[0]));
  // -1 is 255 steps: both digits at the top of the window, in the column of minus.
  CHECK(layer.blocks[0].tiles[0].G(1, 1) == Approx(16e-6));
  CHECK(layer.blocks[1].tiles[0].G(1, 1) == Approx(16e-6));
  CHECK(layer.blocks[1].tiles[0].G(1, 0) == Approx(1e-6));
}

TEST_CASE("digits need levels, and not too many of them", "[mapping][slices]") {
  const network::Graph graph = one_product({.weight = Tensor({2, 3}, 0.5F), .bias = Tensor{}}, 3);
  CHECK_THROWS_WITH(mapping::map_network(graph, in_digits(2, 0)),
                    Catch::Contains("mapping.slices") && Catch::Contains("device.levels"));
  CHECK_THROWS_WITH(mapping::map_network(graph, in_digits(8, 16)),
                    Catch::Contains("mapping.slices") && Catch::Contains("2^31"));
  CHECK_THROWS_WITH(mapping::map_network(graph, in_digits(9, 2)),
                    Catch::Contains("must be 1 to 8"));
  CHECK_NOTHROW(mapping::map_network(graph, in_digits(7, 16)));
  mapping::MappingInputs no_code = in_digits(1, 0);
  no_code.converters.input = mapping::Input::BitSerial;
  no_code.converters.dac_bits = 0;
  CHECK_THROWS_WITH(mapping::map_network(graph, no_code), Catch::Contains("converters.input"));
}

TEST_CASE("a network's own levels are cut into digits that reach them", "[mapping][slices]") {
  network::FullyConnected fc{.weight = Tensor({2, 2}, {1.27F, -0.64F, 0.01F, 0.5F}), .bias = {}};
  fc.steps = {0.01F, 0.01F};
  mapping::MappingInputs inputs = in_digits(2, 0);
  inputs.options.network_levels = true;
  const mapping::TilePlan plan = mapping::map_network(one_product(fc, 2), inputs);
  const mapping::LayerPlan& layer = plan.layers.at(0);
  CHECK(layer.levels == 12);  // 127 steps, see above
  CHECK(layer.blocks[0].w_max[0] == Approx(0.11));
  CHECK(layer.blocks[1].w_max[0] == Approx(1.32));
  // 127 = 10 * 12 + 7, of 11 steps a window.
  const auto share = [&](std::size_t s, int i, int j) {
    return (layer.blocks[s].tiles[0].G(i, j) - 1e-6) / 15e-6 * 11.0;
  };
  CHECK(share(0, 0, 0) == Approx(7.0));
  CHECK(share(1, 0, 0) == Approx(10.0));
  CHECK(share(0, 1, 1) == Approx(4.0));  // -64 = -(5 * 12 + 4)
  CHECK(share(1, 1, 1) == Approx(5.0));
}
