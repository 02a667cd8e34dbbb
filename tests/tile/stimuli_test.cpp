#include "tile/stimuli.hpp"

#include <catch2/catch.hpp>

using namespace memspice;

namespace {

struct Setting {
  mapping::TilePlan plan;
  mapping::LayerPlan layer;
  mapping::Tile tile;
};

Setting setting_of(int inputs) {
  Setting s;
  s.plan.read_voltage = 0.2;
  s.tile = {.name = "t",
            .row = 0,
            .column = 0,
            .first_input = 1,
            .input_count = inputs,
            .first_output = 0,
            .output_count = 1,
            .has_bias = true,
            .G = Eigen::MatrixXd::Constant(inputs + 1, 2, 1e-6)};
  return s;
}

bool has_duplicate_columns(const Eigen::MatrixXd& V) {
  for (Eigen::Index a = 0; a < V.cols(); ++a) {
    for (Eigen::Index b = a + 1; b < V.cols(); ++b) {
      if (V.col(a) == V.col(b)) return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("stimuli are corners, then the network's own distinct vectors", "[tile]") {
  const Setting s = setting_of(3);
  // Rows: input 0 (not the tile's), inputs 1..3, bias. 40 columns, of which only 20 are distinct.
  mapping::FloatMatrix samples(5, 40);
  for (int k = 0; k < 40; ++k) {
    samples.col(k) << 9.0F, 0.01F * static_cast<float>(k % 20), 0.1F, 0.0F, 0.2F;
  }
  const Eigen::MatrixXd V = tile::choose_stimuli(
      s.plan, s.layer, s.tile, samples, {.fitted = 8, .held_out = 6}, RandomStream(1, "test"));
  REQUIRE(V.rows() == 4);
  REQUIRE(V.cols() == 14);
  CHECK(V.col(0) == Eigen::VectorXd::Constant(4, 0.2));
  CHECK_FALSE(has_duplicate_columns(V));
  for (Eigen::Index k = 4; k < 14; ++k) {
    CHECK(V(1, k) == Approx(0.1));
    CHECK(V(3, k) == Approx(0.2));  // bias
  }
}

TEST_CASE("where the network has too few vectors, random ones make up the number", "[tile]") {
  const Setting s = setting_of(3);
  const mapping::FloatMatrix silent = mapping::FloatMatrix::Zero(5, 40);
  const Eigen::MatrixXd V = tile::choose_stimuli(
      s.plan, s.layer, s.tile, silent, {.fitted = 8, .held_out = 6}, RandomStream(1, "test"));
  REQUIRE(V.cols() == 14);
  CHECK_FALSE(has_duplicate_columns(V));
  CHECK(V.maxCoeff() <= 0.2);
  CHECK(V.minCoeff() >= 0.0);
}

TEST_CASE("the same seed chooses the same stimuli, another one others", "[tile]") {
  const Setting s = setting_of(3);
  const mapping::FloatMatrix samples = mapping::FloatMatrix::Random(5, 60).cwiseAbs() * 0.2F;
  const auto choose = [&](std::uint64_t seed) {
    return tile::choose_stimuli(
        s.plan, s.layer, s.tile, samples, {.fitted = 8, .held_out = 6}, RandomStream(seed, "test"));
  };
  CHECK(choose(1) == choose(1));
  CHECK(choose(1) != choose(2));
}
