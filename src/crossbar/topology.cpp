#include "crossbar/topology.hpp"

#include "base/error.hpp"

namespace memspice::crossbar {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

/// Every second row less the row after it.
MatrixXd row_differences(const MatrixXd& rows) {
  MatrixXd difference(rows.rows() / 2, rows.cols());
  for (Index k = 0; k < difference.rows(); ++k) {
    difference.row(k) = rows.row(2 * k) - rows.row(2 * k + 1);
  }
  return difference;
}

/// Word lines at the inputs' voltages.
class WordLineArray : public Topology {
 public:
  Operation solve(const MatrixXd& cells,
                  const CellLaw& law,
                  const Wiring& wiring,
                  const LineDrive& drive,
                  const VectorOptions& options) const override {
    return solve_cells(cells, law, wiring, drive.V, options);
  }
};

class NeighbouringBitLines : public WordLineArray {
 public:
  std::string_view pairs() const noexcept override { return "neighbouring_bit_lines"; }
  bool bit_lines_subtract() const noexcept override { return false; }
  std::string lines_text() const override {
    return "word line i carries input i; bit lines 2j (+) and 2j+1 (-) are output "
           "first_output + j";
  }
  std::string output_text() const override { return "D_j = I_2j - I_2j+1"; }
  LineRole word_line(Index k) const override { return {k, false}; }
  LineRole bit_line(Index k) const override { return {k / 2, k % 2 == 1}; }
  std::vector<Index> word_lines_of(Index input) const override { return {input}; }
  MatrixXd cells(const MatrixXd& G) const override { return G; }
  LineDrive drive(const MatrixXd& V, Index) const override { return {.V = V, .gates = {}}; }
  MatrixXd outputs(const MatrixXd& I) const override { return row_differences(I); }
  MatrixXd response(const MatrixXd& G,
                    const Wiring& wiring,
                    const LinearSolver& solver) const override {
    return solver(G, wiring);
  }
};

class SharedBitLine : public WordLineArray {
 public:
  std::string_view pairs() const noexcept override { return "shared_bit_line"; }
  bool bit_lines_subtract() const noexcept override { return true; }
  std::string lines_text() const override {
    return "word lines 2i (+V) and 2i+1 (-V) carry input i; bit line j is output "
           "first_output + j";
  }
  std::string output_text() const override { return "D_j = I_j"; }
  LineRole word_line(Index k) const override { return {k / 2, k % 2 == 1}; }
  LineRole bit_line(Index k) const override { return {k, false}; }
  std::vector<Index> word_lines_of(Index input) const override {
    return {2 * input, 2 * input + 1};
  }
  MatrixXd cells(const MatrixXd& G) const override {
    MatrixXd lines(2 * G.rows(), G.cols() / 2);
    for (Index j = 0; j < lines.cols(); ++j) {
      for (Index i = 0; i < G.rows(); ++i) {
        lines(2 * i, j) = G(i, 2 * j);
        lines(2 * i + 1, j) = G(i, 2 * j + 1);
      }
    }
    return lines;
  }
  LineDrive drive(const MatrixXd& V, Index) const override {
    MatrixXd both(2 * V.rows(), V.cols());
    for (Index i = 0; i < V.rows(); ++i) {
      both.row(2 * i) = V.row(i);
      both.row(2 * i + 1) = -V.row(i);
    }
    return {.V = std::move(both), .gates = {}};
  }
  MatrixXd outputs(const MatrixXd& I) const override { return I; }
  /// The sum over both lines of each pair with its sign, beside a column of zeros.
  MatrixXd response(const MatrixXd& G,
                    const Wiring& wiring,
                    const LinearSolver& solver) const override {
    const MatrixXd difference = row_differences(solver(cells(G), wiring));
    MatrixXd form = MatrixXd::Zero(G.rows(), G.cols());
    for (Index j = 0; j < difference.cols(); ++j) form.col(2 * j) = difference.col(j);
    return form;
  }
};

/// One cell a weight, beside a column of cells that stand for a weight of 0.
class UnitColumn : public NeighbouringBitLines {
 public:
  std::string_view pairs() const noexcept override { return "unit_column"; }
  std::string lines_text() const override {
    return "word line i carries input i; bit line j is output first_output + j, the last one the "
           "unit column";
  }
  std::string output_text() const override { return "D_j = I_j - I_unit"; }
  LineRole bit_line(Index k) const override { return {k, false}; }
  MatrixXd pairs_of(const MatrixXd& G) const override {
    MatrixXd pairs(G.rows(), 2 * (G.cols() - 1));
    for (Index j = 0; j + 1 < G.cols(); ++j) {
      pairs.col(2 * j) = G.col(j);
      pairs.col(2 * j + 1) = G.rightCols(1);
    }
    return pairs;
  }
  MatrixXd outputs(const MatrixXd& I) const override {
    return I.topRows(I.rows() - 1).rowwise() - I.row(I.rows() - 1);
  }
  MatrixXd response(const MatrixXd& G,
                    const Wiring& wiring,
                    const LinearSolver& solver) const override {
    return pairs_of(solver(G, wiring));
  }
};

/// Inputs switch gates; source lines along the bit lines carry the current.
class SeparateSourceLines : public NeighbouringBitLines {
 public:
  explicit SeparateSourceLines(double read_voltage) : read_voltage_(read_voltage) {}
  std::string_view source_line_name() const noexcept override { return "separate"; }
  SourceLine source_line() const noexcept override { return SourceLine::AlongBitLine; }
  bool takes_signs() const noexcept override { return false; }
  std::string lines_text() const override {
    return NeighbouringBitLines::lines_text() + "; word lines are gates";
  }
  LineDrive drive(const MatrixXd& V, Index n_bit_lines) const override {
    MatrixXd gates = V / read_voltage_;
    if (gates.minCoeff() < 0.0) {
      throw InputError(
          {.place = "array.source_line",
           .value = "a signed input",
           .rule = "a gate is on or off and cannot carry a sign",
           .remedy = "let the word lines carry the current: source_line = \"shared\""});
    }
    return {.V = MatrixXd::Constant(n_bit_lines, gates.cols(), read_voltage_),
            .gates = std::move(gates)};
  }
  Operation solve(const MatrixXd& cells,
                  const CellLaw& law,
                  const Wiring& wiring,
                  const LineDrive& drive,
                  const VectorOptions& options) const override {
    return solve_gated(cells, law, wiring, read_voltage_, drive.gates, options);
  }
  /// Each cell's current per volt when all gates are on.
  MatrixXd response(const MatrixXd& G, const Wiring& wiring, const LinearSolver&) const override {
    const Operation on = solve_gated(
        G, OhmicLaw(), wiring, read_voltage_, MatrixXd::Ones(G.rows(), 1), {.node_voltages = true});
    const MatrixXd v = on.word_line_voltage.front() - on.bit_line_voltage.front();
    return G.cwiseProduct(v) / read_voltage_;
  }

 private:
  double read_voltage_;  ///< of all source lines [V]
};

}  // namespace

std::shared_ptr<const Topology> make_topology(PairLayout pairs,
                                              SourceLine source_line,
                                              double read_voltage) {
  if (source_line == SourceLine::AlongBitLine) {
    return std::make_shared<const SeparateSourceLines>(read_voltage);
  }
  if (pairs == PairLayout::SharedBitLine) return std::make_shared<const SharedBitLine>();
  if (pairs == PairLayout::UnitColumn) return std::make_shared<const UnitColumn>();
  return std::make_shared<const NeighbouringBitLines>();
}

}  // namespace memspice::crossbar
