#include "netlist/foreign_spelling.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "netlist/braces.hpp"

namespace memspice::netlist {
namespace {

using Words = std::vector<std::string>;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/// What stands between commas outside of inner brackets.
Words arguments_of(std::string_view text) {
  Words arguments(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' || c == '{' ? 1 : 0;
    depth -= c == ')' || c == '}' ? 1 : 0;
    if (c == ',' && depth == 0)
      arguments.emplace_back();
    else
      arguments.back() += c;
  }
  return arguments;
}

/// Functions that ngspice lacks, with what does their work.
const std::map<std::string, std::string, std::less<>> kWithoutEquivalent{
    {"sdt", "charge a capacitor: Gq 0 q value={...}, Cq q 0 1, and read V(q)"},
    {"idt", "charge a capacitor: Gq 0 q value={...}, Cq q 0 1, and read V(q)"},
    {"idtmod", "charge a capacitor: Gq 0 q value={...}, Cq q 0 1, and read V(q)"},
    {"table", "write the law as an expression, or its pieces with if(c,a,b)"},
    {"tbl", "write the law as an expression, or its pieces with if(c,a,b)"},
    {"delay", "use a transmission line, or leave it out"},
    {"absdelay", "use a transmission line, or leave it out"},
    {"uplim", "use min(x,limit)"},
    {"dnlim", "use max(x,limit)"},
    {"white", "a model has no noise of its own here: leave it out"},
    {"rand", "a model has no noise of its own here: leave it out"},
    {"random", "a model has no noise of its own here: leave it out"}};

class Translation {
 public:
  Translation(std::vector<ModelLine> lines, std::string_view place)
      : lines_(std::move(lines)), place_(place) {}

  std::vector<ModelLine> lines() && {
    for (ModelLine& line : lines_) read_line(line);
    for (ModelLine& line : lines_) translate(line);
    return std::move(lines_);
  }

 private:
  static bool is_card(const ModelLine& line) { return line.words.front().front() == '.'; }

  /// Parameters, own functions, and the nodes whose names ngspice would not take.
  void read_line(ModelLine& line) {
    Words& words = line.words;
    if (words.front() == ".params") words.front() = ".param";
    if (words.front() == ".func") mend_function(line);
    if (words.front() == ".subckt" || words.front() == ".param") {
      for (std::size_t k = 1; k < words.size(); ++k) {
        const std::size_t equals = words[k].find('=');
        if (equals != std::string::npos) parameters_.insert(words[k].substr(0, equals));
      }
    }
    const auto [first, last] = nodes_of(line);
    for (std::size_t k = first; k < last; ++k) name_node(words[k]);
  }

  /// Where the words of a line are nodes: of elements the two that all have, and the controlling
  /// ones of a plain E or G.
  std::pair<std::size_t, std::size_t> nodes_of(const ModelLine& line) const {
    const Words& words = line.words;
    if (words.front() == ".subckt") {
      std::size_t last = 2;
      while (last < words.size() && words[last] != "params:" &&
             words[last].find('=') == std::string::npos) {
        ++last;
      }
      return {std::min<std::size_t>(2, last), last};
    }
    if (is_card(line)) return {0, 0};
    const char letter = words.front().front();
    const bool is_controlled = (letter == 'e' || letter == 'g') && words.size() == 6;
    return {1, std::min<std::size_t>(words.size(), is_controlled ? 5 : 3)};
  }

  void name_node(const std::string& node) {
    std::string name;
    for (const char c : node) {
      if (c == '+')
        name += "_p";
      else if (c == '-')
        name += "_n";
      else
        name += c;
    }
    if (name == node)
      names_.insert(node);
    else
      nodes_[node] = name;
  }

  std::string renamed(const std::string& node) const {
    const auto found = nodes_.find(node);
    if (found == nodes_.end()) return node;
    std::string name = found->second;
    while (names_.contains(name)) name += '_';
    return name;
  }

  /// ".func f(x) = a + b" -> ".func f(x) {a+b}".
  static void mend_function(ModelLine& line) {
    std::string text;
    for (std::size_t k = 1; k < line.words.size(); ++k) text += line.words[k];
    const std::size_t close = text.find(')');
    if (close == std::string::npos || close + 1 >= text.size()) return;
    std::string body = text.substr(close + 1);
    const bool has_equals = body.front() == '=';
    if (has_equals) body.erase(0, 1);
    if (!has_equals && body.front() == '{') return;
    if (body.empty()) return;
    if (body.front() != '{' || closing(body, 0) + 1 != body.size()) body = '{' + body + '}';
    line.words = {".func", text.substr(0, close + 1), body};
  }

  void translate(ModelLine& line) {
    const auto [first, last] = nodes_of(line);
    for (std::size_t k = first; k < last; ++k) line.words[k] = renamed(line.words[k]);
    for (std::size_t k = std::max<std::size_t>(last, 1); k < line.words.size(); ++k) {
      std::string& word = line.words[k];
      const bool is_function_head = line.words.front() == ".func" && k == 1;
      if (!is_function_head && holds_calls(word)) word = calls_in(word, line);
      if (!is_card(line) || line.words.front() == ".ic") word = in_braces(line, k);
    }
  }

  /// Waveforms are lists over several words: pulse(0 1 1n ...).
  static bool holds_calls(const std::string& word) {
    return word.find('(') != std::string::npos &&
           std::ranges::count(word, '(') == std::ranges::count(word, ')');
  }

  /// A parameter's bare name in the place of a number.
  std::string in_braces(const ModelLine& line, std::size_t k) const {
    const std::string& word = line.words[k];
    const std::size_t equals = word.rfind('=');
    const std::string value = equals == std::string::npos ? word : word.substr(equals + 1);
    if (!parameters_.contains(value)) return word;
    const bool takes_number =
        std::string_view("rclvi").find(line.words.front().front()) != std::string_view::npos;
    if (equals != std::string::npos) return word.substr(0, equals + 1) + '{' + value + '}';
    return takes_number && k == 3 ? '{' + value + '}' : word;
  }

  /// The text with calls and v() in ngspice's words.
  std::string calls_in(std::string_view text, const ModelLine& line) const {
    std::string out;
    for (std::size_t k = 0; k < text.size();) {
      const std::size_t start = k;
      while (k < text.size() && is_name_character(text[k])) ++k;
      const std::string name(text.substr(start, k - start));
      if (name.empty()) {
        out += text[k++];
      } else if (k < text.size() && text[k] == '(') {
        const std::size_t close = closing(text, k);
        out += call_of(name, text.substr(k + 1, close - k - 1), line);
        k = close + 1;
      } else {
        out += name;
      }
    }
    return out;
  }

  std::string call_of(const std::string& name,
                      std::string_view inner,
                      const ModelLine& line) const {
    Words arguments = arguments_of(inner);
    for (std::string& argument : arguments) {
      argument = name == "v" ? renamed(argument) : calls_in(argument, line);
    }
    const auto require = [&](std::size_t count, const char* form) {
      if (arguments.size() != count) {
        refuse_model(
            place_, line.number, name, "has other arguments", std::string("write ") + form);
      }
    };
    const auto in_brackets = [](const std::string& text) { return '(' + text + ')'; };
    if (name == "if" || name == "ifx") {
      require(3, "if(condition,a,b)");
      return '(' + in_brackets(arguments[0]) + '?' + in_brackets(arguments[1]) + ':' +
             in_brackets(arguments[2]) + ')';
    }
    if (name == "limit") {
      require(3, "limit(x,lowest,highest)");
      return "min(max(" + arguments[0] + ',' + arguments[1] + ")," + arguments[2] + ')';
    }
    const auto unknown = kWithoutEquivalent.find(name);
    if (unknown != kWithoutEquivalent.end()) {
      refuse_model(place_, line.number, name, "has no equivalent in ngspice", unknown->second);
    }
    return (name == "stp" ? "u" : name) + in_brackets(join(arguments, ","));
  }

  std::vector<ModelLine> lines_;
  std::string_view place_;
  std::set<std::string> parameters_, names_;
  std::map<std::string, std::string> nodes_;
};

}  // namespace

std::vector<ModelLine> in_own_words(std::vector<ModelLine> lines, std::string_view place) {
  return Translation(std::move(lines), place).lines();
}

}  // namespace memspice::netlist
