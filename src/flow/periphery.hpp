#pragma once
// The circuits of [periphery]: characterized, or exported.

#include <string>
#include <vector>

#include "config/flow_options.hpp"
#include "flow/run_flow.hpp"
#include "periphery/periphery_model.hpp"

namespace memspice::flow {

/// Characterizes the circuits of [periphery], answers from the store where it has them, and writes
/// periphery.json into options.out. Throws InputError when the flow names none.
std::vector<periphery::PeripheryModel> characterize_periphery(const config::FlowOptions& options);

/// Whether `name` is one of the flow's circuits (by its table, its block or its circuit), or of the
/// catalogue at its standard sizes.
bool names_circuit(const config::FlowOptions& options, const std::string& name);

/// Writes NAME.cir (a deck of the block on its bench that ngspice -b runs) and NAME.sub (the block
/// alone) for each circuit of that name; returns the files.
std::vector<std::string> export_circuit(const config::FlowOptions& options,
                                        const std::string& name,
                                        const ExportRequest& request);

/// What names_circuit accepts: the flow's own names, then those of the generators.
std::vector<std::string> circuit_names(const config::FlowOptions& options);

}  // namespace memspice::flow
