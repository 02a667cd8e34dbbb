#pragma once
// The static read model as a memristor whose state rests: what every model is at read voltages.
//
//   I = G sinh(alpha v) / alpha,   G = g_min + (g_max - g_min) x,   dx/dt = 0
//
// Equations and source: device/static_read.hpp.

#include "device/conductance_window.hpp"
#include "device/memristor.hpp"
#include "device/static_read.hpp"

namespace memspice::device {

class StaticMemristor final : public Memristor {
 public:
  static constexpr std::string_view kName = "static_read";
  static ParameterTable parameters();
  explicit StaticMemristor(const MemristorCard& card);

  std::string_view name() const noexcept override { return kName; }
  double current(double v, double x) const noexcept override { return read_.current(G(x), v); }
  double conductance(double v, double x) const noexcept override {
    return read_.conductance(G(x), v);
  }
  double state_rate(double, double) const noexcept override { return 0.0; }

 private:
  double G(double x) const noexcept { return window_.g_min + window_.width() * x; }

  ConductanceWindow window_;
  StaticRead read_;
};

}  // namespace memspice::device
