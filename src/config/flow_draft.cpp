#include "config/flow_draft.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/keys.hpp"
#include "config/read_flow.hpp"
#include "config/read_import.hpp"
#include "config/toml_text.hpp"

namespace memspice::config {
namespace {

/// Tables that stand in every first flow, and those that stand there as comments.
const std::vector<std::string> kTables{"",
                                       "network",
                                       "data",
                                       "device",
                                       "array",
                                       "mapping",
                                       "converters",
                                       "characterize",
                                       "fidelity",
                                       "spice"};
const std::vector<std::string> kOptionalTables{"path",
                                               "store",
                                               "nonideality",
                                               "monte_carlo",
                                               "programming",
                                               "bitstream",
                                               "spectral",
                                               "periphery",
                                               "prune"};

constexpr std::size_t kLineWidth = 100;
constexpr std::size_t kCommentColumn = 34;

/// Values by full name, as TOML.
using Settings = std::map<std::string, std::string>;

/// A path in the flow; letters that no line of a text file can hold are refused.
std::string toml_path(const std::filesystem::path& path) {
  if (escape_controls(path.string()) == path.string()) return toml_string(path.string());
  reject("memspice init",
         in_quotes(path.string()),
         "a flow file names no path with control or invisible characters",
         "rename it");
}

Settings data_settings(const network::FoundDataset& data) {
  const network::DatasetOptions& test = data.test;
  Settings settings{{"data.kind", toml_string(test.kind)}, {"data.images", toml_path(test.images)}};
  if (!test.folder.empty()) settings["data.folder"] = toml_path(test.folder);
  if (!test.labels.empty()) settings["data.labels"] = toml_path(test.labels);
  if (test.kind == "image_pairs") {
    settings["data.slices"] = toml_string(network::slices_text(test.slices));
    settings["data.calibration_slices"] =
        toml_string(network::slices_text(data.calibration.slices));
    return settings;
  }
  settings["data.calibration_images"] = toml_path(data.calibration.images);
  if (!data.calibration.labels.empty()) {
    settings["data.calibration_labels"] = toml_path(data.calibration.labels);
  }
  return settings;
}

/// `table.key=value`: a value that is no TOML is a string, as on the command line.
void lay_over(Settings& settings, const std::string& assignment) {
  TomlDocument document;
  document.override_with(assignment);  // throws where it is no assignment
  const auto equals = assignment.find('=');
  const std::string name(trim(assignment.substr(0, equals)));
  const std::string value(trim(assignment.substr(equals + 1)));
  const auto dot = name.find('.');
  const Entry* entry = dot == std::string::npos
                           ? document.peek("", name)
                           : document.peek(name.substr(0, dot), name.substr(dot + 1));
  const auto* text = std::get_if<std::string>(&entry->value);
  settings[name] = text == nullptr ? value : toml_string(*text);
}

/// "im2col, subimage, full_depth, kernel_first" beside what a choice means; else its default, where
/// that is no value.
std::string comment_on(const KeyDeclaration& key) {
  std::string comment(key.meaning);
  if (key.type == "choice") comment += " (" + key.range + ')';
  if (!key.is_value && !key.standard.starts_with("required")) {
    comment += "; default: " + key.standard;
  }
  return key.of_card ? comment + "; of the card" : comment;
}

/// One key: its comment beside it where there is room, else above.
std::string key_line(const KeyDeclaration& key, const std::string& value, bool is_off) {
  const std::string line = (is_off ? "# " : "") + key.key + " = " + value;
  const std::string comment = "# " + comment_on(key);
  const std::size_t column = std::max(kCommentColumn, line.size() + 2);
  if (column + comment.size() > kLineWidth) return comment + '\n' + line + '\n';
  return line + std::string(column - line.size(), ' ') + comment + '\n';
}

/// What a commented key shows where its default is no value.
std::string example_for(const KeyDeclaration& key) {
  if (key.type == "string") return "\"...\"";
  if (key.type == "choice") return in_quotes(key.range.substr(0, key.range.find(',')));
  if (key.type.starts_with("list")) return "[...]";
  return key.unit.empty() ? "..." : "\"... " + key.unit + '"';
}

class Writer {
 public:
  Writer(std::vector<KeyDeclaration> asked, Settings settings)
      : asked_(std::move(asked)), all_(list_keys()), settings_(std::move(settings)) {}

  /// A table with all its keys; `is_optional`: a comment but for what is set.
  std::string table(const std::string& name, bool is_optional) const {
    const bool is_off = is_optional && !is_set(name);
    std::string text;
    if (!name.empty()) text += (is_off ? "\n# [" : "\n[") + name + "]\n";
    for (const KeyDeclaration& key : all_) {
      if (key.table == name && is_shown(key)) text += line_of(key, is_off || is_optional);
    }
    return text + layer_settings(name);
  }

  std::vector<std::string> tables_within(const std::string& outer) const {
    std::vector<std::string> names;
    for (const KeyDeclaration& key : all_) {
      const bool is_within = key.table == outer || key.table.starts_with(outer + '.');
      // Circuits of the periphery are many: memspice keys has them.
      if (!is_within || (key.table.starts_with("periphery.") && !is_set(key.table))) continue;
      if (names.empty() || names.back() != key.table) names.push_back(key.table);
    }
    return names;
  }

