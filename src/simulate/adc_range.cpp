#include "simulate/adc_range.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "mapping/cell_span.hpp"
#include "network/largest_sizes.hpp"

namespace memspice::simulate {
namespace {

/// ADCs that share a full scale: block, tile, output; -1: all of them.
using Group = std::tuple<int, int, int>;

Group group_of(mapping::AdcRange rule, std::size_t b, std::size_t t, Eigen::Index j) {
  if (rule == mapping::AdcRange::Calibrated) return {-1, -1, -1};
  const bool own = rule == mapping::AdcRange::Output;
  return {static_cast<int>(b), static_cast<int>(t), own ? static_cast<int>(j) : -1};
}

/// Calls visit(group, range) for the ADC of each output.
template <typename Visit>
void for_each_output(AdcRanges& ranges, mapping::AdcRange rule, Visit visit) {
  for (std::size_t b = 0; b < ranges.size(); ++b) {
    for (std::size_t t = 0; t < ranges[b].size(); ++t) {
      for (Eigen::Index j = 0; j < ranges[b][t].size(); ++j) {
        visit(group_of(rule, b, t, j), ranges[b][t][j]);
      }
    }
  }
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
    for (const mapping::Tile& tile : block.tiles) {
      rows = std::max(rows, tile.input_count / tile.groups + (tile.has_bias ? 1 : 0));
    }
  }
  device::ConductanceWindow window = plan.window;
  window.levels = layer.levels;
  return rows * plan.read_voltage * mapping::cell_span(window, plan.options.signs).width;
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
                        std::int64_t currents,
                        const std::function<void(const TakeCurrents&)>& measure) {
  const mapping::AdcRange rule = converters.adc_range;
  AdcRanges ranges = uniform_ranges(layer, full_scale);
  if (rule == mapping::AdcRange::FullScale) return ranges;
  std::map<Group, std::int64_t> outputs;
  for_each_output(ranges, rule, [&](const Group& group, double&) { ++outputs[group]; });
  std::map<Group, network::LargestSizes> sizes;
  for (const auto& [group, count] : outputs) {
    sizes.emplace(group, network::LargestSizes(count * currents, converters.adc_percentile));
  }
  measure([&](std::size_t b, std::size_t t, Eigen::Index j, std::span<const float> D) {
    sizes.at(group_of(rule, b, t, j)).add(D);
  });
  std::map<Group, double> chosen;
  for (auto& [group, found] : sizes) {
    const auto range = static_cast<double>(found.at_rank());
    // ADCs that see nothing on every calibration image still need a range.
    chosen[group] = range > 0.0 ? range : full_scale;
  }
  for_each_output(
      ranges, rule, [&](const Group& group, double& range) { range = chosen.at(group); });
  return ranges;
}

}  // namespace memspice::simulate
