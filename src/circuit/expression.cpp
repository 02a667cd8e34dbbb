#include "circuit/expression.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::circuit {
namespace {

constexpr std::string_view kOperators = "+-*/^(),?:<>=!&|";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
}

bool is_known_word(std::string_view word) {
  constexpr std::array<std::string_view, 33> kWords = {
      "time",  "temper", "pi",   "abs",  "acos", "acosh",      "asin", "asinh", "atan",
      "atanh", "cos",    "cosh", "exp",  "ln",   "log",        "sgn",  "sin",   "sinh",
      "sqrt",  "tan",    "tanh", "u",    "u2",   "uramp",      "min",  "max",   "pow",
      "pwr",   "floor",  "ceil", "nint", "pwl",  "ternary_fcn"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// Walks the text once, left to right.
class Reader {
 public:
  Reader(std::string_view text,
         std::string_view place,
         const std::function<std::optional<NetId>(std::string_view)>& find_net)
      : place_(place), find_net_(find_net) {
    for (const char c : to_lower(text)) {
      if (c != ' ') out_.text += c;
    }
  }

  Expression read() {
    if (out_.text.empty()) fail("", "is empty", "write an expression such as v(a,b)*1e-3");
    while (at_ < out_.text.size()) read_token();
    if (depth_ != 0) fail(out_.text, "has a ( without )", "balance the brackets");
    return std::move(out_);
  }

 private:
  void read_token() {
    const char c = out_.text[at_];
    if (is_digit(c) || c == '.') return read_number();
    if (is_word(c)) return read_word();
    if (kOperators.find(c) == std::string_view::npos) {
      fail(std::string(1, c), "has no place in an expression", "use numbers, v(net) and + - * / ^");
    }
    if (c == '(') ++depth_;
    if (c == ')' && --depth_ < 0) fail(out_.text, "has a ) without (", "balance the brackets");
    ++at_;
  }

  /// Digits with an exponent; a letter after it would be a SPICE suffix, where M is milli.
  void read_number() {
    const std::size_t begin = at_;
    while (at_ < out_.text.size() && (is_digit(out_.text[at_]) || out_.text[at_] == '.')) ++at_;
    if (at_ < out_.text.size() && out_.text[at_] == 'e') {
      ++at_;
      if (at_ < out_.text.size() && (out_.text[at_] == '+' || out_.text[at_] == '-')) ++at_;
      while (at_ < out_.text.size() && is_digit(out_.text[at_])) ++at_;
    }
    while (at_ < out_.text.size() && is_word(out_.text[at_])) ++at_;
    const std::string number = out_.text.substr(begin, at_ - begin);
    if (!parse_double(number)) fail(number, "is no plain number", "write it as 1e-6");
  }

  void read_word() {
    const std::string word = take_word();
    if (word == "v") return read_nets();
    if (!is_known_word(word)) {
      fail(word, "is no function or net voltage", "use v(net), or a function of ngspice");
    }
  }

  /// The `(net)` or `(net,net)` of a v.
  void read_nets() {
    expect('(');
    read_net();
    if (at_ < out_.text.size() && out_.text[at_] == ',') {
      ++at_;
      read_net();
    }
    expect(')');
  }

  void read_net() {
    const std::string name = take_word();
    const std::optional<NetId> net = name == "0" ? kGround : find_net_(name);
    if (!net) fail("v(" + name + ")", "names no net of this circuit", "add the net first");
    out_.nets.push_back(*net);
  }

  std::string take_word() {
    const std::size_t begin = at_;
    while (at_ < out_.text.size() && is_word(out_.text[at_])) ++at_;
    return out_.text.substr(begin, at_ - begin);
  }

  void expect(char wanted) {
    if (at_ >= out_.text.size() || out_.text[at_] != wanted) {
      fail(out_.text, std::string("lacks the ") + wanted + " of a v(net)", "write v(net)");
    }
    ++at_;
  }

  [[noreturn]] void fail(std::string value, std::string rule, std::string remedy) const {
    throw InputError({.place = std::string(place_),
                      .value = '"' + value.substr(0, 60) + '"',
                      .rule = std::move(rule),
                      .remedy = std::move(remedy)});
  }

  std::string_view place_;
  const std::function<std::optional<NetId>(std::string_view)>& find_net_;
  Expression out_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Expression parse_expression(std::string_view text,
                            std::string_view place,
                            const std::function<std::optional<NetId>(std::string_view)>& find_net) {
  return Reader(text, place, find_net).read();
}

}  // namespace memspice::circuit
