#include "circuit/value_check.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.hpp"

namespace memspice::circuit {
namespace {

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

std::string check_waveform(const Dc& dc) {
  return std::isfinite(dc.level) ? "" : "its level is not finite; give it a number";
}

std::string check_waveform(const Swept& swept) {
  if (swept.levels.empty()) return "it sweeps over no level; give one level per stimulus";
  return all_finite(swept.levels) ? "" : "a swept level is not finite; give each a number";
}

std::string check_waveform(const Sine& sine) {
  if (!all_finite({sine.offset, sine.amplitude, sine.frequency, sine.delay})) {
    return "its sine is not finite; give each figure a number";
  }
  return sine.frequency > 0 && sine.delay >= 0
             ? ""
             : "its sine needs a frequency above 0 and a delay of at least 0";
}

std::string check_waveform(const Pulse& pulse) {
  if (!all_finite({pulse.low,
                   pulse.high,
                   pulse.delay,
                   pulse.rise,
                   pulse.fall,
                   pulse.width,
                   pulse.period})) {
    return "its pulse is not finite; give each figure a number";
  }
  const double least = std::min({pulse.delay, pulse.rise, pulse.fall, pulse.width, pulse.period});
  return least >= 0 ? "" : "a time of its pulse is negative; give times of at least 0 s";
}

std::string check_waveform(const PiecewiseLinear& line) {
  if (line.times.empty() || line.times.size() != line.levels.size()) {
    return "its piecewise-linear waveform needs one level per time, at least one";
  }
  if (!all_finite(line.times) || !all_finite(line.levels)) {
    return "its piecewise-linear waveform is not finite; give each figure a number";
  }
  const bool rising = std::is_sorted(line.times.begin(), line.times.end(), std::less_equal<>());
  return rising ? "" : "the times of its piecewise-linear waveform must increase";
}

std::string check_waveform(const External&) {
  return "";
}

}  // namespace

std::string find_bad_value(const Instance& instance) {
  const std::string shown = to_text(instance.value);
  switch (instance.kind) {
    case Kind::Resistor:
      if (std::isfinite(instance.value) && instance.value > 0) return "";
      return "resistance " + shown + " Ohm must be finite and above 0; join the two nets instead";
    case Kind::Capacitor:
      if (std::isfinite(instance.value) && instance.value >= 0) return "";
      return "capacitance " + shown + " F must be finite and at least 0; leave it out instead";
    case Kind::VoltageControlledVoltage:
    case Kind::VoltageControlledCurrent:
      return std::isfinite(instance.value)
                 ? ""
                 : "its gain " + shown + " is not finite; give it a number";
    case Kind::VoltageSource:
    case Kind::CurrentSource:
      return std::visit([](const auto& waveform) { return check_waveform(waveform); },
                        instance.waveform);
    default:
      return "";
  }
}

}  // namespace memspice::circuit
