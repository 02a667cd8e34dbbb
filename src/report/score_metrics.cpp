// Metrics of accuracy, and of the errors behind it.

#include "report/score_metrics.hpp"

#include "report/answer.hpp"

namespace memspice::report {
namespace {

using Number = std::optional<double>;
using Reader = std::function<Number(const RunReport&)>;
using Shares = std::function<std::optional<simulate::Share>(const RunReport&)>;

/// An accuracy, with what its images leave open.
Metric accuracy(std::string_view name, std::string_view title, Shares share) {
  const auto value = [share](const RunReport& run) { return Number(share(run)); };
  return {name, title, "accuracy", Quantity::Share, value, share};
}

Metric accuracy(std::string_view name,
                std::string_view title,
                std::optional<simulate::Share> Accuracy::*fidelity) {
  return accuracy(name, title, [fidelity](const RunReport& run) { return run.accuracy.*fidelity; });
}

/// Of labelled pixels.
Reader dice_of(std::optional<simulate::Share> Accuracy::*fidelity) {
  return [fidelity](const RunReport& run) {
    return run.segmentation ? Number(run.segmentation->dice.*fidelity) : Number();
  };
}

/// RMS error of a tile model against SPICE, on what no fit has seen.
Reader error_of(tile::ModelError tile::ErrorTriple::*model) {
  return [model](const RunReport& run) {
    const bool judged = run.calibration && run.calibration->held_out.vectors > 0;
    return judged ? Number((run.calibration->held_out.*model).nrmse) : Number();
  };
}

using Measured = std::optional<simulate::Share>;

Measured bitstream_accuracy(const RunReport& run) {
  return run.bitstream ? Measured(run.bitstream->accuracy) : Measured();
}

/// Over the samples of a variability run.
Measured sample_accuracy(const RunReport& run) {
  return run.variability ? Measured(answer_of(run)->share) : Measured();
}

Measured programmed_accuracy(const RunReport& run) {
  return run.programming ? Measured(run.programming->programmed) : Measured();
}

Measured answer_accuracy(const RunReport& run) {
  const std::optional<Answer> answer = answer_of(run);
  return answer ? Measured(answer->share) : Measured();
}

using Q = Quantity;

}  // namespace

std::vector<Metric> score_metrics() {
  return {
      accuracy("accuracy.float", "float", &Accuracy::float32),
      accuracy("accuracy.ideal", "ideal", &Accuracy::ideal),
      accuracy("accuracy.mesh", "mesh", &Accuracy::mesh),
      accuracy("accuracy.calibrated", "calibrated", &Accuracy::calibrated),
      accuracy("accuracy.spice", "spice", &Accuracy::spice),
      accuracy("accuracy.flow", "as set", &Accuracy::flow),
      accuracy("accuracy.periphery", "periphery", &Accuracy::periphery),
      accuracy("accuracy.bitstream", "bitstream", bitstream_accuracy),
      accuracy("accuracy.programmed", "programmed", programmed_accuracy),
      accuracy("accuracy.samples", "mean of samples", sample_accuracy),
      accuracy("accuracy.answer", "as computed", answer_accuracy),
      {"dice.float", "Dice, float", "Dice", Q::Share, dice_of(&Accuracy::float32)},
      {"dice.ideal", "Dice, ideal", "Dice", Q::Share, dice_of(&Accuracy::ideal)},
      {"dice.mesh", "Dice, mesh", "Dice", Q::Share, dice_of(&Accuracy::mesh)},
      {"dice.calibrated", "Dice, calibrated", "Dice", Q::Share, dice_of(&Accuracy::calibrated)},
      {"dice.periphery", "Dice, periphery", "Dice", Q::Share, dice_of(&Accuracy::periphery)},
      // Relative RMS errors of the arrays' currents.
      {"error.line",
       "line loss",
       "error",
       Q::Error,
       [](const RunReport& run) { return run.line_loss; }},
      {"error.ideal", "error, ideal", "error", Q::Error, error_of(&tile::ErrorTriple::ideal)},
      {"error.mesh", "error, mesh", "error", Q::Error, error_of(&tile::ErrorTriple::mesh)},
      {"error.calibrated",
       "error, calibrated",
       "error",
       Q::Error,
       error_of(&tile::ErrorTriple::calibrated)},
  };
}

}  // namespace memspice::report
