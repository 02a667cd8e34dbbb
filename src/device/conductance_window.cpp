#include "device/conductance_window.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

namespace memspice::device {
namespace {

[[noreturn]] void reject_window(std::string_view place,
                                std::string_view key,
                                std::string value,
                                std::string rule,
                                std::string remedy) {
  throw InputError({.place = std::string(place) + '.' + std::string(key),
                    .value = std::move(value),
                    .rule = std::move(rule),
                    .remedy = std::move(remedy)});
}

}  // namespace

double ConductanceWindow::quantize(double G) const noexcept {
  const double clamped = std::clamp(G, g_min, g_max);
  if (levels < 2) return clamped;
  const double step = width() / (levels - 1);
  return g_min + std::round((clamped - g_min) / step) * step;
}

void ConductanceWindow::validate(std::string_view place) const {
  if (!(g_min >= 0.0) || !std::isfinite(g_min)) {
    reject_window(place,
                  "g_min",
                  format_quantity(g_min, Unit::Siemens),
                  "must be zero or positive",
                  "give the lowest conductance of a cell, for example \"2 uS\"");
  }
  if (!(g_max > g_min) || !std::isfinite(g_max)) {
    reject_window(place,
                  "g_max",
                  format_quantity(g_max, Unit::Siemens),
                  "must be above g_min, " + format_quantity(g_min, Unit::Siemens),
                  "swap g_min and g_max if the window is upside down");
  }
  if (levels == 1 || levels < 0) {
    reject_window(place,
                  "levels",
                  std::to_string(levels),
                  "must be at least 2, or 0 for a continuum",
                  "give the number of programmable conductances");
  }
}

}  // namespace memspice::device
