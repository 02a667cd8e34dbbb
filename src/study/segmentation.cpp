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
    report::Accuracy dice;
    for (const auto& [pass, outcome] : *bench.outcomes) {
      if (outcome.dice) dice.shares[pass] = *outcome.dice;
    }
    if (report.periphery && report.periphery->dice) {
      dice.shares["periphery"] = *report.periphery->dice;
    }
    const simulate::GreyThreshold grey = simulate::score_grey_threshold(
        network::load_dataset(training_), network::load_dataset(test_));
    report.segmentation = report::SegmentationReport{.dice = std::move(dice),
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
