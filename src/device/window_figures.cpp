#include "device/window_figures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.hpp"
#include "device/confidence.hpp"

namespace memspice::device {
namespace {

/// A state's conductances as logarithms.
struct StateReadings {
  Eigen::VectorXd log_G;
  double median() const { return std::exp(log_G.mean()); }
};

std::vector<StateReadings> by_state(const Eigen::VectorXd& G,
                                    const std::vector<int>& state,
                                    int n_states) {
  std::vector<std::vector<double>> logs(static_cast<std::size_t>(n_states));
  for (Eigen::Index k = 0; k < G.size(); ++k) {
    logs[static_cast<std::size_t>(state[static_cast<std::size_t>(k)])].push_back(std::log(G(k)));
  }
  std::vector<StateReadings> states;
  for (const auto& values : logs) {
    if (values.empty()) continue;
    states.push_back({Eigen::Map<const Eigen::VectorXd>(values.data(), std::ssize(values))});
  }
  std::sort(states.begin(), states.end(), [](const auto& a, const auto& b) {
    return a.median() < b.median();
  });
  return states;
}

FittedFigure end_of_window(const char* key, const char* meaning, const StateReadings& state) {
  FittedFigure figure{
      .key = key, .meaning = meaning, .unit = "S", .value = state.median(), .basis = "one reading"};
  if (state.log_G.size() < 2) return figure;
  const SampleMean mean = mean_of(state.log_G);
  const double dof = static_cast<double>(state.log_G.size()) - 1.0;
  const Confidence logs = student_confidence(mean.value, mean.error, dof);
  figure.confidence = Confidence{std::exp(logs.low), std::exp(logs.high)};
  figure.basis =
      "median of " + std::to_string(state.log_G.size()) + " readings, Student's t on ln G";
  return figure;
}

FittedFigure count_of_levels(std::size_t count, std::string basis) {
  return {.key = "levels",
          .meaning = "distinct conductances",
          .unit = "",
          .value = static_cast<double>(count),
          .basis = std::move(basis)};
}

}  // namespace

void add_window(const Eigen::VectorXd& G,
                const std::vector<int>& state,
                int n_states,
                DeviceFit& fit) {
  const std::vector<StateReadings> states = by_state(G, state, n_states);
  if (states.size() < 2) {
    for (const char* key : {"g_min", "g_max", "levels"}) {
      fit.undetermined.push_back({key,
                                  "one state was measured, of " +
                                      to_text_rounded(states.front().median(), 4) +
                                      " S: a column \"state\" tells several apart"});
    }
    return;
  }
  fit.figures.push_back(end_of_window("g_min", "conductance of the lowest state", states.front()));
  fit.figures.push_back(end_of_window("g_max", "conductance of the highest state", states.back()));
  fit.figures.push_back(
      count_of_levels(states.size(), "states in the data; a device may have more"));
}

void add_target_window(const std::vector<double>& targets, DeviceFit& fit) {
  fit.figures.push_back({.key = "g_min",
                         .meaning = "lowest target",
                         .unit = "S",
                         .value = targets.front(),
                         .basis = "as the data state it"});
  fit.figures.push_back({.key = "g_max",
                         .meaning = "highest target",
                         .unit = "S",
                         .value = targets.back(),
                         .basis = "as the data state it"});
  fit.figures.push_back(count_of_levels(targets.size(), "targets in the data"));
}

}  // namespace memspice::device
