#include "device/write_verify.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::device {
namespace {

/// Pulses at the ramp's end that move the cell by less than this share of the tolerance are idle.
constexpr double kIdleShare = 1e-3;
constexpr int kMostIdle = 3;

void require(bool holds, std::string place, double value, const char* rule) {
  if (holds) return;
  throw InputError({.place = std::move(place),
                    .value = memspice::to_text(value),
                    .rule = rule,
                    .remedy = "choose such a value"});
}

void validate_ramp(const PulseRamp& ramp, bool has_amplitude_ramp, const std::string& place) {
  require(ramp.start > 0.0 && ramp.start <= 1e3, place + ".start", ramp.start, "must be above 0 V");
  if (!has_amplitude_ramp) return;
  require(ramp.step > 0.0 && ramp.step <= 1e3, place + ".step", ramp.step, "must be above 0 V");
  require(ramp.limit >= ramp.start && ramp.limit <= 1e3,
          place + ".limit",
          ramp.limit,
          "must be the start of the ramp or more");
}

}  // namespace

std::string_view to_text(WriteTermination termination) {
  switch (termination) {
    case WriteTermination::Reached:
      return "reached";
    case WriteTermination::PulseLimit:
      return "pulse limit";
    case WriteTermination::Saturated:
      return "saturated";
    case WriteTermination::Failed:
      break;
  }
  return "failed";
}

void WriteOptions::validate(std::string_view place) const {
  const std::string at(place);
  validate_ramp(positive, ramp == Ramp::Amplitude, at + ".positive");
  validate_ramp(negative, ramp == Ramp::Amplitude, at + ".negative");
  require(width > 0.0 && width <= 1e6, at + ".width", width, "must be above 0 s");
  if (ramp == Ramp::Width) {
    require(width_factor > 1.0 && width_factor <= 1e3,
            at + ".width_factor",
            width_factor,
            "must be above 1, at most 1000");
    require(width_limit >= width && width_limit <= 1e6,
            at + ".width_limit",
            width_limit,
            "must be the first width or more");
  }
  require(relative_tolerance >= 0.0 && relative_tolerance < 1.0,
          at + ".tolerance",
          relative_tolerance,
          "must be 0 or more, below 1");
  require(absolute_tolerance >= 0.0 && std::isfinite(absolute_tolerance),
          at + ".absolute_tolerance",
          absolute_tolerance,
          "must be 0 S or more");
  require(relative_tolerance > 0.0 || absolute_tolerance > 0.0,
          at + ".tolerance",
          relative_tolerance,
          "and absolute_tolerance must not both be 0: no write would ever end");
  require(pulse_limit >= 1, at + ".pulse_limit", pulse_limit, "must be 1 or more");
  require(step_back >= 0, at + ".step_back", step_back, "must be 0 or more");
  require(read_voltage > 0.0 && read_voltage <= 1e3,
          at + ".read_voltage",
          read_voltage,
          "must be above 0 V");
  require(read_time >= 0.0, at + ".read_time", read_time, "must be 0 s or more");
  require(settle_time >= 0.0, at + ".settle_time", settle_time, "must be 0 s or more");
}

double WriteOptions::tolerance(double target) const noexcept {
  return std::max(relative_tolerance * target, absolute_tolerance);
}

bool positive_raises_conductance(const Memristor& memristor) {
  // Beyond any threshold of a sane card; only the signs count.
  constexpr double large = 40.0;
  const double up = memristor.state_rate(large, 0.5) - memristor.state_rate(-large, 0.5);
  const double slope = memristor.conductance_of(1.0) - memristor.conductance_of(0.0);
  return (up > 0.0) == (slope > 0.0);
}

WriteControl::WriteControl(const WriteOptions& options, double target, bool positive_raises)
    : options_(options), target_(target), positive_raises_(positive_raises) {}

bool WriteControl::is_at_limit(bool is_positive) const {
  const int next = step_[is_positive ? 1 : 0] + 1;
  if (options_.ramp == Ramp::Width) {
    return options_.width * std::pow(options_.width_factor, next) > options_.width_limit;
  }
  const PulseRamp& ramp = is_positive ? options_.positive : options_.negative;
  return ramp.start + next * ramp.step > ramp.limit * (1.0 + 1e-12);
}

Pulse WriteControl::pulse(bool is_positive) const {
  const PulseRamp& ramp = is_positive ? options_.positive : options_.negative;
  const int k = step_[is_positive ? 1 : 0];
  const double sign = is_positive ? 1.0 : -1.0;
  if (options_.ramp == Ramp::Width) {
    return {.amplitude = sign * ramp.start,
            .width = options_.width * std::pow(options_.width_factor, k)};
  }
  return {.amplitude = sign * (ramp.start + k * ramp.step), .width = options_.width};
}

void WriteControl::choose_step(double G, bool is_positive) {
  int& step = step_[is_positive ? 1 : 0];
  if (step < 0) {
    step = 0;
  } else if (last_positive_ != is_positive) {
    step = std::max(step - options_.step_back, 0);
  } else if (options_.step_back > 0 && std::abs(G - *last_G_) > std::abs(target_ - G)) {
    step = std::max(step - options_.step_back, 0);
  } else if (!is_at_limit(is_positive)) {
    ++step;
  }
}

std::optional<Pulse> WriteControl::next(double G) {
  const double tolerance = options_.tolerance(target_);
  const auto end = [&](WriteTermination how) {
    termination_ = how;
    return std::nullopt;
  };
  if (std::abs(G - target_) <= tolerance) return end(WriteTermination::Reached);
  if (pulses_ == options_.pulse_limit) return end(WriteTermination::PulseLimit);
  const bool is_positive = (G < target_) == positive_raises_;
  const bool was_idle = last_positive_ == is_positive && is_at_limit(is_positive) &&
                        std::abs(G - *last_G_) < kIdleShare * tolerance;
  idle_ = was_idle ? idle_ + 1 : 0;
  if (idle_ == kMostIdle) return end(WriteTermination::Saturated);
  choose_step(G, is_positive);
  last_positive_ = is_positive;
  last_G_ = G;
  ++pulses_;
  return pulse(is_positive);
}

WriteSummary write_verify(const Memristor& memristor,
                          double x,
                          double target,
                          const WriteOptions& options,
                          double series) {
  memristor.state_of(target);  // throws for a conductance that no state has
  WriteControl control(options, target, positive_raises_conductance(memristor));
  WriteSummary summary{.x = x};
  const auto read = [&] {
    summary.G = memristor.conductance_of(summary.x);
    summary.time += options.read_time;
    summary.energy += options.read_voltage * memristor.current(options.read_voltage, summary.x) *
                      options.read_time;
    return summary.G;
  };
  while (const std::optional<Pulse> pulse = control.next(read())) {
    const PulseOutcome outcome = apply_pulse(memristor, summary.x, *pulse, series);
    if (!outcome.ok) {
      summary.termination = WriteTermination::Failed;
      summary.message = outcome.message;
      return summary;
    }
    summary.x = outcome.x;
    summary.energy += pulse->amplitude * outcome.charge;
    summary.time += pulse->width + options.settle_time;
    summary.pulses = control.pulses();
  }
  summary.termination = control.termination();
  return summary;
}

}  // namespace memspice::device
