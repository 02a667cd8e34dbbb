#include "report/sections.hpp"
#include "report/share_text.hpp"

namespace memspice::report {

Chart ladder_of(const std::vector<AccuracyStep>& steps) {
  Chart chart{.kind = ChartKind::Ladder,
              .title = "Accuracy by fidelity",
              .series = {{.name = {}, .points = {}}}};
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const AccuracyStep& step = steps[k];
    std::string label = percent(step.share);
    if (!step.share.trusted) label += " (not to be trusted)";
    if (k > 0) {
      label += "   " +
               (step.change ? change_text(step.change) : points(step.share - steps[k - 1].share));
    }
    chart.series[0].points.push_back({.value = step.share,
                                      .interval = step.share.interval,
                                      .name = step.name,
                                      .label = std::move(label)});
  }
  return chart;
}

Sections sections_of(const SegmentationReport& report, const Accuracy& accuracy) {
  const std::string threshold = "Taking what is darker than grey " +
                                std::to_string(report.threshold) +
                                ", the level of the best Dice on the training slices, gives ";
  return {
      {.title = "Right pixels, one effect at a time",
       .lead = "From the trained network (float) to crossbars with finite levels and converters "
               "(ideal), with exact line resistance (mesh), and with the cells' curvature "
               "fitted to ngspice (calibrated). Changes in points. " +
               threshold + percent(report.threshold_accuracy) + ".",
       .charts = {ladder_of(accuracy_steps(accuracy))}},
      {.title = "Dice of the pixels labelled " + std::to_string(report.foreground),
       .lead = "At a probability of 0.5, all pixels counted together. " + threshold +
               percent(report.threshold_dice) + ".",
       .charts = {ladder_of(accuracy_steps(report.dice))}}};
}

}  // namespace memspice::report
