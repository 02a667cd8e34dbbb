#pragma once
// Figures of a card: a value with its source, both of which must be there.

#include <string>
#include <string_view>

#include "config/section.hpp"
#include "device/technology_figure.hpp"

namespace memspice::config {

/// `source` beside the value of a figure.
inline constexpr std::string_view kSourceMeaning = "where the value comes from";
inline constexpr const char* kSourceExample = "\"where the value comes from\"";

/// What an error shows for a quantity that is missing: "1 Ohm" in quotes, or 1.
std::string example_quantity(Unit unit);

/// [name] value = ..., source = "...".
device::Figure read_figure(TomlDocument& card, const std::string& name, Unit unit, Bound bound);

/// [table.name] value = ..., source = "...".
device::Figure read_figure(
    TomlDocument& card, const std::string& table, const std::string& name, Unit unit, Bound bound);

/// The name that a card must state, beside a description in words that nothing depends on.
std::string read_card_name(TomlDocument& card);

}  // namespace memspice::config
