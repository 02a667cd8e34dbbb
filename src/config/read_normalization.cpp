#include "config/read_normalization.hpp"

#include <algorithm>

#include "config/section.hpp"

namespace memspice::config {
namespace {

constexpr const char* kExample = "write one number, or one per channel: [0.485, 0.456, 0.406]";

/// Whether each value of the list is in the range that the key allows.
using Allowed = bool (*)(double);

std::vector<double> read_channels(
    Section& data, const Key& key, double standard, Allowed allowed, const char* rule) {
  std::vector<double> values{standard};
  if (!data.read(key, values, Unit::None)) return {};
  if (values.empty()) data.reject(key.name, "must not be empty", kExample);
  if (!std::ranges::all_of(values, allowed)) data.reject(key.name, rule, kExample);
  return values;
}

}  // namespace

network::Normalization read_normalization(TomlDocument& flow) {
  Section data(flow, "data");
  const auto any = [](double) { return true; };
  return {.scale = read_channels(
              data,
              {"scale", "a pixel p goes in as (scale p - mean) / std", {.range = "not 0"}},
              1.0,
              [](double v) { return v != 0.0; },
              "must not be zero"),
          .mean = read_channels(
              data, {"mean", "taken from scale p; one number, or one per channel"}, 0.0, any, ""),
          .deviation = read_channels(
              data,
              {"std", "divides what is left; one number, or one per channel", {.range = "above 0"}},
              1.0,
              [](double v) { return v > 0.0; },
              "must be above zero")};
}

double read_expected_accuracy(TomlDocument& flow) {
  Section network(flow, "network");
  double accuracy = 0.0;
  const Key key{"expected_accuracy",
                "of the float network, as its training gave; the run holds itself against it",
                {.range = "above 0, at most 1", .standard = "not held against any"}};
  if (!network.read(key, accuracy, Unit::None)) return 0.0;
  if (accuracy <= 0.0 || accuracy > 1.0) {
    network.reject(
        "expected_accuracy", "is a share, above 0 and at most 1", "write 91.8 % as 0.918");
  }
  return accuracy;
}

}  // namespace memspice::config
