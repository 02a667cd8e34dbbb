#include "circuit/name.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace memspice::circuit {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}

/// A message must stay readable when the name is a whole file.
std::string quoted(std::string_view name) {
  constexpr std::size_t kShown = 60;
  const bool whole = name.size() <= kShown;
  return '"' + std::string(name.substr(0, kShown)) + (whole ? "\"" : "...\"");
}

}  // namespace

bool is_legal_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameLength && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), is_name_character);
}

bool is_reserved_net(std::string_view name) {
  // gnd is ground to SPICE, time and frequency are its axes, the all words are wildcards of
  // .print, and stimulus_index is the net that a stimulus sweep steps.
  constexpr std::array<std::string_view, 10> kReserved = {"gnd",
                                                          "time",
                                                          "frequency",
                                                          "temper",
                                                          "hertz",
                                                          "all",
                                                          "allv",
                                                          "alli",
                                                          "ally",
                                                          "stimulus_index"};
  return std::find(kReserved.begin(), kReserved.end(), to_lower(name)) != kReserved.end();
}

std::string checked_name(std::string_view name, std::string_view place) {
  if (!is_legal_name(name)) {
    throw InputError({.place = std::string(place),
                      .value = quoted(name),
                      .rule = "is no name for a circuit: a letter, then letters, digits and _, at "
                              "most " +
                              std::to_string(kMaxNameLength) + " characters",
                      .remedy = "rename it"});
  }
  return to_lower(name);
}

std::string legal_name(std::string_view text) {
  if (is_legal_name(text)) return to_lower(text);
  constexpr std::size_t kHashDigits = 8;
  std::string name = to_lower(text.substr(0, kMaxNameLength - kHashDigits - 3));
  for (char& c : name) {
    if (!is_name_character(c)) c = '_';
  }
  if (name.empty() || !is_letter(name.front())) name.insert(0, "n_");
  return name + "_" + sha256(text).substr(0, kHashDigits);
}

}  // namespace memspice::circuit
