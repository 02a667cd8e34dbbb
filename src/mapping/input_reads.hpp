#pragma once
// A layer's inputs as what its word lines are driven with: a read or, bit after bit, several.
//
//   parallel    one read: V_i = U x_i / x_max after the DAC
//   bit serial  a read for each bit k of the DAC's code: V_i = U or 0 with x_i's sign; the sum of
//               the reads, each times 2^k / (codes above zero), is the whole
// The bias word line is at U in every read, which adds up to U.

#include "mapping/converter.hpp"
#include "mapping/tile_plan.hpp"
#include "network/tensor.hpp"

namespace memspice::mapping {

/// The DAC's code for a layer's word lines: full scale x_max, unipolar or bipolar.
Converter input_converter(const TilePlan& plan, const LayerPlan& layer);

/// A layer's input as word-line voltages [V]: read_voltage / x_max times the converted value.
network::Tensor to_voltages(const TilePlan& plan,
                            const LayerPlan& layer,
                            const network::Tensor& input);

/// Reads that one input vector takes.
int reads_per_vector(const ConverterOptions& converters, bool signed_input);

struct InputRead {
  network::Tensor voltages;  ///< of the input's shape [V]
  float weight = 1.0F;       ///< of its results in the sum over the reads
};
/// Read k of a layer's input, the least significant bit first; k < reads_per_vector.
InputRead input_read(const TilePlan& plan,
                     const LayerPlan& layer,
                     const network::Tensor& input,
                     int k);

}  // namespace memspice::mapping
