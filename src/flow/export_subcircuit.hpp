#pragma once
// One circuit by its name: a cell that stands in a file, or a generated block of the periphery.

#include "flow/export_plan.hpp"

namespace memspice::flow {

/// What a name can mean beside the shipped cells and the catalogue, and how blocks are built.
struct SubcircuitSources {
  const config::DeviceOptions& device;       ///< a user's own cell
  const study::PeripheryOptions& periphery;  ///< requested circuits
  std::string technology;
  std::uint64_t seed = 1;  ///< of random stimuli
};

/// Cells: NAME.sub, a copy. Blocks: NAME.cir (a deck of the block on its bench that ngspice -b
/// runs) and NAME.sub (the block alone) for each requested circuit of that name, by its table, its
/// block or its circuit, else for the catalogue's at its standard sizes. Throws InputError for a
/// name of neither, with those that there are.
Exported export_subcircuit(const SubcircuitSources& sources,
                           const std::string& name,
                           const ExportRequest& request);

}  // namespace memspice::flow
