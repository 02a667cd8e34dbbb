#pragma once
// Every kind of cell and array that is generated, and numbers to fill them with.

#include <string>
#include <vector>

#include "tile/array.hpp"

namespace memspice::test {

struct ArrayCase {
  const char* name;
  device::Access access;
  crossbar::PairLayout pairs = crossbar::PairLayout::NeighbouringBitLines;
  crossbar::SourceLine source_line = crossbar::SourceLine::Shared;
  int pulse_bits = 0;
  double alpha = 2.5;
  double read_voltage = 0.2, g_max = 2e-5;
};

std::vector<ArrayCase> array_cases();
tile::Array array_of(const ArrayCase& c, const crossbar::Wiring& wiring);

/// Uniform from low to high, seeded by `purpose`.
Eigen::MatrixXd drawn_matrix(
    int rows, int columns, double low, double high, const std::string& purpose);

/// Conductances from a tenth of the largest up [S], word lines x bit lines.
Eigen::MatrixXd conductances_of(const ArrayCase& c, int rows, int columns);
/// Stimuli as the case's form of input carries them [V], of both signs where it takes them.
Eigen::MatrixXd voltages_of(const ArrayCase& c, const tile::Array& array, int rows, int vectors);

}  // namespace memspice::test
