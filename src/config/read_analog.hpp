#pragma once
// The [analog.*] tables of a technology card.

#include <optional>

#include "config/toml_document.hpp"
#include "device/analog_figures.hpp"

namespace memspice::config {

/// Nothing when the card has no [analog] table; else every figure must be there with its source.
/// Throws InputError with the place of a figure that is out of range.
std::optional<device::AnalogFigures> read_analog(TomlDocument& card);

}  // namespace memspice::config
