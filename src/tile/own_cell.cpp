#include "tile/own_cell.hpp"

#include "netlist/initial_state.hpp"
#include "tile/characterization.hpp"

namespace memspice::tile {

std::vector<circuit::Parameter> OwnCell::parameters_for(double G) const {
  std::vector<circuit::Parameter> result = parameters;
  for (circuit::Parameter& parameter : result) {
    if (parameter.name == law.parameter) parameter.value = law.parameter_for(G);
  }
  return result;
}

synthesis::TileSpec tile_spec(const std::string& name,
                              const Eigen::MatrixXd& G,
                              const ArrayPhysics& physics) {
  synthesis::TileSpec spec{.name = name, .G = G, .alpha = physics.alpha, .wiring = physics.wiring};
  if (physics.cell == nullptr) return spec;
  spec.cell.memristor = synthesis::DefinedMemristor{
      .definition = netlist::hold_states(physics.cell->definition),
      .parameters = [cell = physics.cell, G](Eigen::Index i, Eigen::Index j) {
        return cell->parameters_for(G(i, j));
      }};
  return spec;
}

}  // namespace memspice::tile
