#pragma once
// From a plan and what its tiles answer to a network that runs.

#include <memory>

#include "simulate/periphery_kernel.hpp"
#include "study/bench.hpp"

namespace memspice::study {

/// The network with the kernels of one pass.
simulate::Machine build_machine(const Bench& bench, const Rung& rung);

/// All test images through every pass of the bench.
Outcomes simulate_ladder(const Bench& bench);

/// One layer's cells: as mapped, or as a sample of imperfect ones holds them.
struct LayerCells {
  const mapping::LayerPlan* layer = nullptr;
  const tile::LayerResponses* responses = nullptr;  ///< where the model needs them
};
/// Tiles of those cells at the fidelity of a tile model.
std::shared_ptr<const tile::LayerTiles> behavioural_tiles(const Bench& bench,
                                                          std::size_t layer,
                                                          simulate::Fidelity fidelity,
                                                          const LayerCells& cells);
/// Range of the ADCs of a plan layer and gains behind them, set on the cells as mapped with ideal
/// converters; and the converters with the effects that act.
simulate::AdcSetting adc_setting(const Bench& bench,
                                 std::size_t layer,
                                 simulate::Fidelity fidelity,
                                 const ConverterEffects& effects);

/// The measured circuits at a layer's edges; null: exact.
struct LayerPeriphery {
  std::shared_ptr<const simulate::ScaledCurve> driver = nullptr, readout = nullptr;
};
/// One layer's kernel on behavioural tiles: crossbars, or pairs kernel first.
std::unique_ptr<simulate::LayerKernel> behavioural_kernel(const Bench& bench,
                                                          std::size_t layer,
                                                          simulate::Fidelity fidelity,
                                                          const LayerPeriphery& periphery,
                                                          simulate::AdcSetting adc);
/// The same on other cells than the mapped ones, behind the mapped plan's scales.
std::unique_ptr<simulate::LayerKernel> behavioural_kernel(const Bench& bench,
                                                          std::size_t layer,
                                                          simulate::Fidelity fidelity,
                                                          const LayerCells& cells,
                                                          const LayerPeriphery& periphery,
                                                          simulate::AdcSetting adc);

/// One layer's kernel at a fidelity other than float. Its ADCs are set as fidelity `adc_of` does:
/// layers that are to be compared take the same.
std::unique_ptr<simulate::LayerKernel> build_kernel(const Bench& bench,
                                                    std::size_t layer,
                                                    simulate::Fidelity fidelity,
                                                    simulate::Fidelity adc_of,
                                                    const ConverterEffects& effects);

}  // namespace memspice::study
