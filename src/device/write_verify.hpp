#pragma once
// Write-verify: pulses of rising strength, each followed by a read, until a cell's conductance is
// within tolerance of its target.
//
//   amplitude ramp   V = start + k step            width fixed
//   width ramp       t = width factor^k            V = start fixed
//
// k rises by one with each pulse. When a pulse has moved the cell further than what remains, k
// falls by `step_back`: the approach becomes finer instead of overshooting. When the cell has
// overshot, the other polarity takes over, with a k of its own: 0 at first, later `step_back` below
// where it stood. The verifying read knows the cell's I(v): what it returns is the small-signal
// conductance, and it moves no state (choose read_voltage far below the threshold).
// Source: incremental step pulse programming; Alibart, Gao, Hoskins, Strukov, "High precision
// tuning of state for memristive devices by adaptable variation-tolerant algorithm", Nanotechnology
// 23 (2012) 075201. Differs from it: one adaptive ramp in place of a coarse and a fine one.

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "device/pulse.hpp"

namespace memspice::device {

enum class Ramp { Amplitude, Width };

/// Magnitudes of the pulses of one polarity.
struct PulseRamp {
  double start = 1.0;  ///< first amplitude; of every pulse in a width ramp [V], > 0
  double step = 0.05;  ///< amplitude ramp: added per pulse [V], > 0
  double limit = 2.0;  ///< amplitude ramp: largest [V], >= start
};

struct WriteOptions {
  Ramp ramp = Ramp::Amplitude;
  PulseRamp positive, negative;      ///< from p to n, and from n to p
  double width = 100e-9;             ///< of a pulse; the first in a width ramp [s], > 0
  double width_factor = 1.5;         ///< width ramp: growth per pulse, > 1
  double width_limit = 10e-6;        ///< width ramp: longest [s], >= width
  double relative_tolerance = 0.01;  ///< of the target, >= 0
  double absolute_tolerance = 0.0;   ///< [S], >= 0; the wider of the two holds; one must be > 0
  int pulse_limit = 200;             ///< per cell, >= 1
  int step_back = 2;                 ///< ramp steps, >= 0
  double read_voltage = 0.1;         ///< of a verifying read [V], > 0
  double read_time = 10e-9;          ///< of a verifying read [s], >= 0
  double settle_time = 0.0;          ///< between a pulse and its read [s], >= 0
  void validate(std::string_view place) const;  ///< throws InputError

  /// Accepted distance from `target` [S].
  double tolerance(double target) const noexcept;
};

enum class WriteTermination {
  Reached,     ///< the last read was within tolerance
  PulseLimit,  ///< pulse_limit pulses were not enough
  Saturated,   ///< at the ramp's end, and pulses no longer move the cell
  Failed,      ///< a pulse could not be computed
};
std::string_view to_text(WriteTermination termination);

/// True when a positive voltage from p to n raises the conductance.
bool positive_raises_conductance(const Memristor& memristor);

/// Chooses pulse after pulse from what the reads return.
class WriteControl {
 public:
  /// `target` [S]; `options` must outlive this.
  WriteControl(const WriteOptions& options, double target, bool positive_raises);

  /// The next pulse after a read of `G` [S]; nothing when writing has ended.
  std::optional<Pulse> next(double G);

  WriteTermination termination() const noexcept { return termination_; }  ///< once ended
  int pulses() const noexcept { return pulses_; }

 private:
  void choose_step(double G, bool is_positive);
  Pulse pulse(bool is_positive) const;
  bool is_at_limit(bool is_positive) const;

  const WriteOptions& options_;
  double target_;
  bool positive_raises_;
  WriteTermination termination_ = WriteTermination::PulseLimit;
  int pulses_ = 0;
  int idle_ = 0;  ///< pulses in a row, at the ramp's end, that moved nothing
  std::optional<double> last_G_;
  std::optional<bool> last_positive_;
  std::array<int, 2> step_ = {-1, -1};  ///< k per polarity [negative, positive]; -1: none yet
};

struct WriteSummary {
  WriteTermination termination = WriteTermination::Reached;
  int pulses = 0;
  double x = 0.0;       ///< final state [1]
  double G = 0.0;       ///< final conductance [S]
  double energy = 0.0;  ///< pulses and reads, the series resistance included [J]
  double time = 0.0;    ///< pulses, settling and reads [s]
  std::string message = {};
};

/// Writes one cell behind `series` [Ohm] from state `x`. Throws InputError when the cell cannot
/// have the conductance `target` [S].
WriteSummary write_verify(const Memristor& memristor,
                          double x,
                          double target,
                          const WriteOptions& options,
                          double series = 0.0);

}  // namespace memspice::device
