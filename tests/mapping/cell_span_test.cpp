#include "mapping/cell_span.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "mapping/program_cells.hpp"
#include "mapping/tile_plan.hpp"

using namespace memspice;
using mapping::Signs;
using network::Tensor;

namespace {

mapping::MappingInputs single_cells(int levels) {
  mapping::MappingInputs inputs;
  inputs.options.rows = 4;
  inputs.options.columns = 5;
  inputs.options.signs = Signs::UnitColumn;
  inputs.window = {.g_min = 1e-6, .g_max = 9e-6, .levels = levels};
  return inputs;
}

network::Graph one_product(network::FullyConnected product) {
  network::Graph graph;
  graph.set_input_shape({1, product.weight.shape[1]});
  graph.set_output(graph.add({.name = "fc", .operation = std::move(product), .output_shape = {}},
                             {network::Graph::kInput}));
  return graph;
}

}  // namespace

TEST_CASE("a weight of 0 is a level, with as many used above it as below", "[mapping]") {
  const auto span = [](int levels, Signs signs) {
    return mapping::cell_span({.g_min = 1e-6, .g_max = 9e-6, .levels = levels}, signs);
  };
  CHECK(span(0, Signs::Pair).zero == Approx(1e-6));
  CHECK(span(0, Signs::Pair).width == Approx(8e-6));
  CHECK(span(0, Signs::UnitColumn).zero == Approx(5e-6));
  CHECK(span(0, Signs::UnitColumn).width == Approx(4e-6));
  // 5 levels, 2 uS apart: 1, 3, (5), 7, 9. Of 6, 1.6 uS apart, two on either side of the third.
  CHECK(span(5, Signs::UnitColumn).zero == Approx(5e-6));
  CHECK(span(5, Signs::UnitColumn).width == Approx(4e-6));
  CHECK(span(6, Signs::UnitColumn).zero == Approx(4.2e-6));
  CHECK(span(6, Signs::UnitColumn).width == Approx(3.2e-6));
  CHECK(mapping::digit_values(6, Signs::UnitColumn) == 3);
  CHECK(mapping::levels_of_digit(3, Signs::UnitColumn) == 5);
  CHECK(mapping::digit_values(6, Signs::Pair) == 6);
}

TEST_CASE("single cells stand beside one unit column a tile", "[mapping]") {
  Eigen::MatrixXd W(2, 3);
  W << 1.0, 0.0, -2.0,  //
      -0.5, 0.25, 1.0;
  const Eigen::Vector3d w_max(1.0, 0.5, 2.0);
  const Eigen::MatrixXd G = mapping::program_cells(
      W, w_max, {.g_min = 1e-6, .g_max = 9e-6, .levels = 5}, Signs::UnitColumn);
  Eigen::MatrixXd expected(2, 4);
  expected << 9e-6, 5e-6, 1e-6, 5e-6,  //
      3e-6, 7e-6, 7e-6, 5e-6;
  CHECK(G.isApprox(expected, 1e-12));
}

TEST_CASE("a unit column takes one bit line of a tile", "[mapping]") {
  const network::FullyConnected fc{.weight = Tensor({6, 7}, 0.5F), .bias = Tensor({6}, 0.25F)};
  const mapping::TilePlan plan = mapping::map_network(one_product(fc), single_cells(0));
  // 8 rows on 4 + 4, 6 outputs on 4 + 2, each with a column more.
  const mapping::Block& block = plan.layers.at(0).blocks.at(0);
  REQUIRE(block.tiles.size() == 4);
  CHECK(block.tiles[0].bit_lines() == 5);
  CHECK(block.tiles[1].bit_lines() == 3);
  CHECK(block.tiles[1].has_unit_column);
  CHECK(plan.memristor_count() == 8 * (6 + 2));
  CHECK(plan.idle_count() == 0);
}

TEST_CASE("a network's own grid asks for levels on either side of 0", "[mapping]") {
  network::FullyConnected fc{.weight = Tensor({1, 3}, {0.3F, -0.2F, 0.1F}), .bias = {}};
  fc.steps = {0.1F};
  mapping::MappingInputs inputs = single_cells(0);
  inputs.options.network_levels = true;
  const mapping::TilePlan plan = mapping::map_network(one_product(fc), inputs);
  CHECK(plan.layers.at(0).levels == 7);  // -3 .. 3
  const Eigen::MatrixXd& G = plan.layers[0].blocks[0].tiles[0].G;
  const double step = 8e-6 / 6.0;
  CHECK(G(0, 0) == Approx(5e-6 + 3 * step));
  CHECK(G(1, 0) == Approx(5e-6 - 2 * step));
  CHECK(G(2, 1) == Approx(5e-6));
}

TEST_CASE("unit columns that no tile has are refused", "[mapping]") {
  const network::FullyConnected fc{.weight = Tensor({2, 3}, 0.5F), .bias = {}};
  CHECK_THROWS_WITH(mapping::map_network(one_product(fc), single_cells(2)),
                    Catch::Contains("mapping.signed") && Catch::Contains("3 levels"));
  CHECK_NOTHROW(mapping::map_network(one_product(fc), single_cells(3)));
  mapping::MappingInputs kernel_first = single_cells(0);
  kernel_first.options.scheme = mapping::Scheme::KernelFirst;
  CHECK_THROWS_WITH(mapping::map_network(one_product(fc), kernel_first),
                    Catch::Contains("mapping.signed") && Catch::Contains("im2col"));
  mapping::MappingInputs pairs = single_cells(0);
  pairs.options.signs = Signs::Pair;
  CHECK_THROWS_WITH(mapping::map_network(one_product(fc), pairs), Catch::Contains("even"));
}
