#pragma once
// What every pass over the test images scored.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "simulate/share.hpp"

namespace memspice::report {

/// A pass behind the fidelities, on top of all before it.
struct AddedPass {
  std::string_view name, title, meaning;
};
/// Those of converters that are no ideal ones, in their order.
inline constexpr AddedPass kConverterPasses[] = {
    {"dac", "DACs", "with each word line's own DAC"},
    {"adc_linearity", "ADC steps", "with ADCs whose codes differ in width"},
    {"adc_offset", "ADC offset", "with each ADC's offset and gain"},
    {"adc_noise", "ADC noise", "with noise at each read of an ADC"}};

/// Share of right labels (or Dice), 0 .. 1, by pass: a fidelity's name; "flow", as configured,
/// where [fidelity] names layers; those of kConverterPasses; "periphery", with all parts that
/// [periphery] in_network names.
struct Accuracy {
  std::map<std::string, simulate::Share, std::less<>> shares = {};
  /// Of a pass against the one before it, on the same images.
  std::map<std::string, simulate::PairedChange, std::less<>> changes = {};

  /// Absent when the pass was not run.
  std::optional<simulate::Share> of(std::string_view pass) const {
    const auto share = shares.find(pass);
    return share == shares.end() ? std::nullopt : std::optional(share->second);
  }
};

}  // namespace memspice::report
