#pragma once
// The words of an enumeration, in the order of its values.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice {

template <std::size_t N>
using Names = std::array<std::string_view, N>;

template <typename Choice, std::size_t N>
constexpr std::string_view name_of(const Names<N>& names, Choice choice) {
  return names[static_cast<std::size_t>(choice)];
}

template <std::size_t N>
std::vector<std::string> words_of(const Names<N>& names) {
  return {names.begin(), names.end()};
}

/// The value that `word` names. Throws InputError with `place`, and the word that may have been
/// meant.
template <typename Choice, std::size_t N>
Choice parse_choice(const Names<N>& names,
                    std::string_view word,
                    std::string_view place,
                    std::string_view rule = "is not known here") {
  for (std::size_t k = 0; k < N; ++k) {
    if (names[k] == word) return static_cast<Choice>(k);
  }
  throw InputError({.place = std::string(place),
                    .value = '"' + std::string(word) + '"',
                    .rule = std::string(rule),
                    .remedy = suggest(word, words_of(names))});
}

}  // namespace memspice
