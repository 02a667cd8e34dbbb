#include "config/read_nonideality.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/read_figure.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

using device::NonidealityOptions;

constexpr const char* kNonidealityTable = "nonideality";
constexpr const char* kEffectsOfCards[] = {
    "device_to_device", "cycle_to_cycle", "programming", "stuck", "drift", "opens", "read_noise"};
constexpr const char* kSpread = "0 to 3";
constexpr const char* kNotNegative = "0 or more";

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

  void share(Key key, double& value) {
    if (key.text.range.empty()) key.text.range = "0 to 1";
    section_.read(path(key), value, Unit::None);
  }
  void quantity(const Key& key, double& value, Unit unit) { section_.read(path(key), value, unit); }
  void conductance(const Key& key, std::optional<double>& value) {
    double found = 0.0;
    if (section_.read(path(key), found, Unit::Siemens)) value = found;
  }
  void list(const Key& key, std::vector<double>& values, Unit unit) {
    section_.read(path(key), values, unit);
  }
  void count(const Key& key, int& value) {
    section_.read(path(key), value, {.low = 1, .high = 1'000'000});
  }
  /// One of `names`; its index is the enumerator.
  template <typename Choice>
  void choice(const Key& key, Choice& value, const std::vector<std::string>& names) {
    section_.choose(path(key), value, names);
  }

 private:
  Key path(const Key& key) const { return {name_ + '.' + key.name, key.meaning, key.text}; }

  Section section_;
  std::string name_;
};

void read_spreads(TomlDocument& flow, NonidealityOptions& options) {
  Effect between(flow, "device_to_device");
  between.share({"sigma",
                 "spread between cells that lasts: deviation of ln G",
                 {.range = kSpread, .of_card = true}},
                options.device_to_device.sigma);
  between.choice({"centre", "what of the distribution stays at the target"},
                 options.device_to_device.centre,
                 {"median", "mean"});
  Effect(flow, "cycle_to_cycle")
      .share({"sigma",
              "spread from one programming to the next: deviation of ln G",
              {.range = kSpread, .of_card = true}},
             options.cycle_to_cycle.sigma);
  Effect programming(flow, "programming");
  programming.choice({"law", "what write-verify leaves; phase_change takes no sigma"},
                     options.programming.law,
                     {"gaussian", "phase_change"});
  programming.quantity({"sigma", "deviation of G", {.range = kNotNegative, .of_card = true}},
                       options.programming.sigma,
                       Unit::Siemens);
  programming.share({"relative_sigma",
                     "deviation of G as a share of g_max - g_min, instead of sigma",
                     {.of_card = true}},
                    options.programming.relative_sigma);
}

void read_faults(TomlDocument& flow, NonidealityOptions& options) {
  Effect stuck(flow, "stuck");
  stuck.share({"on", "share of the cells that stay on; with off at most 1"}, options.stuck.on);
  stuck.share({"off", "share of the cells that stay off"}, options.stuck.off);
  stuck.conductance({"on_conductance",
                     "of cells that are stuck on",
                     {.range = kNotNegative, .standard = "g_max"}},
                    options.stuck.on_conductance);
  stuck.conductance({"off_conductance",
                     "of cells that are stuck off",
                     {.range = kNotNegative, .standard = "g_min"}},
                    options.stuck.off_conductance);
  Effect opens(flow, "opens");
  opens.share({"word_lines", "share of the word lines that nothing drives"},
              options.opens.word_lines);
  opens.share({"bit_lines", "share of the bit lines that nothing senses"}, options.opens.bit_lines);
}

void read_drift(TomlDocument& flow, device::Drift& drift) {
  Effect effect(flow, "drift");
  effect.choice({"law", "G (t / t0)^-nu; phase_change has nu of its own for each G"},
                drift.law,
                {"power", "phase_change"});
  effect.share({"nu", "mean exponent", {.range = "-1 to 1", .of_card = true}}, drift.nu);
  effect.share({"nu_sigma", "deviation of the exponent over the cells", {.of_card = true}},
               drift.nu_sigma);
  effect.quantity({"t0",
                   "when the conductances are what was programmed",
                   {.range = "above 0", .of_card = true}},
                  drift.t0,
                  Unit::Second);
  effect.list({"times", "when the network is scored, rising", {.range = "t0 or more"}},
              drift.times,
              Unit::Second);
  effect.choice({"compensation",
                 "factors behind the ADCs from reads of known inputs at t0 and later: one a layer, "
                 "or one an output"},
                drift.compensation,
                {"none", "layer", "output"});
  effect.count({"reference_images", "calibration images whose reads the factors come from"},
               drift.reference_images);
}

