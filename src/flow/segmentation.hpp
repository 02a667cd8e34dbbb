#pragma once
// What a run says of data whose pixels are labelled.

#include <map>
#include <optional>
#include <string>

#include "flow/stages.hpp"

namespace memspice::flow {

/// Dice of every pass, and the grey threshold to compare with, chosen on all calibration slices;
/// nothing where images have one label each. `periphery`: with all its parts.
std::optional<report::SegmentationReport> report_segmentation(
    const config::FlowOptions& options,
    const Inputs& inputs,
    const std::map<std::string, simulate::Outcome>& outcomes,
    std::optional<double> periphery);

}  // namespace memspice::flow
