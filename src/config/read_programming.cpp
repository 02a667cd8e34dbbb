#include "config/read_programming.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/memristor_card.hpp"
#include "config/named_card.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

constexpr const char* kProgrammingTable = "programming";

[[noreturn]] void refuse(const TomlDocument& flow,
                         const std::string& key,
                         std::string value,
                         std::string rule,
                         std::string remedy) {
  flow.reject(kProgrammingTable,
              key,
              {.place = {},
               .value = std::move(value),
               .rule = std::move(rule),
               .remedy = std::move(remedy)});
}

/// Marks [programming.positive] as known.
void know_table(TomlDocument& flow, const std::string& name) {
  const Entry* entry = flow.find(kProgrammingTable, name);
  if (entry == nullptr || entry->is_table) return;
  refuse(flow,
         name,
         entry->written,
         "must be a table",
         "write [programming." + name + "] with start, step and limit below");
}

/// start, step, limit of both polarities; [programming.positive] and [programming.negative] go
/// before.
void read_ramps(TomlDocument& flow, device::WriteOptions& write) {
  Section section(flow, kProgrammingTable);
  const auto read = [&](const std::string& prefix, device::PulseRamp& ramp) {
    const std::string_view both = prefix.empty() ? "" : "as of both polarities";
    section.read(
        {prefix + "start", "first pulse; of every pulse in a width ramp", {.standard = both}},
        ramp.start,
        Unit::Volt,
        Bound::Positive);
    section.read({prefix + "step", "amplitude ramp: added per pulse", {.standard = both}},
                 ramp.step,
                 Unit::Volt,
                 Bound::Positive);
    section.read({prefix + "limit", "amplitude ramp: largest pulse", {.standard = both}},
                 ramp.limit,
                 Unit::Volt,
                 Bound::Positive);
  };
  know_table(flow, "positive");
  know_table(flow, "negative");
  read("", write.positive);
  write.negative = write.positive;
  read("positive.", write.positive);
  read("negative.", write.negative);
  section.choose({"ramp", "what grows from pulse to pulse"}, write.ramp, {"amplitude", "width"});
}

void read_widths(Section& section, device::WriteOptions& write) {
  section.read({"width", "of a pulse; of the first in a width ramp"},
               write.width,
               Unit::Second,
               Bound::Positive);
  section.read({"width_factor", "width ramp: growth per pulse", {.range = "above 1"}},
               write.width_factor,
               Unit::None);
  section.read({"width_limit", "width ramp: longest pulse, width or more"},
               write.width_limit,
               Unit::Second,
               Bound::Positive);
}

/// When a cell counts as written, and when it is given up.
void read_goal(Section& section, device::WriteOptions& write) {
  section.read({"tolerance",
                "accepted distance as a share of the target; the wider of the two holds",
                {.range = "0 or more"}},
               write.relative_tolerance,
               Unit::None);
  section.read({"absolute_tolerance", "accepted distance from the target"},
               write.absolute_tolerance,
               Unit::Siemens,
               Bound::NotNegative);
  section.read({"pulse_limit", "pulses per cell and pass"},
               write.pulse_limit,
               {.low = 1, .high = 1'000'000});
  section.read({"step_back", "ramp steps back where a pulse moved the cell too far"},
               write.step_back,
               {.low = 0, .high = 1000});
}

void read_reads(Section& section, device::WriteOptions& write) {
  section.read({"read_voltage", "of the verifying reads", {.standard = "the array's"}},
               write.read_voltage,
               Unit::Volt,
               Bound::Positive);
  section.read({"read_time", "of a verifying read", {.standard = "the array's"}},
               write.read_time,
               Unit::Second,
               Bound::NotNegative);
  section.read({"settle_time", "between a pulse and its read"},
               write.settle_time,
               Unit::Second,
               Bound::NotNegative);
}

void read_write(TomlDocument& flow, device::WriteOptions& write) {
  Section section(flow, kProgrammingTable);
  read_ramps(flow, write);
  read_widths(section, write);
  read_goal(section, write);
  read_reads(section, write);
  try {
    write.validate(kProgrammingTable);
  } catch (const InputError& error) {
    const std::string& place = error.fault().place;
    std::string key = place.substr(place.find('.') + 1);
    // A ramp that both polarities share stands in the table itself.
    if (flow.peek(kProgrammingTable, key) == nullptr) key = key.substr(key.rfind('.') + 1);
    flow.reject(kProgrammingTable, key, error.fault());
  }
}

