#include "crossbar/contrast.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::crossbar {
namespace {

/// Open lines carry nothing and have no say.
double largest_resistance(const Array& array) {
  double largest = std::max(array.R_row, array.R_column);
  for (const auto* terminals : {&array.R_left, &array.R_right, &array.R_top, &array.R_bottom}) {
    for (const double R : *terminals) largest = std::isinf(R) ? largest : std::max(largest, R);
  }
  return largest;
}

}  // namespace

void require_contrast(const Array& array, const Eigen::MatrixXd& G) {
  const double R = largest_resistance(array);
  if (R * G.maxCoeff() <= kLargestContrast) return;
  throw InputError({.place = "largest resistance of a wire, driver or sense",
                    .value = to_text(R) + " Ohm",
                    .rule = "times the largest conductance, " + to_text(G.maxCoeff()) +
                            " S, must be at most " + to_text(kLargestContrast) +
                            ": beyond it the currents drown in rounding",
                    .remedy = "mend the units; an open line is no resistance"});
}

}  // namespace memspice::crossbar
