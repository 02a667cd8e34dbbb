#include "config/section.hpp"

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

bool Section::read(const std::string& key, std::string& value) {
  const Entry* entry = document_.find(table_, key);
  if (entry == nullptr) return false;
  const bool is_bare = entry->is_override && !std::holds_alternative<std::string>(entry->value) &&
                       !std::holds_alternative<std::monostate>(entry->value);
  // --set data.folder=2024 means the name.
  value = read_text(key, is_bare ? Scalar(entry->written) : entry->value);
  return true;
}

bool Section::read(const std::string& key, std::vector<std::string>& values) {
  const Entry* entry = document_.find(table_, key);
  if (entry == nullptr) return false;
  values.clear();
  if (!entry->is_array) values.push_back(read_text(key, entry->value));
  for (const Scalar& item : entry->items) values.push_back(read_text(key, item));
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

bool Section::read(const std::string& key, std::vector<double>& values, Unit unit) {
  const Entry* entry = document_.find(table_, key);
  if (entry == nullptr) return false;
  values.clear();
  if (!entry->is_array) {
    values.push_back(read_number(key, entry->value, unit));
    return true;
  }
  for (const Scalar& item : entry->items) values.push_back(read_number(key, item, unit));
  return true;
}

bool Section::read(const std::string& key, double& value, Unit unit, Bound bound) {
  const Entry* entry = document_.find(table_, key);
  if (entry == nullptr) return false;
  value = read_number(key, entry->value, unit);
  if (bound == Bound::NotNegative && value < 0.0) {
    reject(key, "must be zero or positive", "remove the minus sign");
  }
  if (bound == Bound::Positive && value <= 0.0) reject(key, "must be above zero", example_of(unit));
  return true;
}

long long Section::read_integer(const std::string& key,
                                const Entry& entry,
                                const std::string& rule) const {
  const auto whole = as_integer(entry.value);
  if (!whole) reject(key, "must be a whole number, " + rule, "write it without quotes or decimals");
  return *whole;
}

bool Section::read(const std::string& key, int& value, IntegerRange range) {
  const Entry* entry = document_.find(table_, key);
  if (entry == nullptr) return false;
  const std::string rule = std::to_string(range.low) + " to " + std::to_string(range.high);
  const long long whole = read_integer(key, *entry, rule);
  if (whole < range.low || whole > range.high) {
    reject(key, "must be " + rule, "choose a value in that range");
  }
  value = static_cast<int>(whole);
  return true;
}

bool Section::read(const std::string& key, std::uint64_t& value) {
  const Entry* entry = document_.find(table_, key);
  if (entry == nullptr) return false;
  const long long whole = read_integer(key, *entry, "zero or positive");
  if (whole < 0) reject(key, "must be zero or positive", "remove the minus sign");
  value = static_cast<std::uint64_t>(whole);
  return true;
}

void Section::require(const std::string& key, std::string& value, const std::string& example) {
  if (!read(key, value)) document_.note_missing(table_, key, example);
}

}  // namespace memspice::config
