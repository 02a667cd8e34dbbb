#include "crossbar/charging_nodes.hpp"

#include <algorithm>
#include <utility>

#include "crossbar/array_circuit.hpp"

namespace memspice::crossbar {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

ChargingNodes::ChargingNodes(const MatrixXd& G,
                             const CellLaw& law,
                             const Wiring& wiring,
                             const VectorXd& V,
                             double line_capacitance,
                             double rise)
    : n_(G.rows()),
      m_(G.cols()),
      law_(law),
      V_(V),
      C_(line_capacitance),
      rise_(rise),
      G_(MatrixXd(G.transpose()).reshaped()),
      circuit_(array_circuit(resolve_array(n_, m_, wiring), G)) {
  // Capacitors are cells to ground whose current the method gives.
  const auto ground_node = static_cast<int>(count() + n_);
  for (int node = 0; node < count(); ++node) circuit_.add_cell(node, ground_node);
  VectorXd conducting = VectorXd::Zero(G_.size() + count());
  conducting.head(G_.size()) = G_;
  circuit_.finish(conducting);
}

void ChargingNodes::hold(double t, NodeMotion& motion) const {
  const double slew = t < rise_ ? 1.0 / rise_ : 0.0;
  for (Index node = 0; node < count(); ++node) {
    if (unknown(node) >= 0) continue;
    const double V = node < G_.size() ? V_[node / m_] : 0.0;
    motion.v[node] = V * share(t);
    motion.rate[node] = V * slew;
  }
}

VectorXd ChargingNodes::cell_currents(const VectorXd& v, VectorXd* slope) const {
  const VectorXd across = v.head(G_.size()) - v.tail(G_.size());
  VectorXd I(across.size()), dI(across.size());
  const auto count = static_cast<std::size_t>(across.size());
  law_.evaluate({G_.data(), count}, {across.data(), count}, {I.data(), count}, {dI.data(), count});
  if (slope != nullptr) *slope = std::move(dI);
  return I;
}

TerminalCurrents ChargingNodes::terminals(const NodeMotion& motion) const {
  const VectorXd I = cell_currents(motion.v, nullptr);
  const VectorXd into_words = I + C_ * motion.rate.head(I.size());
  const VectorXd from_bits = I - C_ * motion.rate.tail(I.size());
  // Word line by word line: a column of these maps is a word line.
  const Eigen::Map<const MatrixXd> words(into_words.data(), m_, n_), bits(from_bits.data(), m_, n_);
  return {.drivers = words.colwise().sum().transpose(), .outputs = bits.rowwise().sum()};
}

bool ChargingNodes::factorize(const VectorXd& v, double per_time) {
  VectorXd cells, slope(G_.size() + count());
  cell_currents(v, &cells);
  slope << cells, VectorXd::Constant(count(), C_ * per_time);
  return circuit_.n_unknowns() == 0 || circuit_.factorize(slope);
}

VectorXd ChargingNodes::solve(const VectorXd& excess) const {
  VectorXd v = VectorXd::Zero(count());
  if (circuit_.n_unknowns() == 0) return v;
  const VectorXd u = circuit_.solve(excess);
  for (Index node = 0; node < count(); ++node) {
    if (unknown(node) >= 0) v[node] = u[unknown(node)];
  }
  return v;
}

VectorXd ChargingNodes::solve_excess(const NodeMotion& motion, double t) const {
  VectorXd u(circuit_.n_unknowns()), I(G_.size() + count());
  for (Index node = 0; node < count(); ++node) {
    const double reference = node < G_.size() ? V_[node / m_] * share(t) : 0.0;
    if (unknown(node) >= 0) u[unknown(node)] = motion.v[node] - reference;
  }
  I << cell_currents(motion.v, nullptr), C_ * motion.rate;
  return solve(circuit_.excess_current(I, u));
}

VectorXd ChargingNodes::solve_charging(const VectorXd& rate) const {
  VectorXd I(G_.size() + count());
  I << VectorXd::Zero(G_.size()), C_ * rate;
  return solve(circuit_.excess_current(I, VectorXd::Zero(circuit_.n_unknowns())));
}

}  // namespace memspice::crossbar