/// A bare name is a shipped card; a path starts at the flow file.
std::string card_of(const TomlDocument& flow, const std::string& name) {
  if (name.find('/') == std::string::npos && !name.ends_with(".toml")) return name;
  const std::filesystem::path path(name);
  return path.is_absolute() ? name : (flow.file().parent_path() / path).string();
}

void read_card(TomlDocument& flow, study::ProgrammingOptions& programming) {
  Section section(flow, kProgrammingTable);
  section.require({"model", "a dynamic model with a C++ class: memspice device list"},
                  programming.model,
                  "\"stanford_rram\"");
  section.require({"card", "its parameters: a card of the model, or a path"},
                  programming.card,
                  "\"hfox_jiang_2014\"");
  if (programming.model.empty() || programming.card.empty()) return;
  if (programming.model == "static_read") {
    section.reject("model", "has no state to write", "choose a dynamic model");
  }
  programming.card = card_of(flow, programming.card);
  programming.parameters = read_through(
      section, "card", [&] { return load_memristor_card(programming.model, programming.card); });
  programming.subcircuit = subcircuit_file(programming.model, programming.card);
}

void require_window(TomlDocument& flow, const FlowOptions& options) {
  const auto cell = Section(flow, kProgrammingTable).at("model", [&] {
    return device::make_memristor(options.programming.parameters);
  });
  const double ends[] = {cell->conductance_of(0.0), cell->conductance_of(1.0)};
  const double least = std::min(ends[0], ends[1]), most = std::max(ends[0], ends[1]);
  const auto& window = options.device.window;
  const auto text = [](double G) { return format_quantity(G, Unit::Siemens); };
  if (window.g_min < least || window.g_max > most) {
    refuse(flow,
           "card",
           '"' + options.programming.card + '"',
           "reaches " + text(least) + " to " + text(most) + ", the network is mapped onto " +
               text(window.g_min) + " to " + text(window.g_max),
           "set device.g_min and device.g_max to a part of what the card reaches");
  }
  const double initial = options.programming.initial.value_or(least);
  if (initial < least || initial > most) {
    refuse(flow,
           "initial",
           text(initial),
           "the card reaches " + text(least) + " to " + text(most),
           "choose a conductance between them");
  }
}

/// The cells before they are written.
void read_initial(Section& section, study::ProgrammingOptions& programming) {
  double initial = 0.0;
  const Key key{"initial", "conductance before writing", {.standard = "the card's state"}};
  if (section.read(key, initial, Unit::Siemens, Bound::Positive)) programming.initial = initial;
  section.read({"initial_sigma", "deviation of its logarithm over the cells", {.range = "0 to 3"}},
               programming.initial_sigma,
               Unit::None,
               Bound::NotNegative);
  if (programming.initial_sigma <= 3.0) return;
  section.reject("initial_sigma", "must be 0 to 3", "0.1 spreads the cells by about 10 %");
}

}  // namespace

void read_programming(TomlDocument& flow, FlowOptions& options) {
  study::ProgrammingOptions& programming = options.programming;
  Section section(flow, kProgrammingTable);
  if (section.unread_keys().empty()) return;
  programming.is_on = true;
  // The verifying reads are the array's reads unless they are set.
  programming.program.write.read_voltage = options.array.read_voltage;
  programming.program.write.read_time = options.array.read_time;
  read_card(flow, programming);
  section.choose({"scheme",
                  "unselected lines at a half or a third of the amplitude, or gated",
                  {.range = "v/2, v/3, 1t1r"}},
                 programming.scheme,
                 name_of(programming.scheme),
                 crossbar::parse_bias_scheme);
  read_write(flow, programming.program.write);
  section.read({"passes", "over the array; each writes what the last one left out of tolerance"},
               programming.program.passes,
               {.low = 1, .high = 1000});
  section.read({"transistor", "1t1r: on-resistance of the selecting transistor"},
               programming.transistor,
               Unit::Ohm,
               Bound::NotNegative);
  read_initial(section, programming);
  section.read({"spice_cells", "lines of a corner that ngspice writes as well; 0: none"},
               programming.spice_cells,
               {.low = 0, .high = 128});
  if (programming.parameters.parameters.empty()) return;  // finish() tells what is missing
  require_window(flow, options);
}

void require_affordable_corner(const TomlDocument& flow, const FlowOptions& options) {
  const int lines = options.programming.spice_cells;
  const bool is_direct = options.spice_method == tile::SpiceMethod::Direct;
  if (!is_direct || lines <= study::kMostDirectLines) return;
  refuse(flow,
         "spice_cells",
         std::to_string(lines),
         "is too large for one circuit of the whole array",
         "set spice.method to \"pinned\", or spice_cells to at most " +
             std::to_string(study::kMostDirectLines));
}

}  // namespace memspice::config
