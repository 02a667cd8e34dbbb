#pragma once

#include <string>

namespace memspice::device {

/// A value and where it comes from: a paper and table, or the derivation of an assumption.
struct Figure {
  double value = 0.0;  ///< SI
  std::string source;
};

}  // namespace memspice::device
