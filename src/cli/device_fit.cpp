// memspice device fit: measurements to a card.

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "cli/device_command.hpp"
#include "config/fitted_card.hpp"
#include "device/fit_measurement.hpp"
#include "device/switching_laws.hpp"
#include "report/fit_plot.hpp"
#include "report/text_table.hpp"

namespace memspice::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// For people: with a prefix where the unit takes one.
std::string shown(double value, const std::string& unit) {
  for (const Unit known : {Unit::Siemens, Unit::Volt, Unit::Ampere, Unit::Ohm, Unit::Second}) {
    if (unit == symbol(known)) return format_quantity(value, known);
  }
  return to_text_rounded(value, 4) + (unit.empty() ? "" : ' ' + unit);
}

std::string figures_table(const device::DeviceFit& fit) {
  report::TextTable table({{"figure", report::Align::Left},
                           {"value"},
                           {"95 %, from"},
                           {"to"},
                           {"basis", report::Align::Left}});
  for (const device::FittedFigure& figure : fit.figures) {
    const auto& confidence = figure.confidence;
    table.add({figure.key,
               shown(figure.value, figure.unit),
               confidence ? shown(confidence->low, figure.unit) : "",
               confidence ? shown(confidence->high, figure.unit) : "",
               figure.basis});
  }
  return table.str();
}

std::string text_of(const device::DeviceFit& fit) {
  std::string text = figures_table(fit);
  for (const device::FitResidual& residual : fit.residuals) {
    text += "\nResidual of " + residual.what + ": " + shown(residual.rms, residual.unit) +
            " rms, " + shown(residual.largest, residual.unit) + " at most, " +
            std::to_string(residual.points) + " points.\n";
  }
  for (const device::Undetermined& figure : fit.undetermined) {
    text += "Not told by the data: " + figure.key + ": " + figure.why + ".\n";
  }
  for (const std::string& note : fit.notes) text += note + ".\n";
  return text;
}

ordered_json json_of(const device::DeviceFit& fit, const std::string& out) {
  ordered_json json{{"model", fit.model}, {"figures", ordered_json::object()}};
  for (const device::FittedFigure& figure : fit.figures) {
    ordered_json one{{"value", figure.value}, {"unit", figure.unit}};
    if (figure.confidence) one["interval"] = {figure.confidence->low, figure.confidence->high};
    one["data"] = figure.data;
    one["basis"] = figure.basis;
    json["figures"][figure.key] = one;
  }
  json["residuals"] = ordered_json::array();
  for (const device::FitResidual& residual : fit.residuals) {
    json["residuals"].push_back({{"of", residual.what},
                                 {"unit", residual.unit},
                                 {"rms", residual.rms},
                                 {"largest", residual.largest},
                                 {"points", residual.points}});
  }
  json["undetermined"] = ordered_json::object();
  for (const device::Undetermined& figure : fit.undetermined) {
    json["undetermined"][figure.key] = figure.why;
  }
  json["notes"] = fit.notes;
  json["out"] = out;
  return json;
}

/// Of switching, what --set gives is held while the rest is fitted.
device::SwitchingOptions switching_options(const DeviceArguments& arguments,
                                           device::MeasurementKind kind) {
  device::SwitchingOptions options{.model = arguments.model};
  const auto& sets = arguments.common.overrides;
  if (!device::is_switching(kind) || sets.empty()) return options;
  if (options.model.empty()) {
    reject("--set",
           in_quotes(sets.front()),
           "names a parameter of a model that is not chosen yet",
           "add --model " + join(device::switching_models(), ", or "));
  }
  options.held = config::parse_held_values(options.model, sets);
  return options;
}

/// The measured files and one fit to all of them.
config::FittedCard fit_files(const DeviceArguments& arguments) {
  config::FittedCard card;
  std::vector<device::DeviceFit> fits;
  for (const std::string& file : arguments.data) {
    const std::string bytes = read_file(file);
    const device::Measurement measurement =
        device::read_measurement(bytes, file, arguments.kind, arguments.columns);
    const std::string name = fs::path(file).filename().string();
    card.files.push_back(
        {name, std::string(name_of(device::kMeasurementNames, measurement.kind)), sha256(bytes)});
    fits.push_back(
        device::fit_measurement(measurement, name, switching_options(arguments, measurement.kind)));
  }
  card.fit = device::put_together(fits);
  return card;
}

/// A table has no parameters that could be held or taken from elsewhere.
void require_nothing_given(const DeviceArguments& arguments) {
  if (arguments.common.overrides.empty() && arguments.base.empty()) return;
  reject("--model table",
         arguments.base.empty() ? "--set" : "--base",
         "gives figures, and a table is made of data alone",
         "leave it out");
}

/// What --set gives stands in place of what was fitted.
void hold_values(const DeviceArguments& arguments, device::DeviceFit& fit) {
  if (fit.table) return require_nothing_given(arguments);
  const auto held = config::parse_held_values(fit.model, arguments.common.overrides);
  for (const auto& [name, value] : held) {
    std::erase_if(fit.figures, [&](const auto& figure) { return figure.key == name; });
    std::erase_if(fit.undetermined, [&](const auto& figure) { return figure.key == name; });
    fit.figures.push_back({.key = name,
                           .meaning = "held",
                           .unit = config::unit_of_parameter(fit.model, name),
                           .value = value,
                           .basis = "given by --set",
                           .is_held = true});
  }
}

void add_base(const DeviceArguments& arguments, config::FittedCard& card) {
  if (arguments.base.empty()) return;
  card.base = config::load_model_card(card.fit.model, arguments.base);
}

/// Writes the card once it has been read back: a figure that no card may hold is told, not written.
void write_card(const std::string& out, config::FittedCard card) {
  const fs::path path(out);
  if (path.extension() != ".toml") {
    reject("--out", in_quotes(out), "must end in .toml", "cards are TOML files");
  }
  card.name = path.stem().string();
  const std::string text = config::fitted_card_text(card);
  const TemporaryFolder folder;
  const fs::path trial = folder.path() / path.filename();
  write_file(trial, text);
  config::load_model_card(card.fit.model, trial.string());
  write_file(path, text);
}

/// Fits, and writes card and picture.
device::DeviceFit fit_and_write(const DeviceArguments& arguments) {
  config::FittedCard card = fit_files(arguments);
  hold_values(arguments, card.fit);
  add_base(arguments, card);
  const std::string& out = arguments.common.out;
  if (!out.empty()) write_card(out, card);
  if (!arguments.plot.empty()) write_file(arguments.plot, report::plot_fit(card.fit.pictures));
  return std::move(card.fit);
}

}  // namespace

std::string fit_to_json(const DeviceArguments& arguments) {
  return json_of(fit_and_write(arguments), arguments.common.out).dump();
}

void fit_device(const DeviceArguments& arguments) {
  apply_common(arguments.common);
  const std::string& out = arguments.common.out;
  if (arguments.common.json) return print(fit_to_json(arguments) + '\n');
  const device::DeviceFit fit = fit_and_write(arguments);
  tell(arguments.common,
       text_of(fit) + (out.empty() ? "" : "\n" + fit.model + " card: " + out + '\n'));
}

}  // namespace memspice::cli
