#include "netlist/spelling.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::netlist {
namespace {

Term number(double value) {
  Term magnitude{Term::Kind::Number, to_text(std::abs(value)), {}};
  if (value < 0) return {Term::Kind::Sign, "-", {std::move(magnitude)}};
  return magnitude;
}
Term call(const std::string& name, std::vector<Term> arguments) {
  return {Term::Kind::Call, name, std::move(arguments)};
}
Term operation(const std::string& op, Term left, Term right) {
  return {Term::Kind::Operator, op, {std::move(left), std::move(right)}};
}

/// How strongly a term's outermost operator binds.
int strength(const Term& term) {
  if (term.kind == Term::Kind::Choice) return 0;
  if (term.kind == Term::Kind::Sign) return term.text == "!" ? 7 : 5;
  if (term.kind != Term::Kind::Operator) return 8;
  if (term.text == "||") return 1;
  if (term.text == "&&") return 2;
  if (term.text == "+" || term.text == "-") return 4;
  if (term.text == "*" || term.text == "/") return 5;
  return term.text == "^" ? 7 : 3;
}

class Speller {
 public:
  Speller(const Spelling& spelling, const std::string& place)
      : spelling_(spelling), place_(place) {}

  /// As a number: truth becomes 1 or 0, which neither simulator promises by itself.
  std::string value(const Term& term) const {
    std::string text = spelled(term);
    paid_ += text.size();
    if (paid_ > kMostText) {
      throw InputError({.place = place_,
                        .value = text.substr(0, 60),
                        .rule = "grows beyond reason when it is spelled for this dialect",
                        .remedy = "nest fewer functions, or export for ngspice"});
    }
    return text;
  }

 private:
  std::string spelled(const Term& term) const {
    if (term.is_logical()) return "(" + truth(term) + " ? 1 : 0)";
    switch (term.kind) {
      case Term::Kind::Number:
        return term.text;
      case Term::Kind::Name:
        // Truncated here it would be another number: the shortest text that reads back as pi.
        return term.text == "pi" ? "3.141592653589793" : term.text;
      case Term::Kind::Voltage:
        return "v(" + term.text + ")";
      case Term::Kind::Sign:
        return "-" + bracketed(term.arguments[0], 6);
      case Term::Kind::Operator:
        return arithmetic(term);
      case Term::Kind::Choice:
        return "(" + truth(term.arguments[0]) + " ? " + value(term.arguments[1]) + " : " +
               value(term.arguments[2]) + ")";
      case Term::Kind::Call:
        return function(term);
    }
    return "";
  }

  std::string bracketed(const Term& term, int least) const {
    const bool has_brackets = term.is_logical() || term.kind == Term::Kind::Choice;
    if (has_brackets || strength(term) >= least) return value(term);
    return "(" + value(term) + ")";
  }

  std::string arithmetic(const Term& term) const {
    if (term.text == "^") return power(term.arguments[0], term.arguments[1]);
    const int own = strength(term);
    // "a--b" is not for every reader.
    const bool is_signed = term.arguments[1].kind == Term::Kind::Sign;
    return bracketed(term.arguments[0], own) + term.text +
           bracketed(term.arguments[1], is_signed ? 8 : own + 1);
  }

  /// ngspice's power takes the magnitude of its base.
  std::string power(const Term& base, const Term& exponent) const {
    return "(abs(" + value(base) + ")**" + bracketed(exponent, 8) + ")";
  }

  /// As a condition of `? :`, in brackets.
  std::string truth(const Term& term) const {
    if (!term.is_logical()) return "(" + bracketed(term, 4) + " != 0)";
    if (term.kind == Term::Kind::Sign) {
      return "(" + spelling_.negated + truth(term.arguments[0]) + ")";
    }
    const bool joins = term.text == "&&" || term.text == "||";
    if (joins) {
      return "(" + truth(term.arguments[0]) + " " +
             (term.text == "&&" ? spelling_.both : spelling_.either) + " " +
             truth(term.arguments[1]) + ")";
    }
    return "(" + bracketed(term.arguments[0], 4) + " " + term.text + " " +
           bracketed(term.arguments[1], 4) + ")";
  }

  std::string function(const Term& term) const {
    constexpr std::array<std::string_view, 18> kCommon = {"abs",
                                                          "acos",
                                                          "asin",
                                                          "atan",
                                                          "ceil",
                                                          "cos",
                                                          "cosh",
                                                          "exp",
                                                          "floor",
                                                          "min",
                                                          "max",
                                                          "nint",
                                                          "sgn",
                                                          "sin",
                                                          "sinh",
                                                          "sqrt",
                                                          "tan",
                                                          "tanh"};
    if (std::find(kCommon.begin(), kCommon.end(), term.text) != kCommon.end()) {
      return named(term.text, term);
    }
    check_count(term);
    const auto& x = term.arguments;
    if (term.text == "ln" || term.text == "log") return named(spelling_.logarithm, term);
    if (term.text == "pow") return power(x[0], x[1]);
    if (term.text == "pwr") return named(spelling_.signed_power, term);
    if (term.text == "u") return "(0.5*(1+sgn(" + value(x[0]) + ")))";
    if (term.text == "u2") return "min(max(" + value(x[0]) + ",0),1)";
    if (term.text == "uramp") return "max(" + value(x[0]) + ",0)";
    if (term.text == "ternary_fcn") return value({Term::Kind::Choice, "", x});
    if (term.text == "pwl") return piecewise(term);
    if (term.text == "asinh" || term.text == "acosh" || term.text == "atanh") {
      return spelling_.has_inverse_hyperbolic ? named(term.text, term) : by_logarithm(term);
    }
    fail(term.text);
  }

