#pragma once
// Accuracy wholly in SPICE, from images drawn among those that were scored.

#include <nlohmann/json_fwd.hpp>

#include "simulate/share.hpp"

namespace memspice::report {

struct SpiceAccuracy {
  simulate::Share before;         ///< of all scored images, as they were scored
  simulate::PairedChange change;  ///< in SPICE, as far as the drawn images show; p is not given
  simulate::Share accuracy;       ///< of all scored images in SPICE, its interval from `change`
  bool by_margin = false;         ///< close images were drawn more often, and weighed back
  int scored = 0, images = 0;     ///< all, and those that ran in SPICE
  int flips = 0;                  ///< drawn images with another label in SPICE
  double largest_error = 0.0;     ///< of any score of a drawn image, in units of scores
  double least_margin = 0.0;      ///< between the two best scores of a drawn image, before
  double median_margin = 0.0;
  double seconds = 0.0;  ///< wall time
};

/// The images are all that were scored, so that their share before is exact: what is open is the
/// change alone.
simulate::Share accuracy_after(const simulate::Share& before, const simulate::PairedChange& change);

nlohmann::ordered_json verified_json(const SpiceAccuracy& found);

}  // namespace memspice::report
