#include "tile/row_check.hpp"

#include "base/text.hpp"

namespace memspice::tile {
namespace {

/// No voltage [V] and no current [A] of an array, its periphery or a memristor's trace comes near.
constexpr double kLargest = 1e6;

/// Rounding of a solver: responses agree with a dense solution to 1e-13, relative.
constexpr double kRounding = 1e-9;

std::string counts(Eigen::Index found, const char* what, long long expected, const char* of) {
  return "holds " + to_text(static_cast<long long>(found)) + ' ' + what + " where " + of + " has " +
         to_text(expected);
}

std::string fault_in_values(const Eigen::MatrixXd& table) {
  if (!table.allFinite()) return "holds a value that is not finite";
  const double largest = table.rightCols(table.cols() - 1).cwiseAbs().maxCoeff();
  if (largest <= kLargest) return {};
  return "holds a value of " + to_text_rounded(largest, 3) +
         " (V or A), which no circuit here carries";
}

}  // namespace

std::string fault_in_answer(const std::optional<Eigen::MatrixXd>& table,
                            const netlist::Deck& deck) {
  if (!table) return "holds no table of numbers";
  const auto probes = static_cast<long long>(deck.vectors.size());
  if (table->cols() != probes + 1) {
    return counts(table->cols() - 1, "probes", probes, "the deck");
  }
  if (table->rows() == 0) return "holds no points";
  if (deck.points > 0 && table->rows() != deck.points) {
    return counts(table->rows(), "points", deck.points, "the deck");
  }
  return probes > 0 ? fault_in_values(*table) : std::string();
}

std::string fault_in_response(const std::optional<Eigen::MatrixXd>& G_eff,
                              const Eigen::MatrixXd& G) {
  if (!G_eff) return "holds no matrix";
  if (G_eff->rows() != G.rows()) return counts(G_eff->rows(), "word lines", G.rows(), "the array");
  if (G_eff->cols() != G.cols()) return counts(G_eff->cols(), "bit lines", G.cols(), "the array");
  if (!G_eff->allFinite()) return "holds a value that is not finite";
  const double rounding = kRounding * G.maxCoeff();
  if (G_eff->minCoeff() < -rounding) return "holds a negative conductance";
  const Eigen::VectorXd excess = G_eff->rowwise().sum() - (1.0 + kRounding) * G.rowwise().sum();
  if (excess.maxCoeff() > rounding) return "conducts better than the array's cells do";
  return {};
}

std::string fault_in_pinned(const std::optional<Eigen::MatrixXd>& column,
                            Eigen::Index bit_lines,
                            Eigen::Index points) {
  if (!column) return "holds no column of numbers";
  if (column->cols() != 1) return counts(column->cols(), "columns", 1, "a pinned solution");
  const Eigen::Index size = kCertificateRows + bit_lines * points;
  if (column->rows() != size) return counts(column->rows(), "rows", size, "the tile");
  const Eigen::VectorXd certificate = column->topRows<kCertificateRows>();
  const Eigen::VectorXd currents = column->bottomRows(bit_lines * points);
  const double monotone = certificate(5);
  if (monotone != 0.0 && monotone != 1.0) return "holds no certificate";
  // Without a bound, bound and relative are no numbers.
  const auto figures = certificate.tail(monotone == 1.0 ? 6 : 4);
  if (!(figures.array() >= 0.0).all()) return "holds no certificate";
  if (!currents.allFinite()) return "holds a value that is not finite";
  const double largest = currents.cwiseAbs().maxCoeff();
  if (largest <= kLargest) return {};
  return "holds a current of " + to_text_rounded(largest, 3) + " A, which no array carries";
}

}  // namespace memspice::tile
