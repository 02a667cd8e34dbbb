#include "crossbar/operation.hpp"

#include <cmath>

namespace memspice::crossbar {
namespace {

/// Wire current over R from a difference of offsets; over 0 Ohm it follows from Kirchhoff's law.
double ohm(double difference, double R) {
  return std::isinf(R) || R == 0.0 ? 0.0 : difference / R;
}

/// Spreads a line's cell currents over wires of 0 Ohm, given the last wire's current. With both
/// terminals at 0 Ohm the first carries all: how two perfect wires share a current is not
/// determined.
void spread_ideal(Eigen::Ref<Eigen::VectorXd> wire, const Eigen::VectorXd& drawn, double last) {
  wire[drawn.size()] = last;
  for (Eigen::Index k = drawn.size() - 1; k >= 0; --k) wire[k] = wire[k + 1] + drawn[k];
}

struct Line {
  double R_first, R_wire, R_last;
};

/// Currents of a line's n + 1 wires, counted away from the first terminal. `offset`: its n nodes;
/// `drawn[k]`: current that node k gives to its cell.
Eigen::VectorXd wire_currents(const Line& line,
                              const Eigen::VectorXd& offset,
                              const Eigen::VectorXd& drawn) {
  const Eigen::Index n = offset.size();
  Eigen::VectorXd wire(n + 1);
  wire[0] = ohm(-offset[0], line.R_first);
  for (Eigen::Index k = 1; k < n; ++k) wire[k] = ohm(offset[k - 1] - offset[k], line.R_wire);
  wire[n] = ohm(offset[n - 1], line.R_last);
  if (line.R_wire == 0.0) {
    const bool by_last_alone = line.R_last == 0.0 && line.R_first != 0.0;
    spread_ideal(wire, drawn, by_last_alone ? wire[0] - drawn.sum() : wire[n]);
  }
  return wire;
}

/// Heat in a line's wires and terminals [W].
double line_power(const Line& line, const Eigen::VectorXd& wire) {
  const Eigen::Index n = wire.size() - 1;
  const auto heat = [](double I, double R) { return std::isinf(R) ? 0.0 : I * I * R; };
  double power = heat(wire[0], line.R_first) + heat(wire[n], line.R_last);
  for (Eigen::Index k = 1; k < n; ++k) power += heat(wire[k], line.R_wire);
  return power;
}

}  // namespace

Operation make_operation(const Array& array, Eigen::Index n_vectors, const VectorOptions& options) {
  Operation operation;
  operation.current.resize(array.n_bit_lines, n_vectors);
  operation.power.resize(n_vectors);
  const auto count = static_cast<std::size_t>(n_vectors);
  if (options.node_voltages) {
    operation.word_line_voltage.resize(count);
    operation.bit_line_voltage.resize(count);
  }
  if (options.branch_currents) {
    operation.word_line_current.resize(count);
    operation.bit_line_current.resize(count);
  }
  return operation;
}

void fill_vector(Operation& operation,
                 Eigen::Index k,
                 const Array& array,
                 const Eigen::MatrixXd& I_cell,
                 const Eigen::VectorXd& V,
                 const NodeOffsets& offsets) {
  const auto at = static_cast<std::size_t>(k);
  const Eigen::MatrixXd word_voltage = offsets.word.colwise() + V;
  double power = I_cell.cwiseProduct(word_voltage - offsets.bit).sum();
  Eigen::MatrixXd word_current(array.n_word_lines, array.n_bit_lines + 1);
  Eigen::MatrixXd bit_current(array.n_word_lines + 1, array.n_bit_lines);
  for (Eigen::Index i = 0; i < array.n_word_lines; ++i) {
    const auto line = static_cast<std::size_t>(i);
    const Line wires{array.R_left[line], array.R_row, array.R_right[line]};
    word_current.row(i) = wire_currents(wires, offsets.word.row(i), I_cell.row(i)).transpose();
    power += line_power(wires, word_current.row(i));
  }
  for (Eigen::Index j = 0; j < array.n_bit_lines; ++j) {
    const auto line = static_cast<std::size_t>(j);
    const Line wires{array.R_top[line], array.R_column, array.R_bottom[line]};
    bit_current.col(j) = wire_currents(wires, offsets.bit.col(j), -I_cell.col(j));
    power += line_power(wires, bit_current.col(j));
    // Whatever enters a bit line by its cells leaves it by its sense ends, and an open line's
    // cells sum to rounding only.
    operation.current(j, k) = array.is_sensed(j) ? I_cell.col(j).sum() : 0.0;
  }
  operation.power[k] = power;
  if (!operation.word_line_voltage.empty()) {
    operation.word_line_voltage[at] = word_voltage;
    operation.bit_line_voltage[at] = offsets.bit;
  }
  if (!operation.word_line_current.empty()) {
    operation.word_line_current[at] = std::move(word_current);
    operation.bit_line_current[at] = std::move(bit_current);
  }
}

Eigen::MatrixXd cell_currents(const Eigen::MatrixXd& G,
                              const CellLaw& law,
                              const Eigen::VectorXd& V,
                              const NodeOffsets& offsets) {
  const Eigen::MatrixXd v = (offsets.word - offsets.bit).colwise() + V;
  Eigen::MatrixXd I(G.rows(), G.cols());
  Eigen::MatrixXd slope(G.rows(), G.cols());
  const auto count = static_cast<std::size_t>(G.size());
  law.evaluate({G.data(), count}, {v.data(), count}, {I.data(), count}, {slope.data(), count});
  return I;
}

}  // namespace memspice::crossbar
