#pragma once
// The choices of a flow that not every other choice goes with.

#include <array>
#include <string>
#include <string_view>

#include "config/flow_options.hpp"

namespace memspice::config {

/// One of them. rules.cpp has what goes with it.
struct Choice {
  std::string_view table, key;  ///< key "": the table itself, or any layer of it
  std::string_view value;       ///< in parentheses where no single word makes the choice
  bool (*is_made)(const FlowOptions& options);
};

/// In the order of the columns of rules.cpp. Of two that do not go together the flow is refused at
/// the place of the first.
extern const std::array<Choice, 37> kChoices;

/// As messages name it: `array.pairs = "shared_bit_line"`, `[nonideality]`.
std::string name_of(const Choice& choice);
/// The key of its table with which `options` make it.
std::string key_of(const Choice& choice, const FlowOptions& options);

}  // namespace memspice::config
