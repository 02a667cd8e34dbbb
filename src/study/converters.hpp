#pragma once
// The converters of a network's tiles as a fabrication would give them, one by one.
//
// Each tile has a DAC on every word line but the bias, and an ADC for as many of its outputs as the
// technology card lets take turns: what the cost model prices. Every one draws its ladder's
// resistors, its offset and its gain from a stream of its own, named by the tile.
//   ADC, b bits:  its codes' begins T (synthesis/ladder.hpp, or ngspice), in LSB of V_ref / 2^b,
//                 about the middle of the middle code, where no current flows
//   DAC:          its levels in LSB; beside a sign one bit less, and the levels of either sign
//   alike
// The straight line through the ends of T is its offset and gain, what is left its INL.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "device/technology.hpp"
#include "engine/engine.hpp"
#include "simulate/layer_converters.hpp"
#include "study/converter_options.hpp"

namespace memspice::study {

/// How far a layer's converters of one kind are off.
struct ConverterErrors {
  int count = 0;
  double inl = 0.0, dnl = 0.0;  ///< largest [LSB]
  int missing = 0;              ///< codes that no input gives
  double offset = 0.0;          ///< root mean square [LSB]
  double gain_error = 0.0;      ///< root mean square [1]
};

struct DrawnConverters {
  Ladders ladders = Ladders::Solved;
  int outputs_per_adc = 1;
  std::vector<std::shared_ptr<const simulate::LayerConverters>> layers;  ///< by plan layer
  std::vector<ConverterErrors> adcs, dacs;                               ///< of each
};

/// What the converters of a plan are drawn from.
struct ConverterDrawing {
  const ConverterErrorOptions* options = nullptr;
  const device::Technology* technology = nullptr;
  std::uint64_t seed = 1;
  engine::Engine* engine = nullptr;  ///< asked where ladders are ngspice's
};
/// Null where the options leave all ideal. Throws InputError where the card does not say how many
/// outputs share an ADC or, for ladders, has no analog figures; RunError when ngspice fails.
std::shared_ptr<const DrawnConverters> draw_converters(const ConverterDrawing& drawing,
                                                       const mapping::TilePlan& plan);

/// A layer's converters as far as `effects` act; null where none does.
std::shared_ptr<const simulate::LayerConverters> with_effects(
    const std::shared_ptr<const simulate::LayerConverters>& layer, const ConverterEffects& effects);

/// What is off, as name and figures: for reports.
std::vector<std::pair<std::string, std::string>> describe(const ConverterErrorOptions& options);

}  // namespace memspice::study
