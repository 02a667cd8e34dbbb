#include "netlist/function_growth.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <string>

#include "netlist/function_text.hpp"

namespace memspice::netlist {
namespace {

constexpr double kLongestLine = 1 << 20;   // [bytes]
constexpr double kLongestText = 16 << 20;  // [bytes]

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// What a text writes out to: a length of its own, and so many uses of each name of its function.
struct Growth {
  double length = 0.0;
  std::map<std::string, double> uses;

  void add(const Growth& other, double times) {
    length += times * other.length;
    for (const auto& [name, count] : other.uses) uses[name] += times * count;
  }
};

struct BoundedFunction {
  std::vector<std::string> names;
  std::string body;
  bool is_known = false, is_open = false;
  Growth growth;
};
using BoundedFunctions = std::map<std::string, BoundedFunction>;

/// Measures texts by the growth of the functions that they call. Lengths are doubles: an overflow
/// is an infinity and as good as any other length that is too large.
class Measure {
 public:
  explicit Measure(BoundedFunctions& functions) : functions_(functions) {}

  Growth of(std::string_view text) {
    Growth growth;
    for (std::size_t at = 0; at < text.size();) {
      if (!is_word(text[at])) {
        growth.length += 1.0;
        ++at;
        continue;
      }
      const std::size_t begin = at;
      while (at < text.size() && is_word(text[at])) ++at;
      const std::string word(text.substr(begin, at - begin));
      const auto function = functions_.find(word);
      if (function != functions_.end() && at < text.size() && text[at] == '(') {
        const std::size_t end = closing(text, at);
        growth.add(call(function->second, text.substr(at + 1, end - at - 1)), 1.0);
        at = std::min(end + 1, text.size());
      } else {
        growth.length += static_cast<double>(word.size());
        growth.uses[word] += 1.0;
      }
    }
    return growth;
  }

 private:
  /// Calls nest at most this deep; deeper text is counted as too long.
  static constexpr int kDeepest = 500;

  static std::size_t closing(std::string_view text, std::size_t open) {
    int depth = 0;
    for (std::size_t k = open; k < text.size(); ++k) {
      if (text[k] == '(') ++depth;
      if (text[k] == ')' && --depth == 0) return k;
    }
    return text.size();
  }

  static std::vector<std::string_view> arguments(std::string_view text) {
    std::vector<std::string_view> list;
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t k = 0; k < text.size(); ++k) {
      if (text[k] == '(') ++depth;
      if (text[k] == ')') --depth;
      if (text[k] != ',' || depth != 0) continue;
      list.push_back(text.substr(begin, k - begin));
      begin = k + 1;
    }
    list.push_back(text.substr(begin));
    return list;
  }

  const Growth& body(BoundedFunction& function) {
    if (function.is_known) return function.growth;
    function.is_open = true;
    function.growth = of(function.body);
    function.is_open = false;
    function.is_known = true;
    return function.growth;
  }

  Growth call(BoundedFunction& function, std::string_view text) {
    if (function.is_open || depth_ >= kDeepest) return {.length = 2.0 * kLongestText, .uses = {}};
    ++depth_;
    const Growth& inner = body(function);
    Growth growth{.length = inner.length, .uses = {}};
    const auto given = arguments(text);
    for (std::size_t k = 0; k < given.size() && k < function.names.size(); ++k) {
      const auto uses = inner.uses.find(function.names[k]);
      // An argument that the body does not use is read all the same.
      growth.add(of(given[k]), uses == inner.uses.end() ? 1.0 : uses->second);
    }
    --depth_;
    return growth;
  }

  BoundedFunctions& functions_;
  int depth_ = 0;
};

std::string joined(const ModelLine& line, std::size_t first) {
  std::string text;
  for (std::size_t k = first; k < line.words.size(); ++k) text += line.words[k] + ' ';
  return text;
}

/// A text of another form defines nothing and grows nothing.
void read_function(const ModelLine& line, BoundedFunctions& functions) {
  auto text = split_function(line.words);
  if (!text) return;
  BoundedFunction function;
  function.names = std::move(text->arguments);
  function.body = std::move(text->body);
  functions[text->name] = std::move(function);
}

[[noreturn]] void refuse_growth(std::string_view place, const ModelLine& line) {
  refuse_model(place,
               line.number,
               line.words.front(),
               "grows beyond reason when its .func calls are written out, as a simulator does",
               "let functions use an argument once, and call few others");
}

}  // namespace

void require_bounded_functions(const std::vector<ModelLine>& lines, std::string_view place) {
  BoundedFunctions functions;
  for (const ModelLine& line : lines) {
    if (line.words.front() == ".func") read_function(line, functions);
  }
  if (functions.empty()) return;
  Measure measure(functions);
  double total = 0.0;
  for (const ModelLine& line : lines) {
    const double length = measure.of(joined(line, 1)).length;
    total += length;
    if (!(length <= kLongestLine) || !(total <= kLongestText)) refuse_growth(place, line);
  }
}

}  // namespace memspice::netlist
