#include "tile/pinned_correction.hpp"

#include <Eigen/SparseCholesky>
#include <vector>

#include "crossbar/line_solver.hpp"

namespace memspice::tile {
namespace {

using synthesis::PinnedTile;
using Role = PinnedTile::Role;

/// Conjugate-gradient steps after which the correction is given up.
constexpr int most_iterations = 2000;

bool is_node(const PinnedTile& tile, int pin) {
  return pin >= 0 && tile.pins[static_cast<std::size_t>(pin)].role == Role::Node;
}

/// The solver of ordinary arrays knows a node by its crossing. Crossings that share a pin are one
/// node to it as well, whose currents count as one sum: the first takes all.
class LineCorrection final : public Correction {
 public:
  explicit LineCorrection(const PinnedProblem& problem)
      : tile_(problem.tile),
        solver_(crossbar::hold_floating_lines(
            crossbar::resolve_array(problem.G.rows(), problem.G.cols(), problem.wiring),
            problem.G)),
        word_first_(first_crossings(tile_.word_pin)),
        bit_first_(first_crossings(tile_.bit_pin)) {}

  bool apply(const Eigen::VectorXd& F,
             const Eigen::MatrixXd& slope,
             double reduction,
             Eigen::Ref<Eigen::VectorXd> x) override {
    if (!solver_.factorize(slope.data())) return false;
    const Eigen::MatrixXd bit = gather(tile_.bit_pin, bit_first_, F);
    const Eigen::MatrixXd word = gather(tile_.word_pin, word_first_, F);
    excess_.word.assign(word.data(), word.data() + word.size());
    excess_.bit.resize(excess_.word.size());
    solver_.to_bit_layout(bit.data(), excess_.bit.data());
    if (!solver_.solve(excess_, reduction, most_iterations, step_)) return false;
    Eigen::MatrixXd step_bit(slope.rows(), slope.cols());
    solver_.to_word_layout(step_.bit.data(), step_bit.data());
    scatter(tile_.word_pin, word_first_, step_.word.data(), x);
    scatter(tile_.bit_pin, bit_first_, step_bit.data(), x);
    return true;
  }

 private:
  /// 1 at the crossing that stands for its pin. Of a line's stub beyond its outermost cell, where
  /// nothing flows, that is the crossing with the cell.
  Eigen::MatrixXi first_crossings(const Eigen::MatrixXi& pin) const {
    std::vector<Eigen::Index> chosen(tile_.pins.size(), -1);
    for (Eigen::Index at = 0; at < pin.size(); ++at) {
      if (!is_node(tile_, pin(at))) continue;
      Eigen::Index& first = chosen[static_cast<std::size_t>(pin(at))];
      const bool is_better = first < 0 || (tile_.is_cell(first) == 0 && tile_.is_cell(at) != 0);
      if (is_better) first = at;
    }
    Eigen::MatrixXi marked = Eigen::MatrixXi::Zero(pin.rows(), pin.cols());
    for (const Eigen::Index at : chosen) {
      if (at >= 0) marked(at) = 1;
    }
    return marked;
  }

  static Eigen::MatrixXd gather(const Eigen::MatrixXi& pin,
                                const Eigen::MatrixXi& first,
                                const Eigen::VectorXd& F) {
    Eigen::MatrixXd at_crossings = Eigen::MatrixXd::Zero(pin.rows(), pin.cols());
    for (Eigen::Index k = 0; k < pin.size(); ++k) {
      if (first(k) != 0) at_crossings(k) = F[pin(k)];
    }
    return at_crossings;
  }

  static void scatter(const Eigen::MatrixXi& pin,
                      const Eigen::MatrixXi& first,
                      const double* step,
                      Eigen::Ref<Eigen::VectorXd> x) {
    for (Eigen::Index k = 0; k < pin.size(); ++k) {
      if (first(k) != 0) x[pin(k)] -= step[k];
    }
  }

  const PinnedTile& tile_;
  crossbar::LineSolver solver_;
  Eigen::MatrixXi word_first_, bit_first_;
  crossbar::Offsets excess_, step_;
};

/// Any arrangement of wires and cells between pins, by sparse Cholesky factorisation.
class SparseCorrection final : public Correction {
 public:
  explicit SparseCorrection(const PinnedProblem& problem)
      : tile_(problem.tile), unknown_(tile_.pins.size(), -1) {
    for (std::size_t k = 0; k < tile_.pins.size(); ++k) {
      if (tile_.pins[k].role == Role::Node) unknown_[k] = count_++;
    }
  }

  bool apply(const Eigen::VectorXd& F,
             const Eigen::MatrixXd& slope,
             double,
             Eigen::Ref<Eigen::VectorXd> x) override {
    const Eigen::SparseMatrix<double> J = conductances(slope);
    if (!is_analysed_) factor_.analyzePattern(J);
    is_analysed_ = true;
    factor_.factorize(J);
    if (factor_.info() != Eigen::Success) return false;
    Eigen::VectorXd excess(count_);
    for (std::size_t k = 0; k < unknown_.size(); ++k) {
      if (unknown_[k] >= 0) excess[unknown_[k]] = F[static_cast<Eigen::Index>(k)];
    }
    const Eigen::VectorXd step = factor_.solve(excess);
    for (std::size_t k = 0; k < unknown_.size(); ++k) {
      if (unknown_[k] >= 0) x[static_cast<Eigen::Index>(k)] -= step[unknown_[k]];
    }
    return step.allFinite();
  }

 private:
  Eigen::SparseMatrix<double> conductances(const Eigen::MatrixXd& slope) const {
    std::vector<Eigen::Triplet<double>> entries;
    const auto join = [&](int a, int b, double G) {
      const int row = unknown_[static_cast<std::size_t>(a)];
      const int column = unknown_[static_cast<std::size_t>(b)];
      if (row >= 0) entries.emplace_back(row, row, G);
      if (column >= 0) entries.emplace_back(column, column, G);
      if (row < 0 || column < 0) return;
      entries.emplace_back(row, column, -G);
      entries.emplace_back(column, row, -G);
    };
    for (const PinnedTile::Wire& wire : tile_.wires) join(wire.a, wire.b, wire.G);
    for (Eigen::Index k = 0; k < slope.size(); ++k) {
      if (tile_.is_cell(k) != 0) join(tile_.word_pin(k), tile_.bit_pin(k), slope(k));
    }
    Eigen::SparseMatrix<double> J(count_, count_);
    J.setFromTriplets(entries.begin(), entries.end());
    return J;
  }

  const PinnedTile& tile_;
  std::vector<int> unknown_;
  int count_ = 0;
  bool is_analysed_ = false;
  Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> factor_;
};

}  // namespace

std::unique_ptr<Correction> make_correction(const PinnedProblem& problem) {
  if (problem.source_line == crossbar::SourceLine::Shared) {
    return std::make_unique<LineCorrection>(problem);
  }
  return std::make_unique<SparseCorrection>(problem);
}

}  // namespace memspice::tile
