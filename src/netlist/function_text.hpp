#pragma once

#include <optional>
#include <string>
#include <vector>

namespace memspice::netlist {

/// `.func name(a,b) {body}` in parts.
struct FunctionText {
  std::string name;
  std::vector<std::string> arguments;
  std::string body;  ///< as it stands, braces and all
};

/// The parts of a line's words, ".func" first; nothing where it has no name or no brackets.
std::optional<FunctionText> split_function(const std::vector<std::string>& words);

}  // namespace memspice::netlist
