#include "cli/solve_checks.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/plausibility.hpp"
#include "crossbar/cell_range.hpp"

namespace memspice::cli {
namespace {

/// Numbers that an answer may always hold, and how many for each number of the inputs.
constexpr double kMostNumbers = 1e7;
constexpr double kMostPerInput = 16.0;
/// Input values that are written into ngspice's decks.
constexpr double kMostStimuli = 1e6;

double largest_voltage(const SolveTask& task) {
  return task.V.size() == 0 ? 0.0 : task.V.cwiseAbs().maxCoeff();
}

void require_readable(const SolveTask& task, const SolveSources& sources) {
  const double V = largest_voltage(task);
  if (task.bench.alpha * V <= crossbar::kLargestExponent) return;
  throw InputError({.place = "--alpha",
                    .value = to_text(task.bench.alpha) + " 1/V",
                    .rule = "times the largest voltage of " + sources.voltage + ", " + to_text(V) +
                            " V, must be at most " + to_text(crossbar::kLargestExponent) +
                            ": sinh grows beyond any cell",
                    .remedy = "lower --alpha or the voltages"});
}

void require_few(double numbers, double most, const std::string& place, const std::string& what) {
  if (numbers <= most) return;
  throw InputError({.place = place,
                    .value = to_text(numbers) + " numbers",
                    .rule = what + ": at most " + to_text_rounded(most, 3) + " at once",
                    .remedy = "split the input vectors over several calls"});
}

double count(Eigen::Index rows, Eigen::Index columns) {
  return static_cast<double>(rows) * static_cast<double>(columns);
}

void require_memory(const SolveTask& task, const SolveSources& sources) {
  const double inputs = static_cast<double>(task.G.size() + task.V.size());
  const double most = std::max(kMostNumbers, kMostPerInput * inputs);
  const Eigen::Index vectors = task.response ? 0 : task.V.cols();
  require_few(
      count(vectors, task.G.cols()), most, sources.voltage, "a current per vector and line");
  if (task.node_voltages) {
    require_few(2.0 * count(vectors, task.G.size()),
                most,
                "--node-voltages",
                "two voltages per vector and cell");
  }
  if (sources.engine == "ngspice") {
    const Eigen::Index stimuli = task.response ? task.G.rows() : vectors;
    require_few(count(stimuli, task.G.rows()),
                kMostStimuli,
                "--engine ngspice",
                "a voltage per vector and word line");
  }
}

}  // namespace

void require_solvable(const SolveTask& task, const SolveSources& sources) {
  require_readable(task, sources);
  require_memory(task, sources);
}

std::vector<std::string> find_unusual(const SolveTask& task, const SolveSources& sources) {
  using config::Usual;
  std::vector<std::string> notes;
  const double largest = task.G.maxCoeff();
  const double smallest = task.G.minCoeff();
  const std::string place = sources.conductance + ": ";
  config::note_unusual(place + "largest conductance", largest, Usual::Conductance, notes);
  if (notes.empty()) {
    config::note_unusual(place + "smallest conductance", smallest, Usual::Conductance, notes);
  }
  const std::string voltage = sources.voltage + ": largest voltage";
  config::note_unusual(voltage, largest_voltage(task), Usual::ReadVoltage, notes);
  config::note_unusual_wiring(task.bench.wiring, "", notes);
  config::note_unusual("alpha", task.bench.alpha, Usual::NonLinearity, notes);
  return notes;
}

void require_finite(const SolveTask& task, const SolveAnswer& answer) {
  const auto is_finite = [](const auto& matrices) {
    return std::all_of(
        matrices.begin(), matrices.end(), [](const auto& matrix) { return matrix.allFinite(); });
  };
  const bool has_residual = !answer.residual || std::isfinite(*answer.residual);
  if (answer.values.allFinite() && answer.operation.power.allFinite() && has_residual &&
      is_finite(answer.operation.word_line_voltage) &&
      is_finite(answer.operation.bit_line_voltage)) {
    return;
  }
  throw RunError({.place = "solve",
                  .value = answer.engine,
                  .rule = task.response ? "the response holds a value that is no finite number"
                                        : "the answer holds a value that is no finite number",
                  .remedy = "bring wires, conductances and voltages closer together"});
}

void require_success(const engine::Summary& summary) {
  if (summary.termination == engine::Termination::Done) return;
  throw RunError({.place = "ngspice",
                  .value = {},
                  .rule = summary.message,
                  .remedy = summary.saved_deck.empty() ? "" : "its deck: " + summary.saved_deck});
}

}  // namespace memspice::cli
