#pragma once
// Layers on one memristor pair per kept weight ([mapping] scheme = "kernel_first").

#include <optional>

#include "flow/machine.hpp"
#include "report/kernel_first_report.hpp"
#include "simulate/kernel_first_kernel.hpp"

namespace memspice::flow {

bool is_kernel_first(const config::FlowOptions& options);

/// One layer's pairs at fidelity ideal, mesh or calibrated.
simulate::KernelFirstLayer kernel_first_layer(const Parts& parts,
                                              std::size_t layer,
                                              simulate::Fidelity fidelity);

/// Weights, pairs and computations of every layer with weights; before any data.
report::KernelFirstReport count_kernel_first(const network::Graph& graph,
                                             const mapping::TilePlan& plan);

/// With the power of the pairs. energy: of each plan layer's arrays per image [J]. Nothing under
/// another mapping scheme.
std::optional<report::KernelFirstReport> report_kernel_first(const config::FlowOptions& options,
                                                             const Parts& parts,
                                                             const std::vector<double>& energy);

}  // namespace memspice::flow