  void check_count(const Term& term) const {
    const bool takes_two = term.text == "pow" || term.text == "pwr";
    const bool takes_three = term.text == "ternary_fcn";
    const std::size_t wanted = takes_two ? 2 : (takes_three ? 3 : 1);
    if (term.text != "pwl" && term.arguments.size() != wanted) fail(term.text);
  }

  std::string named(const std::string& name, const Term& term) const {
    std::string text = name + "(";
    for (std::size_t k = 0; k < term.arguments.size(); ++k) {
      text += (k == 0 ? "" : ",") + value(term.arguments[k]);
    }
    return text + ")";
  }

  /// asinh x = sgn(x) ln(|x| + sqrt(x^2+1)), acosh x = ln(x + sqrt(x^2-1)),
  /// atanh x = ln((1+x)/(1-x))/2
  std::string by_logarithm(const Term& term) const {
    const std::string x = "(" + value(term.arguments[0]) + ")";
    const std::string& ln = spelling_.logarithm;
    if (term.text == "asinh")
      return "(sgn(" + x + ")*" + ln + "(abs(" + x + ")+sqrt(" + x + "*" + x + "+1)))";
    if (term.text == "acosh") return ln + "(" + x + "+sqrt(" + x + "*" + x + "-1))";
    return "(0.5*" + ln + "((1+" + x + ")/(1-" + x + ")))";
  }

  /// y0 + s0 (x - x0) + sum_k (s_k - s_k-1) max(x - x_k, 0): straight beyond the ends, as in
  /// ngspice; the tables of other simulators hold their end values.
  std::string piecewise(const Term& term) const {
    const auto& list = term.arguments;
    if (list.size() < 5 || list.size() % 2 == 0) fail("pwl of " + std::to_string(list.size()));
    std::vector<double> x, y;
    for (std::size_t k = 1; k + 1 < list.size(); k += 2) {
      x.push_back(constant(list[k]));
      y.push_back(constant(list[k + 1]));
    }
    Term sum = number(y[0]);
    double before = 0;
    for (std::size_t k = 0; k + 1 < x.size(); ++k) {
      if (!(x[k + 1] > x[k])) fail("pwl whose positions do not rise");
      const double slope = (y[k + 1] - y[k]) / (x[k + 1] - x[k]);
      Term distance = operation("-", list[0], number(x[k]));
      if (k > 0) distance = call("max", {std::move(distance), number(0)});
      sum = operation("+", std::move(sum), operation("*", number(slope - before), distance));
      before = slope;
    }
    return "(" + value(sum) + ")";
  }

  double constant(const Term& term) const {
    const bool is_negative = term.kind == Term::Kind::Sign && term.text == "-";
    const auto parsed = parse_double(is_negative ? term.arguments[0].text : term.text);
    if (!parsed) fail("pwl with a position that is no number");
    return is_negative ? -*parsed : *parsed;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw InputError(
        {.place = place_,
         .value = '"' + what + '"',
         .rule = "has no equivalent in this dialect",
         .remedy = "export for ngspice, or write the expression with other functions"});
  }

  /// Characters that one expression may take on the way, over all its parts: some functions are
  /// spelled with their argument more than once, which doubles with every level.
  static constexpr std::size_t kMostText = std::size_t{1} << 26;
  const Spelling& spelling_;
  const std::string& place_;
  mutable std::size_t paid_ = 0;
};

/// HSPICE takes 1024 characters a line; two backslashes carry a quoted expression on.
std::string broken(const std::string& text) {
  constexpr std::size_t kLongest = 600;
  std::string lines;
  std::size_t length = 0;
  for (const char c : text) {
    lines += c;
    const bool may_break = c == ',' || c == ' ';
    if (++length < kLongest || !may_break) continue;
    lines += "\\\\\n";
    length = 0;
  }
  return lines;
}

}  // namespace

const Spelling& xyce_spelling() {
  static const Spelling spelling;
  return spelling;
}

const Spelling& hspice_spelling() {
  static const Spelling spelling{.dialect = Dialect::Hspice,
                                 .open = '\'',
                                 .close = '\'',
                                 .logarithm = "log",
                                 .signed_power = "pwr",
                                 .both = "&&",
                                 .either = "||",
                                 .negated = "!",
                                 .has_inverse_hyperbolic = false,
                                 .breaks_lines = true};
  return spelling;
}

std::string spell(const Term& term, const Spelling& spelling, const std::string& place) {
  return Speller(spelling, place).value(term);
}

std::string spell_quoted(const Term& term, const Spelling& spelling, const std::string& place) {
  const std::string text = spell(term, spelling, place);
  return spelling.open + (spelling.breaks_lines ? broken(text) : text) + spelling.close;
}

}  // namespace memspice::netlist
