#include "device/nonideality.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

namespace memspice::device {
namespace {

/// Where a figure stands: "nonideality.stuck" and "on".
struct Key {
  std::string place;
  std::string name;
};

[[noreturn]] void reject_key(const Key& key, double value, std::string rule, std::string remedy) {
  throw InputError({.place = key.place + '.' + key.name,
                    .value = to_text(value),
                    .rule = std::move(rule),
                    .remedy = std::move(remedy)});
}

/// NaN fails every comparison, so the rule is stated as what must hold.
void require_range(const Key& key, double value, double low, double high) {
  if (value >= low && value <= high) return;
  reject_key(key,
             value,
             "must be " + to_text(low) + " to " + to_text(high),
             "give a share, not per cent: 0.05 is 5 %");
}

void require_conductance(const Key& key, double value) {
  if (value >= 0.0 && std::isfinite(value)) return;
  reject_key(key, value, "must be zero or positive", "give a conductance, for example \"1 uS\"");
}

void validate(const ProgrammingError& error, const std::string& place) {
  require_conductance({place, "sigma"}, error.sigma);
  require_range({place, "relative_sigma"}, error.relative_sigma, 0.0, 1.0);
  const bool has_sigma = error.sigma > 0.0;
  const bool has_relative = error.relative_sigma > 0.0;
  if (has_sigma && has_relative) {
    reject_key({place, "relative_sigma"},
               error.relative_sigma,
               "sigma and relative_sigma say the same",
               "give one of them");
  }
  if (error.law == ProgrammingError::Law::PhaseChange && (has_sigma || has_relative)) {
    reject_key({place, has_sigma ? "sigma" : "relative_sigma"},
               has_sigma ? error.sigma : error.relative_sigma,
               "the phase-change law has a sigma of its own",
               "remove this key, or law = \"phase_change\"");
  }
}

void validate(const StuckCells& stuck, const std::string& place) {
  require_range({place, "on"}, stuck.on, 0.0, 1.0);
  require_range({place, "off"}, stuck.off, 0.0, 1.0);
  if (stuck.on + stuck.off > 1.0) {
    reject_key({place, "off"},
               stuck.off,
               "on and off must be at most 1 together: a cell is stuck one way",
               "lower one of the rates");
  }
  require_conductance({place, "on_conductance"}, stuck.on_conductance.value_or(0.0));
  require_conductance({place, "off_conductance"}, stuck.off_conductance.value_or(0.0));
}

void validate_times(const Drift& drift, const std::string& place) {
  double last = 0.0;
  for (const double t : drift.times) {
    if (!(t >= drift.t0 && t > last) || !std::isfinite(t)) {
      reject_key({place, "times"},
                 t,
                 "must rise, from t0 = " + format_quantity(drift.t0, Unit::Second) + " on",
                 "sort the times and leave out those before t0");
    }
    last = t;
  }
  if (drift.is_on() && drift.times.empty()) {
    throw InputError({.place = place + ".times",
                      .value = {},
                      .rule = "is missing: drift is told at times",
                      .remedy = "add times = [\"1 s\", \"1 ks\", \"1 Ms\"]"});
  }
}

void validate(const Drift& drift, const std::string& place) {
  require_range({place, "nu"}, drift.nu, -1.0, 1.0);
  require_range({place, "nu_sigma"}, drift.nu_sigma, 0.0, 1.0);
  if (!(drift.t0 > 0.0) || !std::isfinite(drift.t0)) {
    reject_key({place, "t0"}, drift.t0, "must be above zero", "give a time, for example \"1 s\"");
  }
  if (drift.law == Drift::Law::PhaseChange && (drift.nu != 0.0 || drift.nu_sigma > 0.0)) {
    reject_key({place, drift.nu != 0.0 ? "nu" : "nu_sigma"},
               drift.nu != 0.0 ? drift.nu : drift.nu_sigma,
               "the phase-change law has exponents of its own",
               "remove this key, or law = \"phase_change\"");
  }
  validate_times(drift, place);
  if (drift.compensation != Drift::Compensation::None && !drift.is_on()) {
    throw InputError({.place = place + ".compensation",
                      .value = {},
                      .rule = "nothing drifts",
                      .remedy = "add nu or law = \"phase_change\", or remove this key"});
  }
  if (!drift.times.empty() && !drift.is_on()) {
    reject_key({place, "times"},
               drift.times.front(),
               "nothing drifts",
               "add nu or law = \"phase_change\"");
  }
}

void validate(const ReadNoise& noise, const std::string& place) {
  require_conductance({place, "sigma"}, noise.sigma);
  require_range({place, "relative_sigma"}, noise.relative_sigma, 0.0, 1.0);
  if (noise.sigma > 0.0 && noise.relative_sigma > 0.0) {
    reject_key({place, "relative_sigma"},
               noise.relative_sigma,
               "sigma and relative_sigma say the same",
               "give one of them");
  }
  require_range({place, "telegraph_amplitude"}, noise.telegraph_amplitude, 0.0, 1.0);
  require_range({place, "telegraph_probability"}, noise.telegraph_probability, 0.0, 1.0);
  if ((noise.telegraph_amplitude > 0.0) != (noise.telegraph_probability > 0.0)) {
    const bool has_amplitude = noise.telegraph_amplitude > 0.0;
    reject_key(
        {place, has_amplitude ? "telegraph_amplitude" : "telegraph_probability"},
        has_amplitude ? noise.telegraph_amplitude : noise.telegraph_probability,
        "telegraph noise needs an amplitude and a probability",
        std::string("add ") + (has_amplitude ? "telegraph_probability" : "telegraph_amplitude"));
  }
}

std::string sigma_text(double sigma, double relative, const char* of) {
  if (sigma > 0.0) return "sigma " + format_quantity(sigma, Unit::Siemens);
  return "sigma " + to_text_rounded(100.0 * relative, 4) + " % of " + of;
}

std::string share(double value) {
  return to_text_rounded(100.0 * value, 4) + " %";
}

std::string describe(const ReadNoise& noise) {
  std::string text;
  if (noise.is_gaussian()) text = sigma_text(noise.sigma, noise.relative_sigma, "G");
  if (noise.is_telegraph()) {
    text += (text.empty() ? "" : ", ") + ("telegraph " + share(noise.telegraph_amplitude)) +
            " of G, occupied " + share(noise.telegraph_probability);
  }
  return text;
}

std::string describe(const Drift& drift) {
  const std::string t0 = ", t0 " + format_quantity(drift.t0, Unit::Second);
  if (drift.law == Drift::Law::PhaseChange) return "phase-change law" + t0;
  return "nu " + to_text(drift.nu) + " +- " + to_text(drift.nu_sigma) + t0;
}

}  // namespace

bool NonidealityOptions::any() const noexcept {
  return device_to_device.is_on() || cycle_to_cycle.is_on() || programming.is_on() ||
         stuck.is_on() || drift.is_on() || read_noise.is_on() || opens.is_on();
}

void NonidealityOptions::validate(std::string_view place) const {
  constexpr double widest = 3.0;  // beyond it a cell is off by a factor of 20 as often as not
  const std::string base = std::string(place) + '.';
  require_range({base + "device_to_device", "sigma"}, device_to_device.sigma, 0.0, widest);
  require_range({base + "cycle_to_cycle", "sigma"}, cycle_to_cycle.sigma, 0.0, widest);
  device::validate(programming, base + "programming");
  device::validate(stuck, base + "stuck");
  device::validate(drift, base + "drift");
  device::validate(read_noise, base + "read_noise");
  require_range({base + "opens", "word_lines"}, opens.word_lines, 0.0, 1.0);
  require_range({base + "opens", "bit_lines"}, opens.bit_lines, 0.0, 1.0);
}

std::vector<std::pair<std::string, std::string>> describe(const NonidealityOptions& options) {
  std::vector<std::pair<std::string, std::string>> lines;
  const auto add = [&](bool is_on, const char* name, const std::string& text) {
    if (is_on) lines.emplace_back(name, text);
  };
  const DeviceToDevice& between = options.device_to_device;
  const bool keeps_mean = between.centre == DeviceToDevice::Centre::Mean;
  const ProgrammingError& error = options.programming;
  add(between.is_on(),
      "device to device",
      "sigma " + to_text(between.sigma) + " of ln G, " + (keeps_mean ? "mean" : "median") +
          " kept");
  add(options.cycle_to_cycle.is_on(),
      "cycle to cycle",
      "sigma " + to_text(options.cycle_to_cycle.sigma) + " of ln G");
  add(error.is_on(),
      "programming error",
      error.law == ProgrammingError::Law::PhaseChange
          ? "phase-change law"
          : sigma_text(error.sigma, error.relative_sigma, "the window"));
  add(options.stuck.is_on(),
      "stuck cells",
      share(options.stuck.on) + " on, " + share(options.stuck.off) + " off");
  add(options.drift.is_on(), "drift", describe(options.drift));
  add(options.read_noise.is_on(), "read noise", describe(options.read_noise));
  add(options.opens.is_on(),
      "open lines",
      share(options.opens.word_lines) + " of word lines, " + share(options.opens.bit_lines) +
          " of bit lines");
  return lines;
}

}  // namespace memspice::device
