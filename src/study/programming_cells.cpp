#include "study/programming_cells.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"

namespace memspice::study {

Eigen::MatrixXd initial_states(const Writing& writing,
                               const device::Memristor& cell,
                               const std::string& tile,
                               Eigen::Index n_word_lines,
                               Eigen::Index n_bit_lines) {
  const ProgrammingOptions& programming = *writing.options;
  const double G = programming.initial.value_or(cell.conductance_of(cell.initial_state()));
  const double ends[] = {cell.conductance_of(0.0), cell.conductance_of(1.0)};
  RandomStream random = RandomStream(writing.seed, "programming/initial_state").fork(tile);
  Eigen::MatrixXd x(n_word_lines, n_bit_lines);
  for (double& state : x.reshaped()) {
    const double drawn = G * std::exp(programming.initial_sigma * random.normal());
    state =
        cell.state_of(std::clamp(drawn, std::min(ends[0], ends[1]), std::max(ends[0], ends[1])));
  }
  return x;
}

crossbar::PulsedArraySpec array_spec(const Writing& writing, const device::Memristor& cell) {
  return {.cell = &cell,
          .wiring = writing.array->wiring(),
          .scheme = writing.options->scheme,
          .transistor = writing.options->transistor};
}

}  // namespace memspice::study
