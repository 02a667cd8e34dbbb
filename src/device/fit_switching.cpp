#include "device/fit_switching.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "device/least_squares.hpp"
#include "device/switching_data.hpp"

namespace memspice::device {
namespace {

// Of u, for J: far above the states' own integration errors, and short enough for a current that
// jumps from one reading to the next.
constexpr double kStepOfSearch = 1e-4;
constexpr const char* kHardlyTold = "hardly told by the data";

/// A start and how far a search from it came.
struct Trial {
  SwitchingStart start;
  LeastSquaresFit fit;
  double square() const { return fit.residuals.squaredNorm(); }
};

/// How far a search goes, and along which course.
struct SearchStage {
  int evaluations = 0;
  Eigen::Index restart = 0;
};

LeastSquaresFit search_from(const SwitchingData& data,
                            const SwitchingStart& start,
                            const SearchStage& stage) {
  const Course course{start.is_reversed, stage.restart};
  const Residuals residuals = [&](const Eigen::VectorXd& p) -> Eigen::VectorXd {
    try {
      return data.misfit(*make_memristor(start.card_at(p)), course);
    } catch (const InputError&) {  // a card that no device of the model has
      return Eigen::VectorXd::Constant(data.measured.size(),
                                       std::numeric_limits<double>::quiet_NaN());
    }
  };
  return fit_least_squares(
      residuals,
      start.free,
      {.max_evaluations = stage.evaluations, .tolerance = 1e-8, .step = kStepOfSearch});
}

/// The start with its search's end in place.
SwitchingStart continued(const Trial& trial) {
  SwitchingStart start = trial.start;
  for (std::size_t k = 0; k < start.free.size(); ++k) {
    start.free[k].start = trial.fit.values(static_cast<Eigen::Index>(k));
  }
  return start;
}

/// The best of the trials, each gone on from where it ended.
std::vector<Trial> go_on(std::vector<Trial> trials,
                         std::size_t kept,
                         const SearchStage& stage,
                         const SwitchingData& data) {
  std::sort(trials.begin(), trials.end(), [](const Trial& a, const Trial& b) {
    return a.square() < b.square();
  });
  trials.resize(std::min(trials.size(), kept));
  for (Trial& trial : trials) {
    const SwitchingStart start = continued(trial);
    trial = {start, search_from(data, start, stage)};
  }
  return trials;
}

/// Short searches from all starts with the states near the data, longer ones of the whole course
/// from where the best of them ended, and the last in the parameters of the card, for their
/// intervals.
Trial search_model(const std::string& model,
                   const SwitchingData& data,
                   const SwitchingOptions& options) {
  constexpr SearchStage kNear{100, 2}, kFarther{200, 8}, kWhole{2000, 0};
  std::vector<Trial> trials;
  for (const SwitchingStart& start : switching_starts(model, data.features, options.held)) {
    trials.push_back({start, search_from(data, start, kNear)});
  }
  trials = go_on(std::move(trials), 3, kFarther, data);
  trials = go_on(std::move(trials), 3, kWhole, data);
  const Trial best = go_on(std::move(trials), 1, kWhole, data).front();
  const SwitchingStart of_card = best.start.in_card_parameters(best.fit.values);
  return {of_card, search_from(data, of_card, kWhole)};
}

/// Whether its interval says next to nothing: a factor of seven either way, or most of its range.
bool is_hardly_told(const FreeParameter& parameter, double error, const Confidence& confidence) {
  if (!std::isfinite(error)) return true;
  if (parameter.range != FreeParameter::Range::Between) return error > 1.0;
  return confidence.high - confidence.low > 0.8 * (parameter.high - parameter.low);
}

void add_parameters(const Trial& best, DeviceFit& fit) {
  const MemristorCard card = best.start.card_at(best.fit.values);
  for (const ParameterRule& rule : parameter_table(fit.model)) {
    const auto at = std::ranges::find(best.start.free, rule.name, &FreeParameter::name);
    FittedFigure figure{.key = rule.name, .meaning = rule.meaning, .unit = rule.unit};
    if (at != best.start.free.end()) {
      const auto k = at - best.start.free.begin();
      const Confidence& confidence = best.fit.confidence[static_cast<std::size_t>(k)];
      figure.value = best.fit.values(k);
      figure.confidence = confidence;
      figure.basis =
          is_hardly_told(*at, best.fit.errors(k), confidence)
              ? kHardlyTold
              : "Jacobian, Student's t with " + to_text(best.fit.dof) + " degrees of freedom";
    } else if (card.parameters.contains(rule.name)) {
      figure.value = card.parameters.at(rule.name).value;
      figure.basis = card.parameters.at(rule.name).source;
      figure.is_held = true;
    } else {
      continue;  // the model's own default, for rounding alone
    }
    fit.figures.push_back(std::move(figure));
  }
}

std::string share_of_rms(const Trial& trial) {
  const double n = static_cast<double>(trial.fit.residuals.size());
  return to_text_rounded(100.0 * std::sqrt(trial.square() / n), 3) + " %";
}

/// The names of the figures with such a basis, in one sentence.
void note_bases(const char* beginning, const char* sentence, DeviceFit& fit) {
  std::vector<std::string> names;
  for (const FittedFigure& figure : fit.figures) {
    if (figure.basis.starts_with(beginning)) names.push_back(figure.key);
  }
  if (!names.empty()) fit.notes.push_back(sentence + join(names, ", "));
}

void add_notes(const Trial& best, DeviceFit& fit) {
  note_bases("held: ", "Not told by these data and held, for the reasons given: ", fit);
  note_bases(kHardlyTold, "Hardly told by these data, see their intervals: ", fit);
  if (!best.fit.ok()) {
    fit.notes.push_back("The search did not converge: " + best.fit.summary.message);
  }
  if (best.start.is_reversed) {
    fit.notes.push_back("A positive voltage raises G here and lowers it in " + fit.model +
                        ": port p of the card is the electrode that was grounded");
  }
}

DeviceFit fit_switching(const SwitchingData& data, const SwitchingOptions& options) {
  std::optional<Trial> best;
  std::vector<std::string> residuals;
  DeviceFit fit;
  const std::vector<std::string> models =
      options.model.empty() ? switching_models() : std::vector<std::string>{options.model};
  for (const std::string& model : models) {
    Trial trial = search_model(model, data, options);
    residuals.push_back(model + " " + share_of_rms(trial));
    if (best && best->square() <= trial.square()) continue;
    best = std::move(trial);
    fit.model = model;
  }
  using enum LeastSquaresSummary::Termination;
  if (best->fit.summary.termination == NotFinite) {
    throw RunError(fit.model + ": " + best->fit.summary.message);
  }
  add_parameters(*best, fit);
  add_notes(*best, fit);
  if (models.size() > 1) {
    fit.notes.push_back("Residuals of the models, rms of the largest " + data.what + ": " +
                        join(residuals, ", "));
  }
  const double scale = data.measured.cwiseAbs().maxCoeff();
  const Eigen::VectorXd& r = best->fit.residuals;
  fit.residuals.push_back(
      {.what = data.what,
       .unit = data.unit,
       .rms = scale * std::sqrt(r.squaredNorm() / static_cast<double>(r.size())),
       .largest = scale * r.cwiseAbs().maxCoeff(),
       .points = static_cast<long>(r.size())});
  fit.pictures = data.draw(data.measured + scale * r);
  return fit;
}

}  // namespace

DeviceFit fit_hysteresis(const ColumnTable& table, const SwitchingOptions& options) {
  return fit_switching(hysteresis_data(table), options);
}

DeviceFit fit_pulses(const ColumnTable& table, const SwitchingOptions& options) {
  return fit_switching(pulse_data(table), options);
}

}  // namespace memspice::device
