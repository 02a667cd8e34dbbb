#include "crossbar/array.hpp"

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "crossbar/solvable.hpp"

namespace memspice::crossbar {
namespace {

constexpr double open = std::numeric_limits<double>::infinity();

std::string solvable_range() {
  return to_text(kSmallestSolvable) + " to " + to_text(kLargestSolvable);
}

void require_resistance(double R, const std::string& place) {
  if (is_solvable(R)) return;
  throw InputError({.place = place,
                    .value = to_text(R),
                    .rule = "a resistance is a finite number of Ohm, 0 or " + solvable_range(),
                    .remedy = "0 means an ideal connection"});
}

void require_per_line(const std::vector<double>& values, const std::string& place) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (is_solvable(values[k]) || values[k] == open) continue;
    throw InputError({.place = place + "[" + to_text(static_cast<long long>(k)) + "]",
                      .value = to_text(values[k]),
                      .rule = "a resistance is 0 Ohm or " + solvable_range(),
                      .remedy = "0 means an ideal connection, infinity an open line"});
  }
}

void require_one_per_line(const std::vector<double>& values, Eigen::Index lines, const char* name) {
  if (values.empty() || static_cast<Eigen::Index>(values.size()) == lines) return;
  throw InputError({.place = name,
                    .value = to_text(static_cast<long long>(values.size())) + " values",
                    .rule = "one value per line, " + to_text(static_cast<long long>(lines)),
                    .remedy = "leave the list empty to make all lines alike"});
}

/// Terminal resistance plus the wire segment that leads to it, or open when the side is not used.
std::vector<double> terminal(const std::vector<double>& per_line,
                             double common,
                             double segment,
                             Eigen::Index lines,
                             bool used) {
  std::vector<double> R(static_cast<std::size_t>(lines), used ? common + segment : open);
  for (std::size_t k = 0; used && k < per_line.size(); ++k) R[k] = per_line[k] + segment;
  return R;
}

}  // namespace

void Wiring::validate(const std::string& place) const {
  require_resistance(row, place + ".row");
  require_resistance(column, place + ".column");
  require_resistance(driver, place + ".driver");
  require_resistance(sense, place + ".sense");
  require_per_line(driver_per_line, place + ".driver_per_line");
  require_per_line(sense_per_line, place + ".sense_per_line");
}

bool Array::is_driven(Eigen::Index i) const {
  const auto line = static_cast<std::size_t>(i);
  return std::isfinite(R_left[line]) || std::isfinite(R_right[line]);
}

bool Array::is_sensed(Eigen::Index j) const {
  const auto line = static_cast<std::size_t>(j);
  return std::isfinite(R_top[line]) || std::isfinite(R_bottom[line]);
}

Array resolve_array(Eigen::Index n_word_lines, Eigen::Index n_bit_lines, const Wiring& wiring) {
  wiring.validate("wiring");
  require_one_per_line(wiring.driver_per_line, n_word_lines, "wiring.driver_per_line");
  require_one_per_line(wiring.sense_per_line, n_bit_lines, "wiring.sense_per_line");
  const auto drives = [&](bool used) {
    return terminal(wiring.driver_per_line, wiring.driver, wiring.row, n_word_lines, used);
  };
  const auto senses = [&](bool used) {
    return terminal(wiring.sense_per_line, wiring.sense, wiring.column, n_bit_lines, used);
  };
  return {.n_word_lines = n_word_lines,
          .n_bit_lines = n_bit_lines,
          .R_row = wiring.row,
          .R_column = wiring.column,
          .R_left = drives(wiring.drive_side != WordLineSide::Right),
          .R_right = drives(wiring.drive_side != WordLineSide::Left),
          .R_top = senses(wiring.sense_side != BitLineSide::Bottom),
          .R_bottom = senses(wiring.sense_side != BitLineSide::Top)};
}

void validate_conductances(const Eigen::MatrixXd& G) {
  if (G.size() == 0) {
    throw InputError({.place = "conductances",
                      .value = "empty",
                      .rule = "a crossbar has at least one word line and one bit line",
                      .remedy = ""});
  }
  for (Eigen::Index j = 0; j < G.cols(); ++j) {
    for (Eigen::Index i = 0; i < G.rows(); ++i) {
      if (G(i, j) >= 0.0 && std::isfinite(G(i, j))) continue;
      throw InputError({.place = "conductance of cell (" + to_text(static_cast<long long>(i)) +
                                 ", " + to_text(static_cast<long long>(j)) + ")",
                        .value = to_text(G(i, j)),
                        .rule = "a conductance is a finite number of Siemens, 0 or more",
                        .remedy = "0 means an open cell"});
    }
  }
  if (is_solvable(G.maxCoeff())) return;
  throw InputError({.place = "largest conductance",
                    .value = to_text(G.maxCoeff()),
                    .rule = "must be 0 or " + solvable_range() + " S",
                    .remedy = "0 means an open cell"});
}

void validate_inputs(const Eigen::MatrixXd& V, Eigen::Index n_word_lines) {
  if (V.rows() != n_word_lines) {
    throw InputError(
        {.place = "input voltages",
         .value = to_text(static_cast<long long>(V.rows())) + " values per vector",
         .rule = "one voltage per word line, " + to_text(static_cast<long long>(n_word_lines)),
         .remedy = ""});
  }
  if (!V.allFinite()) {
    throw InputError({.place = "input voltages",
                      .value = "not finite",
                      .rule = "every voltage is a finite number",
                      .remedy = ""});
  }
  for (Eigen::Index k = 0; k < V.cols(); ++k) {
    const double largest = V.col(k).cwiseAbs().maxCoeff();
    if (is_solvable(largest)) continue;
    throw InputError({.place = "largest voltage of vector " + to_text(static_cast<long long>(k)),
                      .value = to_text(largest),
                      .rule = "must be 0 or " + solvable_range() + " V",
                      .remedy = "write 0 for a word line at ground"});
  }
}

Eigen::MatrixXd effective_inputs(const Array& array, const Eigen::MatrixXd& V) {
  Eigen::MatrixXd effective = V;
  for (Eigen::Index i = 0; i < V.rows(); ++i) {
    if (!array.is_driven(i)) effective.row(i).setZero();
  }
  return effective;
}

}  // namespace memspice::crossbar
