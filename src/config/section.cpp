#include "config/section.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/text.hpp"

namespace memspice::config {
namespace {

/// A float that is a whole number counts as one: 1e3 levels.
std::optional<long long> as_integer(const Scalar& value) {
  if (const auto* whole = std::get_if<long long>(&value)) return *whole;
  const auto* number = std::get_if<double>(&value);
  constexpr double largest_exact = 9007199254740992.0;  // 2^53
  if (number == nullptr || !(std::abs(*number) <= largest_exact)) return std::nullopt;
  if (std::trunc(*number) != *number) return std::nullopt;
  return static_cast<long long>(*number);
}

std::optional<double> as_number(const Scalar& value) {
  if (const auto* whole = std::get_if<long long>(&value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

std::string example_of(Unit unit) {
  if (unit == Unit::None) return "write a number";
  const std::string name(symbol(unit));
  return "write a number in " + name + " or a string with a unit, \"1 " + name + '"';
}

/// As a flow file would say it: "0.2 V" in quotes, or a bare number.
std::string toml_quantity(double value, Unit unit) {
  constexpr int digits = 6;
  return unit == Unit::None ? to_text(value) : in_quotes(format_quantity(value, unit, digits));
}

/// "1 to 16", with words for numbers "\"binary\" or 1 to 16".
std::string accepted(IntegerRange range, const Section::NumberWords& words) {
  const std::string numbers = std::to_string(range.low) + " to " + std::to_string(range.high);
  std::vector<std::string> names;
  for (const auto& [word, number] : words) names.push_back(in_quotes(word));
  return words.empty() ? numbers : join(names, ", ") + " or " + numbers;
}

/// The number, or the word for it.
std::string toml_number(int value, const Section::NumberWords& words) {
  const auto found = std::ranges::find(words, value, &Section::NumberWords::value_type::second);
  return found == words.end() ? std::to_string(value) : in_quotes(found->first);
}

std::string range_of(Bound bound) {
  if (bound == Bound::Any) return {};
  return bound == Bound::Positive ? "above 0" : "0 or more";
}

/// "[5, 50, 95]"; empty for none.
template <typename Value, typename ToText>
std::string list_of(const std::vector<Value>& values, ToText&& text_of) {
  std::vector<std::string> texts;
  for (const Value& value : values) texts.push_back(text_of(value));
  return texts.empty() ? "" : '[' + join(texts, ", ") + ']';
}

}  // namespace

std::string Section::read_text(const std::string& key, const Scalar& value) const {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) reject(key, "must be a string", "put it in quotes");
  if (text->empty()) reject(key, "must not be empty", "give a name or leave the key out");
  if (escape_controls(*text) != *text) {
    reject(key, "must not hold control or invisible characters", "remove them");
  }
  return *text;
}

bool Section::read_string(const std::string& key, std::string& value) {
  const Entry* entry = document_.find(table_, key);
  if (entry == nullptr) return false;
  const bool is_bare = entry->is_override && !std::holds_alternative<std::string>(entry->value) &&
                       !std::holds_alternative<std::monostate>(entry->value);
  // --set data.folder=2024 means the name.
  value = read_text(key, is_bare ? Scalar(entry->written) : entry->value);
  return true;
}

bool Section::read(const Key& key, std::string& value) {
  declare(key, {.type = "string", .standard = value.empty() ? "" : in_quotes(value)});
  return read_string(key.name, value);
}

bool Section::read_choice(const Key& key, std::string& word) {
  declare(key, {.type = "choice", .standard = word.empty() ? "" : in_quotes(word)});
  return read_string(key.name, word);
}

bool Section::read_word(const Key& key, const std::vector<std::string>& words, std::size_t& index) {
  std::string word = words.at(index);
  declare(key, {.type = "choice", .range = join(words, ", "), .standard = in_quotes(word)});
  if (!read_string(key.name, word)) return false;
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) reject(key.name, "is not known here", suggest(word, words));
  index = static_cast<std::size_t>(found - words.begin());
  return true;
}

bool Section::read(const Key& key, std::vector<std::string>& values) {
  declare(key, {.type = "list of strings", .standard = list_of(values, in_quotes)});
  const Entry* entry = document_.find(table_, key.name);
  if (entry == nullptr) return false;
  values.clear();
  if (!entry->is_array) values.push_back(read_text(key.name, entry->value));
  for (const Scalar& item : entry->items) values.push_back(read_text(key.name, item));
  return true;
}

double Section::read_number(const std::string& key, const Scalar& value, Unit unit) const {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return at(key, [&] { return parse_quantity(*text, unit, key); });
  }
  const auto number = as_number(value);
  if (!number) reject(key, "must be a number", example_of(unit));
  if (!std::isfinite(*number)) reject(key, "must be finite", example_of(unit));
  return *number;
}

bool Section::read(const Key& key, std::vector<double>& values, Unit unit) {
  const auto quantity = [&](double value) { return toml_quantity(value, unit); };
  declare(key,
          {.type = "list of numbers",
           .unit = std::string(symbol(unit)),
           .standard = list_of(values, quantity)});
  const Entry* entry = document_.find(table_, key.name);
  if (entry == nullptr) return false;
  values.clear();
  if (!entry->is_array) {
    values.push_back(read_number(key.name, entry->value, unit));
    return true;
  }
  for (const Scalar& item : entry->items) values.push_back(read_number(key.name, item, unit));
  return true;
}

bool Section::read(const Key& key, double& value, Unit unit, Bound bound) {
  declare(key,
          {.type = "number",
           .unit = std::string(symbol(unit)),
           .range = range_of(bound),
           .standard = toml_quantity(value, unit)});
  const Entry* entry = document_.find(table_, key.name);
  if (entry == nullptr) return false;
  value = read_number(key.name, entry->value, unit);
  if (bound == Bound::NotNegative && value < 0.0) {
    reject(key.name, "must be zero or positive", "remove the minus sign");
  }
  if (bound == Bound::Positive && value <= 0.0) {
    reject(key.name, "must be above zero", example_of(unit));
  }
  return true;
}

long long Section::read_integer(const std::string& key,
                                const Entry& entry,
                                const std::string& rule) const {
  const auto whole = as_integer(entry.value);
  if (!whole) reject(key, "must be a whole number, " + rule, "write it without quotes or decimals");
  return *whole;
}

bool Section::read(const Key& key, int& value, IntegerRange range, const NumberWords& words) {
  const std::string rule = accepted(range, words);
  declare(key,
          {.type = words.empty() ? "whole number" : "whole number or word",
           .range = rule,
           .standard = toml_number(value, words)});
  const Entry* entry = document_.find(table_, key.name);
  if (entry == nullptr) return false;
  const auto* word = std::get_if<std::string>(&entry->value);
  if (word != nullptr && !words.empty()) {
    const auto found = std::ranges::find(words, *word, &NumberWords::value_type::first);
    if (found == words.end()) reject(key.name, "is not known here", "write " + rule);
    value = found->second;
    return true;
  }
  const long long whole = read_integer(key.name, *entry, rule);
  if (whole < range.low || whole > range.high) {
    reject(key.name, "must be " + rule, "choose a value in that range");
  }
  value = static_cast<int>(whole);
  return true;
}

bool Section::read(const Key& key, std::uint64_t& value) {
  declare(key, {.type = "whole number", .range = "0 or more", .standard = std::to_string(value)});
  const Entry* entry = document_.find(table_, key.name);
  if (entry == nullptr) return false;
  const long long whole = read_integer(key.name, *entry, "zero or positive");
  if (whole < 0) reject(key.name, "must be zero or positive", "remove the minus sign");
  value = static_cast<std::uint64_t>(whole);
  return true;
}

bool Section::read(const Key& key, bool& value) {
  declare(key, {.type = "true or false", .standard = value ? "true" : "false"});
  const Entry* entry = document_.find(table_, key.name);
  if (entry == nullptr) return false;
  const auto* flag = std::get_if<bool>(&entry->value);
  if (flag == nullptr) reject(key.name, "must be true or false", "write it without quotes");
  value = *flag;
  return true;
}

void Section::require(const Key& key, std::string& value, const std::string& example) {
  Key required = key;
  if (required.text.standard.empty()) required.text.standard = "required";
  if (!read(required, value)) document_.note_missing(table_, key.name, example);
}

void Section::declare(const Key& key, KeyDeclaration declaration) const {
  if (!document_.lists_keys()) return;
  const std::string name = full_name(table_, key.name);
  const auto dot = name.rfind('.');
  declaration.table = dot == std::string::npos ? "" : name.substr(0, dot);
  declaration.key = name.substr(dot + 1);
  declaration.meaning = key.meaning;
  declaration.of_card = key.text.of_card;
  if (!key.text.range.empty()) declaration.range = key.text.range;
  if (!key.text.standard.empty()) declaration.standard = key.text.standard;
  declaration.is_value = key.text.standard.empty() && !declaration.standard.empty();
  if (declaration.standard.empty()) declaration.standard = "none";
  document_.list_key(std::move(declaration));
}

}  // namespace memspice::config
