#include "crossbar/table_law.hpp"

namespace memspice::crossbar {

void TableLaw::evaluate(std::span<const double> G,
                        std::span<const double> v,
                        std::span<double> I,
                        std::span<double> slope) const {
  for (std::size_t k = 0; k < G.size(); ++k) {
    I[k] = currents_->current(G[k], v[k]);
    slope[k] = currents_->conductance(G[k], v[k]);
  }
}

}  // namespace memspice::crossbar
