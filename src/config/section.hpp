#pragma once
// Typed reading of one table of a TOML document. An absent key leaves the value as it is. Each read
// declares its key, so that what is listed (config/keys.hpp) is what is read.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/names.hpp"
#include "base/units.hpp"
#include "config/key.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

enum class Bound { Any, NotNegative, Positive };  ///< the least a quantity may be

/// What percentiles of ranges may be.
inline constexpr std::string_view kPercentileRange = "above 0, at most 100";

/// The whole numbers that a key accepts.
struct IntegerRange {
  long long low = 0, high = 0;
};

class Section {
 public:
  Section(TomlDocument& document, std::string table)
      : document_(document), table_(std::move(table)) {}

  bool has(const std::string& key) const { return document_.peek(table_, key) != nullptr; }

  /// Each returns whether the key was there; throws InputError with its place when it does not fit.
  bool read(const Key& key, std::string& value);
  bool read(const Key& key, double& value, Unit unit, Bound bound = Bound::Any);
  /// A whole number, or one of the words that stand for another.
  using NumberWords = std::vector<std::pair<std::string, int>>;
  bool read(const Key& key, int& value, IntegerRange range, const NumberWords& words = {});
  bool read(const Key& key, std::uint64_t& value);
  bool read(const Key& key, bool& value);
  /// A list, or one number in its place.
  bool read(const Key& key, std::vector<double>& values, Unit unit);
  /// A list of strings, or one in its place.
  bool read(const Key& key, std::vector<std::string>& values);

  /// A string that must be there; `example` is shown when it is not.
  void require(const Key& key, std::string& value, const std::string& example);

  /// One of `words`, whose place among them is the enumerator.
  template <typename Choice>
  bool choose(const Key& key, Choice& value, const std::vector<std::string>& words) {
    auto index = static_cast<std::size_t>(value);
    if (!read_word(key, words, index)) return false;
    value = static_cast<Choice>(index);
    return true;
  }
  template <typename Choice, std::size_t N>
  bool choose(const Key& key, Choice& value, const Names<N>& names) {
    return choose(key, value, words_of(names));
  }
  /// One of the words that `parse(word, place)` knows; the value is called `word` before.
  template <typename Choice, typename Parse>
  bool choose(const Key& key, Choice& value, std::string_view word, Parse&& parse) {
    std::string chosen(word);
    if (!read_choice(key, chosen)) return false;
    value = at(key.name, [&] { return parse(chosen, key.name); });
    return true;
  }

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
  bool read_word(const Key& key, const std::vector<std::string>& words, std::size_t& index);
  bool read_choice(const Key& key, std::string& word);
  bool read_string(const std::string& key, std::string& value);
  /// Lists the key where the document's keys are listed; `standard`: as TOML, empty: none.
  void declare(const Key& key, KeyDeclaration declaration) const;

  std::string read_text(const std::string& key, const Scalar& value) const;
  double read_number(const std::string& key, const Scalar& value, Unit unit) const;
  long long read_integer(const std::string& key, const Entry& entry, const std::string& rule) const;

  TomlDocument& document_;
  std::string table_;
};

}  // namespace memspice::config
