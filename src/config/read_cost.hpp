#pragma once
// [cost.*] of a technology card: what the circuits around an array cost.

#include <optional>

#include "config/toml_document.hpp"
#include "device/cost_figures.hpp"

namespace memspice::config {

/// Nothing where the card states no [cost] at all; else every figure with its source is required.
/// Throws InputError with the place of what is wrong.
std::optional<device::CostFigures> read_cost(TomlDocument& card);

}  // namespace memspice::config
