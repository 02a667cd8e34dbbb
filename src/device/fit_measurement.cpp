#include "device/fit_measurement.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "device/fit_programmed.hpp"
#include "device/fit_retention.hpp"
#include "device/fit_spread.hpp"
#include "device/fit_sweeps.hpp"
#include "device/fit_table.hpp"
#include "device/static_memristor.hpp"
#include "device/table_memristor.hpp"

namespace memspice::device {
namespace {

/// What a device does at rest tells the read law alone.
void require_model(const Measurement& measurement, const std::string& model) {
  const bool is_table =
      model == TableMemristor::kName && measurement.kind == MeasurementKind::ReadSweeps;
  if (is_switching(measurement.kind) || is_table || model.empty()) return;
  if (model == StaticMemristor::kName) return;
  reject("--model",
         in_quotes(model),
         "is told by no measurement " + in_quotes(name_of(kMeasurementNames, measurement.kind)) +
             ": nothing switches there",
         "leave --model out, or measure a hysteresis or pulses");
}

DeviceFit fit_kind(const Measurement& measurement, const SwitchingOptions& options) {
  switch (measurement.kind) {
    case MeasurementKind::ReadSweeps:
      return options.model == TableMemristor::kName ? fit_table(measurement.table)
                                                    : fit_sweeps(measurement.table);
    case MeasurementKind::Programmed:
      return fit_programmed(measurement.table);
    case MeasurementKind::Retention:
      return fit_retention(measurement.table);
    case MeasurementKind::Spread:
      return fit_spread(measurement.table);
    case MeasurementKind::Hysteresis:
      return fit_hysteresis(measurement.table, options);
    case MeasurementKind::Pulses:
      return fit_pulses(measurement.table, options);
  }
  return {};
}

void add_figure(const FittedFigure& figure, DeviceFit& all) {
  const FittedFigure* first = all.find(figure.key);
  if (first == nullptr) {
    all.figures.push_back(figure);
    return;
  }
  all.notes.push_back(figure.key + " of " + figure.data + ", " + to_text_rounded(figure.value, 4) +
                      (figure.unit.empty() ? "" : ' ' + figure.unit) +
                      ", is not taken: " + first->data + " comes first");
}

template <typename Item>
void append(std::vector<Item>& all, const std::vector<Item>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

DeviceFit fit_measurement(const Measurement& measurement,
                          const std::string& name,
                          const SwitchingOptions& options) {
  require_model(measurement, options.model);
  DeviceFit fit = fit_kind(measurement, options);
  for (FittedFigure& figure : fit.figures) {
    if (!figure.is_held) figure.data = name;
    if (std::isfinite(figure.value)) continue;
    reject(measurement.table.place(),
           figure.key,
           "comes out as no finite number",
           "mind the units of the columns: the values are beyond any device");
  }
  if (measurement.table.has("temperature")) {
    fit.notes.push_back("Measured at " + to_text(measurement.table.at("temperature")(0)) +
                        " K, the temperature that the card holds for");
  }
  for (FitPicture& picture : fit.pictures) picture.title += ": " + name;
  if (!measurement.table.unused().empty()) {
    fit.notes.push_back("Columns of " + name +
                        " that were not used: " + join(measurement.table.unused(), ", "));
  }
  return fit;
}

DeviceFit put_together(const std::vector<DeviceFit>& fits) {
  DeviceFit all{.model = fits.front().model};
  for (const DeviceFit& fit : fits) {
    if (fit.model != all.model) {
      reject("memspice device fit",
             all.model + " and " + fit.model,
             "are different cards: read laws and switching do not go together in one",
             "fit them one by one");
    }
    for (const FittedFigure& figure : fit.figures) add_figure(figure, all);
    if (fit.table) all.table = fit.table;
    append(all.undetermined, fit.undetermined);
    append(all.residuals, fit.residuals);
    append(all.notes, fit.notes);
    append(all.pictures, fit.pictures);
  }
  std::vector<Undetermined> untold;
  for (const Undetermined& figure : all.undetermined) {
    const bool is_known = all.find(figure.key) != nullptr ||
                          std::ranges::find(untold, figure.key, &Undetermined::key) != untold.end();
    if (!is_known) untold.push_back(figure);
  }
  all.undetermined = untold;
  return all;
}

}  // namespace memspice::device
