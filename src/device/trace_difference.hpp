#pragma once
// How far two traces of the same device and drive are apart, in shares of full scale.
//
// Outside switching edges: |a - b| at the same time. Inside an edge, where a shift in time of a
// fraction of a per cent moves the curve by its whole height, the curves are compared shifted in
// time: the distance of b from the values that a takes within +-shift, its smooth pieces extended
// by a sample over a jump that lies between two.

#include "device/trace.hpp"

namespace memspice::device {

struct DifferenceOptions {
  double shift = 0.002;  ///< largest shift of an edge, in periods of the drive
  double edge = 0.05;    ///< a change of this share of full scale within +-shift is an edge
};

/// Largest differences; full scale is the largest |I| of `a`, and 1 for the state.
struct TraceDifference {
  double current = 0.0, state = 0.0;                      ///< as defined above [1]
  double current_unshifted = 0.0, state_unshifted = 0.0;  ///< at the same time everywhere [1]
  double edge_share = 0.0;  ///< points inside an edge of the current [1]
};

/// Both traces have the same times; throws InputError otherwise.
TraceDifference compare(const Trace& a,
                        const Trace& b,
                        const Drive& drive,
                        const DifferenceOptions& options = {});

}  // namespace memspice::device
