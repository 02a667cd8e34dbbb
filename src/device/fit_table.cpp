#include "device/fit_table.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/text.hpp"
#include "device/table_memristor.hpp"

namespace memspice::device {
namespace {

/// Means of the readings of each state at each voltage; NaN where there is none.
CurrentTable mean_currents(const Grouping& states,
                           const Grouping& voltages,
                           const Eigen::VectorXd& I) {
  CurrentTable table;
  table.v = Eigen::Map<const Eigen::VectorXd>(voltages.values.data(), voltages.size());
  Eigen::MatrixXd counts = Eigen::MatrixXd::Zero(states.size(), voltages.size());
  table.I = counts;
  for (Eigen::Index row = 0; row < I.size(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    counts(states.of_row[at], voltages.of_row[at]) += 1.0;
    table.I(states.of_row[at], voltages.of_row[at]) += I(row);
  }
  table.I = table.I.cwiseQuotient(counts);
  return table;
}

void require_whole(const ColumnTable& data, const Grouping& states, const CurrentTable& table) {
  for (Eigen::Index s = 0; s < table.I.rows(); ++s) {
    for (Eigen::Index k = 0; k < table.v.size(); ++k) {
      if (std::isfinite(table.I(s, k))) continue;
      const std::string state =
          states.values.empty() ? "the device"
                                : "state " + to_text(states.values[static_cast<std::size_t>(s)]);
      reject(data.place(),
             state,
             "has no current at " + to_text(table.v(k)) + " V, where another state has one",
             "measure every state at the same voltages");
    }
  }
}

/// 0 V among the voltages with 0 A in every state; what the data have there is an offset.
void pass_through_zero(CurrentTable& table) {
  const auto at = std::lower_bound(table.v.begin(), table.v.end(), 0.0) - table.v.begin();
  const Eigen::Index k = static_cast<Eigen::Index>(at);
  if (k < table.v.size() && table.v(k) == 0.0) {
    table.I.colwise() -= table.I.col(k).eval();
    return;
  }
  CurrentTable wider{.v = Eigen::VectorXd(table.v.size() + 1),
                     .I = Eigen::MatrixXd(table.I.rows(), table.v.size() + 1)};
  wider.v << table.v.head(k), 0.0, table.v.tail(table.v.size() - k);
  wider.I << table.I.leftCols(k), Eigen::VectorXd::Zero(table.I.rows()),
      table.I.rightCols(table.v.size() - k);
  table = std::move(wider);
}

/// The nearest values that do not fall: neighbours that do are pooled. 0 A at 0 V stays.
void make_rising(const CurrentTable& table, Eigen::Ref<Eigen::VectorXd> I) {
  struct Pool {
    double sum;
    Eigen::Index count;
    double mean() const { return sum / static_cast<double>(count); }
  };
  std::vector<Pool> pools;
  for (const double value : I) {
    pools.push_back({value, 1});
    while (pools.size() > 1 && pools.back().mean() < pools[pools.size() - 2].mean()) {
      const Pool last = pools.back();
      pools.pop_back();
      pools.back().sum += last.sum;
      pools.back().count += last.count;
    }
  }
  Eigen::Index k = 0;
  for (const Pool& pool : pools) {
    for (Eigen::Index n = 0; n < pool.count; ++n, ++k) {
      const double mean = pool.mean();
      I(k) = table.v(k) > 0.0 ? std::max(mean, 0.0) : table.v(k) < 0.0 ? std::min(mean, 0.0) : 0.0;
    }
  }
}

/// Rows by the current that they carry at the largest voltage.
void sort_states(CurrentTable& table) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(table.I.rows()));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) {
    return table.I.row(a).cwiseAbs().sum() < table.I.row(b).cwiseAbs().sum();
  });
  table.I = table.I(order, Eigen::all).eval();
}

void add_table_figures(const TableCurrents& currents, DeviceFit& fit) {
  const ConductanceWindow window = currents.window();
  const char* const slope = "slope of the table at 0 V";
  fit.figures = {{.key = "g_min",
                  .meaning = "conductance of the lowest state",
                  .unit = "S",
                  .value = window.g_min,
                  .basis = slope},
                 {.key = "g_max",
                  .meaning = "conductance of the highest state",
                  .unit = "S",
                  .value = window.g_max,
                  .basis = slope},
                 {.key = "levels",
                  .meaning = "distinct conductances",
                  .unit = "",
                  .value = static_cast<double>(window.levels),
                  .basis = "states in the data; a device may have more"}};
}

void add_table_picture(const TableCurrents& currents, const CurrentTable& means, DeviceFit& fit) {
  FitPicture picture{.title = "Read sweeps and the table's cubics",
                     .x_name = "voltage",
                     .y_name = "current",
                     .x_unit = Unit::Volt,
                     .y_unit = Unit::Ampere,
                     .curves = {}};
  for (std::size_t s = 0; s < currents.G().size(); ++s) {
    FitCurve curve{.name = {},
                   .x = means.v,
                   .measured = means.I.row(static_cast<Eigen::Index>(s)),
                   .at = Eigen::VectorXd::LinSpaced(201, means.v.minCoeff(), means.v.maxCoeff()),
                   .law = {}};
    curve.law = curve.at.unaryExpr([&](double v) { return currents.current(currents.G()[s], v); });
    picture.curves.push_back(std::move(curve));
  }
  fit.pictures.push_back(std::move(picture));
}

/// What smoothing took: readings' means against the table, of each state's largest current.
void add_table_residual(const CurrentTable& means, const CurrentTable& table, DeviceFit& fit) {
  const Eigen::VectorXd scale = means.I.cwiseAbs().rowwise().maxCoeff();
  const Eigen::MatrixXd r = scale.cwiseInverse().asDiagonal() * (means.I - table.I);
  fit.residuals.push_back({.what = "mean current of each state and voltage, of its state's largest",
                           .unit = "",
                           .rms = std::sqrt(r.squaredNorm() / static_cast<double>(r.size())),
                           .largest = r.cwiseAbs().maxCoeff(),
                           .points = static_cast<long>(r.size())});
}

}  // namespace

DeviceFit fit_table(const ColumnTable& data) {
  const Grouping states = group_by(data, "state"), voltages = group_by(data, "voltage");
  CurrentTable means = mean_currents(states, voltages, data.at("current"));
  require_whole(data, states, means);
  pass_through_zero(means);
  sort_states(means);
  CurrentTable table = means;
  for (Eigen::Index s = 0; s < table.I.rows(); ++s) {
    Eigen::VectorXd I = table.I.row(s);
    make_rising(table, I);
    table.I.row(s) = I;
  }
  if (table.I.rows() < 2) {
    reject(data.place(), "one state", "makes no table: a cell needs two", "add a column \"state\"");
  }
  DeviceFit fit{.model = std::string(TableMemristor::kName)};
  fit.table = table;
  const TableCurrents currents(table);
  add_table_figures(currents, fit);
  add_table_residual(means, table, fit);
  add_table_picture(currents, means, fit);
  return fit;
}

}  // namespace memspice::device
