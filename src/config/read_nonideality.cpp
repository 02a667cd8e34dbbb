#include "config/read_nonideality.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

using device::NonidealityOptions;

constexpr const char* kNonidealityTable = "nonideality";

/// Reads the keys of [nonideality.EFFECT].
class Effect {
 public:
  Effect(TomlDocument& flow, std::string name)
      : section_(flow, kNonidealityTable), name_(std::move(name)) {
    const Entry* entry = flow.find(kNonidealityTable, name_);
    if (entry == nullptr || entry->is_table) return;
    section_.reject(
        name_, "must be a table", "write [nonideality." + name_ + "] with its figures below");
  }

  void share(const char* key, double& value) { section_.read(path(key), value, Unit::None); }
  void quantity(const char* key, double& value, Unit unit) {
    section_.read(path(key), value, unit);
  }
  void conductance(const char* key, std::optional<double>& value) {
    double found = 0.0;
    if (section_.read(path(key), found, Unit::Siemens)) value = found;
  }
  void list(const char* key, std::vector<double>& values, Unit unit) {
    section_.read(path(key), values, unit);
  }
  /// One of `names`; its index is the enumerator.
  template <typename Choice>
  void choice(const char* key, Choice& value, const std::vector<std::string>& names) {
    std::string name;
    if (!section_.read(path(key), name)) return;
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      section_.reject(path(key), "is not known here", suggest(name, names));
    }
    value = static_cast<Choice>(found - names.begin());
  }

 private:
  std::string path(const char* key) const { return name_ + '.' + key; }

  Section section_;
  std::string name_;
};

void read_spreads(TomlDocument& flow, NonidealityOptions& options) {
  Effect between(flow, "device_to_device");
  between.share("sigma", options.device_to_device.sigma);
  between.choice("centre", options.device_to_device.centre, {"median", "mean"});
  Effect(flow, "cycle_to_cycle").share("sigma", options.cycle_to_cycle.sigma);
  Effect programming(flow, "programming");
  programming.choice("law", options.programming.law, {"gaussian", "phase_change"});
  programming.quantity("sigma", options.programming.sigma, Unit::Siemens);
  programming.share("relative_sigma", options.programming.relative_sigma);
}

void read_faults(TomlDocument& flow, NonidealityOptions& options) {
  Effect stuck(flow, "stuck");
  stuck.share("on", options.stuck.on);
  stuck.share("off", options.stuck.off);
  stuck.conductance("on_conductance", options.stuck.on_conductance);
  stuck.conductance("off_conductance", options.stuck.off_conductance);
  Effect opens(flow, "opens");
  opens.share("word_lines", options.opens.word_lines);
  opens.share("bit_lines", options.opens.bit_lines);
}

void read_drift(TomlDocument& flow, device::Drift& drift) {
  Effect effect(flow, "drift");
  effect.choice("law", drift.law, {"power", "phase_change"});
  effect.share("nu", drift.nu);
  effect.share("nu_sigma", drift.nu_sigma);
  effect.quantity("t0", drift.t0, Unit::Second);
  effect.list("times", drift.times, Unit::Second);
}

void read_read_noise(TomlDocument& flow, device::ReadNoise& noise) {
  Effect effect(flow, "read_noise");
  effect.quantity("sigma", noise.sigma, Unit::Siemens);
  effect.share("relative_sigma", noise.relative_sigma);
  effect.share("telegraph_amplitude", noise.telegraph_amplitude);
  effect.share("telegraph_probability", noise.telegraph_probability);
}

/// No read model here knows a temperature; a key that did nothing would be a lie.
void refuse_temperature(const TomlDocument& flow) {
  if (flow.peek(kNonidealityTable, "temperature") == nullptr) return;
  flow.reject(kNonidealityTable,
              "temperature",
              {.place = {},
               .value = {},
               .rule = "the read model has no temperature",
               .remedy = "set it where a dynamic model has one: memspice device trace "
                         "stanford_rram --set t_0=350"});
}

/// Runs the options' own checks; "nonideality.stuck.on" is key "stuck.on" of the table.
void validate(const TomlDocument& flow, const NonidealityOptions& options) {
  try {
    options.validate(kNonidealityTable);
  } catch (const InputError& error) {
    const std::string& place = error.fault().place;
    flow.reject(kNonidealityTable, place.substr(place.find('.') + 1), error.fault());
  }
}

}  // namespace

void read_nonideality(TomlDocument& flow, FlowOptions& options) {
  NonidealityOptions& effects = options.nonideality;
  refuse_temperature(flow);
  read_spreads(flow, effects);
  read_faults(flow, effects);
  read_drift(flow, effects.drift);
  read_read_noise(flow, effects.read_noise);
  validate(flow, effects);
}

void read_monte_carlo(TomlDocument& flow, FlowOptions& options) {
  study::MonteCarloOptions& monte_carlo = options.monte_carlo;
  Section section(flow, "monte_carlo");
  const bool has_samples =
      section.read("samples", monte_carlo.samples, {.low = 1, .high = 1'000'000});
  section.read("percentiles", monte_carlo.percentiles, Unit::None);
  for (const double rank : monte_carlo.percentiles) {
    if (rank > 0.0 && rank < 100.0) continue;
    section.reject("percentiles", "each must be above 0 and below 100", "for example [5, 50, 95]");
  }
  std::string vary;
  const std::vector<std::string> choices{"chips", "programmings"};
  if (section.read("vary", vary)) {
    if (vary != choices[0] && vary != choices[1]) {
      section.reject("vary", "is not known here", suggest(vary, choices));
    }
    monte_carlo.vary = vary == choices[0] ? study::Vary::Chips : study::Vary::Programmings;
  }
  if (has_samples && monte_carlo.samples > 1 && !options.nonideality.any()) {
    section.reject("samples",
                   "all would be alike: no effect is on",
                   "turn one on, for example [nonideality.device_to_device] sigma = 0.1");
  }
}

}  // namespace memspice::config
