#pragma once
// Which circuit a layer of a network needs, and the scale of its values in it.

#include <string>
#include <vector>

#include "network/ranges.hpp"
#include "periphery/network_curve.hpp"
#include "study/bench.hpp"
#include "study/periphery_options.hpp"

namespace memspice::study {

/// A circuit for one layer before it is characterized.
struct StageRequest {
  PeripheryPart part = PeripheryPart::Readout;
  int layer = 0;        ///< LayerId
  int plan_layer = -1;  ///< of converters and readouts
  periphery::CurveRequest curve;
  double volts_in = 1.0, volts_out = 1.0;  ///< as simulate::ScaledCurve takes them
  int stages = 1;                          ///< of a tree of equal averages
};

struct StageRequests {
  std::vector<StageRequest> requests;
  std::vector<std::string> exact;  ///< layers of a part that was asked for, and why they stay ideal
};

/// Activations, poolings, global averages and products. ranges: on the calibration images.
StageRequests function_requests(const PeripheryOptions& options,
                                const network::Graph& graph,
                                const network::ActivationRanges& ranges,
                                double signal);

/// DACs and readouts of the layers that the last pass runs on crossbars.
StageRequests crossbar_requests(const PeripheryOptions& options,
                                const Bench& bench,
                                const device::AnalogFigures& figures);

}  // namespace memspice::study
