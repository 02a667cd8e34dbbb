#include "study/rung.hpp"

#include <iterator>

#include "report/accuracy.hpp"

namespace memspice::study {

simulate::Fidelity Rung::of(const std::string& layer) const {
  const auto own = own_layers.find(layer);
  return own == own_layers.end() ? fidelity : own->second;
}

std::string Rung::fidelity_text() const {
  return own_layers.empty() ? std::string(simulate::to_text(fidelity)) : "as set";
}

std::vector<Rung> converter_rungs(const ConverterErrorOptions& options, const Rung& last) {
  // In the order of the passes. A ladder's mismatch shifts and stretches its codes as well.
  const bool has_offset = options.adc.is_on();
  const bool is_added[] = {
      options.of_dacs(), options.adc.mismatch > 0.0, has_offset, options.adc_noise > 0.0};
  bool ConverterEffects::*const effects[] = {&ConverterEffects::dacs,
                                             &ConverterEffects::linearity,
                                             &ConverterEffects::offset,
                                             &ConverterEffects::noise};
  static_assert(std::size(report::kConverterPasses) == std::size(is_added));
  std::vector<Rung> rungs;
  Rung rung = last;
  for (std::size_t k = 0; k < std::size(is_added); ++k) {
    if (!is_added[k]) continue;
    rung.name = report::kConverterPasses[k].name;
    rung.converters.*effects[k] = true;
    rungs.push_back(rung);
  }
  return rungs;
}

}  // namespace memspice::study
