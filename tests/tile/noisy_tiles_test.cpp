// Estimates are held within 5 standard errors of the estimator, with a fixed seed.
#include "tile/noisy_tiles.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tile/array.hpp"

using namespace memspice;
using tile::FloatMatrix;

namespace {

constexpr double kSigmas = 5.0;
constexpr long kVectorsPerImage = 4;

/// A layer of one tile: three word lines, two outputs, with a cell at zero and both signs.
mapping::LayerPlan layer_of() {
  mapping::Tile tile;
  tile.name = "conv1_b0_r0_c0";
  tile.G.resize(3, 4);
  tile.G << 1e-6, 4e-6, 2e-6, 2e-6,  //
      5e-6, 2e-6, 7e-6, 1e-6,        //
      3e-6, 3e-6, 0.0, 6e-6;
  mapping::Block block;
  block.tiles.push_back(tile);
  mapping::LayerPlan layer;
  layer.name = "conv1";
  layer.vectors_per_image = kVectorsPerImage;
  layer.blocks.push_back(block);
  return layer;
}

const Eigen::MatrixXd& cells(const mapping::LayerPlan& layer) {
  return layer.blocks[0].tiles[0].G;
}

std::shared_ptr<const tile::LayerTiles> quiet_tiles(const mapping::LayerPlan& layer) {
  tile::Models models;
  models.emplace_back();
  models.back().push_back(tile::make_ideal(cells(layer)));
  return tile::make_behavioural_tiles(std::move(models));
}

std::shared_ptr<const tile::LayerTiles> noisy_tiles(const mapping::LayerPlan& layer,
                                                    const device::ReadNoise& noise,
                                                    std::uint64_t seed = 3) {
  return tile::add_read_noise(
      quiet_tiles(layer),
      {.layer = &layer, .noise = noise, .random = RandomStream(seed, "read_noise")});
}

FloatMatrix answer(const tile::LayerTiles& tiles, const FloatMatrix& V, std::uint64_t first = 0) {
  const tile::Request request{.block = 0, .tile = 0, .V = V, .first_vector = first};
  FloatMatrix D;
  tiles.respond({&request, 1}, {&D, 1});
  return D;
}

/// The same vector `count` times.
FloatMatrix repeated(Eigen::Index count) {
  FloatMatrix V(3, count);
  V.row(0).setConstant(0.2F);
  V.row(1).setConstant(-0.1F);
  V.row(2).setConstant(0.05F);
  return V;
}

Eigen::MatrixXd voltages() {
  return repeated(1).cast<double>();
}

/// What the noise added, one row per output [A].
Eigen::ArrayXXd noise_of(const mapping::LayerPlan& layer,
                         const tile::LayerTiles& tiles,
                         Eigen::Index count) {
  const FloatMatrix V = repeated(count);
  return (answer(tiles, V) - answer(*quiet_tiles(layer), V)).cast<double>().array();
}

double variance(const Eigen::ArrayXd& x) {
  return (x - x.mean()).square().sum() / static_cast<double>(x.size() - 1);
}

constexpr Eigen::Index kReads = 40000;

}  // namespace

TEST_CASE("a silent source hands the tiles back", "[noise]") {
  const auto layer = layer_of();
  const auto quiet = quiet_tiles(layer);
  CHECK(tile::add_read_noise(
            quiet, {.layer = &layer, .noise = {}, .random = RandomStream(1, "n")}) == quiet);
}

TEST_CASE("Gaussian read noise of a column has the variance of its cells", "[noise]") {
  const auto layer = layer_of();
  const bool relative = GENERATE(false, true);
  device::ReadNoise noise;
  (relative ? noise.relative_sigma : noise.sigma) = relative ? 0.05 : 0.3e-6;
  const Eigen::ArrayXXd found = noise_of(layer, *noisy_tiles(layer, noise), kReads);
  for (Eigen::Index j = 0; j < 2; ++j) {
    // Independent cells: sum_i V_i^2 (s_+^2 + s_-^2).
    double expected = 0.0;
    for (Eigen::Index i = 0; i < 3; ++i) {
      for (const Eigen::Index line : {2 * j, 2 * j + 1}) {
        const double G = cells(layer)(i, line);
        const double sigma = relative ? 0.05 * G : (G > 0.0 ? 0.3e-6 : 0.0);
        expected += std::pow(voltages()(i) * sigma, 2);
      }
    }
    const Eigen::ArrayXd x = found.row(j).transpose();
    const double n = kReads;
    CHECK(std::abs(x.mean()) < kSigmas * std::sqrt(expected / n));
    CHECK(std::abs(variance(x) - expected) < kSigmas * expected * std::sqrt(2.0 / n));
    const Eigen::ArrayXd z = x / std::sqrt(expected);
    CHECK(std::abs(z.cube().mean()) < kSigmas * std::sqrt(15.0 / n));
    CHECK(std::abs(z.square().square().mean() - 3.0) < kSigmas * std::sqrt(96.0 / n));
  }
  // Outputs and neighbouring reads are independent: correlations of standard error 1 / sqrt(n).
  const Eigen::ArrayXd a = found.row(0) / std::sqrt(variance(found.row(0).transpose()));
  const Eigen::ArrayXd b = found.row(1) / std::sqrt(variance(found.row(1).transpose()));
  CHECK(std::abs((a * b).mean()) < kSigmas / std::sqrt(double{kReads}));
  CHECK(std::abs((a.head(kReads - 1) * a.tail(kReads - 1)).mean()) <
        kSigmas / std::sqrt(double{kReads - 1}));
}

