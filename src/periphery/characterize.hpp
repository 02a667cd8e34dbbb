#pragma once
// Analog blocks -> periphery models, by ngspice through the engine interface.

#include <cstdint>
#include <span>
#include <vector>

#include "device/analog_figures.hpp"
#include "engine/engine.hpp"
#include "periphery/periphery_model.hpp"
#include "synthesis/block_catalogue.hpp"

namespace memspice::periphery {

struct Options {
  int points = 201;          ///< static stimuli: of a sweep, or drawn at random; 3 .. 2000
  double duration = 100e-9;  ///< of a transient after its step [s]; fourfold, twice, if it is short
  int bits = 8;              ///< settled: within half an LSB of so many bits of full scale; 1 .. 16
  std::uint64_t seed = 1;    ///< of the random stimuli
  void validate() const;     ///< throws InputError
};

/// Each block's static curve (one deck), a step up and a step down (one deck each) in one batch;
/// steps that have not settled again, longer. Results in the order of the requests. Throws
/// InputError as build_block does; RunError naming the block when ngspice fails or an output does
/// not settle.
std::vector<PeripheryModel> characterize(std::span<const synthesis::BlockRequest> requests,
                                         const device::AnalogFigures& figures,
                                         engine::Engine& engine,
                                         const Options& options = {});

}  // namespace memspice::periphery
