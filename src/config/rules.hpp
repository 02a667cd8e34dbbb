#pragma once
// Which choices of a flow go together: one table of all pairs, with the reason of each that is
// refused.

#include <cstddef>
#include <string>
#include <vector>

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// Number of choices in the table.
std::size_t choice_count();
/// A choice as messages name it: `array.pairs = "shared_bit_line"`, `[programming]`.
std::string choice_name(std::size_t choice);
/// Whether `options` make it.
bool makes_choice(const FlowOptions& options, std::size_t choice);

/// What the table says of two choices, in any order.
struct Rule {
  bool is_allowed = true;
  bool excludes_itself = false;  ///< two values of one key: no flow makes both
  std::string reason = {};       ///< of a refused pair: why
  std::string remedy = {};
};
Rule rule_of(std::size_t a, std::size_t b);

/// The refused pairs that `options` make, in the table's order.
std::vector<std::pair<std::size_t, std::size_t>> broken_rules(const FlowOptions& options);

/// Throws InputError for the first refused pair, at the place of the choice that comes first in the
/// table.
void require_rules(const TomlDocument& flow, const FlowOptions& options);

}  // namespace memspice::config
