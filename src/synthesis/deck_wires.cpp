#include "synthesis/deck_wires.hpp"

#include <string>
#include <utility>

#include "synthesis/program_bench.hpp"

namespace memspice::synthesis {
namespace {

const circuit::Instance* find(const circuit::Circuit& circuit, const std::string& name) {
  const auto found = circuit.find_instance(name);
  return found ? &circuit.instances()[static_cast<std::size_t>(found->value)] : nullptr;
}

std::string at_crossing(const char* name, Eigen::Index i, Eigen::Index j) {
  return name + std::to_string(i) + '_' + std::to_string(j);
}

}  // namespace

DeckWires::DeckWires(const DynamicCell& cell,
                     const crossbar::PulsedArraySpec& spec,
                     Eigen::Index n_word_lines,
                     Eigen::Index n_bit_lines)
    : n_(n_word_lines),
      m_(n_bit_lines),
      has_transistors_(spec.scheme == crossbar::BiasScheme::Gated && spec.transistor > 0.0) {
  const Eigen::MatrixXd x = Eigen::MatrixXd::Constant(n_, m_, 0.5);
  const crossbar::CellPulse any{.pulse = {.amplitude = 1.0, .width = 1e-9}};
  const circuit::Circuit circuit = build_program_bench(cell, spec, x, any).circuit;
  is_joint_.assign(static_cast<std::size_t>(circuit.net_count()), 1);
  read_cells(circuit);
  read_wires(circuit, spec.transistor);
}

void DeckWires::read_cells(const circuit::Circuit& circuit) {
  const auto take = [&](std::vector<int>& nets, circuit::NetId net) {
    nets.push_back(net.value);
    is_joint_[static_cast<std::size_t>(net.value)] = 0;
  };
  for (Eigen::Index i = 0; i < n_; ++i) {
    for (Eigen::Index j = 0; j < m_; ++j) {
      const circuit::Instance& cell = *find(circuit, at_crossing("cell", i, j));
      const circuit::Instance* transistor = find(circuit, at_crossing("transistor", i, j));
      take(word_, transistor != nullptr ? transistor->pins[0] : cell.pins[0]);
      if (has_transistors_) take(upper_, cell.pins[0]);
      take(bit_, cell.pins[1]);
    }
  }
  for (Eigen::Index i = 0; i < n_; ++i) {
    take(source_, find(circuit, "w" + std::to_string(i))->pins[0]);
  }
  for (Eigen::Index j = 0; j < m_; ++j) {
    take(source_, find(circuit, "b" + std::to_string(j))->pins[0]);
  }
}

void DeckWires::read_wires(const circuit::Circuit& circuit, double transistor) {
  for (const circuit::Instance& instance : circuit.instances()) {
    if (instance.kind != circuit::Kind::Resistor) continue;
    if (instance.name.starts_with("transistor")) continue;
    wires_.push_back({instance.pins[0].value, instance.pins[1].value, 1.0 / instance.value});
  }
  for (std::size_t k = 0; k < upper_.size(); ++k) {
    transistors_.push_back({word_[k], upper_[k], 1.0 / transistor});
  }
}

Eigen::VectorXd DeckWires::net_potentials(const crossbar::NodePotentials& V) const {
  Eigen::VectorXd potential = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(is_joint_.size()));
  const auto set = [&](const std::vector<int>& nets, const Eigen::VectorXd& values) {
    for (std::size_t k = 0; k < nets.size(); ++k) {
      potential(nets[k]) = values(static_cast<Eigen::Index>(k));
    }
  };
  set(word_, V.word);
  set(upper_, V.upper);
  set(bit_, V.bit);
  set(source_, V.source);
  settle_joints(potential);
  return potential;
}

/// Sets them to where no current is left, between their neighbours.
void DeckWires::settle_joints(Eigen::VectorXd& potential) const {
  Eigen::VectorXd G = Eigen::VectorXd::Zero(potential.size()), pull = G;
  for (const Wire& wire : wires_) {
    for (const auto& [net, other] : {std::pair(wire.a, wire.b), std::pair(wire.b, wire.a)}) {
      G(net) += wire.G;
      pull(net) += wire.G * potential(other);
    }
  }
  for (Eigen::Index net = 0; net < potential.size(); ++net) {
    const bool is_joint = is_joint_[static_cast<std::size_t>(net)] != 0;
    if (is_joint && G(net) > 0.0) potential(net) = pull(net) / G(net);
  }
}

crossbar::NodeCurrents DeckWires::excess(const crossbar::NodePotentials& V,
                                         const Eigen::VectorXd& I) const {
  const Eigen::VectorXd potential = net_potentials(V);
  Eigen::VectorXd F = Eigen::VectorXd::Zero(potential.size());
  const auto flow = [&](int from, int to, double through) {
    F(from) += through;
    F(to) -= through;
  };
  const auto flow_through = [&](const Wire& wire) {
    flow(wire.a, wire.b, wire.G * (potential(wire.a) - potential(wire.b)));
  };
  for (const Wire& wire : wires_) flow_through(wire);
  for (std::size_t k = 0; k < word_.size(); ++k) {
    if (has_transistors_ && V.is_on[k] != 0) flow_through(transistors_[k]);
    flow(has_transistors_ ? upper_[k] : word_[k], bit_[k], I(static_cast<Eigen::Index>(k)));
  }
  for (const int net : source_) F(net) = 0.0;
  // Of nodes that are one net the first stands for all.
  const auto take = [&](const std::vector<int>& nets) {
    Eigen::VectorXd at = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(nets.size()));
    for (std::size_t k = 0; k < nets.size(); ++k) {
      at(static_cast<Eigen::Index>(k)) = std::exchange(F(nets[k]), 0.0);
    }
    return at;
  };
  crossbar::NodeCurrents left{.word = take(word_), .upper = take(upper_), .bit = {}};
  left.bit = take(bit_);
  return left;
}

}  // namespace memspice::synthesis
