#pragma once
// Arrays that the crossbar tests share.

#include <Eigen/Core>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "crossbar/crossbar.hpp"

namespace memspice::test {

/// Log-uniform conductances in [g_min, g_max] [S].
inline Eigen::MatrixXd random_cells(Eigen::Index n,
                                    Eigen::Index m,
                                    double g_min = 1e-6,
                                    double g_max = 1e-4,
                                    std::uint64_t seed = 1) {
  RandomStream stream(seed, "cells");
  Eigen::MatrixXd G(n, m);
  for (Eigen::Index j = 0; j < m; ++j) {
    for (Eigen::Index i = 0; i < n; ++i)
      G(i, j) = g_min * std::pow(g_max / g_min, stream.uniform());
  }
  return G;
}

/// Voltages in [-amplitude, amplitude) [V].
inline Eigen::MatrixXd random_inputs(Eigen::Index n,
                                     Eigen::Index vectors,
                                     double amplitude = 0.2,
                                     std::uint64_t seed = 2) {
  RandomStream stream(seed, "inputs");
  Eigen::MatrixXd V(n, vectors);
  for (Eigen::Index k = 0; k < V.size(); ++k) V(k) = stream.uniform(-amplitude, amplitude);
  return V;
}

struct NamedWiring {
  std::string name;
  crossbar::Wiring wiring;
};

/// Every side, every zero, unequal wires, for arrays of n word lines and m bit lines.
inline std::vector<NamedWiring> all_wirings(std::size_t n, std::size_t m) {
  using crossbar::BitLineSide;
  using crossbar::Wiring;
  using crossbar::WordLineSide;
  constexpr double open = std::numeric_limits<double>::infinity();
  std::vector<NamedWiring> all;
  for (const auto drive : {WordLineSide::Left, WordLineSide::Right, WordLineSide::Both}) {
    for (const auto sense : {BitLineSide::Bottom, BitLineSide::Top, BitLineSide::Both}) {
      Wiring wiring{.row = 2.0, .column = 3.0, .driver = 50.0, .sense = 20.0};
      wiring.drive_side = drive;
      wiring.sense_side = sense;
      const std::string sides = std::to_string(int(drive)) + "/" + std::to_string(int(sense));
      all.push_back({"sides " + sides, wiring});
      wiring.row = 0.0;
      all.push_back({"no row wire, sides " + sides, wiring});
      wiring.driver = 0.0;
      all.push_back({"no row wire, no driver, sides " + sides, wiring});
      wiring.column = 0.0;
      all.push_back({"no wire, no driver, sides " + sides, wiring});
      wiring.sense = 0.0;
      all.push_back({"nothing but cells, sides " + sides, wiring});
      wiring.row = 2.0;
      all.push_back({"no column wire, no terminals, sides " + sides, wiring});
      wiring.column = 3.0;
      all.push_back({"no terminals, sides " + sides, wiring});
      wiring.sense = 20.0;
      wiring.column = 0.0;
      all.push_back({"no column wire, no driver, sides " + sides, wiring});
    }
  }
  Wiring lines{.row = 2.0, .column = 3.0, .driver = 50.0, .sense = 20.0};
  lines.driver_per_line.assign(n, 10.0);
  lines.sense_per_line.assign(m, 5.0);
  lines.driver_per_line.front() = 0.0;
  lines.sense_per_line.back() = 500.0;
  all.push_back({"per-line terminals", lines});
  if (n > 1) lines.driver_per_line.back() = open;
  if (m > 1) lines.sense_per_line.front() = open;
  all.push_back({"open lines", lines});
  lines.row = lines.column = 0.0;
  all.push_back({"open lines without wire", lines});
  lines.column = 3.0;
  all.push_back({"open lines without row wire", lines});
  return all;
}

/// ||a - b|| / ||b||, or ||a|| where b is zero.
inline double relative_error(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  const double scale = b.norm();
  return scale > 0.0 ? (a - b).norm() / scale : a.norm();
}

}  // namespace memspice::test
