#pragma once
// The value of one parameter of a card: a quantity in the parameter's unit, or a choice by name.

#include <string>

#include "config/toml_document.hpp"
#include "device/memristor_card.hpp"

namespace memspice::config {

/// A value as a card would write it: `"1 Ohm"`, `1`, `"biolek"`.
std::string example_of(const device::ParameterRule& rule);

/// `text` as a quantity in `unit`, whose prefixes are understood for the units of base/units.hpp
/// and for no other ("m2/(V s)"). Throws InputError at `place`.
double parse_amount(const std::string& text, const std::string& unit, const std::string& place);

/// `text` as the value of a parameter: a choice's index, or a quantity in its unit. Throws
/// InputError at `place`.
double parse_card_value(const std::string& text,
                        const device::ParameterRule& rule,
                        const std::string& place);

/// [rule.name] `key` of the card, which must be there, in SI. Throws InputError with its place.
double read_card_value(TomlDocument& card,
                       const device::ParameterRule& rule,
                       const std::string& key = "value");

/// The top-level `key` of the card must be there and say `expected`. Throws InputError.
void require_name(TomlDocument& card, const char* key, const std::string& expected);

}  // namespace memspice::config
