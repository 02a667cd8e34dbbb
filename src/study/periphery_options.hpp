#pragma once

#include <set>
#include <string>
#include <vector>

#include "periphery/characterize.hpp"
#include "synthesis/block_catalogue.hpp"

namespace memspice::study {

/// What of a network's periphery can take its measured behaviour into a run.
enum class PeripheryPart {
  Converters,  ///< DACs: R-2R ladder, buffer
  Readout,     ///< of a pair of bit lines
  Activation,
  Pooling,     ///< windows and global averages
  Multiplier,  ///< products of two tensors: squeeze-and-excitation
};
inline constexpr PeripheryPart kPeripheryParts[] = {PeripheryPart::Converters,
                                                    PeripheryPart::Readout,
                                                    PeripheryPart::Activation,
                                                    PeripheryPart::Pooling,
                                                    PeripheryPart::Multiplier};
std::string name_of(PeripheryPart part);  ///< "converters"

/// [periphery]: the circuits to characterize or to export, and how.
struct PeripheryOptions {
  std::vector<synthesis::BlockRequest> circuits;
  periphery::Options characterize;
  std::set<PeripheryPart> in_network;  ///< parts that a run gives their measured behaviour
};

}  // namespace memspice::study
