#pragma once
// The keys of flow files for a terminal and for programs.

#include <string>
#include <vector>

#include "config/key.hpp"

namespace memspice::cli {

/// `text` in lines of at most `width` characters, broken at blanks; a longer word stands alone.
std::vector<std::string> wrap(const std::string& text, std::size_t width);

/// Table by table: each key as a flow would set it to its default, what it takes, what it means.
std::string keys_text(const std::vector<config::KeyDeclaration>& keys, std::size_t width);

/// An array of {table, key, type, unit, range, default, meaning}; a default in words is a string.
std::string keys_json(const std::vector<config::KeyDeclaration>& keys);

/// "rows = 64", or "labels" where the default is no value.
std::string assignment_of(const config::KeyDeclaration& key);
/// "whole number, 1 to 4096"; "number [Ohm], 0 or more, of the card".
std::string accepted_by(const config::KeyDeclaration& key);

}  // namespace memspice::cli
