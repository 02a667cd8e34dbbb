#pragma once
// What conductances stand for the weights of a layer.
//
//   pair          G+ = g_min + max(w,0)/w_max W, G- = g_min + max(-w,0)/w_max W
//   unit column   G = g_0 + w/w_max W_h, unit cells at g_0
//
// W = g_max - g_min. Of n levels h = floor((n - 1) / 2) lie on either side that is used: W_h =
// h W / (n - 1), g_0 = g_min + W_h; without levels W_h = W / 2. A cell of n levels holds digits of
// n values in a pair, h + 1 with a unit column.

#include "device/conductance_window.hpp"
#include "mapping/options.hpp"

namespace memspice::mapping {

struct CellSpan {
  double zero = 0.0;   ///< of a weight of 0 [S]
  double width = 0.0;  ///< what the weight w_max adds to it [S]
};
CellSpan cell_span(const device::ConductanceWindow& window, Signs signs);

/// Of a digit that a cell of `levels` levels holds, and the levels that a digit asks for.
int digit_values(int levels, Signs signs);
int levels_of_digit(int values, Signs signs);

}  // namespace memspice::mapping
