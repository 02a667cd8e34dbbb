#include "netlist/function_text.hpp"

#include "base/text.hpp"
#include "circuit/name.hpp"

namespace memspice::netlist {

std::optional<FunctionText> split_function(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t k = 1; k < words.size(); ++k) text += words[k] + ' ';
  const std::size_t open = text.find('(');
  const std::size_t close = text.find(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
  FunctionText function{.name = std::string(trim(std::string_view(text).substr(0, open))),
                        .arguments = {},
                        .body = text.substr(close + 1)};
  if (!circuit::is_legal_name(function.name)) return std::nullopt;
  for (const std::string& argument : split(text.substr(open + 1, close - open - 1), ',')) {
    function.arguments.emplace_back(trim(argument));
  }
  return function;
}

}  // namespace memspice::netlist
