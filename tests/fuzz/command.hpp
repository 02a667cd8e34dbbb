#pragma once
// memspice as a process of its own, under limits.

#include <string>
#include <vector>

namespace memspice::fuzz {

/// Above these a run is a fault.
struct Limits {
  double seconds = 20.0;  ///< processor time of one input [s]
  double wall_seconds =
      120.0;                  ///< for what waits instead of working, on a machine that is busy [s]
  double megabytes = 2048.0;  ///< resident
};

/// Runs a program with its output where this process has it. Throws Finding for a signal, an exit
/// code other than 0, 1, 2 and 130, a run that lasts too long or takes too much memory.
void run_command(const std::vector<std::string>& arguments, const Limits& limits = {});

/// Data segments above the limit fail, so that a fault cannot take the machine with it. Not with
/// sanitizers, which map terabytes.
void limit_memory(double megabytes);

}  // namespace memspice::fuzz