TEST_CASE("telegraph noise takes its share of G with its probability", "[noise]") {
  const auto layer = layer_of();
  const device::ReadNoise noise{.telegraph_amplitude = 0.2, .telegraph_probability = 0.3};
  const Eigen::ArrayXXd all = noise_of(layer, *noisy_tiles(layer, noise), kReads);
  constexpr Eigen::Index images = kReads / kVectorsPerImage;
  for (Eigen::Index j = 0; j < 2; ++j) {
    // Each cell takes 0.2 G V with probability 0.3: mean 0.3 t, variance 0.3 0.7 t^2.
    double mean = 0.0;
    double spread = 0.0;
    double fourth = 0.0;  // fourth cumulant of a Bernoulli: p q (1 - 6 p q)
    for (Eigen::Index i = 0; i < 3; ++i) {
      for (const double sign : {1.0, -1.0}) {
        const double t =
            -sign * 0.2 * cells(layer)(i, 2 * j + (sign > 0.0 ? 0 : 1)) * voltages()(i);
        mean += 0.3 * t;
        spread += 0.21 * t * t;
        fourth += 0.21 * (1.0 - 6.0 * 0.21) * std::pow(t, 4);
      }
    }
    Eigen::ArrayXd found(images);
    for (Eigen::Index n = 0; n < images; ++n) {
      found[n] = all(j, n * kVectorsPerImage);
      // The traps hold their state during an image; single precision rounds sums of some 1e-6 A.
      CHECK(
          (all.row(j).segment(n * kVectorsPerImage, kVectorsPerImage) - found[n]).abs().maxCoeff() <
          1e-12);
    }
    CHECK(std::abs(found.mean() - mean) < kSigmas * std::sqrt(spread / images));
    // Variance of a sample variance: (mu_4 - sigma^4) / n, with mu_4 = fourth + 3 sigma^4.
    const double error = std::sqrt((fourth + 2.0 * spread * spread) / images);
    CHECK(std::abs(variance(found) - spread) < kSigmas * error);
  }
}

TEST_CASE("traps that are always occupied take their share always", "[noise]") {
  const auto layer = layer_of();
  const device::ReadNoise noise{.telegraph_amplitude = 0.5, .telegraph_probability = 1.0};
  const FloatMatrix V = repeated(9);
  const FloatMatrix found = answer(*noisy_tiles(layer, noise), V);
  const FloatMatrix whole = answer(*quiet_tiles(layer), V);
  CHECK((found - 0.5F * whole).cwiseAbs().maxCoeff() < 1e-12F);  // rounding of sums of 1e-6 A
}

TEST_CASE("a read draws the same noise in whatever batch it comes", "[noise]") {
  const auto layer = layer_of();
  const device::ReadNoise noise{
      .relative_sigma = 0.1, .telegraph_amplitude = 0.2, .telegraph_probability = 0.4};
  const auto tiles = noisy_tiles(layer, noise);
  const FloatMatrix V = FloatMatrix::Random(3, 40) * 0.2F;
  const FloatMatrix whole = answer(*tiles, V);
  for (const Eigen::Index step : {1, 3, 4, 7, 40}) {
    for (Eigen::Index first = 0; first < 40; first += step) {
      const Eigen::Index count = std::min<Eigen::Index>(step, 40 - first);
      const FloatMatrix part =
          answer(*tiles, V.middleCols(first, count), static_cast<std::uint64_t>(first));
      // Products of another shape may add in another order.
      CHECK((part - whole.middleCols(first, count)).cwiseAbs().maxCoeff() < 1e-12F);
    }
  }
  CHECK(answer(*tiles, V) == whole);
  CHECK(answer(*noisy_tiles(layer, noise, 4), V) != whole);
}

