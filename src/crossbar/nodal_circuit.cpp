#include "crossbar/nodal_circuit.hpp"

#include <cmath>
#include <numeric>

namespace memspice::crossbar {

NodalCircuit::NodalCircuit(int n_nodes, int n_sources)
    : n_sources_(n_sources),
      parent_(static_cast<std::size_t>(n_nodes)),
      reference_(static_cast<std::size_t>(n_nodes), ground),
      held_(static_cast<std::size_t>(n_nodes), 0) {
  std::iota(parent_.begin(), parent_.end(), 0);
}

int NodalCircuit::root(int node) const {
  int k = node;
  while (parent_[k] != k) {
    parent_[k] = parent_[parent_[k]];
    k = parent_[k];
  }
  return k;
}

void NodalCircuit::set_reference(int node, int source) {
  reference_[node] = source;
}

void NodalCircuit::hold(int node) {
  held_[root(node)] = 1;
}

void NodalCircuit::add_wire(int a, int b, double R) {
  if (std::isinf(R)) return;
  if (R > 0.0) {
    wires_.push_back({a, b, 1.0 / R});
    return;
  }
  const int kept = root(a);
  const int merged = root(b);
  held_[kept] = static_cast<char>(held_[kept] | held_[merged]);
  parent_[merged] = kept;
}

void NodalCircuit::add_cell(int a, int b) {
  cells_.push_back({a, b, 0.0});
}

std::vector<char> NodalCircuit::find_held(const Eigen::VectorXd& G) const {
  // Union of everything that conducts; a part is held when one of its nodes is.
  std::vector<int> part(parent_.size());
  std::iota(part.begin(), part.end(), 0);
  const auto find = [&part](int k) {
    while (part[k] != k) k = part[k] = part[part[k]];
    return k;
  };
  for (const Branch& wire : wires_) part[find(root(wire.a))] = find(root(wire.b));
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    if (G[static_cast<Eigen::Index>(k)] == 0.0) continue;
    part[find(root(cells_[k].a))] = find(root(cells_[k].b));
  }
  std::vector<char> part_held(part.size(), 0);
  const int n_nodes = static_cast<int>(part.size());
  for (int k = 0; k < n_nodes; ++k) {
    if (held_[root(k)] != 0) part_held[find(root(k))] = 1;
  }
  std::vector<char> result(part.size());
  for (int k = 0; k < n_nodes; ++k) result[k] = part_held[find(root(k))];
  return result;
}

void NodalCircuit::finish(const Eigen::VectorXd& G) {
  const std::vector<char> connected = find_held(G);
  const int n_nodes = static_cast<int>(parent_.size());
  unknown_.assign(parent_.size(), -1);
  n_unknowns_ = 0;
  for (int k = 0; k < n_nodes; ++k) {
    if (root(k) == k && held_[k] == 0 && connected[k] != 0) {
      unknown_[k] = static_cast<int>(n_unknowns_++);
    }
  }
  for (int k = 0; k < n_nodes; ++k) unknown_[k] = unknown_[root(k)];
  factor_.reset();
}

double NodalCircuit::offset(int node, const Eigen::Ref<const Eigen::VectorXd>& u) const {
  return unknown_[node] < 0 ? 0.0 : u[unknown_[node]];
}

Eigen::VectorXd NodalCircuit::cell_voltages(const Eigen::VectorXd& V,
                                            const Eigen::VectorXd& u) const {
  const auto drive = [&](int node) { return reference_[node] < 0 ? 0.0 : V[reference_[node]]; };
  Eigen::VectorXd v(static_cast<Eigen::Index>(cells_.size()));
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    const Branch& cell = cells_[k];
    v[static_cast<Eigen::Index>(k)] =
        (drive(cell.a) - drive(cell.b)) + (offset(cell.a, u) - offset(cell.b, u));
  }
  return v;
}

Eigen::VectorXd NodalCircuit::excess_current(const Eigen::VectorXd& I_cell,
                                             const Eigen::VectorXd& u) const {
  Eigen::VectorXd excess = Eigen::VectorXd::Zero(n_unknowns_);
  const auto flow = [&](const Branch& branch, double I) {
    if (unknown_[branch.a] >= 0) excess[unknown_[branch.a]] += I;
    if (unknown_[branch.b] >= 0) excess[unknown_[branch.b]] -= I;
  };
  for (const Branch& wire : wires_) flow(wire, wire.G * (offset(wire.a, u) - offset(wire.b, u)));
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    flow(cells_[k], I_cell[static_cast<Eigen::Index>(k)]);
  }
  return excess;
}

bool NodalCircuit::factorize(const Eigen::VectorXd& slope) {
  std::vector<Eigen::Triplet<double>> entries;
  entries.reserve(4 * (wires_.size() + cells_.size()));
  const auto stamp = [&](const Branch& branch, double G) {
    const int a = unknown_[branch.a];
    const int b = unknown_[branch.b];
    if (a >= 0) entries.emplace_back(a, a, G);
    if (b >= 0) entries.emplace_back(b, b, G);
    if (a < 0 || b < 0) return;
    entries.emplace_back(std::max(a, b), std::min(a, b), -G);
    if (a == b) entries.emplace_back(a, a, -G);
  };
  for (const Branch& wire : wires_) stamp(wire, wire.G);
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    stamp(cells_[k], slope[static_cast<Eigen::Index>(k)]);
  }
  matrix_.resize(n_unknowns_, n_unknowns_);
  matrix_.setFromTriplets(entries.begin(), entries.end());
  if (!factor_) {
    factor_ = std::make_unique<Factor>();
    factor_->analyzePattern(matrix_);
  }
  factor_->factorize(matrix_);
  return factor_->info() == Eigen::Success;
}

Eigen::VectorXd NodalCircuit::ohmic_excess(const Eigen::VectorXd& G,
                                           const Eigen::VectorXd& V) const {
  const Eigen::VectorXd zero = Eigen::VectorXd::Zero(n_unknowns_);
  return -excess_current(G.cwiseProduct(cell_voltages(V, zero)), zero);
}

}  // namespace memspice::crossbar