 private:
  bool is_set(const std::string& table) const {
    return std::any_of(settings_.begin(), settings_.end(), [&](const auto& setting) {
      return setting.first.starts_with(table + '.');
    });
  }
  bool is_asked(const KeyDeclaration& key) const {
    return std::any_of(asked_.begin(), asked_.end(), [&](const KeyDeclaration& other) {
      return other.full_name() == key.full_name();
    });
  }
  /// Of [data] what its kind takes; names of the user's choice have lines of their own.
  bool is_shown(const KeyDeclaration& key) const {
    if (key.table == "fidelity" && key.key == "LAYER") return false;
    return key.table != "data" || is_asked(key);
  }
  /// Keys that are called after layers, of [fidelity] and [path].
  std::string layer_settings(const std::string& table) const {
    std::string text;
    for (const auto& [name, value] : settings_) {
      const auto dot = name.rfind('.');
      if (dot == std::string::npos || name.substr(0, dot) != table) continue;
      if (std::ranges::find(all_, name, &KeyDeclaration::full_name) != all_.end()) continue;
      text += name.substr(dot + 1) + " = " + value + '\n';
    }
    return text;
  }
  std::string line_of(const KeyDeclaration& key, bool is_comment) const {
    const auto set = settings_.find(key.full_name());
    if (set != settings_.end()) return key_line(key, set->second, false);
    const bool is_off = is_comment || key.of_card || !key.is_value || !is_asked(key);
    return key_line(key, key.is_value ? key.standard : example_for(key), is_off);
  }

  std::vector<KeyDeclaration> asked_, all_;
  Settings settings_;
};

/// "Convolution 6x1x5x5": what a layer with weights is.
std::string weights_of(const network::Layer& layer) {
  const auto shape = std::visit(
      [](const auto& operation) -> network::Shape {
        if constexpr (requires { operation.weight; }) {
          return operation.weight.shape;
        } else {
          return {};
        }
      },
      layer.operation);
  return network::operation_name(layer.operation) + ' ' + network::to_text(shape);
}

/// [fidelity] has a key for each of them.
std::string layer_lines(const network::Graph& graph) {
  std::string text = "# A key for each layer that differs; weights and outputs of the layers:\n";
  std::size_t widest = 0;
  for (const network::LayerId id : graph.topological_order()) {
    if (graph.layer(id).has_weights()) widest = std::max(widest, graph.layer(id).name.size());
  }
  for (const network::LayerId id : graph.topological_order()) {
    const network::Layer& layer = graph.layer(id);
    if (!layer.has_weights()) continue;
    text += "# " + layer.name + std::string(widest - layer.name.size(), ' ') + " = \"float\"  # " +
            weights_of(layer) + " -> " + network::to_text(graph.shape_of(id)) + '\n';
  }
  return text;
}

std::string head_of(const FlowDraft& draft, const network::Graph& graph) {
  const std::string name = draft.file.string();
  std::string text = "# " + draft.network.stem().string() +
                     " on memristor crossbars: a flow to start from.\n#\n#   memspice check " +
                     name + "\n#   memspice run " + name +
                     "\n#\n# Quantities are numbers in SI or strings with a unit; paths start at "
                     "this file. What is commented out\n# has the value shown; memspice keys tells "
                     "of all keys, types and ranges.\n#\n# The network takes " +
                     network::to_text(graph.input_shape()) + " and gives " +
                     network::to_text(graph.shape_of(graph.output())) + ".\n";
  if (draft.data.test.folder.empty()) {
    text +=
        "# Say where the data lie: data.folder below, --set data.folder=..., or the variable "
        "MEMSPICE_DATA.\n";
  }
  return text + '\n';
}

/// Unknown keys and bad values among the overrides are told as those of any flow.
void require_readable(const std::string& text, const FlowDraft& draft) {
  TomlDocument document(text, draft.file);
  for (const std::string& assignment : draft.overrides) document.override_with(assignment);
  read_flow(document, "", Trust::User);
}

}  // namespace

network::ImportOptions import_options_of(const Overrides& overrides) {
  TomlDocument document;
  for (const std::string& assignment : overrides) document.override_with(assignment);
  network::ImportOptions options;
  read_import(document, options);
  return options;
}

std::string write_flow(const FlowDraft& draft, const network::Graph& graph) {
  Settings settings = data_settings(draft.data);
  settings["network.file"] = toml_path(draft.network);
  for (const std::string& assignment : draft.overrides) lay_over(settings, assignment);
  const Writer writer(keys_asked_by("[data]\nkind = " + settings.at("data.kind") + '\n'), settings);
  std::string text = head_of(draft, graph);
  for (const std::string& table : kTables) {
    text += writer.table(table, false);
    if (table == "fidelity") text += layer_lines(graph);
  }
  text +=
      "\n# ---- What a first run does without "
      "---------------------------------------------------------------\n";
  for (const std::string& outer : kOptionalTables) {
    for (const std::string& table : writer.tables_within(outer)) {
      text += writer.table(table, true);
    }
  }
  require_readable(text, draft);
  return text;
}

}  // namespace memspice::config
