#pragma once
// Expressions of behavioural sources: arithmetic over net voltages, and nothing else.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/circuit.hpp"

namespace memspice::circuit {

/// A checked expression.
struct Expression {
  std::string text;         ///< in lower case, blanks dropped
  std::vector<NetId> nets;  ///< that its v(...) read, in order
};

/// Reads numbers, + - * / ^ ( ) , ? : < > = ! & |, v(net), v(net,net), time, temper, pi and the
/// functions of ngspice's behavioural sources. `find_net` looks nets up ("0" is ground). Throws
/// InputError naming `place` for anything else.
Expression parse_expression(std::string_view text,
                            std::string_view place,
                            const std::function<std::optional<NetId>(std::string_view)>& find_net);

}  // namespace memspice::circuit
