#pragma once
// A matrix of signed weights as memristor pairs, with an op-amp subtractor per output.
//
//   in_0 --o----[G+]----o----[G-]----o         bias --o--[G+]--o--[G-]--     (word line at
//   `signal`)
//          |            |            |
//   in_1 --o----[G+]----|----[G-]----|
//                       o I+         o I-                   one pair of bit lines per output
//                       |  R_1       |         R_f
//                       +--/\/\--+   +---------/\/\---+
//                       |  |\    |   |     |\         |
//                       +--|- >--o---|-----|- >-------o-- out_j
//                       gnd|+/   R_1/\/\---|+/ gnd
//
// out_j = R_f (I+ - I-) = gain (sum_i w_ij in_i + b_j signal), R_f = gain w_max / (G_max - G_min),
// G+ = G_min + max(w,0)/w_max (G_max - G_min), G- likewise with max(-w,0).
// The first amplifier's R_1 keeps its output within the swing. Both bit lines end in virtual
// grounds, whose voltage is out / gain of the op-amp, and its offset.

#include <string>
#include <vector>

#include "crossbar/crossbar.hpp"
#include "synthesis/analog_draft.hpp"
#include "synthesis/layer_matrix.hpp"

namespace memspice::synthesis {

struct WeightArrayOptions {
  double g_min = 1e-6;          ///< [S], >= 0
  double g_max = 50e-6;         ///< [S], > g_min
  int levels = 0;               ///< distinct conductances, evenly spaced; 0: any value
  double alpha = 0.0;           ///< of the cells [1/V]; 0: ohmic
  crossbar::Wiring wiring{};    ///< row and column resistance; drivers and senses belong outside
  bool signed_inputs = true;    ///< inputs are within +-signal, else within 0 .. signal
  bool drops_zeros = false;     ///< a weight of 0 has no memristors
  double largest_output = 0.0;  ///< [V]; 0: 95 % of the op-amp's swing
  double gain = 0.0;            ///< 0: the largest that `largest_output` allows, at most 1
  /// Throws InputError naming the block.
  void validate(const std::string& name) const;
};

/// Output voltage that an op-amp reaches on either side [V].
double swing_of(const device::AnalogFigures& figures);

/// options.gain, or the largest one, at most 1, with which no output leaves `largest_output`.
double gain_for(const LayerMatrix& matrix,
                const WeightArrayOptions& options,
                const device::AnalogFigures& figures);

/// Largest |output| of the ideal array over the inputs' range [V].
double full_scale_of(const LayerMatrix& matrix,
                     const WeightArrayOptions& options,
                     const device::AnalogFigures& figures);

/// The conductances: (inputs, then the bias line if any) x 2 outputs, pairs in neighbouring columns
/// (+, -) [S]; 0: absent.
Eigen::MatrixXd pair_conductances(const LayerMatrix& matrix, const WeightArrayOptions& options);

/// Resistors of a subtractor of two currents [Ohm].
struct SubtractorResistors {
  double feedback = 0.0;  ///< R_f
  double first = 0.0;     ///< R_1
};
/// out = R_f (I+ - I-) as drawn above; ground in place of a bit line brings no current.
void add_subtractor(AnalogDraft& draft,
                    const std::string& name,
                    circuit::NetId plus,
                    circuit::NetId minus,
                    circuit::NetId out,
                    const SubtractorResistors& R);

/// Adds array and readout to `draft`; `outputs` are the nets that become R_f (I+ - I-). Names begin
/// with `name`.
void add_weight_array(AnalogDraft& draft,
                      const std::string& name,
                      const LayerMatrix& matrix,
                      const std::vector<circuit::NetId>& inputs,
                      const std::vector<circuit::NetId>& outputs,
                      const WeightArrayOptions& options,
                      double gain);

struct LayerCircuit {
  AnalogBlock block;
  double gain = 1.0;  ///< of the block: ideal is gain (W^T in + b signal)
};

/// The array as a block: inputs and outputs in the matrix's order. An input without cells gets a
/// resistor to ground.
LayerCircuit build_layer_circuit(const std::string& name,
                                 LayerMatrix matrix,
                                 const WeightArrayOptions& options,
                                 const device::AnalogFigures& figures);

}  // namespace memspice::synthesis
