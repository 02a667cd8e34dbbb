#include "tile/stimuli.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace memspice::tile {
namespace {

/// The tile's distinct columns of `samples` that drive at least one input, in random order.
std::vector<std::vector<float>> distinct_vectors(const mapping::Tile& tile,
                                                 const mapping::FloatMatrix& samples,
                                                 RandomStream& random) {
  std::set<std::vector<float>> seen;
  std::vector<std::vector<float>> vectors;
  for (Eigen::Index k = 0; k < samples.cols(); ++k) {
    std::vector<float> vector(static_cast<std::size_t>(tile.word_lines()));
    bool is_zero = true;
    for (int i = 0; i < tile.word_lines(); ++i) {
      const float v = samples(tile.input_row(i), k);
      vector[static_cast<std::size_t>(i)] = v;
      is_zero = is_zero && (i >= tile.input_count || v == 0.0F);
    }
    if (!is_zero && seen.insert(vector).second) vectors.push_back(std::move(vector));
  }
  for (std::size_t k = vectors.size(); k > 1; --k) {
    std::swap(vectors[k - 1], vectors[random.below(k)]);
  }
  return vectors;
}

Eigen::VectorXd random_vector(const mapping::Tile& tile,
                              double read_voltage,
                              bool is_signed,
                              RandomStream& random) {
  Eigen::VectorXd v(tile.word_lines());
  for (double& level : v) level = random.uniform(is_signed ? -read_voltage : 0.0, read_voltage);
  if (tile.has_bias) v[v.size() - 1] = read_voltage;
  return v;
}

}  // namespace

int corner_count(bool is_signed) {
  return is_signed ? 6 : 4;
}

Eigen::MatrixXd corner_vectors(int word_lines, double read_voltage, bool is_signed) {
  Eigen::MatrixXd corners = Eigen::MatrixXd::Zero(word_lines, corner_count(is_signed));
  corners.col(0).setConstant(read_voltage);
  corners.col(1).setConstant(read_voltage / 2);
  for (int i = 0; i < word_lines; i += 2) corners(i, 2) = read_voltage;
  corners(0, 3) = read_voltage;  // word line 0 lies farthest from the sense end
  if (is_signed) {
    corners.col(4).setConstant(-read_voltage);
    for (int i = 0; i < word_lines; ++i) corners(i, 5) = i % 2 == 0 ? read_voltage : -read_voltage;
  }
  return corners;
}

Eigen::MatrixXd choose_stimuli(const mapping::TilePlan& plan,
                               const mapping::LayerPlan& layer,
                               const mapping::Tile& tile,
                               const mapping::FloatMatrix& samples,
                               StimulusCounts counts,
                               RandomStream random) {
  const double U = plan.read_voltage;
  const Eigen::MatrixXd corners = corner_vectors(tile.word_lines(), U, layer.signed_input);
  const Eigen::Index total = counts.fitted + counts.held_out;
  const Eigen::Index corner_count = corners.cols();
  Eigen::MatrixXd V(tile.word_lines(), total);
  V.leftCols(corner_count) = corners.leftCols(corner_count);
  const auto own = distinct_vectors(tile, samples, random);
  for (Eigen::Index k = corner_count; k < total; ++k) {
    const auto pick = static_cast<std::size_t>(k - corner_count);
    V.col(k) = pick < own.size()
                   ? Eigen::Map<const Eigen::VectorXf>(own[pick].data(), tile.word_lines())
                         .cast<double>()
                         .eval()
                   : random_vector(tile, U, layer.signed_input, random);
  }
  return V;
}

}  // namespace memspice::tile
