#include "mapping/cell_span.hpp"

namespace memspice::mapping {

int digit_values(int levels, Signs signs) {
  return signs == Signs::Pair ? levels : (levels - 1) / 2 + 1;
}

int levels_of_digit(int values, Signs signs) {
  return signs == Signs::Pair ? values : 2 * values - 1;
}

CellSpan cell_span(const device::ConductanceWindow& window, Signs signs) {
  if (signs == Signs::Pair) return {window.g_min, window.width()};
  const double share =
      window.levels == 0
          ? 0.5
          : static_cast<double>(digit_values(window.levels, signs) - 1) / (window.levels - 1);
  return {window.g_min + share * window.width(), share * window.width()};
}

}  // namespace memspice::mapping
