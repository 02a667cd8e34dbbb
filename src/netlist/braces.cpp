#include "netlist/braces.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "netlist/term.hpp"

namespace memspice::netlist {
namespace {

bool has_brace(std::string_view text) {
  return text.find('{') != std::string_view::npos;
}

std::string without_braces(std::string text) {
  std::erase_if(text, [](char c) { return c == '{' || c == '}'; });
  return text;
}

std::string as_brackets(std::string text) {
  std::replace(text.begin(), text.end(), '{', '(');
  std::replace(text.begin(), text.end(), '}', ')');
  return text;
}

bool is_enclosed(std::string_view text) {
  const bool opens = !text.empty() && (text.front() == '(' || text.front() == '{');
  return opens && closing(text, 0) + 1 == text.size();
}

/// A name or a number, for which ngspice puts brackets of its own.
bool is_atom(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

/// Whether the text means the same to a reader that drops braces. What cannot be read is taken to
/// differ: brackets too many do no harm.
bool may_lose_braces(const std::string& text) {
  try {
    return parse_term(text, "") == parse_term(without_braces(text), "");
  } catch (const InputError&) {
    return false;
  }
}

bool is_arithmetic(const std::string& text) {
  try {
    const Term::Kind kind = parse_term(text, "").kind;
    return kind == Term::Kind::Operator || kind == Term::Kind::Sign || kind == Term::Kind::Choice;
  } catch (const InputError&) {
    return false;
  }
}

bool is_word_character(char c) {
  return is_atom(std::string_view(&c, 1));
}

/// Without the blanks that part nothing, as a line's reader leaves what stands in braces: a text in
/// braces reads the same once more.
std::string squeezed(const std::string& text) {
  std::string out;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const bool parts_words = k > 0 && k + 1 < text.size() && is_word_character(text[k - 1]) &&
                             is_word_character(text[k + 1]);
    if (text[k] != ' ' || parts_words) out += text[k];
  }
  return out;
}

/// `.func name(arguments) {body}`: ngspice takes the body out of its braces.
std::vector<std::string> sound_function(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t k = 1; k < words.size(); ++k) text += (k == 1 ? "" : " ") + words[k];
  const std::size_t end_of_arguments = text.find(')');
  if (end_of_arguments == std::string::npos) return words;
  std::string head = text.substr(0, end_of_arguments + 1);
  std::string body(trim(std::string_view(text).substr(end_of_arguments + 1)));
  if (body.starts_with('=')) body.erase(0, 1);
  const bool is_braced = is_enclosed(body) && body.front() == '{';
  if (is_braced) body = body.substr(1, body.size() - 2);
  return {words.front(), std::move(head), "{" + bracket_braces(squeezed(body)) + "}"};
}

/// Everything after the nodes is one expression, though blanks may part it.
std::vector<std::string> sound_source(const std::vector<std::string>& words) {
  constexpr std::size_t kFirst = 3;
  std::string text;
  for (std::size_t k = kFirst; k < words.size(); ++k) text += (k == kFirst ? "" : " ") + words[k];
  const std::size_t equals = text.find('=');
  std::vector<std::string> sound(words.begin(), words.begin() + kFirst);
  const std::string expression =
      text.substr(0, equals + 1) + bracket_braces(std::string_view(text).substr(equals + 1));
  for (const std::string& word : split(expression, ' ')) sound.push_back(word);
  return sound;
}

bool is_behavioural(const std::vector<std::string>& words) {
  const char letter = words.front().front();
  if (words.size() < 4 || (letter != 'b' && letter != 'e' && letter != 'g')) return false;
  return std::any_of(words.begin() + 3, words.end(), [](const std::string& word) {
    return word.find('=') != std::string::npos;
  });
}

}  // namespace

std::size_t closing(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t k = open; k < text.size(); ++k) {
    if (text[k] == '(' || text[k] == '{') ++depth;
    if (text[k] == ')' || text[k] == '}') --depth;
    if (depth == 0) return k;
  }
  return text.size();
}

std::string bracket_braces(std::string_view expression) {
  const std::string text(expression);
  if (!has_brace(text) || may_lose_braces(text)) return text;
  std::string out;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] != '{') {
      out += text[k];
      continue;
    }
    const std::size_t end = closing(text, k);
    const std::string inner = as_brackets(text.substr(k + 1, end - k - 1));
    out += is_atom(inner) || is_enclosed(inner) ? "{" + inner + "}" : "{(" + inner + ")}";
    k = end;
  }
  return out;
}

std::string gather_braces(std::string_view value) {
  const std::string text(value);
  if (!has_brace(text)) return text;
  const bool is_whole = is_enclosed(text) && text.front() == '{';
  const std::string inner = as_brackets(is_whole ? text.substr(1, text.size() - 2) : text);
  return is_whole || is_arithmetic(inner) ? "{" + inner + "}" : text;
}

std::vector<std::string> with_sound_braces(const std::vector<std::string>& words) {
  if (words.empty() || std::none_of(words.begin(), words.end(), has_brace)) return words;
  if (words.front() == ".func") return sound_function(words);
  if (is_behavioural(words)) return sound_source(words);
  std::vector<std::string> sound = words;
  for (std::string& word : sound) {
    const std::size_t equals = word.find('=');
    const std::size_t first = equals == std::string::npos ? 0 : equals + 1;
    word = word.substr(0, first) + gather_braces(std::string_view(word).substr(first));
  }
  return sound;
}

}  // namespace memspice::netlist
