#pragma once
// What ngspice answers of blocks that are characterized, and how long it took.

#include <span>
#include <string>
#include <vector>

#include "device/analog_figures.hpp"
#include "engine/engine.hpp"
#include "periphery/periphery_model.hpp"

namespace memspice::periphery {

/// Adds the simulator's time to the model. Throws RunError naming it where `what` of it ("static
/// curve") failed.
void accept_answer(const engine::Waveforms& waves, const std::string& what, PeripheryModel& model);

/// A block under stimuli at rest (inputs x stimuli).
struct StaticRun {
  const synthesis::AnalogBlock* block = nullptr;
  const Eigen::MatrixXd* inputs = nullptr;
  PeripheryModel* model = nullptr;  ///< that the time is added to
};
/// All of them in one batch: stimuli x probes of synthesis::build_static_bench. Throws as
/// accept_answer does.
std::vector<Eigen::MatrixXd> run_static_benches(std::span<const StaticRun> runs,
                                                const std::string& what,
                                                const device::AnalogFigures& figures,
                                                engine::Engine& engine);

}  // namespace memspice::periphery
