#pragma once
// Expressions as trees, so that a dialect can spell them in its own words.
//
// What ngspice 39 means, measured: x^y, x**y and pow(x,y) are |x|^y and join to the left; a sign
// binds less than ^; pwr(x,y) keeps the sign of x; log is ln; u(0) is 1/2; pwl goes on straight
// beyond its ends; nint rounds halves to even; whatever is not 0 is true, and truth is 1.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace memspice::netlist {

/// A node of an expression.
struct Term {
  enum class Kind {
    Number,    ///< text: as it was written
    Name,      ///< text: a parameter, time, temper or pi
    Voltage,   ///< text: "net" or "net,net"
    Sign,      ///< text: - or !; one argument
    Operator,  ///< text: + - * / ^ < <= > >= == != && ||; two arguments
    Choice,    ///< condition ? second : third
    Call,      ///< text: the function's name
  };
  Kind kind = Kind::Number;
  std::string text;
  std::vector<Term> arguments{};

  /// Is its value the truth of something?
  bool is_logical() const;

  friend bool operator==(const Term&, const Term&) = default;
};

/// A .func of a model text.
struct Function {
  std::vector<std::string> names;  ///< of its arguments
  Term body;
};
using Functions = std::map<std::string, Function, std::less<>>;

/// Reads ngspice's expression in lower case; braces are brackets. Throws InputError naming `place`
/// for text that is none.
Term parse_term(std::string_view text, std::string_view place);

/// The term with every call of `functions` replaced by its body.
Term inline_calls(const Term& term, const Functions& functions, std::string_view place);

}  // namespace memspice::netlist
