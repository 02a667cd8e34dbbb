#include "device/fit_programmed.hpp"

#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "base/text.hpp"
#include "device/confidence.hpp"
#include "device/fit_spread.hpp"
#include "device/window_figures.hpp"

namespace memspice::device {
namespace {

struct Reads {
  Eigen::VectorXd target, G;  // [S]
  Grouping targets, devices;
};

Reads gather_reads(const ColumnTable& table) {
  Reads reads{.target = table.at("target"),
              .G = positive_conductances(table),
              .targets = group_by(table, "target"),
              .devices = group_by(table, "device")};
  for (Eigen::Index row = 0; row < reads.target.size(); ++row) {
    if (reads.target(row) > 0.0) continue;
    reject(table.place_of(row),
           to_text(reads.target(row)) + " S",
           "must be above zero",
           "leave out cells that were not programmed");
  }
  if (reads.targets.size() < 2 || table.rows() < 5) {
    reject(table.place(),
           std::to_string(table.rows()) + " reads of " + std::to_string(reads.targets.size()) +
               " target(s)",
           "are too few",
           "give two targets and five reads at least");
  }
  return reads;
}

/// Logarithm of the likelihood at its largest, of n normal deviates with this mean of squares.
double log_likelihood(double square, double n) {
  return -0.5 * n * (std::log(2.0 * std::numbers::pi * square) + 1.0);
}

void note_offset(const Eigen::VectorXd& error, DeviceFit& fit) {
  const SampleMean mean = mean_of(error);
  const Confidence offset =
      student_confidence(mean.value, mean.error, static_cast<double>(error.size()) - 1.0);
  if (offset.holds(0.0)) return;
  fit.notes.push_back(
      "Reads are off their targets by " + format_quantity(mean.value, Unit::Siemens, 3) +
      " on the mean (" + format_quantity(offset.low, Unit::Siemens, 3) + " to " +
      format_quantity(offset.high, Unit::Siemens, 3) + "): the card's error has none");
}

/// How many levels of the window an error of `sigma` [S] leaves apart.
void note_levels(const Reads& reads, double sigma, DeviceFit& fit) {
  const double width = reads.targets.values.back() - reads.targets.values.front();
  const auto apart = 1 + static_cast<long long>(width / (2.0 * 1.96 * sigma));
  fit.notes.push_back(
      "Levels that this error leaves apart, the middle 95 % of each clear of its "
      "neighbours': " +
      to_text(apart) + " of " + std::to_string(reads.targets.size()));
}

/// What is left of ln(read / target) once each device's own mean is off it.
SpreadReadings ratios_of(const Reads& reads) {
  return {.log_G = (reads.G.array() / reads.target.array()).log(),
          .state = std::vector<int>(static_cast<std::size_t>(reads.G.size()), 0),
          .device = reads.devices.of_row,
          .n_states = 1,
          .n_devices = reads.devices.size()};
}

/// Whether repeats show devices that are unlike beyond chance.
bool has_device_spread(const SpreadReadings& ratios) {
  const SpreadFit spread = fit_components(ratios);
  return spread.among && spread.among->is_seen();
}

void add_gaussian(const Reads& reads, const Eigen::VectorXd& error, double gain, DeviceFit& fit) {
  const auto n = static_cast<double>(error.size());
  const MeanSquare square{error.squaredNorm() / n, n};
  const double sigma = std::sqrt(square.value);
  fit.figures.push_back({.key = "nonideality.programming.sigma",
                         .meaning = "what write-verify leaves: deviation of G",
                         .unit = "S",
                         .value = sigma,
                         .confidence = deviation_confidence(square),
                         .basis = "chi-squared with " + to_text(n) +
                                  " degrees of freedom; likelier than an error that grows with "
                                  "G by a factor of exp(" +
                                  to_text_rounded(gain, 3) + ")"});
  fit.undetermined.push_back({"nonideality.cycle_to_cycle.sigma",
                              "an error that does not grow with G describes the reads better"});
  note_levels(reads, sigma, fit);
}

void add_error(const Reads& reads, DeviceFit& fit) {
  const Eigen::VectorXd error = reads.G - reads.target;
  const SpreadReadings ratios = ratios_of(reads);
  const auto n = static_cast<double>(error.size());
  // Densities are those of the read G in both: ln(read / target) brings a factor 1 / G.
  const double gaussian = log_likelihood(error.squaredNorm() / n, n);
  const double log_normal =
      log_likelihood(ratios.log_G.squaredNorm() / n, n) - reads.G.array().log().sum();
  note_offset(error, fit);
  if (gaussian > log_normal && !has_device_spread(ratios)) {
    add_gaussian(reads, error, gaussian - log_normal, fit);
    return;
  }
  add_spread(ratios, fit);
  fit.undetermined.push_back(
      {"nonideality.programming.sigma", "an error that grows with G describes the reads better"});
}

void add_read_picture(const Reads& reads, DeviceFit& fit) {
  FitPicture picture{.title = "Programmed conductances",
                     .x_name = "target",
                     .y_name = "read",
                     .x_unit = Unit::Siemens,
                     .y_unit = Unit::Siemens,
                     .curves = {}};
  FitCurve curve{.name = "read", .x = reads.target, .measured = reads.G, .at = {}, .law = {}};
  curve.at = Eigen::Vector2d(reads.targets.values.front(), reads.targets.values.back());
  curve.law = curve.at;
  picture.curves.push_back(std::move(curve));
  fit.pictures.push_back(std::move(picture));
}

}  // namespace

DeviceFit fit_programmed(const ColumnTable& table) {
  const Reads reads = gather_reads(table);
  DeviceFit fit;
  add_target_window(reads.targets.values, fit);
  fit.undetermined.push_back({"alpha", "conductances alone tell no curvature"});
  add_error(reads, fit);
  const Eigen::VectorXd error = reads.G - reads.target;
  fit.residuals.push_back(
      {.what = "conductance against target",
       .unit = "S",
       .rms = std::sqrt(error.squaredNorm() / static_cast<double>(error.size())),
       .largest = error.cwiseAbs().maxCoeff(),
       .points = static_cast<long>(error.size())});
  add_read_picture(reads, fit);
  return fit;
}

}  // namespace memspice::device
