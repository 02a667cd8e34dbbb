#pragma once

#include <vector>

#include "network/window.hpp"

namespace memspice::network {

struct Pooling {
  enum class Kind { Max, Average };
  Kind kind = Kind::Max;
  Window window;
  bool count_padding = false;  ///< Average: padded zeros count in the mean
};
struct GlobalAverage {
  std::vector<int> axes;  ///< axes averaged over; {2, 3} for GlobalAveragePool
  bool keep_dimensions = true;
};

}  // namespace memspice::network
