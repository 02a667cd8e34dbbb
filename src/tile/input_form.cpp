#include "tile/input_form.hpp"

#include <cmath>

namespace memspice::tile {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

class Amplitudes : public InputForm {
 public:
  std::string_view name() const noexcept override { return "amplitude"; }
  int points_per_vector() const noexcept override { return 1; }
  std::string gathering_text() const override { return ""; }
  MatrixXd carried(const MatrixXd& V) const override { return V; }
  MatrixXd points(const MatrixXd& V) const override { return V; }
  MatrixXd gather(const MatrixXd& found) const override { return found; }
  std::vector<int> bending(const std::vector<int>& powers) const override { return powers; }
};

class Pulses : public InputForm {
 public:
  Pulses(int bits, double read_voltage) : bits_(bits), read_voltage_(read_voltage) {}

  std::string_view name() const noexcept override { return "pulses"; }
  int points_per_vector() const noexcept override { return bits_; }
  std::string gathering_text() const override {
    return ", each current the sum over a vector's " + std::to_string(bits_) +
           " points b of 2^b I_b / (2^" + std::to_string(bits_) + " - 1)";
  }
  /// Rounded to the 2^B - 1 steps of the read voltage.
  MatrixXd carried(const MatrixXd& V) const override {
    const double step = read_voltage_ / steps();
    return V.unaryExpr([&](double v) { return std::round(v / step) * step; });
  }
  /// Least significant bit first.
  MatrixXd points(const MatrixXd& V) const override {
    MatrixXd pulses = MatrixXd::Zero(V.rows(), V.cols() * bits_);
    for (Index k = 0; k < V.cols(); ++k) {
      for (Index i = 0; i < V.rows(); ++i) {
        const auto code = std::lround(std::abs(V(i, k)) / read_voltage_ * steps());
        for (int b = 0; b < bits_; ++b) {
          if ((code >> b & 1L) == 0) continue;
          pulses(i, k * bits_ + b) = V(i, k) < 0 ? -read_voltage_ : read_voltage_;
        }
      }
    }
    return pulses;
  }
  MatrixXd gather(const MatrixXd& found) const override {
    MatrixXd sum = MatrixXd::Zero(found.rows(), found.cols() / bits_);
    for (Index k = 0; k < found.cols(); ++k) {
      sum.col(k / bits_) += std::ldexp(1.0, static_cast<int>(k % bits_)) / steps() * found.col(k);
    }
    return sum;
  }
  /// Pulses always see the whole voltage: only the gain can differ.
  std::vector<int> bending(const std::vector<int>&) const override { return {1}; }

 private:
  double steps() const { return std::ldexp(1.0, bits_) - 1.0; }

  int bits_;
  double read_voltage_;  ///< [V]
};

}  // namespace

std::shared_ptr<const InputForm> make_input_form(int pulse_bits, double read_voltage) {
  if (pulse_bits == 0) return std::make_shared<const Amplitudes>();
  return std::make_shared<const Pulses>(pulse_bits, read_voltage);
}

}  // namespace memspice::tile