void read_read_noise(TomlDocument& flow, device::ReadNoise& noise) {
  Effect effect(flow, "read_noise");
  effect.quantity({"sigma", "deviation of a cell's G at each read", {.range = kNotNegative}},
                  noise.sigma,
                  Unit::Siemens);
  effect.share({"relative_sigma", "deviation at each read as a share of G"}, noise.relative_sigma);
  effect.share({"telegraph_amplitude", "share of G that an occupied trap takes"},
               noise.telegraph_amplitude);
  effect.share({"telegraph_probability", "that a cell's trap is occupied"},
               noise.telegraph_probability);
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

void read_effects(TomlDocument& document, NonidealityOptions& effects) {
  read_spreads(document, effects);
  read_faults(document, effects);
  read_drift(document, effects.drift);
  read_read_noise(document, effects.read_noise);
}

/// What the card says of cells, as far as the flow does not say the same in another way. Drift acts
/// on a network that is scored at times, and those are the flow's to choose.
NonidealityOptions effects_of_card(const TomlDocument& flow, NonidealityOptions effects) {
  const auto states = [&](const char* key) { return flow.peek(kNonidealityTable, key) != nullptr; };
  const bool states_programming = states("programming.law") || states("programming.sigma") ||
                                  states("programming.relative_sigma");
  if (states_programming) effects.programming = {};
  if (states("drift.law") || !states("drift.times")) effects.drift = {};
  return effects;
}

/// Every effect of a card names where its figures come from; times are a flow's.
void require_effect_sources(TomlDocument& card) {
  for (const char* effect : kEffectsOfCards) {
    const std::string name(effect);
    if (card.peek(kNonidealityTable, name) == nullptr) continue;
    std::string source;
    Section(card, kNonidealityTable)
        .require({name + ".source", kSourceMeaning}, source, kSourceExample);
  }
  if (card.peek(kNonidealityTable, "drift.times") == nullptr) return;
  card.reject(kNonidealityTable,
              "drift.times",
              {.place = {},
               .value = {},
               .rule = "is a choice of each flow, not of a device",
               .remedy = "move it to [nonideality.drift] of the flow"});
}

}  // namespace

device::NonidealityOptions read_effects_of_card(TomlDocument& card) {
  NonidealityOptions effects;
  read_effects(card, effects);
  require_effect_sources(card);
  NonidealityOptions in_use = effects;
  if (in_use.drift.is_on()) in_use.drift.times = {in_use.drift.t0};
  validate(card, in_use);
  return effects;
}

void read_nonideality(TomlDocument& flow, FlowOptions& options) {
  NonidealityOptions& effects = options.nonideality;
  effects = effects_of_card(flow, options.device.effects);
  refuse_temperature(flow);
  read_effects(flow, effects);
  validate(flow, effects);
}

void read_monte_carlo(TomlDocument& flow, FlowOptions& options) {
  study::MonteCarloOptions& monte_carlo = options.monte_carlo;
  Section section(flow, "monte_carlo");
  const bool has_samples = section.read({"samples", "chips, or programmings, that are drawn"},
                                        monte_carlo.samples,
                                        {.low = 1, .high = 1'000'000});
  section.read({"percentiles", "of accuracy over the samples", {.range = "above 0, below 100"}},
               monte_carlo.percentiles,
               Unit::None);
  for (const double rank : monte_carlo.percentiles) {
    if (rank > 0.0 && rank < 100.0) continue;
    section.reject("percentiles", "each must be above 0 and below 100", "for example [5, 50, 95]");
  }
  section.choose({"vary", "what a sample draws anew: another chip, or the same one written again"},
                 monte_carlo.vary,
                 {"chips", "programmings"});
  if (has_samples && monte_carlo.samples > 1 && !options.nonideality.any()) {
    section.reject("samples",
                   "all would be alike: no effect is on",
                   "turn one on, for example [nonideality.device_to_device] sigma = 0.1");
  }
}

}  // namespace memspice::config
