#include "periphery/answers.hpp"

#include "base/error.hpp"
#include "netlist/deck.hpp"
#include "synthesis/block_bench.hpp"

namespace memspice::periphery {

void accept_answer(const engine::Waveforms& waves, const std::string& what, PeripheryModel& model) {
  model.ngspice_seconds += waves.summary.seconds;
  if (waves.ok()) return;
  const std::string saved =
      waves.summary.saved_deck.empty() ? "" : " (deck: " + waves.summary.saved_deck + ")";
  throw RunError({.place = model.name,
                  .value = {},
                  .rule = "its " + what + " failed: " + waves.summary.message,
                  .remedy = "look at the deck, or leave the circuit out" + saved});
}

std::vector<Eigen::MatrixXd> run_static_benches(std::span<const StaticRun> runs,
                                                const std::string& what,
                                                const device::AnalogFigures& figures,
                                                engine::Engine& engine) {
  std::vector<netlist::Deck> decks;
  for (const StaticRun& run : runs) {
    const auto bench = synthesis::build_static_bench(*run.block, figures, *run.inputs);
    decks.push_back(netlist::write_deck(bench.circuit, bench.analysis));
  }
  std::vector<engine::Waveforms> waves = engine.run_all(decks);
  std::vector<Eigen::MatrixXd> answers;
  for (std::size_t k = 0; k < runs.size(); ++k) {
    accept_answer(waves[k], what, *runs[k].model);
    answers.push_back(std::move(waves[k].values));
  }
  return answers;
}

}  // namespace memspice::periphery
