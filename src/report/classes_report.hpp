#pragma once
// Which classes a network takes for which.

#include <optional>
#include <string>
#include <vector>

#include "report/section.hpp"

namespace memspice::report {

/// Images of each class by what a pass takes them for.
struct Confusion {
  std::string pass;        ///< "float", "calibrated"
  Eigen::MatrixXi images;  ///< label x prediction

  /// Share of the images of class k that are right; none: no image is of that class.
  std::optional<double> accuracy_of(Eigen::Index k) const;
};

/// labels, predictions: of the same images, each 0 .. classes-1. Throws std::invalid_argument where
/// they differ in number.
Confusion confusion_of(const std::string& pass,
                       const std::vector<int>& labels,
                       const std::vector<int>& predictions,
                       int classes);

/// Accuracy by class of all passes and the last one's matrix as a map; for the page, in
/// results.json as "classes".
Section classes_section(const std::vector<Confusion>& passes);

}  // namespace memspice::report
