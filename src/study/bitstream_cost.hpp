#pragma once
// Latency, area and energy of a network's bitstream layers, beside fixed-point units.

#include <map>
#include <memory>
#include <utility>

#include "stochastic/layer_codes.hpp"
#include "study/bitstream.hpp"

namespace memspice::study {

/// The codes of each bitstream layer, by LayerId.
using BitstreamCodes = std::map<int, std::shared_ptr<const stochastic::LayerCodes>>;

/// Cycles per product, mean over all products of an image.
double mean_cycles(const BitstreamOptions& options,
                   const network::Graph& graph,
                   const BitstreamCodes& codes);

/// Fills report.layers, units, equal_bits and precision_gain. codes.first: as configured;
/// codes.second: the same layers with weights of all N bits. Reads report.points.
void add_costs(const BitstreamOptions& options,
               const network::Graph& graph,
               std::pair<const BitstreamCodes*, const BitstreamCodes*> codes,
               report::BitstreamReport& report);

}  // namespace memspice::study
