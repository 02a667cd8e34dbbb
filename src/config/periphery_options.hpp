#pragma once

#include <vector>

#include "periphery/characterize.hpp"
#include "synthesis/block_catalogue.hpp"

namespace memspice::config {

/// [periphery]: the circuits to characterize or to export, and how.
struct PeripheryOptions {
  std::vector<synthesis::BlockRequest> circuits;
  periphery::Options characterize;
};

}  // namespace memspice::config
