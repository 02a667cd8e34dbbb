#include "config/table_card.hpp"

#include "base/text.hpp"
#include "config/card_value.hpp"
#include "config/read_figure.hpp"
#include "config/section.hpp"
#include "config/toml_text.hpp"
#include "device/table_memristor.hpp"

namespace memspice::config {
namespace {

constexpr const char* kTable = "table";
constexpr const char* kConductance = "g";
constexpr int kTableDigits = 9;  // of a current: rounding far below any instrument's
constexpr int kMostStates = 64;  // a source for each stands in every cell of a deck

std::string state_key(Eigen::Index state) {
  return "state_" + std::to_string(state + 1);
}

Eigen::VectorXd as_vector(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), std::ssize(values));
}

device::CurrentTable read_table(TomlDocument& document) {
  Section section(document, kTable);
  std::vector<double> values;
  device::CurrentTable table;
  if (!section.read({"voltage", "of the currents, rising"}, values, Unit::Volt)) {
    document.note_missing(kTable, "voltage", "[-0.2, -0.1, 0, 0.1, 0.2]");
  }
  table.v = as_vector(values);
  for (int state = 0; state < kMostStates && section.has(state_key(state)); ++state) {
    values.clear();
    section.read({state_key(state), "currents of a state"}, values, Unit::Ampere);
    if (std::ssize(values) != table.v.size()) {
      section.reject(state_key(state),
                     "must have a current for each voltage, " + std::to_string(table.v.size()),
                     "mend the list");
    }
    table.I.conservativeResize(state + 1, table.v.size());
    table.I.row(state) = as_vector(values);
  }
  std::string source;
  section.require({"source", kSourceMeaning}, source, kSourceExample);
  return table;
}

/// The one parameter: where a single device rests.
device::ParameterRule conductance_rule(const device::ConductanceWindow& window) {
  return {.name = kConductance,
          .unit = "S",
          .low = window.g_min,
          .high = window.g_max,
          .meaning = "conductance at rest",
          .is_required = false,
          .fallback = window.g_max};
}

double conductance_of(const device::ParameterRule& rule, const Overrides& sets) {
  double G = rule.fallback;
  for (const std::string& set : sets) {
    const auto equals = set.find('=');
    if (trim(set.substr(0, equals)) != kConductance || equals == std::string::npos) {
      reject("--set", in_quotes(set), "is no parameter of a table", "its one parameter is g");
    }
    G = parse_card_value(set.substr(equals + 1), rule, "--set g");
    if (G >= rule.low && G <= rule.high) continue;
    reject("--set g",
           to_text(G) + " S",
           "must lie between the table's states, " + to_text(rule.low) + " to " +
               to_text(rule.high) + " S",
           "choose such a conductance");
  }
  return G;
}

std::string list_text(const Eigen::VectorXd& values) {
  std::vector<std::string> items;
  for (const double value : values) items.push_back(to_text_rounded(value, kTableDigits));
  return '[' + join(items, ", ") + "]\n";
}

}  // namespace

ModelCard load_table_card(const std::string& path, const Overrides& sets) {
  TomlDocument document{std::filesystem::path(path)};
  ModelCard loaded;
  loaded.card.model = device::TableMemristor::kName;
  loaded.card.name = document.file().stem().string();
  require_name(document, "model", loaded.card.model);
  require_name(document, "name", loaded.card.name);
  Section(document, "").read({"description", "words for people"}, loaded.card.description);
  device::CurrentTable table = read_table(document);
  document.finish();
  Section section(document, kTable);
  if (table.I.rows() < 2) section.reject("voltage", "needs two states at least", "add state_2");
  section.validate([&](const std::string&) {
    loaded.currents = std::make_shared<const device::TableCurrents>(std::move(table));
  });
  const device::ParameterRule rule = conductance_rule(loaded.currents->window());
  loaded.table = {rule};
  loaded.card.parameters[kConductance] = {
      .value = conductance_of(rule, sets),
      .source = sets.empty() ? "the highest state" : "given by --set"};
  loaded.read = device::ReadLaw{.parameter = kConductance, .window = loaded.currents->window()};
  return loaded;
}

std::string table_card_text(const device::CurrentTable& table, const std::string& source) {
  std::string text = "\n[table]\nvoltage = " + list_text(table.v);
  for (Eigen::Index state = 0; state < table.I.rows(); ++state) {
    text += state_key(state) + " = " + list_text(table.I.row(state));
  }
  return text + "source = " + toml_string(source) + '\n';
}

}  // namespace memspice::config
