#include "crossbar/program_array.hpp"

#include <algorithm>

#include "base/interrupt.hpp"

namespace memspice::crossbar {
namespace {

using device::WriteTermination;

/// One cell's turn.
class CellWriting {
 public:
  CellWriting(PulsedArray& array, const device::Memristor& cell, const ProgramOptions& options)
      : array_(array),
        cell_(cell),
        options_(options.write),
        positive_raises_(device::positive_raises_conductance(cell)) {}

  /// Writes cell (i, j) to `target`; returns whether it needed any pulse.
  bool write(int i, int j, double target, ProgramResult& result) {
    device::WriteControl control(options_, target, positive_raises_);
    while (const auto pulse = control.next(read(i, j, result))) {
      const PulseEffect effect = array_.apply({.i = i, .j = j, .pulse = *pulse});
      result.pulses(i, j) += 1;
      result.energy(i, j) += effect.energy;
      result.time(i, j) += pulse->width + options_.settle_time;
      if (effect.ok) continue;
      if (result.message.empty()) result.message = effect.message;
      result.termination(i, j) = WriteTermination::Failed;
      return true;
    }
    result.termination(i, j) = control.termination();
    return control.pulses() > 0;
  }

 private:
  double read(int i, int j, ProgramResult& result) {
    const double x = array_.state(i, j);
    const double V = options_.read_voltage;
    result.time(i, j) += options_.read_time;
    result.energy(i, j) += V * cell_.current(V, x) * options_.read_time;
    return result.G_written(i, j) = cell_.conductance_of(x);
  }

  PulsedArray& array_;
  const device::Memristor& cell_;
  const device::WriteOptions& options_;
  bool positive_raises_;
};

bool run_pass(CellWriting& writing, const Eigen::MatrixXd& target, ProgramResult& result) {
  bool wrote = false;
  for (Eigen::Index i = 0; i < target.rows(); ++i) {
    for (Eigen::Index j = 0; j < target.cols(); ++j) {
      throw_if_interrupted();
      if (target(i, j) == 0.0) continue;
      wrote |= writing.write(static_cast<int>(i), static_cast<int>(j), target(i, j), result);
    }
  }
  return wrote;
}

}  // namespace

int ProgramResult::failed() const {
  const auto cells = termination.reshaped();
  return static_cast<int>(std::count_if(cells.begin(), cells.end(), [](WriteTermination how) {
    return how != WriteTermination::Reached;
  }));
}

Eigen::MatrixXd ProgramResult::disturb() const {
  return G.binaryExpr(G_written,
                      [](double now, double then) { return then > 0.0 ? now / then - 1.0 : 0.0; });
}

ProgramResult program_array(PulsedArray& array,
                            const device::Memristor& cell,
                            const Eigen::MatrixXd& target,
                            const ProgramOptions& options) {
  for (const double G : {target.maxCoeff(), target.minCoeff()}) {
    if (G != 0.0) cell.state_of(G);  // throws for a conductance that no state has
  }
  ProgramResult result;
  result.pulses = Eigen::MatrixXi::Zero(target.rows(), target.cols());
  result.energy = result.time = Eigen::MatrixXd::Zero(target.rows(), target.cols());
  result.termination =
      Terminations::Constant(target.rows(), target.cols(), WriteTermination::Reached);
  result.G_written = conductances_of(cell, array.states());
  CellWriting writing(array, cell, options);
  bool wrote = true;
  while (wrote && result.passes < options.passes) {
    wrote = run_pass(writing, target, result);
    ++result.passes;
  }
  result.G = conductances_of(cell, array.states());
  return result;
}

}  // namespace memspice::crossbar
