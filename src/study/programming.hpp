#pragma once
// Writing the mapped network onto its crossbars, tile by tile, and what it then scores.

#include <optional>

#include "study/programming_options.hpp"
#include "study/study.hpp"

namespace memspice::study {

/// What is written, and how.
struct Writing {
  const ProgrammingOptions* options = nullptr;
  const tile::Array* array = nullptr;  ///< of every tile
  std::uint64_t seed = 1;
  int jobs = 0;  ///< threads; 0: all cores
};

/// The plan with what writing leaves in its cells, as the study scores them: those of `layer`
/// alone; empty: of all that `pass` runs on crossbars. Throws RunError when the unselected lines of
/// an array have no solution.
mapping::TilePlan written_cells(const Writing& writing,
                                const mapping::TilePlan& plan,
                                const Rung& rung,
                                const std::string& layer);

/// The corner of the plan's first tile written in ngspice, its loop of pulses and reads closed
/// there; memspice's array solvers take the same pulses.
report::ProgrammingAgreement compare_programming(const Writing& writing,
                                                 const mapping::TilePlan& plan,
                                                 const WritingEngine& spice);

/// Target conductances -> write-verify on dynamic cells -> what the cells hold -> accuracy. Nothing
/// when [programming] is off. Converter ranges and digital scales stay as the mapped conductances
/// set them. The same seed gives the same cells for any number of jobs. `spice`: where a corner of
/// an array is written in ngspice as well; absent: it is not.
std::unique_ptr<const Study> make_programming_study(ProgrammingOptions options,
                                                    std::optional<WritingEngine> spice);

}  // namespace memspice::study
