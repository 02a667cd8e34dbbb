#pragma once
// [converters]: how converters are off the ideal ones of their bits.

#include <string_view>

#include "base/names.hpp"

namespace memspice::study {

/// Each figure is a standard deviation over the converters, both signs, 0 for none.
struct ConverterSpread {
  double mismatch = 0.0;    ///< of each resistor in the ladder, relative, 0 .. 0.2
  double offset = 0.0;      ///< [LSB]
  double gain_error = 0.0;  ///< [1], 0 .. 0.5
  bool is_on() const noexcept { return mismatch > 0.0 || offset > 0.0 || gain_error > 0.0; }
};

/// Where the levels of ladders come from.
enum class Ladders {
  Solved,   ///< nodal analysis of those with mismatch (synthesis/ladder.hpp)
  Ngspice,  ///< the whole circuits of all converters in ngspice (periphery/measure_converters.hpp)
};
inline constexpr Names<2> kLaddersNames{"solved", "ngspice"};
constexpr std::string_view to_text(Ladders ladders) {
  return memspice::name_of(kLaddersNames, ladders);
}

/// Which of them act: the steps that the accuracy ladder takes one by one.
struct ConverterEffects {
  bool dacs = false;       ///< whole
  bool linearity = false;  ///< of ADCs: codes of unequal width
  bool offset = false;     ///< of ADCs, with their gain
  bool noise = false;      ///< of ADCs
  bool any() const noexcept { return dacs || linearity || offset || noise; }
};

struct ConverterErrorOptions {
  ConverterSpread adc, dac;
  double adc_noise = 0.0;  ///< at each ADC's input, root mean square, drawn at each read [LSB]
  Ladders ladders = Ladders::Solved;

  bool of_adcs() const noexcept { return adc.is_on() || adc_noise > 0.0; }
  bool of_dacs() const noexcept { return dac.is_on(); }
  bool any() const noexcept { return of_adcs() || of_dacs(); }
};

}  // namespace memspice::study
