#include "crossbar/pulse_nodes.hpp"

#include <algorithm>

namespace memspice::crossbar {
namespace {

constexpr int kMostPulseNewtonSteps = 100;
/// Newton's method ends where a step changes no node by more than this share of the largest source.
constexpr double kPulseNodeTolerance = 1e-11;

double transistor_of(const PulsedArraySpec& spec) {
  return spec.scheme == BiasScheme::Gated ? spec.transistor : 0.0;
}

/// A line's wires from its source through its nodes `node(k)`, k = 0 .. count - 1.
template <typename Node>
void add_line(NodalCircuit& circuit, int source, int count, double R, Node node) {
  for (int k = 0; k < count; ++k) circuit.set_reference(node(k), source);
  for (int k = 1; k < count; ++k) circuit.add_wire(node(k - 1), node(k), R);
}

/// `quantity` of the voltage across a cell and its state; 0 of a cell that is off.
template <typename Quantity>
Eigen::VectorXd of_cells_on(const PulseNodes& nodes,
                            const CellEnds& ends,
                            const Eigen::VectorXd& x,
                            Quantity quantity) {
  Eigen::VectorXd values = Eigen::VectorXd::Zero(x.size());
  for (Eigen::Index k = 0; k < x.size(); ++k) {
    if (nodes.is_on(k)) values(k) = quantity(ends.p(k) - ends.n(k), x(k));
  }
  return values;
}

}  // namespace

NodalCircuit pulsed_nodes(const Array& array, double transistor) {
  const auto n = static_cast<int>(array.n_word_lines);
  const auto m = static_cast<int>(array.n_bit_lines);
  const int sources = 2 * n * m, upper = sources + n + m;
  const bool has_upper = transistor > 0.0;
  NodalCircuit circuit(upper + (has_upper ? n * m : 0), n + m);
  const auto word = [&](int i, int j) { return i * m + j; };
  const auto bit = [&](int i, int j) { return n * m + i * m + j; };
  for (int k = 0; k < n + m; ++k) {
    circuit.set_reference(sources + k, k);
    circuit.hold(sources + k);
  }
  for (int i = 0; i < n; ++i) {
    const auto line = static_cast<std::size_t>(i);
    add_line(circuit, i, m, array.R_row, [&](int j) { return word(i, j); });
    circuit.add_wire(sources + i, word(i, 0), array.R_left[line]);
    circuit.add_wire(sources + i, word(i, m - 1), array.R_right[line]);
  }
  for (int j = 0; j < m; ++j) {
    const auto line = static_cast<std::size_t>(j);
    add_line(circuit, n + j, n, array.R_column, [&](int i) { return bit(i, j); });
    circuit.add_wire(sources + n + j, bit(0, j), array.R_top[line]);
    circuit.add_wire(sources + n + j, bit(n - 1, j), array.R_bottom[line]);
  }
  for (int k = 0; k < n * m; ++k) {
    if (has_upper) circuit.set_reference(upper + k, k / m);
    if (has_upper) circuit.add_wire(k, upper + k, transistor);
    circuit.add_cell(has_upper ? upper + k : k, n * m + k);
  }
  circuit.finish(Eigen::VectorXd::Ones(static_cast<Eigen::Index>(n) * m));
  return circuit;
}

PulseNodes::PulseNodes(const PulsedArraySpec& spec,
                       Eigen::Index n_word_lines,
                       Eigen::Index n_bit_lines)
    : n_(n_word_lines),
      m_(n_bit_lines),
      is_gated_(spec.scheme == BiasScheme::Gated),
      nodes_(
          pulsed_nodes(resolve_array(n_word_lines, n_bit_lines, spec.wiring), transistor_of(spec))),
      upper_(transistor_of(spec) > 0.0 ? static_cast<int>(2 * n_ * m_ + n_ + m_) : 0),
      scheme_(spec.scheme) {}

void PulseNodes::drive(const CellPulse& pulse) {
  const LineBias bias = line_bias(scheme_, n_, m_, pulse);
  V_.resize(n_ + m_);
  V_ << pulse.pulse.amplitude * bias.word, pulse.pulse.amplitude * bias.bit;
  bias_ = nodes_.cell_voltages(V_, Eigen::VectorXd::Zero(n_unknowns()));
  row_ = pulse.i;
}

std::string PulseNodes::name_of(Eigen::Index k) const {
  return '(' + std::to_string(k / m_) + ", " + std::to_string(k % m_) + ')';
}

double PulseNodes::p_offset(Eigen::Index k, const Eigen::Ref<const Eigen::VectorXd>& u) const {
  return nodes_.offset(upper_ + static_cast<int>(k), u);
}

double PulseNodes::n_offset(Eigen::Index k, const Eigen::Ref<const Eigen::VectorXd>& u) const {
  return nodes_.offset(static_cast<int>(n_ * m_ + k), u);
}

double PulseNodes::p_end(Eigen::Index k, const Eigen::Ref<const Eigen::VectorXd>& u) const {
  return is_on(k) ? V_(k / m_) + p_offset(k, u) : 0.0;
}

double PulseNodes::n_end(Eigen::Index k, const Eigen::Ref<const Eigen::VectorXd>& u) const {
  return is_on(k) ? V_(n_ + k % m_) + n_offset(k, u) : 0.0;
}

CellEnds PulseNodes::ends(const Eigen::Ref<const Eigen::VectorXd>& u) const {
  CellEnds ends{.p = Eigen::VectorXd(n_cells()), .n = Eigen::VectorXd(n_cells())};
  for (Eigen::Index k = 0; k < n_cells(); ++k) {
    ends.p(k) = p_end(k, u);
    ends.n(k) = n_end(k, u);
  }
  return ends;
}

Eigen::VectorXd PulseNodes::excess(const Eigen::VectorXd& I, const Eigen::VectorXd& u) const {
  return nodes_.excess_current(I, u);
}

NodePotentials PulseNodes::potentials(const Eigen::VectorXd& u) const {
  const Eigen::Index cells = n_cells();
  NodePotentials V{.word = Eigen::VectorXd(cells),
                   .upper = Eigen::VectorXd(upper_ > 0 ? cells : 0),
                   .bit = Eigen::VectorXd(cells),
                   .source = V_,
                   .is_on = std::vector<char>(static_cast<std::size_t>(cells))};
  for (Eigen::Index k = 0; k < cells; ++k) {
    V.word(k) = V_(k / m_) + nodes_.offset(static_cast<int>(k), u);
    if (upper_ > 0) V.upper(k) = V_(k / m_) + p_offset(k, u);
    V.bit(k) = V_(n_ + k % m_) + n_offset(k, u);
    V.is_on[static_cast<std::size_t>(k)] = is_on(k) ? 1 : 0;
  }
  return V;
}

Eigen::VectorXd PulseNodes::gather(const NodeCurrents& currents) const {
  Eigen::VectorXd F = Eigen::VectorXd::Zero(n_unknowns());
  const auto add = [&](Eigen::Index node, double I) {
    const int unknown = nodes_.unknown(static_cast<int>(node));
    if (unknown >= 0) F(unknown) += I;
  };
  for (Eigen::Index k = 0; k < n_cells(); ++k) {
    add(k, currents.word(k));
    if (upper_ > 0) add(upper_ + k, currents.upper(k));
    add(n_cells() + k, currents.bit(k));
  }
  return F;
}

Eigen::VectorXd PulseNodes::solve(const Eigen::VectorXd& F) const {
  return n_unknowns() == 0 ? F : Eigen::VectorXd(nodes_.solve(F));
}

double PulseNodes::largest_line_current(const Eigen::VectorXd& I) const {
  // Row-major cells: a column of this map is a word line.
  const Eigen::Map<const Eigen::MatrixXd> by_cell(I.data(), m_, n_);
  return std::max(by_cell.colwise().sum().cwiseAbs().maxCoeff(),
                  by_cell.rowwise().sum().cwiseAbs().maxCoeff());
}

Eigen::VectorXd cell_currents(const PulseNodes& nodes,
                              const device::Memristor& law,
                              const CellEnds& ends,
                              const Eigen::VectorXd& x) {
  return of_cells_on(nodes, ends, x, [&](double v, double state) { return law.current(v, state); });
}

Eigen::VectorXd cell_rates(const PulseNodes& nodes,
                           const device::Memristor& law,
                           const CellEnds& ends,
                           const Eigen::VectorXd& x) {
  return of_cells_on(
      nodes, ends, x, [&](double v, double state) { return law.state_rate(v, state); });
}

Eigen::VectorXd cell_slopes(const PulseNodes& nodes,
                            const device::Memristor& law,
                            const CellEnds& ends,
                            const Eigen::VectorXd& x) {
  return of_cells_on(
      nodes, ends, x, [&](double v, double state) { return law.conductance(v, state); });
}

bool solve_pulse_nodes(PulseNodes& nodes,
                       const device::Memristor& law,
                       const Eigen::VectorXd& x,
                       Eigen::VectorXd& u) {
  if (nodes.n_unknowns() == 0) return true;
  for (int step = 0; step < kMostPulseNewtonSteps; ++step) {
    const CellEnds ends = nodes.ends(u);
    const Eigen::VectorXd I = cell_currents(nodes, law, ends, x);
    if (!nodes.factorize(cell_slopes(nodes, law, ends, x))) return false;
    const Eigen::VectorXd change = nodes.solve(nodes.excess(I, u));
    if (!change.allFinite()) return false;
    u -= change;
    if (change.cwiseAbs().maxCoeff() <= kPulseNodeTolerance * nodes.largest_source()) return true;
  }
  return false;
}

}  // namespace memspice::crossbar
