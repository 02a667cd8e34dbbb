// A flow file, table by table.

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/text.hpp"
#include "config/flow_options.hpp"
#include "config/named_card.hpp"
#include "config/own_cell.hpp"
#include "config/read_bitstream.hpp"
#include "config/read_flow.hpp"
#include "config/read_image_pairs.hpp"
#include "config/read_input_shape.hpp"
#include "config/read_mapping.hpp"
#include "config/read_nonideality.hpp"
#include "config/read_normalization.hpp"
#include "config/read_path.hpp"
#include "config/read_periphery.hpp"
#include "config/read_programming.hpp"
#include "config/read_prune.hpp"
#include "config/read_spectral.hpp"
#include "config/read_topology.hpp"
#include "config/read_variants.hpp"
#include "config/rules.hpp"
#include "config/section.hpp"
#include "config/shared_tables.hpp"
#include "config/trust.hpp"
#include "crossbar/cell_range.hpp"

namespace memspice::config {
namespace {

namespace fs = std::filesystem;

/// Relative paths start at the flow file's folder; one given by --set may also start at the
/// current folder, where the person typed it.
fs::path resolve(const TomlDocument& flow, const Entry* entry, const std::string& written) {
  const fs::path path(written);
  if (path.is_absolute()) return path;
  const fs::path beside = flow.file().parent_path() / path;
  std::error_code ec;
  const bool typed = entry != nullptr && entry->is_override;
  return typed && !fs::exists(beside, ec) && fs::exists(path, ec) ? path : beside;
}

/// The name of a shipped card as it is; a path resolved.
void resolve_card(const TomlDocument& flow, const Entry* entry, std::string& name) {
  if (name.find('/') == std::string::npos && !name.ends_with(".toml")) return;
  name = resolve(flow, entry, name).string();
}

void read_network(TomlDocument& flow, FlowOptions& options) {
  std::string file;
  Section(flow, "network").require("file", file, "\"networks/NAME.onnx\"");
  options.network_file = resolve(flow, flow.peek("network", "file"), file);
  read_input_shape(flow, options);
  options.expected_accuracy = read_expected_accuracy(flow);
}

/// --set beats the environment, which beats the flow file: the file cannot know every machine.
fs::path data_folder(TomlDocument& flow) {
  std::string folder;
  Section(flow, "data").read("folder", folder);
  const Entry* entry = flow.peek("data", "folder");
  if (entry != nullptr && entry->is_override) return folder;
  const char* environment = std::getenv("MEMSPICE_DATA");
  if (environment != nullptr && *environment != '\0') return environment;
  if (folder.empty()) return flow.file().parent_path();
  return resolve(flow, entry, folder);
}

void read_images(Section& data, const std::string& key, fs::path& path, const char* example) {
  std::string name;
  data.require(key, name, example);
  path = name;
}

/// However the two are written: links and "./" name the same file. Same bytes under two names are
/// found where the images are opened.
bool is_same_file(const network::DatasetOptions& a, const network::DatasetOptions& b) {
  if (a.images.empty() || b.images.empty()) return false;
  std::error_code ec;
  return a.images.lexically_normal() == b.images.lexically_normal() ||
         fs::equivalent(a.folder / a.images, b.folder / b.images, ec);
}

void read_calibration_data(Section& data, FlowOptions& options) {
  network::DatasetOptions& calibration = options.data.calibration;
  calibration.kind = options.data.test.kind;
  calibration.folder = options.data.test.folder;
  calibration.normalization = options.data.test.normalization;
  calibration.limit = 200;
  std::string name;
  if (data.read("calibration_images", name)) calibration.images = name;
  if (calibration.kind == "idx" && data.read("calibration_labels", name)) calibration.labels = name;
  data.read("calibration_limit", calibration.limit, {.low = 1, .high = 1'000'000'000});
  if (calibration.kind == "idx" && calibration.images.empty() != calibration.labels.empty()) {
    data.reject(calibration.images.empty() ? "calibration_labels" : "calibration_images",
                "calibration_images and calibration_labels go together",
                "give both or neither");
  }
  if (is_same_file(calibration, options.data.test)) {
    data.reject(
        "calibration_images", "must not be the images that are scored", "name the training images");
  }
}

void read_data(TomlDocument& flow, FlowOptions& options) {
  network::DatasetOptions& test = options.data.test;
  Section data(flow, "data");
  data.read("kind", test.kind);
  const std::vector<std::string> kinds{"idx", "cifar10", "image_pairs"};
  if (std::find(kinds.begin(), kinds.end(), test.kind) == kinds.end())
    data.reject("kind", "is not known here", suggest(test.kind, kinds));
  test.folder = data_folder(flow);
  test.normalization = read_normalization(flow);
  if (test.kind == "image_pairs") return read_image_pairs(flow, options.data);
  read_images(data, "images", test.images, "\"t10k-images-idx3-ubyte.gz\"");
  // The CIFAR-10 format keeps labels beside the images, in one file.
  if (test.kind == "idx") {
    read_images(data, "labels", test.labels, "\"t10k-labels-idx1-ubyte.gz\"");
  }
  data.read("limit", test.limit, {.low = 0, .high = 1'000'000'000});
  read_calibration_data(data, options);
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
}

void read_device(TomlDocument& flow, FlowOptions& options) {
  DeviceOptions& device = options.device;
  Section section(flow, "device");
  section.read("model", device.model);
  const bool has_card = section.read("card", device.card);
  if (device.model != "static_read" && !has_card) {
    section.reject("model", "needs a card that says how its cells read", "name one in device.card");
  }
  resolve_card(flow, flow.peek("device", "card"), device.card);
  read_device_card(section, device);
  section.read("g_min", device.window.g_min, Unit::Siemens, Bound::NotNegative);
  section.read("g_max", device.window.g_max, Unit::Siemens, Bound::Positive);
  section.read("levels", device.window.levels, {.low = 0, .high = 65536});
  section.read("alpha", device.alpha, Unit::PerVolt, Bound::NotNegative);
  section.validate([&](const std::string& place) { device.window.validate(place); });
}

void read_array(TomlDocument& flow, FlowOptions& options) {
  ArrayOptions& array = options.array;
  Section section(flow, "array");
  section.read("technology", array.technology);
  resolve_card(flow, flow.peek("array", "technology"), array.technology);
  const device::Technology card =
      read_through(section, "technology", [&] { return load_technology(array.technology); });
  array.wiring.row = card.wire_row.value;
  array.wiring.column = card.wire_column.value;
  array.wiring.driver = card.driver.value;
  array.wiring.sense = card.sense.value;
  array.read_voltage = card.read_voltage.value;
  array.read_time = card.read_time.value;
  read_wiring(flow, array.wiring);
  section.read("read_voltage", array.read_voltage, Unit::Volt, Bound::Positive);
  section.read("read_time", array.read_time, Unit::Second, Bound::Positive);
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
  section.read("tiles", characterize.tiles, {.low = 1, .high = 1'000'000});
  section.read("vectors", characterize.vectors, {.low = 8, .high = 100'000});
  section.read("held_out", characterize.held_out, {.low = 1, .high = 100'000});
  std::string scope;
  if (section.read("scope", scope)) {
    characterize.scope = section.at("scope", [&] { return tile::parse_scope(scope, "scope"); });
  }
  section.validate([&](const std::string& place) { characterize.validate(place); });
}

/// Layer names are checked against the network later, where it is known.
void read_fidelity(TomlDocument& flow, FlowOptions& options) {
  Section section(flow, "fidelity");
  const auto parse = [&](const std::string& key, simulate::Fidelity& fidelity) {
    std::string name;
    if (!section.read(key, name)) return;
    fidelity = section.at(key, [&] { return simulate::parse_fidelity(name, key); });
  };
  parse("default", options.fidelity.standard);
  for (const std::string& layer : section.unread_keys()) {
    parse(layer, options.fidelity.layers[layer]);
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
  for (const auto& [layer, path] : options.path) crossbar = crossbar || path == "bitstream";
  return crossbar;
}

void require_calibration_data(TomlDocument& flow, const FlowOptions& options) {
  if (!options.data.calibration.images.empty() || !uses_ranges(options)) return;
  flow.note_missing("data",
                    "calibration_images",
                    "\"train-images-idx3-ubyte.gz\" (converter ranges and stimuli come from "
                    "images that are not scored)");
}

void read_store(TomlDocument& flow, FlowOptions& options, Trust trust) {
  std::string path;
  if (!Section(flow, "store").read("path", path)) return;
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
  FlowOptions options;
  options.file = flow.file();
  options.name = options.file.stem().string();
  options.variant = variant;
  options.out = fs::path("results") / options.name;
  if (!variant.empty()) options.out /= variant_folder(variant);
  Section(flow, "").read("seed", options.seed);
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
  require_rules(flow, options);
  if (runs_network) require_calibration_data(flow, options);
  read_spice(flow, options.spice, trust);
  read_store(flow, options, trust);
  flow.finish();
  return options;
}

}  // namespace memspice::config
