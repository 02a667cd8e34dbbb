#include "device/static_memristor.hpp"

#include "device/parameters.hpp"

namespace memspice::device {

ParameterTable StaticMemristor::parameters() {
  ParameterRule state = initial_state_rule();
  state.is_required = false;
  state.fallback = 0.5;
  return {
      {.name = "g_min", .unit = "S", .low = 0, .high = 1, .meaning = "conductance at x = 0"},
      {.name = "g_max", .unit = "S", .low = 1e-15, .high = 1, .meaning = "conductance at x = 1"},
      {.name = "levels",
       .unit = "",
       .low = 0,
       .high = 65536,
       .meaning = "distinct conductances; 0: continuous",
       .is_required = false},
      {.name = "alpha", .unit = "1/V", .low = 0, .high = 1e3, .meaning = "non-linearity"},
      state};
}

StaticMemristor::StaticMemristor(const MemristorCard& card)
    : Memristor(value_of(card, "x_init")),
      window_{.g_min = value_of(card, "g_min"),
              .g_max = value_of(card, "g_max"),
              .levels = static_cast<int>(value_of(card, "levels"))},
      read_{.alpha = value_of(card, "alpha")} {
  require_below(card, "g_min", "g_max");
}

}  // namespace memspice::device
