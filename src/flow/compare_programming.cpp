#include <algorithm>
#include <chrono>
#include <cmath>

#include "crossbar/cross_array.hpp"
#include "crossbar/full_array.hpp"
#include "flow/programming.hpp"
#include "flow/programming_cells.hpp"
#include "netlist/model_text.hpp"
#include "synthesis/program_bench.hpp"

namespace memspice::flow {
namespace {

double largest_difference(const Eigen::MatrixXd& G, const Eigen::MatrixXd& reference) {
  return (G.array() / reference.array() - 1.0).abs().maxCoeff();
}

}  // namespace

report::ProgrammingAgreement compare_programming(const config::FlowOptions& options,
                                                 const mapping::TilePlan& plan,
                                                 engine::Engine& engine) {
  const auto start = std::chrono::steady_clock::now();
  const config::ProgrammingOptions& programming = options.programming;
  const auto cell = device::make_memristor(programming.parameters);
  const mapping::Tile& tile = plan.layers.front().blocks.front().tiles.front();
  const Eigen::Index lines =
      std::min<Eigen::Index>({programming.spice_cells, tile.G.rows(), tile.G.cols()});
  const Eigen::MatrixXd target = tile.G.topLeftCorner(lines, lines);
  const Eigen::MatrixXd x = initial_states(options, *cell, tile.name, lines, lines);
  const crossbar::PulsedArraySpec spec = array_spec(options, *cell);
  const synthesis::DynamicCell dynamic{
      .card = programming.parameters,
      .definition = netlist::read_definition_file(programming.subcircuit)};

  const auto write = [&](crossbar::PulsedArray& array) {
    return crossbar::program_array(array, *cell, target, programming.program);
  };
  const auto spice_array = synthesis::make_spice_array(dynamic, spec, x, engine);
  const crossbar::ProgramResult spice = write(*spice_array);
  const crossbar::ProgramResult fast = write(*crossbar::make_cross_array(spec, x));
  const crossbar::ProgramResult full = write(*crossbar::make_full_array(spec, x));
  report::ProgrammingAgreement found{.tile = tile.name,
                                     .lines = static_cast<int>(lines),
                                     .pulses = spice.pulses.cast<long>().sum(),
                                     .fast = largest_difference(fast.G, spice.G),
                                     .reference = largest_difference(full.G, spice.G),
                                     .energy = std::abs(fast.energy.sum() / spice.energy.sum() - 1),
                                     .failure = spice.message};
  found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return found;
}

}  // namespace memspice::flow
