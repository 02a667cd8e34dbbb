#include "netlist/term.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace memspice::netlist {
namespace {

/// Operators from the weakest to the strongest; those of a row join to the left.
constexpr std::array<std::array<std::string_view, 8>, 6> kLevels = {{
    {"||"},
    {"&&"},
    {"<=", ">=", "==", "!=", "<>", "<", ">", "="},
    {"+", "-"},
    {"*", "/"},
    {},  // signs, which stand between products and powers
}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view place) : place_(place) {
    for (const char c : text) {
      if (c == ' ') continue;
      text_ += c == '{' ? '(' : (c == '}' ? ')' : c);
    }
  }

  Term parse() {
    Term term = choice();
    if (at_ < text_.size()) fail(text_.substr(at_));
    return term;
  }

 private:
  Term choice() {
    Nesting nesting(*this);
    Term condition = level(0);
    if (!take("?")) return condition;
    Term yes = choice();
    expect(":");
    Term no = choice();
    return {Term::Kind::Choice, "", {std::move(condition), std::move(yes), std::move(no)}};
  }

  Term level(std::size_t n) {
    if (n + 1 == kLevels.size()) return sign();
    Term left = level(n + 1);
    for (std::string op = take_operator(n); !op.empty(); op = take_operator(n)) {
      require_short();
      left = {Term::Kind::Operator, op, {std::move(left), level(n + 1)}};
    }
    return left;
  }

  std::string take_operator(std::size_t n) {
    for (const std::string_view op : kLevels[n]) {
      // "**" is a power.
      if (op == "*" && text_.compare(at_, 2, "**") == 0) continue;
      if (op.empty() || !take(op)) continue;
      return op == "=" ? "==" : (op == "<>" ? "!=" : std::string(op));
    }
    return "";
  }

  Term sign() {
    Nesting nesting(*this);
    if (take("+")) return sign();
    for (const char* mark : {"-", "!"}) {
      if (take(mark)) return {Term::Kind::Sign, mark, {sign()}};
    }
    return power();
  }

  Term power() {
    Term left = atom();
    while (take("**") || take("^")) {
      require_short();
      left = {Term::Kind::Operator, "^", {std::move(left), exponent()}};
    }
    return left;
  }

  Term exponent() {
    if (take("-")) return {Term::Kind::Sign, "-", {atom()}};
    return atom();
  }

  Term atom() {
    if (take("(")) {
      Term inner = choice();
      expect(")");
      return inner;
    }
    if (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) return number();
    const std::string word = take_word();
    if (word.empty()) fail(text_.substr(at_));
    if (!take("(")) return {Term::Kind::Name, word, {}};
    if (word == "v") return voltage();
    return call(word);
  }

  Term number() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
    const bool has_exponent =
        at_ + 1 < text_.size() && text_[at_] == 'e' &&
        (is_digit(text_[at_ + 1]) || text_[at_ + 1] == '+' || text_[at_ + 1] == '-');
    if (has_exponent) at_ += 2;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    return {Term::Kind::Number, text_.substr(begin, at_ - begin), {}};
  }

  Term voltage() {
    std::string nets = take_word();
    if (take(",")) nets += "," + take_word();
    expect(")");
    return {Term::Kind::Voltage, nets, {}};
  }

  Term call(const std::string& name) {
    Term term{Term::Kind::Call, name, {choice()}};
    while (take(",")) term.arguments.push_back(choice());
    expect(")");
    return term;
  }

  std::string take_word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  bool take(std::string_view wanted) {
    if (text_.compare(at_, wanted.size(), wanted) != 0) return false;
    at_ += wanted.size();
    return true;
  }
  void expect(std::string_view wanted) {
    if (!take(wanted)) fail(text_.substr(at_));
  }

  /// Bounds the depth of brackets and signs, for the text is a user's and the stack is finite.
  class Nesting {
   public:
    explicit Nesting(Parser& parser) : parser_(parser) {
      constexpr int kDeepest = 500;
      if (++parser_.depth_ > kDeepest) parser_.fail("brackets 500 deep");
    }
    ~Nesting() { --parser_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Parser& parser_;
  };

  /// A chain of operators is as deep a tree as it is long.
  void require_short() {
    constexpr int kMostOperators = 1000;
    if (++operators_ > kMostOperators) fail("more than 1000 operators");
  }

  [[noreturn]] void fail(const std::string& rest) const {
    throw InputError({.place = std::string(place_),
                      .value = '"' + rest.substr(0, 60) + '"',
                      .rule = "is no arithmetic that another dialect could spell",
                      .remedy = "write the expression with numbers, names, v(net) and operators"});
  }

  std::string text_;
  std::string_view place_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int operators_ = 0;
};

}  // namespace

bool Term::is_logical() const {
  if (kind == Kind::Sign) return text == "!";
  constexpr std::array<std::string_view, 8> kLogical = {
      "<", "<=", ">", ">=", "==", "!=", "&&", "||"};
  return kind == Kind::Operator &&
         std::find(kLogical.begin(), kLogical.end(), text) != kLogical.end();
}

Term parse_term(std::string_view text, std::string_view place) {
  return Parser(text, place).parse();
}

}  // namespace memspice::netlist
