#include "device/fit_retention.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "device/confidence.hpp"

namespace memspice::device {
namespace {

constexpr const char* kNu = "nonideality.drift.nu";
constexpr const char* kNuSigma = "nonideality.drift.nu_sigma";

/// ln G over ln(t / t_0) of one device.
struct Relaxation {
  Eigen::VectorXd log_t, log_G;
  Line line;
};

struct Relaxations {
  std::vector<Relaxation> devices;
  double t_0 = 0.0;  // [s]
};

Relaxation relaxation_of(const ColumnTable& table,
                         const Eigen::VectorXd& G,
                         const std::vector<Eigen::Index>& rows,
                         double t_0) {
  Relaxation one{.log_t = (table.at("time")(rows).array() / t_0).log(),
                 .log_G = G(rows).array().log(),
                 .line = {}};
  const bool is_one_time = one.log_t.maxCoeff() == one.log_t.minCoeff();
  if (rows.size() < 3 || is_one_time) {
    reject(table.place_of(rows.front()),
           std::to_string(rows.size()) + " reads of a device" + (is_one_time ? " at one time" : ""),
           "are too few to tell how it drifts",
           "read each device three times or more, over decades of time");
  }
  one.line = line_through(one.log_t, one.log_G);
  return one;
}

Relaxations gather_relaxations(const ColumnTable& table) {
  const Eigen::VectorXd& t = table.at("time");
  for (Eigen::Index row = 0; row < t.size(); ++row) {
    if (t(row) > 0.0) continue;
    reject(table.place_of(row),
           to_text(t(row)) + " s",
           "must be above zero: drift goes with its logarithm",
           "count the time from programming on, and leave out the read at 0 s");
  }
  const Grouping groups = group_by(table, "device");
  std::vector<std::vector<Eigen::Index>> rows(static_cast<std::size_t>(groups.size()));
  for (Eigen::Index row = 0; row < t.size(); ++row) {
    rows[static_cast<std::size_t>(groups.of_row[static_cast<std::size_t>(row)])].push_back(row);
  }
  const Eigen::VectorXd G = positive_conductances(table);
  Relaxations all{.devices = {}, .t_0 = t.minCoeff()};
  for (const auto& members : rows) all.devices.push_back(relaxation_of(table, G, members, all.t_0));
  return all;
}

FittedFigure drift_figure(double nu, const Confidence& confidence, std::string basis) {
  return {.key = kNu,
          .meaning = "mean drift exponent, G (t / t0)^-nu",
          .unit = "",
          .value = nu,
          .confidence = confidence,
          .basis = std::move(basis)};
}

void add_one_device(const Line& line, DeviceFit& fit) {
  fit.figures.push_back(drift_figure(
      -line.slope,
      student_confidence(-line.slope, line.slope_error, line.dof),
      "one device; Jacobian, Student's t with " + to_text(line.dof) + " degrees of freedom"));
  fit.undetermined.push_back({kNuSigma, "one device was measured"});
}

void add_nu_sigma(const SampleMean& slopes, const Relaxations& all, DeviceFit& fit) {
  MeanSquare within;
  for (const Relaxation& one : all.devices) {
    within.value +=
        one.line.slope_error * one.line.slope_error / static_cast<double>(all.devices.size());
    within.dof += one.line.dof;
  }
  const double dof = static_cast<double>(all.devices.size()) - 1.0;
  const SpreadComponent spread =
      spread_component({slopes.deviation * slopes.deviation, dof}, within, 1.0);
  if (!spread.is_seen()) {
    fit.undetermined.push_back({kNuSigma,
                                "devices drift alike within their reads' errors; at most " +
                                    to_text_rounded(spread.confidence.high, 3)});
    return;
  }
  fit.figures.push_back({.key = kNuSigma,
                         .meaning = "spread of the exponent over devices",
                         .unit = "",
                         .value = spread.sigma,
                         .confidence = spread.confidence,
                         .basis = "two mean squares, F (Williams 1962)"});
}

/// The card's power law has one mean exponent for all conductances.
void note_trend_of_nu(const Relaxations& all, const Eigen::VectorXd& nu, DeviceFit& fit) {
  Eigen::VectorXd log_G(nu.size());
  for (Eigen::Index d = 0; d < nu.size(); ++d) {
    const Relaxation& one = all.devices[static_cast<std::size_t>(d)];
    log_G(d) = one.line.at(0.0);
  }
  if (nu.size() < 4 || log_G.maxCoeff() - log_G.minCoeff() < 0.05) return;
  const Line trend = line_through(log_G, nu);
  if (trend.chance() > 0.01) return;
  fit.notes.push_back(
      "The exponent changes with G: nu = " + to_text_rounded(trend.at(log_G.minCoeff()), 3) +
      " at the lowest conductance, " + to_text_rounded(trend.at(log_G.maxCoeff()), 3) +
      " at the highest; the card holds one mean for all");
}

void add_exponents(const Relaxations& all, DeviceFit& fit) {
  if (all.devices.size() == 1) {
    add_one_device(all.devices.front().line, fit);
    return;
  }
  Eigen::VectorXd nu(std::ssize(all.devices));
  for (Eigen::Index d = 0; d < nu.size(); ++d) {
    nu(d) = -all.devices[static_cast<std::size_t>(d)].line.slope;
  }
  const SampleMean mean = mean_of(nu);
  const double dof = static_cast<double>(nu.size()) - 1.0;
  fit.figures.push_back(drift_figure(mean.value,
                                     student_confidence(mean.value, mean.error, dof),
                                     std::to_string(nu.size()) + " devices, Student's t with " +
                                         to_text(dof) + " degrees of freedom"));
  add_nu_sigma(mean, all, fit);
  note_trend_of_nu(all, nu, fit);
}

void add_residual(const Relaxations& all, DeviceFit& fit) {
  FitResidual residual{.what = "ln G, of each device's line", .unit = ""};
  double sum = 0.0;
  for (const Relaxation& one : all.devices) {
    const Eigen::VectorXd r =
        one.log_t.unaryExpr([&](double x) { return one.line.at(x); }) - one.log_G;
    sum += r.squaredNorm();
    residual.largest = std::max(residual.largest, r.cwiseAbs().maxCoeff());
    residual.points += static_cast<long>(r.size());
  }
  residual.rms = std::sqrt(sum / static_cast<double>(residual.points));
  fit.residuals.push_back(residual);
}

void add_drift_picture(const Relaxations& all, DeviceFit& fit) {
  FitPicture picture{.title = "Retention and G (t / t0)^-nu",
                     .x_name = "time",
                     .y_name = "conductance",
                     .x_unit = Unit::Second,
                     .y_unit = Unit::Siemens,
                     .is_log_x = true,
                     .curves = {}};
  for (const Relaxation& one : all.devices) {
    FitCurve curve{.name = {},
                   .x = all.t_0 * one.log_t.array().exp(),
                   .measured = one.log_G.array().exp(),
                   .at = {},
                   .law = {}};
    const Eigen::VectorXd log_t =
        Eigen::VectorXd::LinSpaced(41, one.log_t.minCoeff(), one.log_t.maxCoeff());
    curve.at = all.t_0 * log_t.array().exp();
    curve.law = log_t.unaryExpr([&](double x) { return std::exp(one.line.at(x)); });
    picture.curves.push_back(std::move(curve));
  }
  fit.pictures.push_back(std::move(picture));
}

}  // namespace

DeviceFit fit_retention(const ColumnTable& table) {
  const Relaxations all = gather_relaxations(table);
  DeviceFit fit;
  add_exponents(all, fit);
  fit.figures.push_back({.key = "nonideality.drift.t0",
                         .meaning = "when conductances are what was programmed",
                         .unit = "s",
                         .value = all.t_0,
                         .basis = "earliest time in the data"});
  for (const char* key : {"g_min", "g_max", "levels", "alpha"}) {
    fit.undetermined.push_back({key, "retention tells no window and no curvature"});
  }
  add_residual(all, fit);
  add_drift_picture(all, fit);
  return fit;
}

}  // namespace memspice::device
