#include "tile/own_cell.hpp"

namespace memspice::tile {

std::vector<circuit::Parameter> OwnCell::parameters_for(double G) const {
  std::vector<circuit::Parameter> result = parameters;
  for (circuit::Parameter& parameter : result) {
    if (parameter.name == law.parameter) parameter.value = law.parameter_for(G);
  }
  return result;
}

}  // namespace memspice::tile
