#pragma once
// Average and maximum of a window.

#include "device/analog_figures.hpp"
#include "synthesis/analog_block.hpp"

namespace memspice::synthesis {

struct PoolingSpec {
  std::string
      name{};  ///< empty: average_pool_N or max_pool_N, `_behavioural` behind it for the twin
  Realisation realisation = Realisation::Transistor;
  int window = 4;         ///< inputs, >= 1
  double range = 0.0;     ///< inputs are within +-range [V]; 0: the card's signal
  void validate() const;  ///< throws InputError naming the block
};

/// out_0 = mean of in_0 .. in_(window-1).
AnalogBlock build_average_pool(const PoolingSpec& spec, const device::AnalogFigures& figures);

/// out_0 = maximum of in_0 .. in_(window-1).
AnalogBlock build_max_pool(const PoolingSpec& spec, const device::AnalogFigures& figures);

}  // namespace memspice::synthesis
