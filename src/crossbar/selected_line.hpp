#pragma once
// A selected word line or bit line of an array under write pulses, with its half-selected cells.

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <utility>

#include "crossbar/lines.hpp"
#include "device/memristor.hpp"

namespace memspice::crossbar {

/// One selected line with its cells: unknown offsets u of its nodes, currents out of it positive.
///
///   wires(u) + I_k(v_k) = 0,   v_k = drive_k + u_k - R_k (I_k - rest_k)
///
/// For the bit line all is counted from the bit line outwards, so that both lines are alike.
struct SelectedLine {
  Lines wires;
  Eigen::VectorXd u;                   ///< node offsets [V]
  Eigen::VectorXd I;                   ///< of the half-selected cells, out of the line [A]
  Eigen::VectorXd drive;               ///< across a cell where u = 0 [V]
  Eigen::VectorXd R;                   ///< that the crossing line shows [Ohm]
  Eigen::VectorXd rest;                ///< current that the crossing line carries there anyway [A]
  Eigen::VectorXd v;                   ///< across each cell, out of the line [V]
  Eigen::VectorXd linear_I, linear_G;  ///< I as a linear function of u about `u`
  Eigen::VectorXd trial, response;     ///< u without the selected cell, and per ampere into it

  double amplitude = 0.0;  ///< of the pulse that u and I belong to [V]

  explicit SelectedLine(Lines lines) : wires(std::move(lines)) {
    const int n = wires.size();
    for (auto* vector : {&u, &I, &drive, &R, &rest, &v, &linear_I, &linear_G, &trial, &response}) {
      *vector = Eigen::VectorXd::Zero(n);
    }
  }

  /// Scales the last solution to another amplitude.
  void start_from_last(double A) {
    const double ratio = amplitude == 0.0 ? 0.0 : A / amplitude;
    u *= ratio;
    I *= ratio;
    amplitude = A;
  }

  /// Refreshes the linear cells; `sign` -1 where the cells' p is away from this line.
  template <typename State>
  void linearize(const device::Memristor& cell, double sign, int selected, State state) {
    for (int k = 0; k < wires.size(); ++k) {
      v(k) = drive(k) + u(k) - R(k) * (I(k) - rest(k));
      if (k == selected) continue;
      const double x = state(k);
      const double G = cell.conductance(sign * v(k), x);
      const double fall = 1.0 + R(k) * G;
      linear_I(k) = (sign * cell.current(sign * v(k), x) + R(k) * G * I(k)) / fall;
      linear_G(k) = G / fall;
    }
    linear_I(selected) = linear_G(selected) = 0.0;
  }

  /// Solves the line without its selected cell; false when it is singular.
  bool solve(int selected) {
    if (!wires.factorize(linear_G.data())) return false;
    trial = linear_G.cwiseProduct(u) - linear_I;
    wires.solve(trial.data());
    response.setZero();
    response(selected) = 1.0;
    wires.solve(response.data());
    return true;
  }

  /// Takes the solution for a current `out` [A] into the selected cell; returns the largest change.
  double take(double out) {
    double change = 0.0;
    for (int k = 0; k < wires.size(); ++k) {
      const double next = trial(k) - out * response(k);
      change = std::max(change, std::abs(next - u(k)));
      I(k) = linear_I(k) + linear_G(k) * (next - u(k));
      u(k) = next;
    }
    return change;
  }
};

}  // namespace memspice::crossbar
