#include "flow/segmentation.hpp"

#include "simulate/segmentation.hpp"

namespace memspice::flow {
namespace {

/// Grey levels are those of the files, however the network's inputs are normalised. Converter
/// ranges take few slices; the threshold is owed all that a network is trained on.
simulate::GreyThreshold grey_threshold(const config::FlowOptions& options) {
  network::DatasetOptions training = options.data.calibration, test = options.data.test;
  training.limit = 0;
  training.normalization = test.normalization = {};
  return simulate::score_grey_threshold(network::load_dataset(training),
                                        network::load_dataset(test));
}

}  // namespace

std::optional<report::SegmentationReport> report_segmentation(
    const config::FlowOptions& options,
    const Inputs& inputs,
    const std::map<std::string, simulate::Outcome>& outcomes,
    std::optional<double> periphery) {
  if (!inputs.test.labels_pixels() || outcomes.empty()) return std::nullopt;
  const auto dice = [&](const char* pass) -> std::optional<simulate::Share> {
    const auto outcome = outcomes.find(pass);
    if (outcome == outcomes.end() || !outcome->second.dice) return std::nullopt;
    return *outcome->second.dice;
  };
  const simulate::GreyThreshold grey = grey_threshold(options);
  return report::SegmentationReport{.dice = {.float32 = dice("float"),
                                             .ideal = dice("ideal"),
                                             .mesh = dice("mesh"),
                                             .calibrated = dice("calibrated"),
                                             .spice = dice("spice"),
                                             .flow = dice("flow"),
                                             .periphery = periphery},
                                    .foreground = options.data.test.foreground,
                                    .threshold = grey.level,
                                    .threshold_accuracy = grey.counts.accuracy(),
                                    .threshold_dice = grey.counts.dice()};
}

}  // namespace memspice::flow
