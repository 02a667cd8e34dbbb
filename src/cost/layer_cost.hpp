#pragma once
// What one layer takes: its circuits counted, then each kind priced (cost/network_cost.hpp).

#include "cost/network_cost.hpp"

namespace memspice::cost {

/// Ideal converters have no cost of their own; they are taken as these.
inline constexpr int kBitsOfIdealConverters = 8;

bool is_kernel_first(const CostInputs& inputs);

/// inputs.plan->layers[index], replicas included.
LayerCost cost_of_layer(const CostInputs& inputs, std::size_t index);

}  // namespace memspice::cost
