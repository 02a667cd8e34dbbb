#pragma once
// What the network scores wholly in SPICE, from images drawn among those that were scored: every
// crossbar of them is put to ngspice, vector by vector.
//
//   difference of image i   d_i = right in SPICE - right before, -1, 0 or 1
//   strata h of N_h images, n_h of them drawn without repetition, b_h gained and c_h lost:
//     accuracy in SPICE     A + sum_h N_h / N (b_h - c_h) / n_h
//     its interval          Clopper-Pearson bounds of each b_h / n_h and c_h / n_h, such that all
//                           hold together with 95 % (Bonferroni: of H strata each rate's interval
//                           has 1 - 0.05 / 2H)
// The draw is without repetition, which the binomial bounds do not use: they are on the safe side.

#include <memory>
#include <span>
#include <vector>

#include "report/verified_report.hpp"
#include "study/study.hpp"
#include "study/verify_options.hpp"

namespace memspice::study {

/// Images that are drawn alike.
struct Stratum {
  std::vector<int> images;  ///< all of them, by number in the data set
  std::vector<int> drawn;
  int gained = 0, lost = 0;  ///< of the drawn, by ngspice
};

/// margins: of each scored image, best score less the second; Evenly asks for their number alone.
/// Draws min(options.images, all).
std::vector<Stratum> draw_images(std::span<const double> margins,
                                 const VerifyOptions& options,
                                 std::uint64_t seed);

/// The change of accuracy that the strata show, with its interval of 95 %.
simulate::PairedChange change_of(std::span<const Stratum> strata);

/// Nothing where no image is asked for or no layer runs on crossbars.
std::unique_ptr<const Study> make_verify_study(VerifyOptions options);

}  // namespace memspice::study
