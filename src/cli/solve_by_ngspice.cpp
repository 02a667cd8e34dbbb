#include <algorithm>

#include "cli/solve_checks.hpp"
#include "cli/solve_command.hpp"
#include "engine/engine.hpp"
#include "netlist/deck.hpp"
#include "tile/array.hpp"

namespace memspice::cli {
namespace {

/// The vectors of one deck and where its results belong.
struct Batch {
  Eigen::Index first = 0;
  synthesis::TileBench bench;
};

std::vector<Batch> build_batches(const SolveTask& task, const Eigen::MatrixXd& V) {
  const tile::Array array(
      {.wiring = task.bench.wiring, .alpha = task.bench.alpha, .cell = task.cell});
  const synthesis::TileSpec spec = array.circuit("solve", task.G);
  std::vector<Batch> batches;
  constexpr Eigen::Index largest = netlist::kMaxStimuli;
  for (Eigen::Index first = 0; first < V.cols(); first += largest) {
    const Eigen::Index count = std::min(largest, V.cols() - first);
    batches.push_back({.first = first,
                       .bench = synthesis::build_tile_bench(
                           spec,
                           V.middleCols(first, count),
                           {.node_voltages = task.node_voltages, .hierarchical = false})});
  }
  return batches;
}

/// The voltages of all nodes at one point of the sweep.
Eigen::MatrixXd voltages_at(const Eigen::MatrixXi& probes,
                            const Eigen::MatrixXd& values,
                            Eigen::Index point) {
  return probes.unaryExpr([&](int probe) { return values(point, probe); });
}

void take_results(const Batch& batch, const engine::Waveforms& waveforms, SolveAnswer& answer) {
  require_success(waveforms.summary);
  const Eigen::Index points = waveforms.values.rows();
  answer.values.middleRows(batch.first, points) = waveforms.values.leftCols(answer.values.cols());
  answer.seconds += waveforms.summary.seconds;
  if (batch.bench.word_line_probe.size() == 0) return;
  for (Eigen::Index k = 0; k < points; ++k) {
    answer.operation.word_line_voltage.push_back(
        voltages_at(batch.bench.word_line_probe, waveforms.values, k));
    answer.operation.bit_line_voltage.push_back(
        voltages_at(batch.bench.bit_line_probe, waveforms.values, k));
  }
}

}  // namespace

SolveAnswer solve_by_ngspice(const SolveTask& task) {
  // Of linear cells, row i of the response is what 1 V on word line i alone gives.
  const Eigen::MatrixXd V =
      task.response ? Eigen::MatrixXd::Identity(task.G.rows(), task.G.rows()) : task.V;
  const std::vector<Batch> batches = build_batches(task, V);
  std::vector<netlist::Deck> decks;
  for (const Batch& batch : batches) {
    decks.push_back(netlist::write_deck(batch.bench.circuit, batch.bench.analysis));
  }
  const auto engine = engine::make_ngspice_engine(task.bench.spice);
  SolveAnswer answer;
  answer.engine = engine->version();
  answer.method = "ngspice, " + std::to_string(decks.size()) + " deck(s)";
  answer.values.resize(V.cols(), task.G.cols());
  const auto waveforms = engine->run_all(decks);
  for (std::size_t k = 0; k < batches.size(); ++k) {
    take_results(batches[k], waveforms[k], answer);
  }
  return answer;
}

}  // namespace memspice::cli
