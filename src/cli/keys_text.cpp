#include "cli/keys_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/text_table.hpp"

namespace memspice::cli {
namespace {

using config::KeyDeclaration;
using report::display_width;

constexpr std::size_t kIndent = 2;
constexpr std::size_t kWidestName = 32;  ///< longer assignments have a line to themselves
constexpr std::size_t kNarrowest = 20;   ///< of the right column, however narrow the terminal

/// The column at which the right side starts.
std::size_t right_column(const std::vector<KeyDeclaration>& keys) {
  std::size_t widest = 0;
  for (const KeyDeclaration& key : keys) {
    const std::size_t width = display_width(assignment_of(key));
    if (width <= kWidestName) widest = std::max(widest, width);
  }
  return kIndent + widest + 2;
}

/// `left`, and beside it `lines`; below it where it is too wide.
std::string beside(const std::string& left,
                   const std::vector<std::string>& lines,
                   std::size_t column) {
  std::string text = std::string(kIndent, ' ') + left;
  std::size_t width = kIndent + display_width(left);
  for (const std::string& line : lines) {
    if (width + 2 > column) {
      text += '\n';
      width = 0;
    }
    text += std::string(column - width, ' ') + line;
    width = column;  // the next line starts anew
  }
  return text + '\n';
}

std::string heading_of(const KeyDeclaration& key) {
  if (key.table.empty()) return "at the top of the file";
  if (key.table == "variant") return "[[variant]], one for each run";
  return '[' + key.table + ']';
}

}  // namespace

std::vector<std::string> wrap(const std::string& text, std::size_t width) {
  std::vector<std::string> lines;
  for (const std::string& word : split(text, ' ')) {
    const bool fits =
        !lines.empty() && display_width(lines.back()) + 1 + display_width(word) <= width;
    if (fits) {
      lines.back() += ' ' + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

std::string assignment_of(const KeyDeclaration& key) {
  return key.is_value ? key.key + " = " + key.standard : key.key;
}

std::string accepted_by(const KeyDeclaration& key) {
  std::string text = key.type == "choice" ? key.range : key.type;
  if (!key.unit.empty()) text += " [" + key.unit + ']';
  if (key.type != "choice" && !key.range.empty()) text += ", " + key.range;
  if (key.of_card) text += ", of the card";
  if (key.is_value) return text;
  const bool is_required = key.standard.starts_with("required");
  return text + "; " + (is_required ? "" : "default: ") + key.standard;
}

std::string keys_text(const std::vector<KeyDeclaration>& keys, std::size_t width) {
  const std::size_t column = right_column(keys);
  const std::size_t room = std::max(width, column + kNarrowest) - column;
  std::string text, heading;
  for (const KeyDeclaration& key : keys) {
    if (heading_of(key) != heading) {
      heading = heading_of(key);
      text += (text.empty() ? "" : "\n") + heading + '\n';
    }
    std::vector<std::string> lines = wrap(accepted_by(key), room);
    for (const std::string& line : wrap(key.meaning, room)) lines.push_back(line);
    text += beside(assignment_of(key), lines, column);
  }
  return text;
}

std::string keys_json(const std::vector<KeyDeclaration>& keys) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const KeyDeclaration& key : keys) {
    nlohmann::ordered_json standard = key.standard;
    // What a default looks like in TOML is JSON as well: numbers, strings in quotes, lists.
    if (key.is_value) standard = nlohmann::ordered_json::parse(key.standard);
    all.push_back({{"table", key.table},
                   {"key", key.key},
                   {"type", key.type},
                   {"unit", key.unit},
                   {"range", key.range},
                   {"default", standard},
                   {"meaning", key.meaning}});
  }
  return all.dump(2) + '\n';
}

}  // namespace memspice::cli
