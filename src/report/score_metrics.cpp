// Metrics of accuracy, and of the errors behind it.

#include "report/score_metrics.hpp"

#include "report/answer.hpp"

namespace memspice::report {
namespace {

using Number = std::optional<double>;
using Reader = std::function<Number(const RunReport&)>;
using Shares = std::function<std::optional<simulate::Share>(const RunReport&)>;

/// An accuracy, with what its images leave open.
Metric accuracy(std::string name, std::string title, Shares share) {
  const auto value = [share](const RunReport& run) { return Number(share(run)); };
  return {std::move(name), std::move(title), "accuracy", Quantity::Share, value, share};
}

Metric accuracy_of_pass(const std::string& pass, std::string title) {
  return accuracy("accuracy." + pass, std::move(title), [pass](const RunReport& run) {
    return run.accuracy.of(pass);
  });
}

/// Of labelled pixels.
Metric dice_of_pass(const std::string& pass) {
  const auto value = [pass](const RunReport& run) {
    return run.segmentation ? Number(run.segmentation->dice.of(pass)) : Number();
  };
  return {"dice." + pass, "Dice, " + pass, "Dice", Quantity::Share, value};
}

/// RMS error of a tile model against SPICE, on what no fit has seen.
Metric error_of_model(const std::string& model) {
  const auto value = [model](const RunReport& run) {
    const bool judged = run.calibration && run.calibration->held_out.has(model) &&
                        run.calibration->held_out.vectors > 0;
    return judged ? Number(run.calibration->held_out.of(model).nrmse) : Number();
  };
  return {"error." + model, "error, " + model, "error", Quantity::Error, value};
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

/// One of each tile model, in their order.
template <typename Make>
void add_models(std::vector<Metric>& metrics, const Make& make) {
  for (const tile::ModelKind& model : tile::model_kinds()) {
    metrics.push_back(make(std::string(model.name)));
  }
}

}  // namespace

std::vector<Metric> score_metrics() {
  std::vector<Metric> metrics{accuracy_of_pass("float", "float")};
  add_models(metrics, [](const std::string& model) { return accuracy_of_pass(model, model); });
  metrics.insert(metrics.end(),
                 {accuracy_of_pass("spice", "spice"), accuracy_of_pass("flow", "as set")});
  for (const AddedPass& pass : kConverterPasses) {
    metrics.push_back(accuracy_of_pass(std::string(pass.name), std::string(pass.title)));
  }
  metrics.insert(metrics.end(),
                 {accuracy_of_pass("periphery", "periphery"),
                  accuracy("accuracy.bitstream", "bitstream", bitstream_accuracy),
                  accuracy("accuracy.programmed", "programmed", programmed_accuracy),
                  accuracy("accuracy.samples", "mean of samples", sample_accuracy),
                  accuracy("accuracy.answer", "as computed", answer_accuracy),
                  dice_of_pass("float")});
  add_models(metrics, dice_of_pass);
  metrics.push_back(dice_of_pass("periphery"));
  // Relative RMS errors of the arrays' currents.
  metrics.push_back({"error.line", "line loss", "error", Quantity::Error, [](const RunReport& run) {
                       return run.line_loss;
                     }});
  add_models(metrics, error_of_model);
  return metrics;
}

}  // namespace memspice::report
