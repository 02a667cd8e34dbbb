// A flow file, table by table.

#include "base/text.hpp"
#include "config/flow_options.hpp"
#include "config/named_card.hpp"
#include "config/own_cell.hpp"
#include "config/read_bitstream.hpp"
#include "config/read_data.hpp"
#include "config/read_flow.hpp"
#include "config/read_import.hpp"
#include "config/read_mapping.hpp"
#include "config/read_nonideality.hpp"
#include "config/read_normalization.hpp"
#include "config/read_output.hpp"
#include "config/read_path.hpp"
#include "config/read_periphery.hpp"
#include "config/read_programming.hpp"
#include "config/read_prune.hpp"
#include "config/read_spectral.hpp"
#include "config/read_topology.hpp"
#include "config/read_variants.hpp"
#include "config/read_verify.hpp"
#include "config/rules.hpp"
#include "config/section.hpp"
#include "config/shared_tables.hpp"
#include "config/trust.hpp"
#include "crossbar/cell_range.hpp"

namespace memspice::config {
namespace {

namespace fs = std::filesystem;

/// The name of a shipped card as it is; a path resolved.
void resolve_card(const TomlDocument& flow, const Entry* entry, std::string& name) {
  if (name.find('/') == std::string::npos && !name.ends_with(".toml")) return;
  name = resolve(flow, entry, name).string();
}

void read_network(TomlDocument& flow, FlowOptions& options) {
  std::string file;
  Section(flow, "network")
      .require({"file", "the trained network, ONNX"}, file, "\"networks/NAME.onnx\"");
  options.network_file = resolve(flow, flow.peek("network", "file"), file);
  read_import(flow, options.network_options);
  options.expected_accuracy = read_expected_accuracy(flow);
}

/// The static read model's card, or a user's own subcircuit with what its card says of reading.
void read_device_card(Section& section, DeviceOptions& device) {
  if (device.model != "static_read") {
    device.cell = read_through(section, "card", [&] {
      return std::make_shared<const tile::OwnCell>(load_own_cell(device.model, device.card));
    });
    device.window = device.cell->law.window;
    device.alpha = device.cell->law.alpha;
    return;
  }
  const device::ReadCard card =
      read_through(section, "card", [&] { return load_read_card(device.model, device.card); });
  device.window = {.g_min = card.g_min.value,
                   .g_max = card.g_max.value,
                   .levels = static_cast<int>(card.levels.value)};
  device.alpha = card.alpha.value;
  device.effects =
      read_through(section, "card", [&] { return load_card_effects(device.model, device.card); });
}

void read_window(Section& section, device::ConductanceWindow& window) {
  section.read({"g_min", "end of the conductance window", {.of_card = true}},
               window.g_min,
               Unit::Siemens,
               Bound::NotNegative);
  section.read({"g_max", "other end, above g_min", {.of_card = true}},
               window.g_max,
               Unit::Siemens,
               Bound::Positive);
}

void read_levels(Section& section, FlowOptions& options) {
  constexpr int kOfNetwork = -1;
  int levels = options.device.window.levels;
  section.read({"levels",
                "distinct conductances; 0: a continuum, 1 is refused; network: those of each "
                "layer's own grid, where its file has one",
                {.of_card = true}},
               levels,
               {.low = 0, .high = 65536},
               {{"network", kOfNetwork}});
  options.mapping.network_levels = levels == kOfNetwork;
  if (levels != kOfNetwork) options.device.window.levels = levels;
}

void read_device(TomlDocument& flow, FlowOptions& options) {
  DeviceOptions& device = options.device;
  Section section(flow, "device");
  section.read({"model", "what cells are: the static read model, or a subcircuit of your own"},
               device.model);
  const bool has_card =
      section.read({"card", "parameters of the model: its card, or a path to one"}, device.card);
  if (device.model != "static_read" && !has_card) {
    section.reject("model", "needs a card that says how its cells read", "name one in device.card");
  }
  resolve_card(flow, flow.peek("device", "card"), device.card);
  read_device_card(section, device);
  read_window(section, device.window);
  read_levels(section, options);
  read_alpha(flow, device.alpha);
  section.validate([&](const std::string& place) { device.window.validate(place); });
}

void take_figures(const device::Technology& card, ArrayOptions& array) {
  array.wiring.row = card.wire_row.value;
  array.wiring.column = card.wire_column.value;
  array.wiring.driver = card.driver.value;
  array.wiring.sense = card.sense.value;
  array.read_voltage = card.read_voltage.value;
  array.read_time = card.read_time.value;
}

void read_array(TomlDocument& flow, FlowOptions& options) {
  ArrayOptions& array = options.array;
  Section section(flow, "array");
  section.read({"technology", "card in device_models/technology/, or a path"}, array.technology);
  resolve_card(flow, flow.peek("array", "technology"), array.technology);
  take_figures(
      read_through(section, "technology", [&] { return load_technology(array.technology); }),
      array);
  read_wiring(flow, array.wiring);
  section.read({"read_voltage", "of a word line at full scale", {.of_card = true}},
               array.read_voltage,
               Unit::Volt,
               Bound::Positive);
  section.read({"read_time", "of one read", {.of_card = true}},
               array.read_time,
               Unit::Second,
               Bound::Positive);
}

/// sinh(alpha V) must stay a current that a cell can carry and a double can hold.
void require_readable_cells(const TomlDocument& flow, const FlowOptions& options) {
  if (options.device.alpha * options.array.read_voltage <= crossbar::kLargestExponent) return;
  flow.reject("device",
              "alpha",
              {.place = {},
               .value = to_text(options.device.alpha) + " 1/V",
               .rule = "times read_voltage must be at most 20: sinh grows beyond any cell",
               .remedy = "lower alpha or array.read_voltage"});
}

void read_characterize(TomlDocument& flow, FlowOptions& options) {
  tile::CharacterizeOptions& characterize = options.characterize;
  Section section(flow, "characterize");
  section.read({"tiles",
                "per scope, run in ngspice; auto: all if that takes a minute at most, else 2; the "
                "last, of all every second, is held out of the fit"},
               characterize.tiles,
               {.low = 1, .high = 1'000'000},
               {{"auto", tile::kAutoTiles}, {"all", tile::kAllTiles}});
  section.read(
      {"vectors", "per tile, fitted to"}, characterize.vectors, {.low = 8, .high = 100'000});
  section.read({"held_out", "per tile, never fitted to: they judge the model"},
               characterize.held_out,
               {.low = 1, .high = 100'000});
  section.choose({"scope",
                  "what a tile model stands for; network: layers whose tiles are of one size",
                  {.range = "layer, network"}},
                 characterize.scope,
                 characterize.scope == tile::Scope::Layer ? "layer" : "network",
                 tile::parse_scope);
  section.validate([&](const std::string& place) { characterize.validate(place); });
}

/// Layer names are checked against the network later, where it is known.
void read_fidelity(TomlDocument& flow, FlowOptions& options) {
  Section section(flow, "fidelity");
  const auto choose = [&](const Key& key, simulate::Fidelity& fidelity) {
    section.choose(key, fidelity, to_text(fidelity), simulate::parse_fidelity);
  };
  std::vector<std::string> names;
  for (const auto& fidelity : simulate::fidelities()) names.emplace_back(fidelity.name());
  const std::string words = join(names, ", ");
  choose({"default", "what layers with weights run at", {.range = words}},
         options.fidelity.standard);
  for (const std::string& layer : section.unread_keys()) {
    choose({layer, "of one layer", {.range = words, .standard = "as default"}},
           options.fidelity.layers.emplace(layer, options.fidelity.standard).first->second);
  }
}

/// Whether any layer may run on crossbars or bitstreams, which take ranges and stimuli from
/// calibration images.
bool uses_ranges(const FlowOptions& options) {
  using simulate::Fidelity;
  bool crossbar = options.fidelity.standard != Fidelity::Float;
  for (const auto& [layer, fidelity] : options.fidelity.layers) {
    crossbar = crossbar || fidelity != Fidelity::Float;
  }
  return crossbar || options.path.has(study::LayerPath::Bitstream);
}

void require_calibration_data(TomlDocument& flow, const FlowOptions& options) {
  if (!options.data.calibration.images.empty() || !uses_ranges(options)) return;
  flow.note_missing("data",
                    "calibration_images",
                    "\"train-images-idx3-ubyte.gz\" (converter ranges and stimuli come from "
                    "images that are not scored)");
}

void read_spice_method(TomlDocument& flow, FlowOptions& options) {
  Section(flow, "spice")
      .choose({"method",
               "pinned: every node of a tile held, with a bound on its error; direct: one circuit",
               {.range = "pinned, direct"}},
              options.spice_method,
              to_text(options.spice_method),
              tile::parse_spice_method);
}

void read_store(TomlDocument& flow, FlowOptions& options, Trust trust) {
  std::string path;
  const Key key{"path",
                "where ngspice's answers are kept; below the flow's folder, but for --set",
                {.standard = "tiles.sqlite in the output folder"}};
  if (!Section(flow, "store").read(key, path)) return;
  options.store = resolve(flow, flow.peek("store", "path"), path);
  require_trusted_store(flow, options.store, trust);
}

}  // namespace

FlowOptions load_flow(const fs::path& file,
                      const Overrides& overrides,
                      const std::string& variant,
                      Trust trust) {
  TomlDocument flow(file);
  apply_variant(flow, variant);
  for (const std::string& assignment : overrides) flow.override_with(assignment);
  return read_flow(flow, variant, trust);
}

FlowOptions read_flow(TomlDocument& flow, const std::string& variant, Trust trust) {
  FlowOptions options = read_tables(flow, variant, trust);
  flow.finish();
  return options;
}

FlowOptions read_tables(TomlDocument& flow, const std::string& variant, Trust trust) {
  FlowOptions options;
  options.file = flow.file();
  options.name = options.file.stem().string();
  options.variant = variant;
  options.out = fs::path("results") / options.name;
  if (!variant.empty()) options.out /= variant_folder(variant);
  Section(flow, "").read({"seed", "of all random choices"}, options.seed);
  options.periphery = read_periphery(flow);
  read_spectral(flow, options);
  const bool stands_alone = !options.periphery.circuits.empty() || options.spectral.shape;
  const bool runs_network = !stands_alone || flow.has_table("network");
  if (runs_network) read_network(flow, options);
  if (runs_network || flow.has_table("data")) read_data(flow, options);
  read_device(flow, options);
  read_array(flow, options);
  require_readable_cells(flow, options);
  read_mapping(flow, options);
  read_prune(flow, options);
  read_converters(flow, options);
  read_characterize(flow, options);
  read_fidelity(flow, options);
  read_path(flow, options);
  read_bitstream(flow, options);
  read_nonideality(flow, options);
  read_monte_carlo(flow, options);
  read_topology(flow, options);
  read_programming(flow, options);
  read_verify(flow, options);
  require_rules(flow, options);
  if (runs_network) require_calibration_data(flow, options);
  read_spice(flow, options.spice, trust);
  read_spice_method(flow, options);
  require_affordable_corner(flow, options);
  read_store(flow, options, trust);
  read_output(flow, options);
  return options;
}

}  // namespace memspice::config
