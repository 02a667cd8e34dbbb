#include "simulate/segmentation.hpp"

#include "study/study_list.hpp"

namespace memspice::study {
namespace {

class SegmentationStudy final : public Study {
 public:
  SegmentationStudy(network::DatasetOptions training, network::DatasetOptions test)
      : training_(std::move(training)), test_(std::move(test)) {
    // Grey levels are those of the files, however the network's inputs are normalised. Converter
    // ranges take few slices; the threshold is owed all that a network is trained on.
    training_.limit = 0;
    training_.normalization = test_.normalization = {};
  }

  void run(const Bench& bench, report::RunReport& report) const override {
    if (!bench.test->labels_pixels()) return;
    const auto dice = [&](const char* pass) -> std::optional<simulate::Share> {
      const auto outcome = bench.outcomes->find(pass);
      if (outcome == bench.outcomes->end() || !outcome->second.dice) return std::nullopt;
      return *outcome->second.dice;
    };
    const simulate::GreyThreshold grey = simulate::score_grey_threshold(
        network::load_dataset(training_), network::load_dataset(test_));
    std::optional<simulate::Share> periphery;
    if (report.periphery && report.periphery->dice) periphery = *report.periphery->dice;
    report.segmentation = report::SegmentationReport{.dice = {.float32 = dice("float"),
                                                              .ideal = dice("ideal"),
                                                              .mesh = dice("mesh"),
                                                              .calibrated = dice("calibrated"),
                                                              .spice = dice("spice"),
                                                              .flow = dice("flow"),
                                                              .periphery = periphery},
                                                     .foreground = test_.foreground,
                                                     .threshold = grey.level,
                                                     .threshold_accuracy = grey.counts.accuracy(),
                                                     .threshold_dice = grey.counts.dice()};
  }

 private:
  network::DatasetOptions training_, test_;
};

}  // namespace

std::unique_ptr<const Study> make_segmentation_study(network::DatasetOptions training,
                                                     network::DatasetOptions test) {
  return std::make_unique<SegmentationStudy>(std::move(training), std::move(test));
}

}  // namespace memspice::study
