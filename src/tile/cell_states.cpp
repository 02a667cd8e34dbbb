#include "tile/cell_states.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "device/state_check.hpp"
#include "netlist/initial_state.hpp"

namespace memspice::tile {
namespace {

struct Cell {
  Eigen::Index i = 0, j = 0;
};

bool has_state(const OwnCell* cell) {
  if (cell == nullptr || !netlist::shows_state(cell->definition)) return false;
  const auto& parameters = cell->parameters;
  return std::any_of(parameters.begin(), parameters.end(), [](const auto& parameter) {
    return parameter.name == device::kInitialState;
  });
}

/// Cells of one subcircuit fare alike: a few tell of all, and cost no time.
std::vector<Cell> probed_cells(const Eigen::MatrixXd& cells, const OwnCell* own) {
  constexpr std::size_t kMost = 64;
  std::vector<Cell> present;
  if (!has_state(own)) return present;
  for (Eigen::Index i = 0; i < cells.rows(); ++i) {
    for (Eigen::Index j = 0; j < cells.cols(); ++j) {
      if (cells(i, j) > 0.0) present.push_back({i, j});
    }
  }
  if (present.size() <= kMost) return present;
  std::vector<Cell> spread;
  for (std::size_t k = 0; k < kMost; ++k) spread.push_back(present[k * present.size() / kMost]);
  return spread;
}

std::string name_of(const Cell& cell) {
  return "cell_" + std::to_string(cell.i) + '_' + std::to_string(cell.j);
}

double x_init_of(const OwnCell& cell, double G) {
  for (const circuit::Parameter& parameter : cell.parameters_for(G)) {
    if (parameter.name == device::kInitialState) return parameter.value;
  }
  return 0.0;
}

}  // namespace

void probe_states(synthesis::TileBench& bench, const Eigen::MatrixXd& cells, const OwnCell* own) {
  for (const Cell& cell : probed_cells(cells, own)) {
    bench.analysis.probes.push_back(
        {circuit::Probe::Kind::NetVoltage, name_of(cell) + '_' + own->definition.ports[2]});
  }
}

Eigen::MatrixXd state_excerpt(const Eigen::MatrixXd& cells, const OwnCell* own) {
  const std::vector<Cell> probed = probed_cells(cells, own);
  if (probed.empty()) return {};
  Eigen::MatrixXd excerpt = Eigen::MatrixXd::Zero(cells.rows(), cells.cols());
  for (const Cell& cell : probed) excerpt(cell.i, cell.j) = cells(cell.i, cell.j);
  return excerpt;
}

Eigen::MatrixXd without_states(const engine::Waveforms& waveforms,
                               const std::string& tile,
                               const Eigen::MatrixXd& cells,
                               const OwnCell* own) {
  const std::vector<Cell> probed = probed_cells(cells, own);
  const Eigen::Index lines = waveforms.values.cols() - static_cast<Eigen::Index>(probed.size());
  for (std::size_t k = 0; k < probed.size(); ++k) {
    const Cell& cell = probed[k];
    const double x_init = x_init_of(*own, cells(cell.i, cell.j));
    for (const double x : waveforms.values.col(lines + static_cast<Eigen::Index>(k))) {
      const std::string fault = device::find_start_fault(x, x_init);
      if (fault.empty()) continue;
      throw RunError({.place = "tile " + tile + ", " + name_of(cell),
                      .value = {},
                      .rule = "its conductance is not the one that was programmed: " + fault,
                      .remedy = "mend " + own->definition.name + ".sub or its card"});
    }
  }
  return waveforms.values.leftCols(lines);
}

}  // namespace memspice::tile
