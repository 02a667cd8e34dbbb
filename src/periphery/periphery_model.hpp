#pragma once
// What ngspice measured of an analog block: its static error, settling time, energy, and for
// functions of one variable the transfer curve itself.

#include <Eigen/Core>
#include <span>
#include <string>

#include "synthesis/analog_block.hpp"

namespace memspice::periphery {

/// Deviations of outputs from the ideal function, in parts of the block's full scale.
struct StaticError {
  double max = 0.0;  ///< [1]
  double rms = 0.0;  ///< [1]
  int stimuli = 0;   ///< that they were taken over
};

struct PeripheryModel {
  std::string name;     ///< of the block: "relu"
  std::string circuit;  ///< of the catalogue
  std::string size;     ///< "window 4"; empty: the circuit has none
  synthesis::Realisation realisation = synthesis::Realisation::Transistor;
  synthesis::DeviceCount devices;
  int inputs = 0, outputs = 0;
  double full_scale = 0.0;  ///< [V]

  StaticError error;           ///< over the input range, against `ideal`
  double offset = 0.0;         ///< largest |output - ideal| at the middle of the input range [V]
  double output_low = 0.0;     ///< lowest output when the inputs reach twice their range [V]
  double output_high = 0.0;    ///< highest; beyond both the block has saturated
  double static_power = 0.0;   ///< from the supplies, at the middle of the input range [W]
  double settling_time = 0.0;  ///< to half an LSB, the slower of a full step up and down [s]
  double energy = 0.0;         ///< from the supplies during that settling [J]

  double ngspice_seconds = 0.0;  ///< inside the simulator; 0: the store answered
  std::string engine_version;

  /// One output over one input, at equal steps of the input; empty unless the block is such a
  /// function. [V], or [A] for the input of a block that takes currents.
  Eigen::VectorXd curve_in, curve_out;
  /// Largest |apply - ngspice| halfway between the curve's points, in parts of full scale.
  double interpolation_error = 0.0;

  /// Sets interpolation_error from what ngspice gave between the curve's points; none: 0.
  void judge_curve(const Eigen::VectorXd& in, const Eigen::VectorXd& out);
  bool has_curve() const noexcept { return curve_in.size() > 1; }
  /// Interpolates the curve linearly; beyond its ends the end values hold. `in` and `out` may be
  /// the same memory. Precondition: has_curve(), equal sizes.
  void apply(std::span<const double> in, std::span<double> out) const;
};

}  // namespace memspice::periphery
