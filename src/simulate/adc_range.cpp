#include "simulate/adc_range.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace memspice::simulate {
namespace {

/// ADCs that share a full scale: block, tile, output; -1: all of them.
using Group = std::tuple<int, int, int>;

Group group_of(mapping::AdcRange rule, std::size_t b, std::size_t t, Eigen::Index j) {
  if (rule == mapping::AdcRange::Calibrated) return {-1, -1, -1};
  const bool own = rule == mapping::AdcRange::Output;
  return {static_cast<int>(b), static_cast<int>(t), own ? static_cast<int>(j) : -1};
}

}  // namespace

AdcRanges uniform_ranges(const mapping::LayerPlan& layer, double range) {
  AdcRanges ranges;
  for (const mapping::Block& block : layer.blocks) {
    ranges.emplace_back();
    for (const mapping::Tile& tile : block.tiles) {
      ranges.back().push_back(Eigen::VectorXd::Constant(tile.output_count, range));
    }
  }
  return ranges;
}

double full_scale(const mapping::TilePlan& plan, const mapping::LayerPlan& layer) {
  int rows = 0;
  for (const mapping::Block& block : layer.blocks) {
    for (const mapping::Tile& tile : block.tiles) rows = std::max(rows, tile.word_lines());
  }
  return rows * plan.read_voltage * plan.window.width();
}

double largest_range(const AdcRanges& ranges) {
  double largest = 0.0;
  for (const auto& block : ranges) {
    for (const Eigen::VectorXd& tile : block) {
      if (tile.size() > 0) largest = std::max(largest, tile.maxCoeff());
    }
  }
  return largest;
}

AdcRanges choose_ranges(const mapping::ConverterOptions& converters,
                        const mapping::LayerPlan& layer,
                        double full_scale,
                        const std::function<void(const TakeCurrents&)>& measure) {
  const mapping::AdcRange rule = converters.adc_range;
  AdcRanges ranges = uniform_ranges(layer, full_scale);
  if (rule == mapping::AdcRange::FullScale) return ranges;
  std::map<Group, std::vector<float>> sizes;
  measure([&](std::size_t b, std::size_t t, Eigen::Index j, std::span<const float> D) {
    std::vector<float>& group = sizes[group_of(rule, b, t, j)];
    for (const float d : D) group.push_back(std::abs(d));
  });
  std::map<Group, double> chosen;
  for (auto& [group, found] : sizes) {
    const double range = size_at_percentile(found, converters.adc_percentile);
    // ADCs that see nothing on every calibration image still need a range.
    chosen[group] = range > 0.0 ? range : full_scale;
  }
  for (std::size_t b = 0; b < ranges.size(); ++b) {
    for (std::size_t t = 0; t < ranges[b].size(); ++t) {
      for (Eigen::Index j = 0; j < ranges[b][t].size(); ++j) {
        ranges[b][t][j] = chosen.at(group_of(rule, b, t, j));
      }
    }
  }
  return ranges;
}

float size_at_percentile(std::vector<float>& sizes, double percentile) {
  const auto rank = static_cast<std::ptrdiff_t>(
                        std::ceil(percentile / 100.0 * static_cast<double>(sizes.size()))) -
                    1;
  const auto chosen = sizes.begin() + std::max<std::ptrdiff_t>(rank, 0);
  std::nth_element(sizes.begin(), chosen, sizes.end());
  return *chosen;
}

}  // namespace memspice::simulate
