#pragma once
// How fast an array answers: its lines have capacitance, its word lines step from 0 V.
//
//   C dv/dt + F(v, V(t)) = 0      v: node voltages [V]; F: what cells and wires take from each node
//                                 [A]; C: of a segment of a line, from each node to ground [F]
//
// Stiff: a node follows its neighbours in R C of one segment, the array takes about n^2 of them.
// Integrated by TR-BDF2 as a diagonally implicit Runge-Kutta method, which is L-stable and whose
// stages have one matrix, C / (d h) + dF/dv, factorised where the step changes; its embedded third
// order, brought through the same matrix, holds the error of every step.
// Source: Bank et al., IEEE Trans. Electron Devices 32 (1985) 1992; Hosea, Shampine, Applied
// Numerical Mathematics 20 (1996) 21.

#include <Eigen/Core>
#include <functional>

#include "crossbar/cell_law.hpp"

namespace memspice::crossbar {

struct ChargingOptions {
  double line_capacitance = 0.0;  ///< of a segment, at every node [F], > 0
  double rise = 0.0;              ///< in which the drivers go from 0 V to V [s], > 0
  double tolerance = 0.0;         ///< on an output, as a share of the largest at rest; 0 .. 1
  int most_steps = 100000;
};

/// Where a step ended. Nodes: word-line nodes i * n_bit_lines + j, then bit-line nodes likewise.
struct ChargingSample {
  double t = 0.0;               ///< [s]
  double share = 0.0;           ///< of V that the drivers have reached [1]
  const Eigen::VectorXd& v;     ///< of all nodes [V]
  const Eigen::VectorXd& rate;  ///< dv/dt of all nodes [V/s]
};
using OnSample = std::function<void(const ChargingSample&)>;

/// Samples: where steps ended, from 0 s to where the outputs are well within the tolerance.
struct Charging {
  Eigen::VectorXd t;        ///< [s]
  Eigen::MatrixXd I;        ///< leaving each bit line into its sense, bit lines x samples [A]
  Eigen::VectorXd power;    ///< that the drivers give, per sample [W]
  Eigen::VectorXd I_rest;   ///< bit lines [A]
  double power_rest = 0.0;  ///< [W]
  Summary summary;          ///< iterations: linear solves

  /// From 0 s until every output stays within `away` [A] of its own at rest, linear between samples
  /// [s].
  double settling(double away) const;
  double energy() const;  ///< that the drivers gave beyond the power at rest [J]
};

/// G: n_word_lines x n_bit_lines [S]; V: what each word line steps to [V]. NotConverged where
/// Newton's method or the steps come to no end. Throws InputError when a value is out of range or a
/// shape does not fit.
Charging charge_array(const Eigen::MatrixXd& G,
                      const CellLaw& law,
                      const Wiring& wiring,
                      const Eigen::VectorXd& V,
                      const ChargingOptions& options,
                      const OnSample& on_sample = {});

}  // namespace memspice::crossbar
