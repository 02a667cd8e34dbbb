#pragma once
// Full scales of a layer's ADCs, from the currents that the calibration images draw.
//
//   full_scale   rows * read voltage * span of a weight, of the rows where an output has weights:
//                nothing ever clips
//   calibrated   a percentile of |D| over the whole layer
//   tile         over each tile by itself, whose ADCs share a reference
//   output       over each output of each tile

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "mapping/tile_plan.hpp"

namespace memspice::simulate {

/// ranges[block][tile][output of the tile] [A], > 0.
using AdcRanges = std::vector<std::vector<Eigen::VectorXd>>;

/// The same full scale [A] for every output of a layer.
AdcRanges uniform_ranges(const mapping::LayerPlan& layer, double range);

/// That clips nothing [A]: most rows of an output * read voltage * span of a weight
/// (mapping/cell_span.hpp).
double full_scale(const mapping::TilePlan& plan, const mapping::LayerPlan& layer);

/// The largest full scale [A]: what a readout must be able to give; 0 without outputs.
double largest_range(const AdcRanges& ranges);

/// Takes currents |D| [A] of output j of tile t of block b; any number of calls.
using TakeCurrents =
    std::function<void(std::size_t b, std::size_t t, Eigen::Index j, std::span<const float> D)>;

/// By the converters' rule. `full_scale` [A]: of the layer, and of ADCs that see no current at all.
/// `measure` calls its argument with the currents of the calibration images, `currents` of each
/// output in all.
AdcRanges choose_ranges(const mapping::ConverterOptions& converters,
                        const mapping::LayerPlan& layer,
                        double full_scale,
                        std::int64_t currents,
                        const std::function<void(const TakeCurrents&)>& measure);

}  // namespace memspice::simulate
