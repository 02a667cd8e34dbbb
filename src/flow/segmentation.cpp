#include "flow/segmentation.hpp"

#include "simulate/segmentation.hpp"

namespace memspice::flow {

std::optional<report::SegmentationReport> report_segmentation(
    const config::FlowOptions& options,
    const Inputs& inputs,
    const std::map<std::string, simulate::Outcome>& outcomes,
    std::optional<double> periphery) {
  if (!inputs.test.labels_pixels() || outcomes.empty()) return std::nullopt;
  const auto dice = [&](const char* pass) -> std::optional<double> {
    const auto outcome = outcomes.find(pass);
    return outcome == outcomes.end() ? std::nullopt : outcome->second.dice;
  };
  // Converter ranges take few slices; the threshold is owed all that a network is trained on.
  network::DatasetOptions training = options.data.calibration;
  training.limit = 0;
  const simulate::GreyThreshold grey =
      simulate::score_grey_threshold(network::load_dataset(training), inputs.test);
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
