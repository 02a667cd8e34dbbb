#include "support/array_cases.hpp"

#include "base/random.hpp"

namespace memspice::test {

std::vector<ArrayCase> array_cases() {
  using crossbar::PairLayout;
  using crossbar::SourceLine;
  const auto next = PairLayout::NeighbouringBitLines;
  const auto shared = PairLayout::SharedBitLine;
  return {{"ohmic", {}, next, SourceLine::Shared, 0, 0.0},
          {"sinh", {}},
          {"sinh_shared", {}, shared},
          {"sinh_pulses", {}, next, SourceLine::Shared, 3},
          {"transistor", device::AccessTransistor{}},
          {"transistor_shared", device::AccessTransistor{}, shared},
          {"gated", device::AccessTransistor{}, next, SourceLine::AlongBitLine, 3},
          {"exponential", device::ExponentialSelector{}, next, SourceLine::Shared, 3, 2.5, 1, 8e-6},
          {"threshold", device::ThresholdSelector{}, next, SourceLine::Shared, 3, 2.5, 1, 8e-6}};
}

tile::Array array_of(const ArrayCase& c, const crossbar::Wiring& wiring) {
  return tile::Array({.wiring = wiring,
                      .alpha = c.alpha,
                      .read_voltage = c.read_voltage,
                      .access = c.access,
                      .pairs = c.pairs,
                      .source_line = c.source_line,
                      .pulse_bits = c.pulse_bits});
}

Eigen::MatrixXd drawn_matrix(
    int rows, int columns, double low, double high, const std::string& purpose) {
  RandomStream random(5, purpose);
  Eigen::MatrixXd matrix(rows, columns);
  for (double& value : matrix.reshaped()) value = random.uniform(low, high);
  return matrix;
}

Eigen::MatrixXd conductances_of(const ArrayCase& c, int rows, int columns) {
  return drawn_matrix(rows, columns, 0.1 * c.g_max, c.g_max, c.name);
}

Eigen::MatrixXd voltages_of(const ArrayCase& c, const tile::Array& array, int rows, int vectors) {
  const double low = c.source_line == crossbar::SourceLine::Shared ? -c.read_voltage : 0.0;
  const std::string purpose = std::string(c.name) + " V";
  return array.input().carried(drawn_matrix(rows, vectors, low, c.read_voltage, purpose));
}

}  // namespace memspice::test
