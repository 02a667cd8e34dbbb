#pragma once
// The range of conductances that a cell may be programmed to, and its finite levels.
//
//   G_k = g_min + k (g_max - g_min) / (levels - 1),  k = 0 .. levels-1

#include <string_view>

namespace memspice::device {

struct ConductanceWindow {
  double g_min = 1e-6;   ///< [S], >= 0
  double g_max = 50e-6;  ///< [S], > g_min
  int levels = 0;        ///< distinct conductances, >= 2; 0: continuous

  double width() const noexcept { return g_max - g_min; }  ///< [S]
  /// The programmable conductance nearest to `G` [S].
  double quantize(double G) const noexcept;
  /// Throws InputError naming `place`.g_min and so on when the window is upside down or negative.
  void validate(std::string_view place) const;
};

}  // namespace memspice::device