TEST_CASE("silent word lines and open lines make no noise", "[noise]") {
  auto layer = layer_of();
  layer.blocks[0].tiles[0].open_bit_lines = {2, 3};
  layer.blocks[0].tiles[0].open_word_lines = {0};
  const device::ReadNoise noise{
      .relative_sigma = 0.1, .telegraph_amplitude = 0.2, .telegraph_probability = 0.4};
  const auto tiles = noisy_tiles(layer, noise);
  const auto quiet = quiet_tiles(layer);
  FloatMatrix V = FloatMatrix::Zero(3, 5);
  CHECK(answer(*tiles, V) == answer(*quiet, V));
  V.row(0).setConstant(0.2F);
  CHECK(answer(*tiles, V) == answer(*quiet, V));
  V.row(1).setConstant(0.2F);
  CHECK(answer(*tiles, V).row(1) == answer(*quiet, V).row(1));
  CHECK(answer(*tiles, V).row(0) != answer(*quiet, V).row(0));
}

TEST_CASE("the unit column's noise is common to all outputs", "[tile][unit_column]") {
  mapping::LayerPlan layer = layer_of();
  mapping::Tile& tile = layer.blocks[0].tiles[0];
  tile.has_unit_column = true;
  tile.G.resize(3, 3);
  tile.G << 1e-6, 4e-6, 5e-6,  //
      5e-6, 2e-6, 5e-6,        //
      3e-6, 8e-6, 5e-6;
  const tile::Array array({.pairs = crossbar::PairLayout::UnitColumn});
  const Eigen::MatrixXd pairs = array.topology().pairs_of(tile.G);
  const auto quiet = [&] {
    tile::Models models;
    models.emplace_back();
    models.back().push_back(tile::make_ideal(pairs));
    return tile::make_behavioural_tiles(std::move(models));
  };
  const Eigen::Index count = 40000;
  const FloatMatrix V = repeated(count);
  const FloatMatrix base = answer(*quiet(), V);
  const auto added = [&](const device::ReadNoise& noise) {
    const auto tiles = tile::add_read_noise(
        quiet(), {.layer = &layer, .noise = noise, .random = RandomStream(3, "read_noise")});
    return (answer(*tiles, V) - base).cast<double>().array().eval();
  };
  const auto covariance = [&](const Eigen::ArrayXd& a, const Eigen::ArrayXd& b) {
    return ((a - a.mean()) * (b - b.mean())).sum() / static_cast<double>(count - 1);
  };
  const Eigen::ArrayXd square = voltages().array().square();
  const Eigen::ArrayXXd gaussian = added({.relative_sigma = 0.1});
  Eigen::Vector3d own;  // variance of each bit line's current
  for (int j = 0; j < 3; ++j) own[j] = (0.01 * tile.G.col(j).array().square() * square).sum();
  const Eigen::ArrayXd first = gaussian.row(0), second = gaussian.row(1);
  const double error = kSigmas * std::sqrt(2.0 / static_cast<double>(count));
  CHECK(covariance(first, first) == Approx(own[0] + own[2]).epsilon(error));
  CHECK(covariance(second, second) == Approx(own[1] + own[2]).epsilon(error));
  // Of normal variables with this correlation: var(c) <= (v1 v2 + c^2) / n.
  const double spread =
      std::sqrt(((own[0] + own[2]) * (own[1] + own[2]) + own[2] * own[2]) / double(count));
  CHECK(std::abs(covariance(first, second) - own[2]) < kSigmas * spread);
  // A trap takes a tenth of its cell's current in a quarter of the images of four vectors.
  const Eigen::ArrayXXd traps = added({.telegraph_amplitude = 0.1, .telegraph_probability = 0.25});
  const Eigen::ArrayXd cells = 0.01 * tile.G.col(2).array().square() * square;
  const double expected = 0.25 * 0.75 * cells.sum();
  const double images = static_cast<double>(count) / kVectorsPerImage;
  const Eigen::ArrayXd t0 = traps.row(0), t1 = traps.row(1);
  const double scale = std::sqrt(covariance(t0, t0) * covariance(t1, t1) / images);
  CHECK(std::abs(covariance(t0, t1) - expected) < kSigmas * 2.0 * scale);
}
