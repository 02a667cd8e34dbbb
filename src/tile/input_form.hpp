#pragma once
// How a vector of inputs comes onto an array: all at once as amplitudes, or bit after bit.
//
//   amplitudes  one point: word line i at V_i
//   pulses      B points, one a bit b: word line i at +-U or 0, U the read voltage;
//               I = sum_b 2^b I_b / (2^B - 1); the only input of gates, and the one that a selector
//               lets through

#include <Eigen/Core>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace memspice::tile {

class InputForm {
 public:
  virtual ~InputForm() = default;
  virtual std::string_view name() const noexcept = 0;  ///< "amplitude"
  virtual int points_per_vector() const noexcept = 0;
  /// What is done to the currents of a vector's points, after a comma; empty: nothing.
  virtual std::string gathering_text() const = 0;

  /// V as the input can carry it: inputs x vectors [V].
  virtual Eigen::MatrixXd carried(const Eigen::MatrixXd& V) const = 0;
  /// V point by point: inputs x vectors -> inputs x points [V].
  virtual Eigen::MatrixXd points(const Eigen::MatrixXd& V) const = 0;
  /// What was found at the points as that of the vectors: rows x points -> rows x vectors.
  virtual Eigen::MatrixXd gather(const Eigen::MatrixXd& found) const = 0;
  /// The powers of V that bend the currents of cells which bend them by `powers`.
  virtual std::vector<int> bending(const std::vector<int>& powers) const = 0;
};

/// Pulses of `pulse_bits` bits at `read_voltage` [V]; 0 bits: amplitudes.
std::shared_ptr<const InputForm> make_input_form(int pulse_bits, double read_voltage);

}  // namespace memspice::tile
