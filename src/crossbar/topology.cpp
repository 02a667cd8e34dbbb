#include "crossbar/topology.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "crossbar/array.hpp"

namespace memspice::crossbar {

Eigen::MatrixXd CellPairs::cells() const {
  if (G_plus.rows() != G_minus.rows() || G_plus.cols() != G_minus.cols()) {
    throw InputError({.place = "cell pairs",
                      .value = to_text(static_cast<long long>(G_plus.rows())) + " x " +
                               to_text(static_cast<long long>(G_plus.cols())) + " and " +
                               to_text(static_cast<long long>(G_minus.rows())) + " x " +
                               to_text(static_cast<long long>(G_minus.cols())),
                      .rule = "G_plus and G_minus have one size",
                      .remedy = ""});
  }
  const bool shared = layout == PairLayout::SharedBitLine;
  Eigen::MatrixXd G(G_plus.rows() * (shared ? 2 : 1), G_plus.cols() * (shared ? 1 : 2));
  for (Eigen::Index i = 0; shared && i < G_plus.rows(); ++i) {
    G.row(2 * i) = G_plus.row(i);
    G.row(2 * i + 1) = G_minus.row(i);
  }
  for (Eigen::Index j = 0; !shared && j < G_plus.cols(); ++j) {
    G.col(2 * j) = G_plus.col(j);
    G.col(2 * j + 1) = G_minus.col(j);
  }
  return G;
}

namespace {

/// Every second row less the row after it.
Eigen::MatrixXd row_differences(const Eigen::MatrixXd& rows) {
  Eigen::MatrixXd difference(rows.rows() / 2, rows.cols());
  for (Eigen::Index k = 0; k < difference.rows(); ++k) {
    difference.row(k) = rows.row(2 * k) - rows.row(2 * k + 1);
  }
  return difference;
}

}  // namespace

Response solve_pair_response(const CellPairs& pairs, const Wiring& wiring) {
  Response response = solve_response(pairs.cells(), wiring);
  if (pairs.layout == PairLayout::SharedBitLine) {
    response.G_eff = row_differences(response.G_eff);
  } else {
    response.G_eff = row_differences(response.G_eff.transpose()).transpose().eval();
  }
  return response;
}

Operation solve_pairs(const CellPairs& pairs,
                      const CellLaw& law,
                      const Wiring& wiring,
                      const Eigen::MatrixXd& V,
                      const VectorOptions& options) {
  const Eigen::MatrixXd G = pairs.cells();
  validate_inputs(V, pairs.G_plus.rows());
  if (pairs.layout == PairLayout::NeighbouringBitLines) {
    Operation operation = solve_cells(G, law, wiring, V, options);
    operation.current = row_differences(operation.current);
    return operation;
  }
  Eigen::MatrixXd both(2 * V.rows(), V.cols());
  for (Eigen::Index i = 0; i < V.rows(); ++i) {
    both.row(2 * i) = V.row(i);
    both.row(2 * i + 1) = -V.row(i);
  }
  return solve_cells(G, law, wiring, both, options);
}

Eigen::MatrixXd with_transistor(const Eigen::MatrixXd& G, double R_transistor) {
  return (G.array() / (1.0 + G.array() * R_transistor)).matrix();
}

}  // namespace memspice::crossbar
