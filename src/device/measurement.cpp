#include "device/measurement.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::device {
namespace {

const std::vector<ColumnKind>& measured_quantities() {
  static const std::vector<ColumnKind> kinds = {
      {"time", Unit::Second, {"t"}},
      {"voltage", Unit::Volt, {"v", "bias"}},
      {"current", Unit::Ampere, {"i"}},
      {"conductance", Unit::Siemens, {"g", "read", "read_conductance", "g_read"}},
      {"resistance", Unit::Ohm, {"r", "read_resistance", "r_read"}},
      {"target", Unit::Siemens, {"target_conductance", "g_target"}},
      {"temperature", Unit::Kelvin, {"temp"}},
      {"amplitude", Unit::Volt, {"pulse_amplitude", "pulse_voltage"}},
      {"width", Unit::Second, {"pulse_width"}},
      {"pulse", Unit::None, {"number", "pulse_number"}},
      {"state", Unit::None, {"level"}},
      {"device", Unit::None, {"cell", "device_id"}},
      {"cycle", Unit::None, {"repeat", "run"}}};
  return kinds;
}

/// The columns that make a kind; a conductance may come as a resistance.
struct KindRule {
  MeasurementKind kind;
  std::vector<std::vector<std::string>> columns;  // one of each
};

const std::vector<std::string> kConductance = {"conductance", "resistance"};
const std::vector<std::string> kAmplitude = {"amplitude", "voltage"};

const std::vector<KindRule>& kind_rules() {
  using enum MeasurementKind;
  static const std::vector<KindRule> rules = {{ReadSweeps, {{"voltage"}, {"current"}}},
                                              {Programmed, {{"target"}, kConductance}},
                                              {Retention, {{"time"}, kConductance}},
                                              {Spread, {kConductance, {"device", "cycle"}}},
                                              {Hysteresis, {{"time"}, {"voltage"}, {"current"}}},
                                              {Pulses, {kAmplitude, {"width"}, kConductance}}};
  return rules;
}

/// A spread is what remains of a table of conductances; a table of what switches a device may hold
/// what other kinds need, its resistance say.
bool gives_way(MeasurementKind kind, const std::vector<MeasurementKind>& fitting) {
  using enum MeasurementKind;
  const auto fits = [&](MeasurementKind other) {
    return std::find(fitting.begin(), fitting.end(), other) != fitting.end();
  };
  if (is_switching(kind) || kind == Programmed) return false;
  if (fits(Hysteresis) || fits(Pulses)) return true;
  return kind == Spread && (fits(Programmed) || fits(Retention));
}

std::optional<std::string> missing_column(const KindRule& rule, const ColumnTable& table) {
  for (const auto& alternatives : rule.columns) {
    const bool is_there = std::any_of(alternatives.begin(),
                                      alternatives.end(),
                                      [&](const auto& name) { return table.has(name); });
    if (!is_there) return join(alternatives, " or ");
  }
  return std::nullopt;
}

[[noreturn]] void reject_columns(const ColumnTable& table, std::string rule, std::string remedy) {
  reject(table.place(), join(table.headings(), ","), std::move(rule), std::move(remedy));
}

void require_columns(MeasurementKind kind, const ColumnTable& table) {
  const auto missing = missing_column(kind_rules()[static_cast<std::size_t>(kind)], table);
  if (!missing) return;
  reject_columns(table,
                 "has no column " + *missing + ", which a measurement " +
                     in_quotes(name_of(kMeasurementNames, kind)) + " needs",
                 "head a column so, with its unit, or choose another --kind");
}

MeasurementKind tell_kind(const ColumnTable& table) {
  std::vector<MeasurementKind> fitting;
  for (const KindRule& rule : kind_rules()) {
    if (!missing_column(rule, table)) fitting.push_back(rule.kind);
  }
  const std::vector<MeasurementKind> all = fitting;
  std::erase_if(fitting, [&](MeasurementKind kind) { return gives_way(kind, all); });
  if (fitting.size() == 1) return fitting.front();
  if (fitting.empty()) {
    reject_columns(table,
                   "is no measurement that can be fitted",
                   "head the columns voltage_V,current_A or target_S,conductance_S or "
                   "time_s,conductance_S or device,cycle,conductance_S or "
                   "time_s,voltage_V,current_A or amplitude_V,width_s,conductance_S");
  }
  std::vector<std::string> names;
  for (const MeasurementKind kind : fitting) names.emplace_back(name_of(kMeasurementNames, kind));
  reject_columns(table, "may be " + join(names, " or "), "say which with --kind");
}

/// No law here knows a temperature: sweeps at several would be fitted by one that is none of them.
void require_one_temperature(const ColumnTable& table) {
  if (!table.has("temperature")) return;
  const Eigen::VectorXd& T = table.at("temperature");
  for (Eigen::Index row = 1; row < T.size(); ++row) {
    if (T(row) == T(0)) continue;
    reject(table.place_of(row),
           to_text(T(row)) + " K",
           "differs from " + to_text(T(0)) + " K above, and the laws have no temperature",
           "fit a file for each temperature");
  }
}

}  // namespace

Measurement read_measurement(std::string_view text,
                             const std::string& place,
                             const std::string& kind,
                             std::string_view headings) {
  ColumnTable table(text, place, measured_quantities(), headings);
  require_one_temperature(table);
  if (kind.empty()) {
    const MeasurementKind told = tell_kind(table);
    return {told, std::move(table)};
  }
  const auto named = parse_choice<MeasurementKind>(kMeasurementNames, kind, "--kind");
  require_columns(named, table);
  return {named, std::move(table)};
}

Eigen::VectorXd positive_conductances(const ColumnTable& table) {
  const bool is_direct = table.has("conductance");
  Eigen::VectorXd G =
      is_direct ? table.at("conductance") : table.at("resistance").cwiseInverse().eval();
  for (Eigen::Index row = 0; row < G.size(); ++row) {
    if (G(row) > 0.0 && std::isfinite(G(row))) continue;
    reject(table.place_of(row),
           to_text(is_direct ? G(row) : table.at("resistance")(row)),
           "must be above zero: its logarithm is fitted",
           "leave out reads below the noise floor");
  }
  return G;
}

Grouping group_by(const ColumnTable& table, const std::string& column) {
  Grouping groups;
  if (!table.has(column)) {
    groups.of_row.assign(static_cast<std::size_t>(table.rows()), 0);
    return groups;
  }
  const Eigen::VectorXd& values = table.at(column);
  groups.values.assign(values.begin(), values.end());
  std::sort(groups.values.begin(), groups.values.end());
  groups.values.erase(std::unique(groups.values.begin(), groups.values.end()), groups.values.end());
  for (const double value : values) {
    const auto at = std::lower_bound(groups.values.begin(), groups.values.end(), value);
    groups.of_row.push_back(static_cast<int>(at - groups.values.begin()));
  }
  return groups;
}

}  // namespace memspice::device
