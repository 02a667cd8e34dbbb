#include "device/fit_spread.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::device {
namespace {

constexpr const char* kCycleKey = "nonideality.cycle_to_cycle.sigma";
constexpr const char* kDeviceKey = "nonideality.device_to_device.sigma";

/// Readings per state and device, and what remains of ln G once its state's mean is taken off.
struct SpreadTable {
  Eigen::MatrixXd counts;  // n_states x n_devices
  Eigen::VectorXd rest;    // per reading
};

SpreadTable tabulate(const SpreadReadings& readings) {
  SpreadTable table{.counts = Eigen::MatrixXd::Zero(readings.n_states, readings.n_devices),
                    .rest = readings.log_G};
  Eigen::VectorXd sums = Eigen::VectorXd::Zero(readings.n_states);
  for (Eigen::Index k = 0; k < table.rest.size(); ++k) {
    const auto at = static_cast<std::size_t>(k);
    table.counts(readings.state[at], readings.device[at]) += 1.0;
    sums(readings.state[at]) += readings.log_G(k);
  }
  const Eigen::VectorXd means = sums.cwiseQuotient(table.counts.rowwise().sum());
  for (Eigen::Index k = 0; k < table.rest.size(); ++k) {
    table.rest(k) -= means(readings.state[static_cast<std::size_t>(k)]);
  }
  return table;
}

/// Sums of squares: what devices take of the rest, the trace that scales their variance in it, and
/// the devices' degrees of freedom.
struct DeviceSquares {
  double sum = 0.0, trace = 0.0, dof = 0.0;
};

DeviceSquares squares_of_devices(const SpreadReadings& readings, const SpreadTable& table) {
  const Eigen::VectorXd per_state = table.counts.rowwise().sum();
  Eigen::MatrixXd A =
      -(table.counts.transpose() * per_state.cwiseInverse().asDiagonal() * table.counts);
  A.diagonal() += table.counts.colwise().sum().transpose();
  Eigen::VectorXd b = Eigen::VectorXd::Zero(readings.n_devices);
  for (Eigen::Index k = 0; k < table.rest.size(); ++k) {
    b(readings.device[static_cast<std::size_t>(k)]) += table.rest(k);
  }
  const Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver(A);
  return {.sum = std::max(b.dot(solver.solve(b)), 0.0),
          .trace = A.trace(),
          .dof = static_cast<double>(solver.rank())};
}

FittedFigure spread_figure(const char* key,
                           const char* meaning,
                           double sigma,
                           const Confidence& confidence,
                           std::string basis) {
  return {.key = key,
          .meaning = meaning,
          .unit = "",
          .value = sigma,
          .confidence = confidence,
          .basis = std::move(basis)};
}

std::string with_dof(const char* law, double dof) {
  return std::string(law) + " with " + to_text(dof) + " degrees of freedom";
}

void add_devices(const SpreadComponent& devices, DeviceFit& fit) {
  if (devices.is_seen()) {
    fit.figures.push_back(spread_figure(kDeviceKey,
                                        "spread between devices: deviation of ln G",
                                        devices.sigma,
                                        devices.confidence,
                                        "two mean squares, F (Williams 1962)"));
    return;
  }
  fit.undetermined.push_back({kDeviceKey,
                              "no more than programming again gives (chance " +
                                  to_text_rounded(devices.chance, 2) + "); at most " +
                                  to_text_rounded(devices.confidence.high, 3)});
}

void add_total(const SpreadReadings& readings, const MeanSquare& total, DeviceFit& fit) {
  const bool is_one_device = readings.n_devices == 1;
  fit.figures.push_back(spread_figure(is_one_device ? kCycleKey : kDeviceKey,
                                      is_one_device
                                          ? "spread between programmings: deviation of ln G"
                                          : "spread between devices and programmings together",
                                      std::sqrt(total.value),
                                      deviation_confidence(total),
                                      with_dof("chi-squared", total.dof)));
  fit.undetermined.push_back(
      {is_one_device ? kDeviceKey : kCycleKey,
       is_one_device
           ? "one device was measured"
           : "no device was programmed twice to a state: it is part of the other spread"});
}

}  // namespace

SpreadFit fit_components(const SpreadReadings& readings) {
  const SpreadTable table = tabulate(readings);
  const auto n = static_cast<double>(readings.log_G.size());
  const double states = static_cast<double>((table.counts.rowwise().sum().array() > 0.0).count());
  SpreadFit fit;
  const double dof = n - states;
  if (dof < 1.0) return fit;
  const double sum = table.rest.squaredNorm();
  if (readings.n_devices == 1) {
    fit.total = fit.within = MeanSquare{sum / dof, dof};
    return fit;
  }
  const DeviceSquares devices = squares_of_devices(readings, table);
  const double dof_within = dof - devices.dof;
  if (devices.dof < 1.0 || dof_within < 1.0) {
    fit.total = MeanSquare{sum / dof, dof};
    return fit;
  }
  fit.within = MeanSquare{std::max(sum - devices.sum, 0.0) / dof_within, dof_within};
  fit.among = spread_component(
      {devices.sum / devices.dof, devices.dof}, *fit.within, devices.trace / devices.dof);
  return fit;
}

void add_spread(const SpreadReadings& readings, DeviceFit& fit) {
  constexpr int kMostDevices = 1000;
  if (readings.n_devices > kMostDevices) {
    reject("column device",
           std::to_string(readings.n_devices) + " devices",
           "are more than " + std::to_string(kMostDevices),
           "fit a part of them: a thousand tell the spread to 5 %");
  }
  const SpreadFit found = fit_components(readings);
  if (found.among) {
    fit.figures.push_back(spread_figure(kCycleKey,
                                        "spread between programmings: deviation of ln G",
                                        std::sqrt(found.within->value),
                                        deviation_confidence(*found.within),
                                        with_dof("chi-squared", found.within->dof)));
    add_devices(*found.among, fit);
  } else if (found.total) {
    add_total(readings, *found.total, fit);
  } else {
    fit.undetermined.push_back({kCycleKey, "nothing was programmed twice"});
    fit.undetermined.push_back({kDeviceKey, "no state was measured on two devices"});
  }
}

DeviceFit fit_spread(const ColumnTable& table) {
  if (table.rows() < 3) {
    reject(table.place(),
           std::to_string(table.rows()) + " readings",
           "are too few to tell a spread",
           "measure at least three, better thirty");
  }
  const Grouping states = group_by(table, table.has("target") ? "target" : "state");
  const Grouping devices = group_by(table, "device");
  const Eigen::VectorXd G = positive_conductances(table);
  DeviceFit fit;
  add_spread({.log_G = G.array().log(),
              .state = states.of_row,
              .device = devices.of_row,
              .n_states = states.size(),
              .n_devices = devices.size()},
             fit);
  FitPicture picture{.title = "Conductances by device",
                     .x_name = table.has("device") ? "device" : "cycle",
                     .y_name = "conductance",
                     .y_unit = Unit::Siemens,
                     .curves = {}};
  const Eigen::VectorXd x = table.at(picture.x_name);
  picture.curves.push_back({.name = "read", .x = x, .measured = G, .at = {}, .law = {}});
  fit.pictures.push_back(std::move(picture));
  return fit;
}

}  // namespace memspice::device
