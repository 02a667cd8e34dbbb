#include "report/segmentation_html.hpp"

#include "report/page_parts.hpp"
#include "report/plots.hpp"

namespace memspice::report {
std::string segmentation_html(const RunReport& report) {
  const SegmentationReport& found = *report.segmentation;
  const std::string threshold = "Taking what is darker than grey " +
                                std::to_string(found.threshold) +
                                ", the level of the best Dice on the training slices, gives ";
  return html_section(
             "Right pixels, one effect at a time",
             "From the trained network (float) to crossbars with finite levels and converters "
             "(ideal), with exact line resistance (mesh), and with the cells' curvature fitted "
             "to ngspice (calibrated). Changes in points. " +
                 threshold + percent(found.threshold_accuracy) + ".",
             plot_ladder(accuracy_steps(report.accuracy))) +
         html_section("Dice of the pixels labelled " + std::to_string(found.foreground),
                      "At a probability of 0.5, all pixels counted together. " + threshold +
                          percent(found.threshold_dice) + ".",
                      plot_ladder(accuracy_steps(found.dice)));
}

}  // namespace memspice::report
