#pragma once
// The dynamic memristor: a current that depends on voltage and state, and a state that moves.
//
//   I = I(v, x)      dx/dt = f(v, x)      x in [0, 1]
//
// v [V] is the voltage from port p to port n, I [A] flows into p. Every model scales its physical
// state (a width, a gap, a resistance) to x; each header says how. The state equation itself keeps
// x within its bounds (device/smooth.hpp), and the subcircuit device_models/<model>/<model>.sub
// carries the same equations, constants and rounding.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "device/memristor_card.hpp"

namespace memspice::device {

class Memristor {
 public:
  virtual ~Memristor() = default;

  virtual std::string_view name() const noexcept = 0;
  virtual double current(double v, double x) const noexcept = 0;      ///< I [A]
  virtual double conductance(double v, double x) const noexcept = 0;  ///< dI/dv [S]
  virtual double state_rate(double v, double x) const noexcept = 0;   ///< dx/dt [1/s]

  double initial_state() const noexcept { return initial_state_; }

  /// Small-signal conductance at v = 0 [S].
  double conductance_of(double x) const noexcept { return conductance(0.0, x); }
  /// The state whose small-signal conductance is `G` [S]; throws InputError when no x in [0, 1]
  /// has it.
  double state_of(double G) const;

 protected:
  explicit Memristor(double initial_state) : initial_state_(initial_state) {}

 private:
  double initial_state_;
};

/// Names of all models that have a C++ class, in the order of METHODS.
std::vector<std::string> memristor_models();

/// The parameters of a model, in the order of its subcircuit; throws InputError with a suggestion
/// for an unknown name.
ParameterTable parameter_table(const std::string& model);

/// Throws InputError with place `card.<parameter>` when the card does not fit its model: see
/// complete_card, and the model's own rules between parameters (r_on < r_off, ...).
std::unique_ptr<Memristor> make_memristor(const MemristorCard& card);

}  // namespace memspice::device
