#pragma once
// A device whose laws are known, and tables of what instruments with noise would read on it. The
// laws are written out here: nothing is shared with what is fitted.

#include <cmath>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/text.hpp"

namespace memspice::test {

struct MadeUpDevice {
  double g_min = 2e-6, g_max = 42e-6;              // [S]
  double alpha = 2.2;                              // [1/V]
  double current_noise = 0.01;                     // of each current, relative
  double device_sigma = 0.12, cycle_sigma = 0.04;  // of ln G
  double programming_sigma = 0.4e-6;               // [S]
  double nu = 0.045, nu_sigma = 0.012;             // drift exponent
  double read_noise = 0.004;                       // of ln G, of each read of retention

  double level(int k, int n) const { return g_min + (g_max - g_min) * k / (n - 1); }
};

inline std::string csv_row(const std::vector<double>& values) {
  std::vector<std::string> fields;
  for (const double value : values) fields.push_back(to_text(value));
  return join(fields, ",") + '\n';
}

/// 8 states x 6 devices x 4 cycles of 11 points up to 0.4 V.
inline std::string measure_sweeps(const MadeUpDevice& device, RandomStream random) {
  std::string csv = "state,device,cycle,voltage_mV,current_uA\n";
  for (int d = 0; d < 6; ++d) {
    const double own = device.device_sigma * random.normal();
    for (int state = 0; state < 8; ++state) {
      for (int cycle = 0; cycle < 4; ++cycle) {
        const double G =
            device.level(state, 8) * std::exp(own + device.cycle_sigma * random.normal());
        for (int k = -5; k <= 5; ++k) {
          const double v = 0.08 * k;
          const double I = G * std::sinh(device.alpha * v) / device.alpha *
                           (1.0 + device.current_noise * random.normal());
          csv += csv_row({double(state), double(d), double(cycle), 1e3 * v, 1e6 * I});
        }
      }
    }
  }
  return csv;
}

/// 16 targets, 8 cells each.
inline std::string measure_programmed(const MadeUpDevice& device, RandomStream random) {
  std::string csv = "target [uS],read [uS]\n";
  for (int k = 0; k < 16; ++k) {
    for (int cell = 0; cell < 8; ++cell) {
      const double target = device.level(k, 16);
      csv += csv_row({1e6 * target, 1e6 * (target + device.programming_sigma * random.normal())});
    }
  }
  return csv;
}

/// 25 devices, 9 reads from 1 s to 10^4 s.
inline std::string measure_retention(const MadeUpDevice& device, RandomStream random) {
  std::string csv = "# time_s,device,conductance_us\n";
  for (int d = 0; d < 25; ++d) {
    const double nu = device.nu + device.nu_sigma * random.normal();
    const double G = device.level(d % 5 + 1, 6);
    for (int k = 0; k <= 8; ++k) {
      const double t = std::pow(10.0, 0.5 * k);
      const double read = G * std::pow(t, -nu) * std::exp(device.read_noise * random.normal());
      csv += csv_row({t, double(d), 1e6 * read});
    }
  }
  return csv;
}

/// 20 devices, 10 programmings to one state.
inline std::string measure_spread(const MadeUpDevice& device, RandomStream random) {
  std::string csv = "device,cycle,resistance_kOhm\n";
  for (int d = 0; d < 20; ++d) {
    const double own = device.device_sigma * random.normal();
    for (int cycle = 0; cycle < 10; ++cycle) {
      const double G = 20e-6 * std::exp(own + device.cycle_sigma * random.normal());
      csv += csv_row({double(d), double(cycle), 1e-3 / G});
    }
  }
  return csv;
}

}  // namespace memspice::test
