#include "device/switching_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "device/pulse.hpp"
#include "device/ramp.hpp"

namespace memspice::device {
namespace {

/// Of the largest voltage: below it a current is too small to divide by it.
constexpr double kLeastShare = 0.25;
constexpr Eigen::Index kFewestReadings = 20;  // twice the parameters of a model, and some

void require_one_device(const ColumnTable& table) {
  if (group_by(table, "device").size() == 1) return;
  reject(table.place(), "several devices", "switch each in its own way", "fit a file for each");
}

void require_readings(const ColumnTable& table, const char* order) {
  require_one_device(table);
  if (table.rows() < kFewestReadings) {
    reject(table.place(),
           std::to_string(table.rows()) + " readings",
           "are too few for a model with ten parameters",
           "give " + std::to_string(kFewestReadings) + " at least, better some hundred");
  }
  if (!table.has(order)) return;
  const Eigen::VectorXd& along = table.at(order);
  for (Eigen::Index row = 1; row < along.size(); ++row) {
    if (along(row) > along(row - 1)) continue;
    reject(table.place_of(row),
           to_text(along(row)),
           std::string(order) + " must rise from row to row, above " + to_text(along(row - 1)),
           "sort the rows, and fit one device at a time");
  }
}

/// The value that a share of the values lie below.
double quantile_of(std::vector<double> values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

/// I / v where v is large enough to divide by; else not a number.
Eigen::VectorXd apparent_conductances(const Eigen::VectorXd& v, const Eigen::VectorXd& I) {
  const double least = kLeastShare * v.cwiseAbs().maxCoeff();
  Eigen::VectorXd G(v.size());
  for (Eigen::Index k = 0; k < v.size(); ++k) {
    const double ratio = I(k) / v(k);
    G(k) = std::abs(v(k)) > least && ratio > 0.0 ? ratio : std::numeric_limits<double>::quiet_NaN();
  }
  return G;
}

/// Extent of conductances without the outermost 2 %, which noise may have made.
void add_extent(const Eigen::VectorXd& G, SwitchingFeatures& features) {
  std::vector<double> known;
  for (const double value : G) {
    if (std::isfinite(value)) known.push_back(value);
  }
  features.G_start = known.front();
  features.G_low = quantile_of(known, 0.02);
  features.G_high = std::max(quantile_of(known, 0.98), 1.01 * features.G_low);
}

/// Whether ln G rises at positive voltages and falls at negative ones, or the other way round.
bool rises_with_voltage(const Eigen::VectorXd& v, const Eigen::VectorXd& G) {
  double sum = 0.0;
  for (Eigen::Index k = 1; k < v.size(); ++k) {
    const double change = std::log(G(k) / G(k - 1));
    if (std::isfinite(change)) sum += v(k) > 0.0 ? change : -change;
  }
  return sum > 0.0;
}

void require_both_signs(const ColumnTable& table, const Eigen::VectorXd& v) {
  if (v.maxCoeff() > 0.0 && v.minCoeff() < 0.0) return;
  reject(table.place(),
         "voltages of one sign",
         "tell how a device switches one way alone",
         "measure both signs");
}

/// The state whose reading is nearest to `value`; `reading` of x is monotone.
template <typename Reading>
double state_that_reads(double value, const Reading& reading) {
  constexpr int kHalvings = 30;  // far below any noise
  const bool rises = reading(1.0) > reading(0.0);
  double low = 0.0, high = 1.0;
  for (int n = 0; n < kHalvings; ++n) {
    const double middle = 0.5 * (low + high);
    ((reading(middle) < value) == rises ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// Whether the state is to be read off anew at reading k.
bool is_restart(Eigen::Index k, Eigen::Index restart) {
  return restart > 0 && k > 0 && k % restart == 0;
}

/// Readings of a sweep.
struct SwitchingSweep {
  Eigen::VectorXd t, v, I;  // [s], [V], [A]
};

Eigen::VectorXd misfit_of_sweep(const SwitchingSweep& sweep,
                                const Memristor& memristor,
                                const Course& course) {
  const double sign = course.is_reversed ? -1.0 : 1.0;
  const Eigen::VectorXd v = sign * sweep.v, measured = sign * sweep.I;
  const double least = kLeastShare * v.cwiseAbs().maxCoeff();
  const double scale = measured.cwiseAbs().maxCoeff();
  Eigen::VectorXd r(v.size());
  double x = memristor.initial_state();
  for (Eigen::Index k = 0; k < v.size(); ++k) {
    if (k > 0) x = state_after(memristor, x, {v(k - 1), v(k), sweep.t(k) - sweep.t(k - 1)});
    r(k) = sign * (memristor.current(v(k), x) - measured(k)) / scale;
    if (!is_restart(k, course.restart) || std::abs(v(k)) < least) continue;
    x = state_that_reads(std::abs(measured(k)),
                         [&](double at) { return std::abs(memristor.current(v(k), at)); });
  }
  return r;
}

std::vector<FitPicture> draw_sweep(const SwitchingSweep& sweep, const Eigen::VectorXd& predicted) {
  FitPicture loop{
      .title = "Hysteresis",
      .x_name = "voltage",
      .y_name = "current",
      .x_unit = Unit::Volt,
      .y_unit = Unit::Ampere,
      .curves = {{.name = {}, .x = sweep.v, .measured = sweep.I, .at = sweep.v, .law = predicted}}};
  FitPicture over_time = loop;
  over_time.title = "Current over time";
  over_time.x_name = "time";
  over_time.x_unit = Unit::Second;
  over_time.curves.front().x = over_time.curves.front().at = sweep.t;
  return {loop, over_time};
}

Eigen::VectorXd misfit_of_pulses(const std::vector<Pulse>& pulses,
                                 const Eigen::VectorXd& measured,
                                 const Memristor& memristor,
                                 const Course& course) {
  const double sign = course.is_reversed ? -1.0 : 1.0, scale = measured.maxCoeff();
  Eigen::VectorXd r(std::ssize(pulses));
  double x = memristor.initial_state();
  for (Eigen::Index k = 0; k < r.size(); ++k) {
    const Pulse& pulse = pulses[static_cast<std::size_t>(k)];
    if (pulse.amplitude != 0.0 && std::isfinite(x)) {
      const PulseOutcome outcome =
          apply_pulse(memristor, x, {sign * pulse.amplitude, pulse.width}, 0.0);
      x = outcome.ok ? outcome.x : std::numeric_limits<double>::quiet_NaN();
    }
    r(k) = (memristor.conductance_of(x) - measured(k)) / scale;
    if (!is_restart(k, course.restart)) continue;
    x = state_that_reads(measured(k), [&](double at) { return memristor.conductance_of(at); });
  }
  return r;
}

std::vector<Pulse> pulses_of(const ColumnTable& table, const Eigen::VectorXd& amplitude) {
  const Eigen::VectorXd& width = table.at("width");
  std::vector<Pulse> pulses;
  for (Eigen::Index row = 0; row < width.size(); ++row) {
    if (!(width(row) > 0.0) && amplitude(row) != 0.0) {
      reject(table.place_of(row),
             to_text(width(row)) + " s",
             "must be above zero for a pulse",
             "give a read alone the amplitude 0");
    }
    pulses.push_back({amplitude(row), width(row)});
  }
  return pulses;
}

int count_amplitudes(const Eigen::VectorXd& amplitude, double sign) {
  std::set<double> different;
  for (const double v : amplitude) {
    if (sign * v > 0.0) different.insert(v);
  }
  return static_cast<int>(different.size());
}

SwitchingFeatures features_of(const ColumnTable& table) {
  SwitchingFeatures features;
  if (table.has("temperature")) features.temperature = table.at("temperature")(0);
  return features;
}

}  // namespace

SwitchingData hysteresis_data(const ColumnTable& table) {
  require_readings(table, "time");
  const Eigen::VectorXd t = table.at("time"), v = table.at("voltage"), I = table.at("current");
  require_both_signs(table, v);
  SwitchingData data{.measured = I, .what = "current", .unit = "A"};
  data.features = features_of(table);
  data.features.drive.v = 0.5 * (v.head(v.size() - 1) + v.tail(v.size() - 1));
  data.features.drive.dt = t.tail(t.size() - 1) - t.head(t.size() - 1);
  const Eigen::VectorXd G = apparent_conductances(v, I);
  if (!G.array().isFinite().any()) {
    reject(table.place(), "currents", "run against their voltages", "mind their sign");
  }
  add_extent(G, data.features);
  data.features.positive_raises = rises_with_voltage(v, G);
  data.features.amplitudes_up = data.features.amplitudes_down = 3;  // a sweep has them all
  const SwitchingSweep sweep{t, v, I};
  data.misfit = [sweep](const Memristor& memristor, const Course& course) {
    return misfit_of_sweep(sweep, memristor, course);
  };
  data.draw = [sweep](const Eigen::VectorXd& predicted) { return draw_sweep(sweep, predicted); };
  return data;
}

SwitchingData pulse_data(const ColumnTable& table) {
  require_readings(table, "pulse");
  const Eigen::VectorXd amplitude = table.at(table.has("amplitude") ? "amplitude" : "voltage");
  require_both_signs(table, amplitude);
  const Eigen::VectorXd G = positive_conductances(table);
  const std::vector<Pulse> pulses = pulses_of(table, amplitude);
  SwitchingData data{.measured = G, .what = "conductance", .unit = "S"};
  data.features = features_of(table);
  data.features.drive = {amplitude, table.at("width")};
  add_extent(G, data.features);
  data.features.positive_raises = rises_with_voltage(amplitude, G);
  data.features.amplitudes_up = count_amplitudes(amplitude, 1.0);
  data.features.amplitudes_down = count_amplitudes(amplitude, -1.0);
  data.features.has_currents = false;
  data.misfit = [pulses, G](const Memristor& memristor, const Course& course) {
    return misfit_of_pulses(pulses, G, memristor, course);
  };
  const Eigen::VectorXd number =
      table.has("pulse") ? table.at("pulse")
                         : Eigen::VectorXd::LinSpaced(G.size(), 1.0, static_cast<double>(G.size()));
  data.draw = [number, G](const Eigen::VectorXd& predicted) {
    return std::vector<FitPicture>{
        {.title = "Potentiation and depression",
         .x_name = "pulse",
         .y_name = "conductance",
         .y_unit = Unit::Siemens,
         .curves = {{.name = {}, .x = number, .measured = G, .at = number, .law = predicted}}}};
  };
  return data;
}

}  // namespace memspice::device
