#include "config/read_image_pairs.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "config/data_keys.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

constexpr const char* kImagePairsTable = "data";
constexpr const char* kSlicesRange = "numbers and ranges, 0 to 999999: \"24-29, 3\"";
constexpr long long kLargestSlice = 999'999;
/// Ranges and stimuli need few slices, and all activations of these are held at once.
constexpr int kCalibrationSlices = 4;

[[noreturn]] void refuse(const Section& section, const std::string& key, const std::string& rule) {
  section.reject(key, rule, "write numbers and ranges, for example \"24-29\" or \"0-3, 7\"");
}

/// "0-3, 7" -> 0, 1, 2, 3, 7.
std::vector<int> parse_slices(const Section& section,
                              const std::string& key,
                              const std::string& text) {
  std::vector<int> slices;
  for (const std::string& part : split(text, ',')) {
    const auto dash = part.find('-');
    const auto first = parse_integer(part.substr(0, dash));
    const auto last = dash == std::string::npos ? first : parse_integer(part.substr(dash + 1));
    if (!first || !last || *first < 0 || *last > kLargestSlice) {
      refuse(section, key, "must name slices by numbers from 0 to 999999");
    }
    if (*first > *last) refuse(section, key, "holds a range that runs backwards");
    if (static_cast<long long>(slices.size()) + *last - *first > kLargestSlice) {
      refuse(section, key, "names a slice twice");  // before a short line fills the memory
    }
    for (long long n = *first; n <= *last; ++n) slices.push_back(static_cast<int>(n));
  }
  return slices;
}

std::vector<int> whole_slices(const Section& section,
                              const std::string& key,
                              const std::vector<double>& numbers) {
  std::vector<int> slices;
  for (const double number : numbers) {
    if (std::trunc(number) != number || number < 0 || number > kLargestSlice) {
      refuse(section, key, "must name slices by numbers from 0 to 999999");
    }
    slices.push_back(static_cast<int>(number));
  }
  return slices;
}

/// A number, a list of them, or text with ranges; empty when the key is absent.
std::vector<int> read_slices(const TomlDocument& flow, Section& section, const Key& declared) {
  const std::string& key = declared.name;
  const Entry* entry = flow.peek(kImagePairsTable, key);

  std::vector<int> slices;
  if (entry == nullptr || std::holds_alternative<std::string>(entry->value)) {
    std::string text;
    if (!section.read(declared, text)) return {};
    slices = parse_slices(section, key, text);
  } else {
    std::vector<double> numbers;
    section.read(declared, numbers, Unit::None);
    slices = whole_slices(section, key, numbers);
  }
  if (slices.empty()) refuse(section, key, "names no slice");
  std::vector<int> sorted = slices;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    refuse(section, key, "names a slice twice");
  }
  return slices;
}

/// Slices that must be there; `meaning`: the key's, `example`: shown where it is not.
std::vector<int> require_slices(TomlDocument& flow,
                                Section& section,
                                const char* name,
                                const char* meaning,
                                const char* example) {
  std::vector<int> slices =
      read_slices(flow,
                  section,
                  {name, meaning, {.range = kSlicesRange, .standard = "required of image_pairs"}});
  if (slices.empty()) flow.note_missing(kImagePairsTable, name, example);
  return slices;
}

void require_other_slices(const Section& section, const DataOptions& data) {
  for (const int slice : data.calibration.slices) {
    const auto& test = data.test.slices;
    if (std::find(test.begin(), test.end(), slice) == test.end()) continue;
    section.reject("calibration_slices",
                   "must not be slices that are scored: " + std::to_string(slice) + " is",
                   "name training slices");
  }
}

}  // namespace

void read_image_pairs(TomlDocument& flow, DataOptions& data) {
  Section section(flow, kImagePairsTable);
  network::DatasetOptions& test = data.test;
  std::string images = "image";
  std::string labels = "label";
  section.read(kImagesKey, images);
  section.read(kLabelsKey, labels);
  test.images = images;
  test.labels = labels;
  section.read({"foreground", "image_pairs: label value of the class that Dice is taken of"},
               test.foreground,
               {.low = 0, .high = 255});
  section.read(kLimitKey, test.limit, {.low = 0, .high = 1'000'000'000});
  test.slices =
      require_slices(flow,
                     section,
                     "slices",
                     "image_pairs: numbers N of the files N.png that are scored, or a list",
                     "\"24-29\" (the numbers of the files that are scored)");
  data.calibration = test;
  data.calibration.limit = kCalibrationSlices;
  section.read(kCalibrationLimitKey, data.calibration.limit, {.low = 1, .high = 1'000'000});
  data.calibration.slices = require_slices(
      flow,
      section,
      "calibration_slices",
      "image_pairs: slices for converter ranges, stimuli and the threshold to compare with",
      "\"0-23\" (converter ranges, stimuli and the threshold to compare with come from slices that "
      "are not scored)");
  require_other_slices(section, data);
}

}  // namespace memspice::config
