#include "netlist/model_lines.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::netlist {
namespace {

/// Letters and digits apart, the characters that elements, numbers and arithmetic are made of.
constexpr std::string_view kAllowed = " ._+-*/^()={},?:<>!&|'";

bool is_allowed(char c) {
  const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  return is_word || kAllowed.find(c) != std::string_view::npos;
}

bool is_printable(char c) {
  return (c >= 0x20 && c < 0x7f) || c == '\t';
}

/// What stands before `; ...` or ` $ ...`.
std::string_view without_comment(std::string_view line) {
  line = line.substr(0, line.find(';'));
  for (std::size_t k = 0; k < line.size(); ++k) {
    const bool after_blank = k == 0 || line[k - 1] == ' ' || line[k - 1] == '\t';
    if (line[k] == '$' && after_blank) return line.substr(0, k);
  }
  return line;
}

/// One physical line in lower case, without comment and outer blanks.
std::string clean_line(std::string_view raw, std::string_view place, std::size_t number) {
  if (raw.ends_with('\r')) raw.remove_suffix(1);
  const auto odd = std::find_if_not(raw.begin(), raw.end(), is_printable);
  if (odd != raw.end()) {
    refuse_model(place,
                 number,
                 std::string(1, *odd),
                 "this byte is no printable ASCII",
                 "write the model in plain ASCII");
  }
  if (trim(raw).starts_with('*')) return "";
  std::string line = to_lower(trim(without_comment(raw)));
  std::replace(line.begin(), line.end(), '\t', ' ');
  const auto bad = std::find_if_not(line.begin(), line.end(), is_allowed);
  if (bad != line.end()) {
    refuse_model(place,
                 number,
                 std::string(1, *bad),
                 "this character has no place in a model",
                 "use names, numbers, {expressions} and arithmetic");
  }
  return line;
}

bool is_one_of(char c, std::string_view list) {
  return list.find(c) != std::string_view::npos;
}

/// Whether a blank inside brackets or braces means nothing between these two characters. The
/// waveform of a source is a list: `pulse(0 -1 {t})` holds three numbers.
bool binds(char before, char after, bool is_list) {
  if (is_list) return is_one_of(before, "=,({") || is_one_of(after, "=,)}");
  return is_one_of(before, "=,({+-*/^?:<>!&|") || is_one_of(after, "=,()}+-*/^?:<>!&|");
}

/// Drops blanks inside brackets and braces and around `=` and `,`; the others part the words.
std::vector<std::string> split_words(const std::string& line) {
  std::vector<std::string> words(1);
  int depth = 0, braces = 0;
  const bool is_source = is_one_of(line.front(), "vi");
  for (std::size_t k = 0; k < line.size(); ++k) {
    const char c = line[k];
    if (c == '(' || c == '{') ++depth;
    if (c == ')' || c == '}') --depth;
    if (c == '{' || c == '}') braces += c == '{' ? 1 : -1;
    if (c != ' ') {
      words.back() += c;
      continue;
    }
    const std::size_t next = line.find_first_not_of(' ', k);
    const char before = words.back().empty() ? ' ' : words.back().back();
    const char after = next == std::string::npos ? ' ' : line[next];
    const bool joins = before == '=' || after == '=' || before == ',' || after == ',';
    if (depth > 0 && binds(before, after, is_source && braces == 0)) continue;
    if (!joins && !words.back().empty()) words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// 'expression' is another spelling of {expression}.
std::string with_braces_for_quotes(std::string line, std::string_view place, std::size_t number) {
  bool is_open = false;
  for (char& c : line) {
    if (c != '\'') continue;
    c = is_open ? '}' : '{';
    is_open = !is_open;
  }
  if (is_open) refuse_model(place, number, "'", "has no second quote", "close the quote");
  return line;
}

void check_brackets(const std::string& line, std::string_view place, std::size_t number) {
  std::string open;
  for (const char c : line) {
    if (c == '(' || c == '{') open += c;
    if (c != ')' && c != '}') continue;
    if (open.empty() || open.back() != (c == ')' ? '(' : '{')) open = "?";
    if (open == "?") break;
    open.pop_back();
  }
  if (open.empty()) return;
  refuse_model(place, number, line, "its brackets do not match", "balance ( ) and { }");
}

}  // namespace

void refuse_model(std::string_view place,
                  std::size_t line,
                  std::string_view word,
                  const std::string& rule,
                  const std::string& remedy) {
  constexpr std::size_t kShown = 60;
  const std::string at = line == 0 ? "" : ":" + std::to_string(line);
  throw InputError({.place = std::string(place) + at,
                    .value = word.empty() ? "" : '"' + std::string(word.substr(0, kShown)) + '"',
                    .rule = rule,
                    .remedy = remedy});
}

std::vector<ModelLine> read_model_lines(std::string_view text, std::string_view place) {
  struct Joined {
    std::size_t number;
    std::string text;
  };
  std::vector<Joined> joined;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string line = clean_line(text.substr(0, end), place, ++number);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) continue;
    if (line.front() != '+') {
      joined.push_back({number, line});
    } else if (joined.empty()) {
      refuse_model(place, number, line, "continues no line", "put the + line after another");
    } else {
      joined.back().text += " " + line.substr(1);
    }
  }
  std::vector<ModelLine> lines;
  for (Joined& line : joined) {
    line.text = with_braces_for_quotes(std::move(line.text), place, line.number);
    check_brackets(line.text, place, line.number);
    ModelLine out{line.number, split_words(line.text)};
    if (!out.words.empty()) lines.push_back(std::move(out));
  }
  return lines;
}

}  // namespace memspice::netlist
