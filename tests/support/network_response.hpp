#pragma once
// What a network's circuit answers, predicted without SPICE from the same stages: the exact
// response of every crossbar with its wires, and what was measured of every other part.
//
//   crossbar   I = G_eff^T v, or Newton's method for bent cells (crossbar/crossbar.hpp)
//   readout    op-amps of gain A and offset: virtual grounds at v = offset - out / A, which the bit
//              lines' own conductance Y = sum G loads:
//              out_1 = v_1 - R_1 (I+ - Y+ v_1),  out = v_2 - R_f (I- - Y- v_2 + (out_1 - v_2) /
//              R_1) its twin: out = R_f I+ / (1 + R_f Y+ / A) - R_f I- / (1 + R_f Y- / A)
//   parts      of one input: their transfer curve; of several: gain ideal(in) + offset

#include <map>
#include <string>

#include "engine/engine.hpp"
#include "periphery/periphery_model.hpp"
#include "synthesis/network_draft.hpp"

namespace memspice::periphery {

/// A part as ngspice measured it.
struct PartResponse {
  PeripheryModel curve;             ///< of one input; none: gain and offset hold
  double gain = 1.0, offset = 0.0;  ///< least squares against `ideal` [1], [V]
  double residual = 0.0;            ///< largest |measured - predicted| of those stimuli [V]
};
using PartResponses = std::map<std::string, PartResponse>;  ///< by name of the part's body

/// Measures every part of the stages but their crossbars: curves at `points` inputs over the
/// op-amp's swing, others at as many random ones. Throws RunError naming the part when ngspice
/// fails.
PartResponses measure_parts(const synthesis::NetworkStages& network,
                            const device::AnalogFigures& figures,
                            engine::Engine& engine,
                            int points = 1001);

/// A tensor's voltages, elements x images [V], by LayerId.
using TensorVoltages = std::map<int, Eigen::MatrixXd>;

/// Every tensor of the network, sources included. A part that `parts` lacks is ideal. Throws
/// RunError naming the layer when a crossbar's solution does not converge.
TensorVoltages predict_network(const synthesis::NetworkStages& network,
                               const TensorVoltages& sources,
                               const synthesis::ArrayMake& arrays,
                               const PartResponses& parts,
                               const device::AnalogFigures& figures);

}  // namespace memspice::periphery
