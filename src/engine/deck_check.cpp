#include "engine/deck_check.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::engine {
namespace {

constexpr std::array<std::string_view, 17> allowed_cards = {
    ".title",
    ".option",
    ".options",
    ".dc",
    ".op",
    ".tran",
    ".print",
    ".save",
    ".subckt",
    ".ends",
    ".model",
    ".param",
    ".func",
    ".ic",
    ".nodeset",
    ".temp",
    ".global",
};
constexpr std::string_view allowed_elements = "rclkbefghvidqmjswtx";

/// ngspice's commands that run programs, load code or end the process. As lines of a circuit they
/// would be elements of odd names; nobody names an element so by chance.
constexpr std::array<std::string_view, 5> command_words = {
    "shell", "codemodel", "osdi", "pre_osdi", "quit"};

[[noreturn]] void refuse(const netlist::Deck& deck, std::size_t line, std::string_view text) {
  throw InputError({.place = "deck \"" + deck.title + "\", line " + std::to_string(line + 1),
                    .value = std::string(text.substr(0, 80)),
                    .rule = "a deck may hold circuit elements and analyses only, neither commands "
                            "nor references to files",
                    .remedy = "remove this line"});
}

[[noreturn]] void refuse_zero(const netlist::Deck& deck, std::size_t line, std::string_view text) {
  throw InputError({.place = "deck \"" + deck.title + "\", line " + std::to_string(line + 1),
                    .value = std::string(text.substr(0, 80)),
                    .rule = "ngspice takes a resistance of 0 for 1e-3 Ohm without a word",
                    .remedy = "join the two nets, or write a tiny resistance such as 1e-9"});
}

[[noreturn]] void refuse_whole(const netlist::Deck& deck, std::string rule, std::string remedy) {
  throw InputError({.place = "deck \"" + deck.title + "\"",
                    .value = {},
                    .rule = std::move(rule),
                    .remedy = std::move(remedy)});
}

std::string first_word(std::string_view line) {
  return to_lower(line.substr(0, line.find_first_of(" \t(={")));
}

bool has_control_character(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

/// ngspice runs `*#` comments as commands and takes a deck that opens with `*ng_script` for a
/// script of commands.
bool is_command_comment(std::string_view line) {
  return line.starts_with("*#") || to_lower(line).starts_with("*ng_script");
}

/// `file=` arguments of sources and models make the simulator read files.
bool names_a_file(std::string_view line) {
  std::string squeezed = to_lower(line);
  std::erase_if(squeezed, [](char c) { return c == ' ' || c == '\t'; });
  return squeezed.find("file=") != std::string::npos;
}

template <std::size_t n>
bool contains(const std::array<std::string_view, n>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_output_card(std::string_view word) {
  return word == ".print" || word == ".save";
}

bool is_allowed(std::string_view line) {
  if (line.empty()) return true;
  if (has_control_character(line) || is_command_comment(line)) return false;
  const char first = line.front();
  if (first == '*' || first == '$' || first == ';') return true;
  if (names_a_file(line) || line.find('`') != std::string_view::npos) return false;
  if (first == '+') return true;
  const std::string word = first_word(line);
  if (contains(command_words, word)) return false;
  if (first != '.') return allowed_elements.find(word.front()) != std::string_view::npos;
  const bool redirects = line.find_first_of("<>|;&!") != std::string_view::npos;
  if (is_output_card(word) && redirects) return false;
  return contains(allowed_cards, word);
}

/// A title that looks like a card is refused: what ngspice makes of it depends on its version.
bool is_allowed_title(std::string_view line) {
  return !line.starts_with('.') && !has_control_character(line) && !is_command_comment(line);
}

std::vector<std::string> words_of(std::string_view line) {
  std::string blanks_only(line);
  std::replace(blanks_only.begin(), blanks_only.end(), '\t', ' ');
  std::vector<std::string> words = split(blanks_only, ' ');
  std::erase(words, std::string());
  return words;
}

/// Second number of ".tran step stop", 0 if it is an expression or carries a suffix.
double transient_stop(std::string_view line) {
  const std::vector<std::string> words = words_of(line);
  return words.size() < 3 ? 0.0 : parse_double(words[2]).value_or(0.0);
}

/// ngspice 39 takes a resistor written as 0 for 1 mOhm and says nothing.
bool is_zero_resistor(std::string_view line) {
  if (line.empty() || (line.front() != 'r' && line.front() != 'R')) return false;
  const std::vector<std::string> words = words_of(line);
  if (words.size() < 4) return false;
  std::string_view value = words[3];
  if (const std::size_t equals = value.find('='); equals != std::string_view::npos) {
    value.remove_prefix(equals + 1);
  }
  double resistance = 0.0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), resistance);
  return read.ec == std::errc() && resistance == 0.0;
}

/// Notes the deck's analysis when `line` is its card; returns whether it was.
bool note_analysis(CheckedDeck& checked, std::string_view line) {
  const std::string word = first_word(line);
  if (word != ".dc" && word != ".op" && word != ".tran") return false;
  checked.analysis = word == ".op"   ? CheckedDeck::Analysis::OperatingPoint
                     : word == ".dc" ? CheckedDeck::Analysis::Sweep
                                     : CheckedDeck::Analysis::Transient;
  if (word == ".tran") checked.stop = transient_stop(line);
  return true;
}

}  // namespace

CheckedDeck check_deck(const netlist::Deck& deck) {
  if (trim(deck.text).empty()) refuse_whole(deck, "the deck is empty", "pass a circuit");
  if (deck.vectors.empty() && !deck.all_nets)
    refuse_whole(deck, "no vectors to read", "probe at least one quantity");
  CheckedDeck checked;
  int analyses = 0;
  bool ended = false;
  const std::vector<std::string> lines = split(deck.text, '\n');
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const std::string_view line = trim(lines[k]);
    const bool is_end = k > 0 && first_word(line) == ".end";
    const bool allowed = k == 0 ? is_allowed_title(line) : is_end || is_allowed(line);
    if (!allowed || (ended && !line.empty())) refuse(deck, k, line);
    if (k > 0 && is_zero_resistor(line)) refuse_zero(deck, k, line);
    if (k > 0 && note_analysis(checked, line)) ++analyses;
    ended = ended || is_end;
    if (!is_end) checked.lines.emplace_back(line);
  }
  if (analyses != 1) {
    refuse_whole(deck,
                 "has " + std::to_string(analyses) + " analyses where one is needed",
                 "give one of .op, .dc, .tran");
  }
  checked.lines.emplace_back(".end");
  return checked;
}

}  // namespace memspice::engine
