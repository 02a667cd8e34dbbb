#pragma once

#include "study/bench.hpp"

namespace memspice::study {

/// Energy of each plan layer's arrays per image [J]: the power that all branches dissipate, solved
/// with wires and non-linear cells on some of the network's own vectors, times the read time.
std::vector<double> array_energy(const Bench& bench);

}  // namespace memspice::study
