#pragma once
// Quantities as people write them. Inside the program every value is in SI.

#include <string>
#include <string_view>

namespace memspice {

/// Units that a flow file or a card may name.
enum class Unit {
  None,  ///< a plain number
  Ohm,
  Siemens,
  Volt,
  Ampere,
  Farad,
  Second,
  Hertz,
  Watt,
  Joule,
  Metre,
  SquareMetre,  ///< written m2 or m^2; a prefix is squared with it: 1 um2 = 1e-12 m^2
  Kelvin,
  PerVolt,  ///< written 1/V
  ElectronVolt,
};

/// The unit's symbol as printed: "Ohm", "S", "1/V".
std::string_view symbol(Unit unit);

/// Reads "50 uS", "0.2V", "1 Ohm", "1e-6" as SI. Prefixes f p n u m k M G T (M mega, µ for u).
/// Throws InputError with `place` when the text is no finite number with that unit.
double parse_quantity(std::string_view text, Unit unit, std::string_view place);

/// 5e-5 with Unit::Siemens and 3 digits gives "50 uS": for people, never for decks.
std::string format_quantity(double value, Unit unit, int digits = 4);

}  // namespace memspice
