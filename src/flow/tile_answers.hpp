#pragma once
// What a run's tiles answer: the models fitted to ngspice, and the exact responses.

#include "flow/run_engine.hpp"
#include "flow/stages.hpp"

namespace memspice::flow {

/// Which ngspice runs a run may make.
enum class SpiceUse {
  RunMissing,  ///< what the store lacks is run
  StoreOnly,   ///< what the store lacks is an error
};

struct TileAnswers {
  RunStore store;
  std::optional<RunEngine> engine;       ///< where anything needs it
  tile::MethodChoice method;             ///< how tiles were asked
  std::optional<Calibrated> calibrated;  ///< where a pass needs it
  Responses responses;
};
/// Characterizes and solves the bench's tiles, completes the bench with what they answer, and keeps
/// every measurement with its provenance as characterization.json in `folder`.
std::unique_ptr<const TileAnswers> answer_tiles(const SpicePlan& spice,
                                                SpiceUse use,
                                                const std::filesystem::path& folder,
                                                study::Bench& bench);

}  // namespace memspice::flow
