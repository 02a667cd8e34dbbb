#pragma once
// Typed reading of one table of a TOML document. An absent key leaves the value as it is.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/units.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// The least a quantity may be.
enum class Bound { Any, NotNegative, Positive };

/// The whole numbers that a key accepts.
struct IntegerRange {
  long long low = 0;
  long long high = 0;
};

class Section {
 public:
  Section(TomlDocument& document, std::string table)
      : document_(document), table_(std::move(table)) {}

  bool has(const std::string& key) const { return document_.peek(table_, key) != nullptr; }

  /// Each returns whether the key was there; throws InputError with its place when it does not fit.
  bool read(const std::string& key, std::string& value);
  bool read(const std::string& key, double& value, Unit unit, Bound bound = Bound::Any);
  bool read(const std::string& key, int& value, IntegerRange range);
  bool read(const std::string& key, std::uint64_t& value);
  /// A list, or one number in its place.
  bool read(const std::string& key, std::vector<double>& values, Unit unit);

  /// A list of strings, or one in its place.
  bool read(const std::string& key, std::vector<std::string>& values);

  /// A string that must be there; `example` is shown when it is not.
  void require(const std::string& key, std::string& value, const std::string& example);

  /// Keys that nobody has read yet.
  std::vector<std::string> unread_keys() { return document_.unread_keys(table_); }

  /// Runs `check`; an InputError of it is thrown again with the place and value of `key`.
  template <typename Check>
  auto at(const std::string& key, Check&& check) const {
    try {
      return check();
    } catch (const InputError& error) {
      document_.reject(table_, key, error.fault());
    }
  }

  /// Runs a `validate(place)` of another module: its "place.key" finds the key.
  template <typename Check>
  void validate(Check&& check) const {
    try {
      check(table_);
    } catch (const InputError& error) {
      const std::string& place = error.fault().place;
      const auto dot = place.rfind('.');
      document_.reject(
          table_, dot == std::string::npos ? place : place.substr(dot + 1), error.fault());
    }
  }

  [[noreturn]] void reject(const std::string& key, std::string rule, std::string remedy) const {
    document_.reject(
        table_,
        key,
        {.place = {}, .value = {}, .rule = std::move(rule), .remedy = std::move(remedy)});
  }

 private:
  std::string read_text(const std::string& key, const Scalar& value) const;
  double read_number(const std::string& key, const Scalar& value, Unit unit) const;
  long long read_integer(const std::string& key, const Entry& entry, const std::string& rule) const;

  TomlDocument& document_;
  std::string table_;
};

}  // namespace memspice::config
