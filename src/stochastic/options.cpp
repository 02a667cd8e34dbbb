#include "stochastic/options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "stochastic/vector_unit.hpp"

namespace memspice::stochastic {
namespace {

[[noreturn]] void reject_option(const std::string& place, std::string value, std::string rule) {
  throw InputError({.place = place,
                    .value = std::move(value),
                    .rule = std::move(rule),
                    .remedy = "choose a value in that range"});
}

void require_layer_bits(const Options& options, const std::string& place) {
  for (const auto& [layer, bits] : options.layer_bits) {
    const std::string key = place + ".layer_bits." + layer;
    require_bits(bits, key);
    if (bits > options.bits) {
      throw InputError({.place = key,
                        .value = std::to_string(bits),
                        .rule = "must be at most bitstream.bits, " + std::to_string(options.bits),
                        .remedy = "raise bitstream.bits: a layer may use fewer bits than the "
                                  "hardware has, never more"});
    }
  }
}

void require_faults(const FaultOptions& faults, const std::string& place) {
  for (const double rate : faults.rates) {
    if (rate >= 0.0 && rate <= 1.0) continue;
    reject_option(
        place + ".rates", memspice::to_text(rate), "a fault rate is a probability, 0 to 1");
  }
  if (faults.samples < 2)
    reject_option(place + ".samples", std::to_string(faults.samples), "must be 2 or more");
  if (faults.images < 1)
    reject_option(place + ".images", std::to_string(faults.images), "must be 1 or more");
}

}  // namespace

FormChoice parse_form(std::string_view name, std::string_view place) {
  if (name == "unsigned") {
    reject(std::string(place),
           in_quotes(name),
           "cannot carry a network: its weights have signs",
           "use \"mixed\": unsigned activations, signed weights");
  }
  return parse_choice<FormChoice>(kFormNames, name, place);
}

int Options::weight_bits(const std::string& layer) const {
  const auto own = layer_bits.find(layer);
  return own == layer_bits.end() ? bits : own->second;
}

void Options::validate(const std::string& place) const {
  UnitOptions{.bits = bits, .guard_bits = guard_bits, .lanes = lanes, .parallel = parallel}
      .validate(place);
  require_layer_bits(*this, place);
  for (const int b : sweep) require_bits(b, place + ".sweep");
  if (batch < 1) reject_option(place + ".batch", std::to_string(batch), "must be 1 or more");
  if (activation_percentile && !(*activation_percentile > 0.0 && *activation_percentile <= 100.0)) {
    reject_option(place + ".activation_percentile",
                  memspice::to_text(*activation_percentile),
                  "must be above 0 and at most 100");
  }
  require_faults(faults, place + ".faults");
}

}  // namespace memspice::stochastic
