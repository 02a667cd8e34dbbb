#include "base/text.hpp"
#include "report/numbers.hpp"
#include "report/page.hpp"
#include "report/spectral_optimum_parts.hpp"

namespace memspice::report {

std::string spectral_optimum_html(const SpectralOptimum& optimum) {
  std::string body = html_tag("h1", optimum.flow);
  body += html_tag("p",
                   "Smaller spectral networks by cost and accuracy, at most " +
                       fixed(100.0 * optimum.max_accuracy_loss, 1) + " points lost; " +
                       with_thousands(optimum.images) + " images.");
  const std::string plot = plot_spectral_front(optimum);
  if (!plot.empty()) {
    body += html_section("Accuracy against cost",
                         "Trained networks; the line joins those that no other beats in both. Cost "
                         "is logarithmic.",
                         plot);
  }
  const Table gains = gain_table(optimum);
  if (!gains.rows.empty()) {
    body += html_section("The chosen network against the original",
                         "Images per second of processor time on one core of this machine.",
                         html_table(gains));
  }
  body += html_section("Beside what was published",
                       "The published gains are of other hardware and software.",
                       html_table(claim_table(optimum)));
  body += html_section("All candidates, the dearest first",
                       optimum_remark(optimum),
                       html_table(candidate_table(optimum)));
  return html_page(optimum.flow + " - spectral networks", body);
}

}  // namespace memspice::report
