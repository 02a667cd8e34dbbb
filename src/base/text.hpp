#pragma once
// Locale-free conversion between numbers and text, and small text tools.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memspice {

/// Shortest text that reads back as the same double ("1e-06", "0.1"); never a SPICE suffix.
std::string to_text(double value);
std::string to_text(long long value);

/// `value` with `digits` significant digits, for people.
std::string to_text_rounded(double value, int digits);

/// The whole of `text` (blanks around it allowed) as a number; nothing otherwise.
/// Accepts "nan" and "inf": callers decide whether these are welcome.
std::optional<double> parse_double(std::string_view text);
std::optional<long long> parse_integer(std::string_view text);

/// `text` on one line: what is_unseen (visible_text.hpp) as \n, \t, \xNN, \uNNNN; bad UTF-8 too.
std::string escape_controls(std::string_view text);

std::string_view trim(std::string_view text);
std::string to_lower(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);

/// The candidate nearest to `word` by edit distance (Levenshtein), if it is near enough
/// (at most a third of the word's length, at least 1) to be offered as "did you mean".
std::optional<std::string> closest_match(std::string_view word,
                                         std::span<const std::string> candidates);

/// `did you mean "x"?` for the closest candidate, else `one of a, b, c`.
std::string suggest(std::string_view word, std::span<const std::string> candidates);

/// The text between double quotes.
std::string in_quotes(std::string_view text);

}  // namespace memspice
