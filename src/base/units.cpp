#include "base/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice {
namespace {

struct Prefix {
  std::string_view letter;
  double factor;
};

constexpr std::array<Prefix, 9> kPrefixes{{{"f", 1e-15},
                                           {"p", 1e-12},
                                           {"n", 1e-9},
                                           {"u", 1e-6},
                                           {"m", 1e-3},
                                           {"k", 1e3},
                                           {"M", 1e6},
                                           {"G", 1e9},
                                           {"T", 1e12}}};

bool names_unit(std::string_view text, Unit unit) {
  if (unit == Unit::Ohm) {
    // The letter omega, and Unicode's sign of its own.
    return text == "Ohm" || text == "ohm" || text == "\u03a9" || text == "\u2126";
  }
  if (unit == Unit::SquareMetre) return text == "m2" || text == "m^2";
  return text == symbol(unit);
}

/// Without the prefix' letter, or either of Unicode's micro signs; nothing where it is another.
std::optional<std::string_view> after_prefix(std::string_view text, const Prefix& prefix) {
  constexpr std::array<std::string_view, 2> micro{"\u00b5", "\u03bc"};
  if (text.starts_with(prefix.letter)) return text.substr(prefix.letter.size());
  for (const std::string_view sign : micro) {
    if (prefix.letter == "u" && text.starts_with(sign)) return text.substr(sign.size());
  }
  return std::nullopt;
}

/// The factor of "uS" for Siemens is 1e-6; nothing when the text names another unit.
std::optional<double> factor_of(std::string_view text, Unit unit) {
  if (text.empty() || names_unit(text, unit)) return 1.0;
  if (unit == Unit::None || unit == Unit::PerVolt) return std::nullopt;
  for (const Prefix& prefix : kPrefixes) {
    const auto rest = after_prefix(text, prefix);
    if (!rest || !names_unit(*rest, unit)) continue;
    return unit == Unit::SquareMetre ? prefix.factor * prefix.factor : prefix.factor;
  }
  return std::nullopt;
}

}  // namespace

std::string_view symbol(Unit unit) {
  switch (unit) {
    case Unit::None:
      return "";
    case Unit::Ohm:
      return "Ohm";
    case Unit::Siemens:
      return "S";
    case Unit::Volt:
      return "V";
    case Unit::Ampere:
      return "A";
    case Unit::Farad:
      return "F";
    case Unit::Second:
      return "s";
    case Unit::Hertz:
      return "Hz";
    case Unit::Watt:
      return "W";
    case Unit::Joule:
      return "J";
    case Unit::Metre:
      return "m";
    case Unit::SquareMetre:
      return "m2";
    case Unit::Kelvin:
      return "K";
    case Unit::PerVolt:
      return "1/V";
    case Unit::ElectronVolt:
      return "eV";
  }
  return "";
}

double parse_quantity(std::string_view text, Unit unit, std::string_view place) {
  const std::string_view body = trim(text);
  double value = 0.0;
  const auto result = std::from_chars(body.data(), body.data() + body.size(), value);
  const auto rest = trim(body.substr(static_cast<std::size_t>(result.ptr - body.data())));
  const auto factor = factor_of(rest, unit);
  if (result.ec != std::errc{} || !factor || !std::isfinite(value)) {
    const std::string wanted = unit == Unit::None
                                   ? "must be a finite number"
                                   : "must be a finite number in " + std::string(symbol(unit));
    throw InputError({.place = std::string(place),
                      .value = '"' + std::string(text) + '"',
                      .rule = wanted,
                      .remedy = unit == Unit::None
                                    ? "write it without a unit"
                                    : "write for example \"1 " + std::string(symbol(unit)) + '"'});
  }
  return value * *factor;
}

std::string format_quantity(double value, Unit unit, int digits) {
  const std::string name(symbol(unit));
  if (unit == Unit::None || unit == Unit::PerVolt || unit == Unit::SquareMetre || value == 0.0 ||
      !std::isfinite(value)) {
    return to_text_rounded(value, digits) + (name.empty() ? "" : " " + name);
  }
  const double size = std::abs(value);
  // Rounding may carry 999.99 over to 1000: compare with what will be printed.
  const double carry = 1.0 - 0.5 * std::pow(10.0, -digits);
  if (size >= carry && size < 1e3 * carry) return to_text_rounded(value, digits) + " " + name;
  const Prefix* best = &kPrefixes.front();
  for (const Prefix& prefix : kPrefixes) {
    if (size >= prefix.factor * carry) best = &prefix;
  }
  return to_text_rounded(value / best->factor, digits) + " " + std::string(best->letter) + name;
}

}  // namespace memspice
