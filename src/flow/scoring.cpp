#include "flow/scoring.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/decision.hpp"
#include "report/numbers.hpp"

namespace memspice::flow {
namespace {

using report::percent;
using study::Outcomes;

/// Of each class, how many labels or predictions name it.
std::map<int, int> count_by_class(const std::vector<int>& labels) {
  std::map<int, int> counts;
  for (const int label : labels) ++counts[label];
  return counts;
}

std::pair<int, int> most_common(const std::map<int, int>& counts) {
  return *std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
}

std::string scale_hint(const Inputs& inputs) {
  return "are the inputs scaled as in training? The network saw " +
         to_text(input_range(inputs.test)) + " ([data] scale, mean, std)";
}

/// At least 95 % of the predictions name one class, and the labels name others more than twice as
/// often as the predictions do, in five images or more.
bool is_near_constant(const std::vector<int>& predictions, const std::vector<int>& labels) {
  const auto count = static_cast<int>(predictions.size());
  if (count == 0) return false;
  const auto [label, taken] = most_common(count_by_class(predictions));
  const auto labelled = static_cast<int>(std::ranges::count(labels, label));
  const int others_labelled = count - labelled, others_taken = count - taken;
  return 20 * others_taken <= count && others_labelled >= 5 && 2 * others_taken < others_labelled;
}

std::vector<std::string> constant_notes(const Inputs& inputs, const Outcomes& outcomes) {
  std::vector<std::string> notes;
  const std::map<int, int> labels = count_by_class(inputs.test.labels);
  for (const auto& [pass, outcome] : outcomes) {
    if (!is_near_constant(outcome.predictions, inputs.test.labels)) continue;
    const auto [label, taken] = most_common(count_by_class(outcome.predictions));
    const auto labelled = labels.contains(label) ? labels.at(label) : 0;
    const auto count = static_cast<double>(inputs.test.count());
    notes.push_back(pass + ": predictions are nearly constant: class " + std::to_string(label) +
                    " for " + percent(taken / count) + " of the images, " +
                    percent(labelled / count) + " are labelled so; " + scale_hint(inputs));
  }
  return notes;
}

/// Chance is what always answering with the most common label gets right.
std::vector<std::string> chance_notes(const Inputs& inputs, double accuracy) {
  const std::vector<int>& labels = inputs.test.labels;
  const double count = static_cast<double>(labels.size());
  const double chance = most_common(count_by_class(labels)).second / count;
  const double room = 1.0 - chance;
  if (room == 0.0) return {};
  // A twentieth of what is left to learn, or more where so few images leave doubt; yet never more
  // than a quarter of it.
  const double doubt = 3.0 * std::sqrt(chance * room / count);
  const double margin = std::clamp(doubt, 0.05 * room, 0.25 * room);
  if (accuracy > chance + margin) return {};
  return {"float accuracy " + percent(accuracy) +
          " is near chance: always answering with the most "
          "common label is right in " +
          percent(chance) + " of the images; " + scale_hint(inputs)};
}

std::vector<std::string> expectation_notes(double expected, const Inputs& inputs, double accuracy) {
  if (expected == 0.0) return {};
  const double error = report::standard_error(expected, inputs.test.count());
  if (std::abs(accuracy - expected) <= 3.0 * error) return {};
  return {"float accuracy " + percent(accuracy) + " misses the expected " + percent(expected) +
          " by more than three standard errors of " + report::fixed(100.0 * error, 2) +
          " points; " + scale_hint(inputs)};
}

/// Enough labels that a class of the network would hardly be missing among them by chance.
std::vector<std::string> class_notes(const Inputs& inputs) {
  constexpr int enough = 20;
  const int classes = network::decision_of(inputs.graph).classes;
  const int largest = inputs.test.largest_label;
  const auto count = static_cast<std::int64_t>(inputs.test.labels.size());
  if (largest + 1 >= classes || count < std::int64_t{enough} * classes) return {};
  return {"labels run from 0 to " + std::to_string(largest) + ", the network has outputs for " +
          std::to_string(classes) + " classes: do data and network belong together?"};
}

/// The bytes of one image.
std::string_view bytes_of(const network::Dataset& data, int image) {
  const auto size = data.images.data.size() / static_cast<std::size_t>(data.count());
  const float* first = data.images.data.data() + static_cast<std::size_t>(image) * size;
  return {reinterpret_cast<const char*>(first), size * sizeof(float)};
}

int count_shared(const Inputs& inputs) {
  std::unordered_set<std::string_view> test;
  for (int k = 0; k < inputs.test.count(); ++k) test.insert(bytes_of(inputs.test, k));
  int shared = 0;
  for (int k = 0; k < inputs.calibration.count(); ++k) {
    shared += test.contains(bytes_of(inputs.calibration, k)) ? 1 : 0;
  }
  return shared;
}

/// A few twins are in every collection; one in a hundred is more than those.
std::vector<std::string> sharing_notes(const Inputs& inputs) {
  const int shared = count_shared(inputs), count = inputs.calibration.count();
  if (100 * shared <= count) return {};
  return {std::to_string(shared) + " of the " + std::to_string(count) +
          " calibration images are test images: their ranges and stimuli are not unseen"};
}

}  // namespace

void require_scorable(const Inputs& inputs,
                      const std::string& network,
                      const network::DatasetOptions& test) {
  if (inputs.test.labels_pixels()) {
    network::decision_of_pixels(inputs.graph, network);
    return;
  }
  const network::Decision decision = network::decision_of(inputs.graph, network);
  const auto& file = test.labels.empty() ? test.images : test.labels;
  network::require_labels(decision, inputs.test, (test.folder / file).string());
}

void require_other_images(const Inputs& inputs, const std::filesystem::path& calibration) {
  const int common = std::min(inputs.test.count(), inputs.calibration.count());
  for (int k = 0; k < common; ++k) {
    if (bytes_of(inputs.test, k) != bytes_of(inputs.calibration, k)) return;
  }
  throw InputError({.place = "data.calibration_images",
                    .value = calibration.string(),
                    .rule = "holds the images that are scored, under another name",
                    .remedy = "name the training images"});
}

std::vector<std::string> score_notes(double expected_accuracy,
                                     const Inputs& inputs,
                                     const Outcomes& outcomes) {
  const auto trained = outcomes.find("float");
  if (trained == outcomes.end()) return {};
  const double accuracy = trained->second.accuracy;
  std::vector<std::string> notes = expectation_notes(expected_accuracy, inputs, accuracy);
  const auto add = [&notes](std::vector<std::string> more) {
    notes.insert(notes.end(), more.begin(), more.end());
  };
  add(sharing_notes(inputs));
  if (inputs.test.labels_pixels()) return notes;
  add(chance_notes(inputs, accuracy));
  add(constant_notes(inputs, outcomes));
  add(class_notes(inputs));
  return notes;
}

network::ActivationRange input_range(const network::Dataset& data) {
  const auto [low, high] = std::ranges::minmax_element(data.images.data);
  return {*low, *high};
}

std::string to_text(const network::ActivationRange& range) {
  const auto text = [](float v) { return memspice::to_text(std::round(double{v} * 1e4) / 1e4); };
  return text(range.low) + " to " + text(range.high);
}

}  // namespace memspice::flow
