#pragma once
// Write-verify of a whole array, cell by cell, row by row.
//
// A pass reads every cell and writes those out of tolerance (device/write_verify.hpp). Each pulse
// also stands across the cells that share a line with the selected one; what that moves shows in
// the next pass and at the end as disturb: final conductance over the one that its own writing
// left.

#include <Eigen/Core>

#include "crossbar/pulsed_array.hpp"
#include "device/write_verify.hpp"

namespace memspice::crossbar {

struct ProgramOptions {
  device::WriteOptions write;
  int passes = 1;  ///< over the array, 1 .. 1000; ends early when a pass writes nothing
};

using Terminations =
    Eigen::Matrix<device::WriteTermination, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor>;

/// What programming left; all matrices n_word_lines x n_bit_lines.
struct ProgramResult {
  Eigen::MatrixXd G;          ///< final conductances [S]
  Eigen::MatrixXd G_written;  ///< each as its own last verifying read found it [S]
  Eigen::MatrixXi pulses;     ///< over all passes
  Eigen::MatrixXd energy;     ///< array dissipation of each cell's pulses and reads [J]
  Eigen::MatrixXd time;       ///< of each cell's pulses, settling and reads [s]
  Terminations termination;   ///< of each cell's last writing
  int passes = 0;             ///< that were run
  std::string message = {};   ///< of the first cell that could not be computed

  /// Cells whose last writing did not reach the target.
  int failed() const;
  /// G / G_written - 1 of each cell: what others' pulses did after its own.
  Eigen::MatrixXd disturb() const;
};

/// target: n_word_lines x n_bit_lines [S]; a cell with target 0 is absent and left alone. Throws
/// InputError when the cell's model does not reach a target.
ProgramResult program_array(PulsedArray& array,
                            const device::Memristor& cell,
                            const Eigen::MatrixXd& target,
                            const ProgramOptions& options);

}  // namespace memspice::crossbar
