#include "mapping/pack_groups.hpp"

#include <algorithm>
#include <span>

namespace memspice::mapping {
namespace {

WeightMatrix merge(std::span<const WeightMatrix> groups) {
  const auto count = static_cast<Eigen::Index>(groups.size());
  const WeightMatrix& first = groups.front();
  const Eigen::Index inputs = first.W.rows(), outputs = first.W.cols();
  WeightMatrix merged{.W = Eigen::MatrixXd::Zero(count * inputs, count * outputs),
                      .bias = Eigen::VectorXd(count * first.bias.size()),
                      .first_channel_in = first.first_channel_in,
                      .first_channel_out = first.first_channel_out,
                      .groups = static_cast<int>(count)};
  for (Eigen::Index g = 0; g < count; ++g) {
    const WeightMatrix& group = groups[static_cast<std::size_t>(g)];
    merged.W.block(g * inputs, g * outputs, inputs, outputs) = group.W;
    merged.bias.segment(g * first.bias.size(), first.bias.size()) = group.bias;
  }
  return merged;
}

}  // namespace

long groups_per_crossbar(long inputs, long outputs, int bias_rows, const Options& options) {
  if (options.packing == Packing::None) return 1;
  const long fitting =
      std::min((options.rows - bias_rows) / inputs, options.outputs_per_tile() / outputs);
  return std::max(fitting, 1L);
}

std::vector<WeightMatrix> pack_groups(const std::vector<WeightMatrix>& groups, long each) {
  std::vector<WeightMatrix> packed;
  const auto step = static_cast<std::size_t>(each);
  for (std::size_t g = 0; g < groups.size(); g += step) {
    packed.push_back(merge(std::span(groups).subspan(g, std::min(step, groups.size() - g))));
  }
  return packed;
}

}  // namespace memspice::mapping
