#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "netlist/term.hpp"

namespace memspice::netlist {
namespace {

/// A term that goes into others, with what a copy of it costs.
struct Value {
  Term term;
  std::size_t size = 0;
};
using Values = std::map<std::string, Value>;

std::size_t size_of(const Term& term) {
  std::size_t size = 1;
  for (const Term& argument : term.arguments) size += size_of(argument);
  return size;
}

std::size_t depth_of(const Term& term) {
  std::size_t depth = 0;
  for (const Term& argument : term.arguments) depth = std::max(depth, depth_of(argument));
  return depth + 1;
}

/// Writes calls out; each node that it makes is paid from a budget, because functions that use
/// their argument twice double the text with every level.
class Inliner {
 public:
  Inliner(const Functions& functions, std::string_view place)
      : functions_(functions), place_(place) {}

  Term inline_calls(const Term& term, int depth) {
    constexpr int kDeepest = 50;  // functions that call each other in a circle
    if (depth > kDeepest) fail(term.text, "calls itself", "write the function without recursion");
    pay(term, 1);
    Term inlined{term.kind, term.text, {}};
    for (const Term& argument : term.arguments) {
      inlined.arguments.push_back(inline_calls(argument, depth));
    }
    if (term.kind != Term::Kind::Call) return inlined;
    const auto function = functions_.find(term.text);
    if (function == functions_.end()) return inlined;
    return body_of(function->second, inlined, depth);
  }

 private:
  Term body_of(const Function& function, Term& call, int depth) {
    const auto& names = function.names;
    if (names.size() != call.arguments.size()) {
      fail(call.text,
           "takes " + std::to_string(names.size()) + " arguments",
           "call it as its .func says");
    }
    Values values;
    for (std::size_t k = 0; k < names.size(); ++k) {
      const std::size_t size = size_of(call.arguments[k]);
      values[names[k]] = {std::move(call.arguments[k]), size};
    }
    Term whole = replace_names(inline_calls(function.body, depth + 1), values);
    if (depth_of(whole) > kDeepestTerm) fail_too_large(call.text);
    return whole;
  }

  Term replace_names(const Term& term, const Values& values) {
    const auto value = term.kind == Term::Kind::Name ? values.find(term.text) : values.end();
    if (value != values.end()) {
      pay(term, value->second.size);
      return value->second.term;
    }
    pay(term, 1);
    Term replaced{term.kind, term.text, {}};
    for (const Term& argument : term.arguments) {
      replaced.arguments.push_back(replace_names(argument, values));
    }
    return replaced;
  }

  void pay(const Term& term, std::size_t nodes) {
    constexpr std::size_t kMostNodes = 200'000;
    spent_ += nodes;
    if (spent_ > kMostNodes) fail_too_large(term.text);
  }

  [[noreturn]] void fail_too_large(const std::string& value) const {
    fail(value,
         "grows beyond reason when its .func calls are written out, as this dialect needs",
         "use an argument once where it can be, or export for ngspice");
  }

  [[noreturn]] void fail(const std::string& value,
                         const std::string& rule,
                         const std::string& remedy) const {
    throw InputError(
        {.place = std::string(place_), .value = value, .rule = rule, .remedy = remedy});
  }

  static constexpr std::size_t kDeepestTerm = 1000;
  const Functions& functions_;
  std::string_view place_;
  std::size_t spent_ = 0;
};

}  // namespace

Term inline_calls(const Term& term, const Functions& functions, std::string_view place) {
  return Inliner(functions, place).inline_calls(term, 0);
}

}  // namespace memspice::netlist
