#include "device/drive.hpp"

#include <cmath>
#include <numbers>
#include <span>

#include "base/error.hpp"
#include "base/names.hpp"
#include "base/text.hpp"

namespace memspice::device {
namespace {

// Time in periods, level in amplitudes; the first corner is at 0, the last at 1.
constexpr Corner kTriangle[] = {{0, 0}, {0.25, 1}, {0.75, -1}, {1, 0}};
constexpr Corner kPulse[] = {{0, 0},
                             {0.05, 0},
                             {0.06, 1},
                             {0.45, 1},
                             {0.46, 0},
                             {0.55, 0},
                             {0.56, -1},
                             {0.95, -1},
                             {0.96, 0},
                             {1, 0}};

std::span<const Corner> period_of(Drive::Shape shape) {
  if (shape == Drive::Shape::Triangle) return kTriangle;
  if (shape == Drive::Shape::Pulse) return kPulse;
  return {};
}

struct Piece {
  Corner from, to;
};

/// The piece of a period that `phase` in [0, 1) lies on; at a corner the one that begins there.
Piece piece_at(Drive::Shape shape, double phase) {
  const std::span<const Corner> period = period_of(shape);
  std::size_t k = 1;
  while (k + 1 < period.size() && phase >= period[k].t) ++k;
  return {period[k - 1], period[k]};
}

double phase_of(double t, double frequency) {
  // A corner's time carries a rounding error: what is that near to a corner counts as after it.
  constexpr double kRounding = 1e-12;
  const double phase = t * frequency + kRounding;
  return phase - std::floor(phase);
}

}  // namespace

double Drive::voltage(double t) const noexcept {
  if (shape == Shape::Sine) return amplitude * std::sin(2.0 * std::numbers::pi * frequency * t);
  const double phase = phase_of(t, frequency);
  const auto [from, to] = piece_at(shape, phase);
  return amplitude * (from.level + (to.level - from.level) * (phase - from.t) / (to.t - from.t));
}

double Drive::slope(double t) const noexcept {
  const double omega = 2.0 * std::numbers::pi * frequency;
  if (shape == Shape::Sine) return amplitude * omega * std::cos(omega * t);
  const auto [from, to] = piece_at(shape, phase_of(t, frequency));
  return amplitude * (to.level - from.level) / (to.t - from.t) * frequency;
}

void Drive::validate(std::string_view place) const {
  const auto require = [&](bool holds, const char* member, double value, const char* rule) {
    if (holds) return;
    throw InputError({.place = std::string(place) + '.' + member,
                      .value = to_text(value),
                      .rule = rule,
                      .remedy = "choose such a value"});
  };
  require(std::isfinite(amplitude) && amplitude != 0.0 && std::abs(amplitude) <= 1e3,
          "amplitude",
          amplitude,
          "must be a voltage other than 0, at most 1000 V");
  require(frequency >= 1e-9 && frequency <= 1e15,
          "frequency",
          frequency,
          "must be a frequency, 1e-9 to 1e15 Hz");
  require(cycles >= 1 && cycles <= 100000, "cycles", cycles, "must be 1 to 100000");
}

std::vector<Corner> corners(const Drive& drive) {
  std::vector<Corner> all;
  for (int cycle = 0; cycle < drive.cycles; ++cycle) {
    for (const Corner& corner : period_of(drive.shape)) {
      if (cycle > 0 && corner.t == 0.0) continue;  // the end of the period before
      all.push_back({(cycle + corner.t) / drive.frequency, drive.amplitude * corner.level});
    }
  }
  return all;
}

Drive::Shape parse_shape(std::string_view name, std::string_view place) {
  constexpr Names<3> shapes{"sin", "triangle", "pulse"};
  return parse_choice<Drive::Shape>(shapes, name, place, "is no drive");
}

}  // namespace memspice::device
