#include "device/fit_sweeps.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "base/error.hpp"
#include "base/text.hpp"
#include "device/confidence.hpp"
#include "device/fit_spread.hpp"
#include "device/least_squares.hpp"
#include "device/static_read.hpp"
#include "device/window_figures.hpp"

namespace memspice::device {
namespace {

/// One read sweep, with voltages in shares of the largest of all.
struct Sweep {
  int state = 0, device = 0;
  Eigen::VectorXd v = {}, I = {};  // v / v_max [1], I [A]
  double scale = 1.0;              // its largest current [A]
};

struct Sweeps {
  std::vector<Sweep> all = {};
  double v_max = 0.0;  // [V]
  Grouping states, devices;
};

/// sinh(sqrt(q) v) / sqrt(q), which runs on smoothly below q = 0.
double shape(double q, double v) {
  const double y = q * v * v;
  if (std::abs(y) < 1e-6) return v * (1.0 + y / 6.0);
  const double root = std::sqrt(std::abs(q));
  return (q > 0.0 ? std::sinh(root * v) : std::sin(root * v)) / root;
}

Eigen::VectorXd shape_of(const Sweep& sweep, double q) {
  return sweep.v.unaryExpr([q](double v) { return shape(q, v); });
}

/// G v_max of the sweep that fits best for q [A].
double height_of(const Sweep& sweep, const Eigen::VectorXd& phi) {
  return sweep.I.dot(phi) / phi.squaredNorm();
}

void require_usable(const ColumnTable& table, const std::vector<Eigen::Index>& rows) {
  const Eigen::VectorXd& v = table.at("voltage");
  double v_max = 0.0;
  for (const Eigen::Index row : rows) v_max = std::max(v_max, std::abs(v(row)));
  if (rows.size() >= 3 && v_max > 0.0) return;
  reject(table.place_of(rows.front()),
         std::to_string(rows.size()) + " points",
         v_max > 0.0 ? "are too few for a sweep" : "at 0 V alone make no sweep",
         "give each state, device and cycle three voltages or more");
}

Sweeps gather_sweeps(const ColumnTable& table) {
  Sweeps sweeps{.v_max = table.at("voltage").cwiseAbs().maxCoeff(),
                .states = group_by(table, "state"),
                .devices = group_by(table, "device")};
  const Grouping cycles = group_by(table, "cycle");
  std::map<std::tuple<int, int, int>, std::vector<Eigen::Index>> rows;
  for (Eigen::Index row = 0; row < table.rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    rows[{sweeps.states.of_row[at], sweeps.devices.of_row[at], cycles.of_row[at]}].push_back(row);
  }
  for (const auto& [group, members] : rows) {
    require_usable(table, members);
    Sweep sweep{.state = std::get<0>(group), .device = std::get<1>(group)};
    sweep.v = table.at("voltage")(members) / sweeps.v_max;
    sweep.I = table.at("current")(members);
    sweep.scale = sweep.I.cwiseAbs().maxCoeff();
    if (!(height_of(sweep, sweep.v) > 0.0)) {
      reject(table.place_of(members.front()),
             "a sweep",
             "conducts backwards, or not at all",
             "mind the sign of voltage and current, and leave out open devices");
    }
    sweeps.all.push_back(std::move(sweep));
  }
  return sweeps;
}

/// q of a sweep: of all the same, or along ln G.
using Curvature = std::function<double(std::size_t)>;

Eigen::VectorXd misfit(const Sweeps& sweeps, const Curvature& q) {
  Eigen::Index n = 0;
  for (const Sweep& sweep : sweeps.all) n += sweep.v.size();
  Eigen::VectorXd r(n);
  n = 0;
  for (std::size_t s = 0; s < sweeps.all.size(); ++s) {
    const Sweep& sweep = sweeps.all[s];
    const Eigen::VectorXd phi = shape_of(sweep, q(s));
    r.segment(n, phi.size()) = (height_of(sweep, phi) * phi - sweep.I) / sweep.scale;
    n += phi.size();
  }
  return r;
}

/// Leverages of the points: of its sweep's G, and of what all share.
Eigen::VectorXd leverages(const Sweeps& sweeps, double q, const Eigen::MatrixXd& J) {
  Eigen::VectorXd h = (J * (J.transpose() * J).inverse()).cwiseProduct(J).rowwise().sum();
  Eigen::Index n = 0;
  for (const Sweep& sweep : sweeps.all) {
    const Eigen::VectorXd phi = shape_of(sweep, q);
    h.segment(n, phi.size()) += phi.cwiseAbs2() / phi.squaredNorm();
    n += phi.size();
  }
  return h.cwiseMin(0.99);
}

/// HC3 standard errors of the parameters.
Eigen::VectorXd robust_errors(const Sweeps& sweeps, double q, const LeastSquaresFit& fit) {
  const Eigen::MatrixXd bread = (fit.jacobian.transpose() * fit.jacobian).inverse();
  const Eigen::ArrayXd h = leverages(sweeps, q, fit.jacobian);
  const Eigen::VectorXd weight = (fit.residuals.array() / (1.0 - h)).square();
  const Eigen::MatrixXd meat = fit.jacobian.transpose() * weight.asDiagonal() * fit.jacobian;
  return (bread * meat * bread).diagonal().cwiseMax(0.0).cwiseSqrt();
}

struct CurvatureFit {
  double q = 0.0, error = 0.0;  // of (alpha v_max)^2
  double dof = 1.0;
  Eigen::VectorXd G = {};       // per sweep [S]
  Eigen::VectorXd misfit = {};  // per point, of its sweep's largest current
};

CurvatureFit fit_curvature(const Sweeps& sweeps) {
  const LeastSquaresFit found = fit_least_squares(
      [&](const Eigen::VectorXd& p) { return misfit(sweeps, [&](std::size_t) { return p(0); }); },
      {{.name = "q", .start = 0.1}});
  CurvatureFit fit{.q = found.values(0), .misfit = found.residuals};
  fit.error = robust_errors(sweeps, fit.q, found)(0);
  fit.dof = std::max(found.dof - static_cast<double>(sweeps.all.size()), 1.0);
  fit.G.resize(std::ssize(sweeps.all));
  for (std::size_t s = 0; s < sweeps.all.size(); ++s) {
    const Sweep& sweep = sweeps.all[s];
    fit.G(static_cast<Eigen::Index>(s)) = height_of(sweep, shape_of(sweep, fit.q)) / sweeps.v_max;
  }
  return fit;
}

double alpha_of(double q, double v_max) {
  return std::sqrt(std::max(q, 0.0)) / v_max;
}

void add_alpha(const Sweeps& sweeps, const CurvatureFit& found, DeviceFit& fit) {
  const Confidence q = student_confidence(found.q, found.error, found.dof);
  fit.figures.push_back(
      {.key = "alpha",
       .meaning = "curvature of the read law",
       .unit = "1/V",
       .value = alpha_of(found.q, sweeps.v_max),
       .confidence = Confidence{alpha_of(q.low, sweeps.v_max), alpha_of(q.high, sweeps.v_max)},
       .basis = "Jacobian with unequal noise (HC3), Student's t with " + to_text(found.dof) +
                " degrees of freedom"});
  if (q.low <= 0.0) {
    fit.notes.push_back("No curvature is seen: straight sweeps lie within the confidence of alpha");
  }
}

/// Says so where the curvature changes along G beyond chance: the card has one alpha.
void note_trend(const Sweeps& sweeps, const CurvatureFit& found, DeviceFit& fit) {
  const Eigen::VectorXd along = found.G.array().log() - found.G.array().log().mean();
  if (sweeps.all.size() < 3 || along.cwiseAbs().maxCoeff() < 0.05) return;
  const LeastSquaresFit trend = fit_least_squares(
      [&](const Eigen::VectorXd& p) {
        return misfit(sweeps, [&](std::size_t s) {
          return p(0) + p(1) * along(static_cast<Eigen::Index>(s));
        });
      },
      {{.name = "q_0", .start = found.q}, {.name = "q_1", .start = 0.0}});
  const Eigen::VectorXd errors = robust_errors(sweeps, found.q, trend);
  const Confidence slope = student_confidence(trend.values(1), errors(1), found.dof);
  if (slope.holds(0.0)) return;
  const auto alpha_at = [&](double x) {
    return to_text_rounded(alpha_of(trend.values(0) + trend.values(1) * x, sweeps.v_max), 3);
  };
  fit.notes.push_back(
      "The curvature changes with G: alpha = " + alpha_at(along.minCoeff()) +
      " 1/V at the lowest conductance, " + alpha_at(along.maxCoeff()) +
      " 1/V at the highest; the card holds one for all, where --model table follows the data");
}

void add_sweep_picture(const Sweeps& sweeps, const CurvatureFit& found, DeviceFit& fit) {
  FitPicture picture{.title = "Read sweeps and I = G sinh(alpha v) / alpha",
                     .x_name = "voltage",
                     .y_name = "current",
                     .x_unit = Unit::Volt,
                     .y_unit = Unit::Ampere,
                     .curves = {}};
  const StaticRead read{.alpha = alpha_of(found.q, sweeps.v_max)};
  for (std::size_t s = 0; s < sweeps.all.size(); ++s) {
    const Sweep& sweep = sweeps.all[s];
    const Eigen::VectorXd v = sweep.v * sweeps.v_max;
    FitCurve curve{.name = {}, .x = v, .measured = sweep.I, .at = {}, .law = {}};
    curve.at = Eigen::VectorXd::LinSpaced(61, v.minCoeff(), v.maxCoeff());
    const double G = found.G(static_cast<Eigen::Index>(s));
    curve.law = curve.at.unaryExpr([&](double at) { return read.current(G, at); });
    picture.curves.push_back(std::move(curve));
  }
  fit.pictures.push_back(std::move(picture));
}

}  // namespace

DeviceFit fit_sweeps(const ColumnTable& table) {
  const Sweeps sweeps = gather_sweeps(table);
  const CurvatureFit found = fit_curvature(sweeps);
  SpreadReadings readings{.log_G = found.G.array().log(),
                          .state = {},
                          .device = {},
                          .n_states = sweeps.states.size(),
                          .n_devices = sweeps.devices.size()};
  for (const Sweep& sweep : sweeps.all) {
    readings.state.push_back(sweep.state);
    readings.device.push_back(sweep.device);
  }
  DeviceFit fit;
  add_window(found.G, readings.state, readings.n_states, fit);
  add_alpha(sweeps, found, fit);
  note_trend(sweeps, found, fit);
  add_spread(readings, fit);
  fit.residuals.push_back(
      {.what = "current, of its sweep's largest",
       .unit = "",
       .rms = std::sqrt(found.misfit.squaredNorm() / static_cast<double>(found.misfit.size())),
       .largest = found.misfit.cwiseAbs().maxCoeff(),
       .points = static_cast<long>(found.misfit.size())});
  add_sweep_picture(sweeps, found, fit);
  return fit;
}

}  // namespace memspice::device
