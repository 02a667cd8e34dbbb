#pragma once
// Writing the mapped network onto its crossbars, tile by tile, and what it then scores.

#include <optional>

#include "flow/stages.hpp"
#include "report/programming_report.hpp"

namespace memspice::flow {

/// Target conductances -> write-verify on dynamic cells -> what the cells hold -> accuracy.
/// `perfect`: the accuracy of the mapped conductances. Empty when [programming] is off. Converter
/// ranges and digital scales stay as the mapped conductances set them. The same seed gives the same
/// cells for any number of jobs. Throws RunError when the unselected lines of an array have no
/// solution.
std::optional<report::ProgrammingReport> run_programming(const config::FlowOptions& options,
                                                         const Parts& parts,
                                                         const simulate::Outcome& perfect);

/// The plan with what writing leaves in its cells, as run_programming scores them. `layer`: of that
/// layer alone; empty: of all that run on crossbars. Throws RunError as above.
mapping::TilePlan written_cells(const config::FlowOptions& options,
                                const mapping::TilePlan& plan,
                                const std::string& layer);

/// The corner of the plan's first tile written in `engine`, its loop of pulses and reads closed
/// there; memspice's two array solvers take the same pulses.
report::ProgrammingAgreement compare_programming(const config::FlowOptions& options,
                                                 const mapping::TilePlan& plan,
                                                 engine::Engine& engine);

}  // namespace memspice::flow
