#include "mapping/options.hpp"

#include <array>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::mapping {
namespace {

template <typename Choice, std::size_t N>
using Names = std::array<std::pair<Choice, const char*>, N>;

constexpr Names<Scheme, 4> kSchemes{{{Scheme::Im2col, "im2col"},
                                     {Scheme::SubImage, "subimage"},
                                     {Scheme::FullDepth, "full_depth"},
                                     {Scheme::KernelFirst, "kernel_first"}}};
constexpr Names<WeightScale, 2> kWeightScales{
    {{WeightScale::Layer, "layer"}, {WeightScale::Output, "output"}}};
constexpr Names<Bias, 2> kBiases{{{Bias::WordLine, "word_line"}, {Bias::Digital, "digital"}}};
constexpr Names<AdcRange, 2> kAdcRanges{
    {{AdcRange::FullScale, "full_scale"}, {AdcRange::Calibrated, "calibrated"}}};

constexpr Names<Gain, 2> kGains{{{Gain::Nominal, "nominal"}, {Gain::Calibrated, "calibrated"}}};

template <typename Choice, std::size_t N>
Choice parse_choice(const Names<Choice, N>& names, std::string_view word, std::string_view place) {
  std::vector<std::string> known;
  for (const auto& [choice, name] : names) {
    if (word == name) return choice;
    known.emplace_back(name);
  }
  throw InputError({.place = std::string(place),
                    .value = '"' + std::string(word) + '"',
                    .rule = "is not known here",
                    .remedy = suggest(word, known)});
}

template <typename Choice, std::size_t N>
std::string_view name_of(const Names<Choice, N>& names, Choice wanted) {
  for (const auto& [choice, name] : names) {
    if (choice == wanted) return name;
  }
  return "";
}

void require_range(std::string_view place, std::string_view key, int value, int low, int high) {
  if (value >= low && value <= high) return;
  throw InputError({.place = std::string(place) + '.' + std::string(key),
                    .value = std::to_string(value),
                    .rule = "must be " + std::to_string(low) + " to " + std::to_string(high),
                    .remedy = "choose a value in that range"});
}

void require_bits(std::string_view place, std::string_view key, int bits, int low) {
  if (bits == 0) return;
  if (bits >= low && bits <= 16) return;
  throw InputError({.place = std::string(place) + '.' + std::string(key),
                    .value = std::to_string(bits),
                    .rule = "must be " + std::to_string(low) + " to 16 bits",
                    .remedy = "or 0 for an ideal converter"});
}

void require_percentile(std::string_view place, std::string_view key, double value) {
  if (value > 0.0 && value <= 100.0) return;
  throw InputError({.place = std::string(place) + '.' + std::string(key),
                    .value = memspice::to_text(value),
                    .rule = "must be above 0 and at most 100",
                    .remedy = "100 takes the largest value seen"});
}

}  // namespace

Scheme parse_scheme(std::string_view name, std::string_view place) {
  return parse_choice(kSchemes, name, place);
}
std::string_view to_text(Scheme scheme) {
  return name_of(kSchemes, scheme);
}

WeightScale parse_weight_scale(std::string_view name, std::string_view place) {
  return parse_choice(kWeightScales, name, place);
}
std::string_view to_text(WeightScale scale) {
  return name_of(kWeightScales, scale);
}

Bias parse_bias(std::string_view name, std::string_view place) {
  return parse_choice(kBiases, name, place);
}
std::string_view to_text(Bias bias) {
  return name_of(kBiases, bias);
}

AdcRange parse_adc_range(std::string_view name, std::string_view place) {
  return parse_choice(kAdcRanges, name, place);
}
std::string_view to_text(AdcRange range) {
  return name_of(kAdcRanges, range);
}

Gain parse_gain(std::string_view name, std::string_view place) {
  return parse_choice(kGains, name, place);
}
std::string_view to_text(Gain gain) {
  return name_of(kGains, gain);
}

void Options::validate(std::string_view place) const {
  require_range(place, "rows", rows, 1, 4096);
  require_range(place, "columns", columns, 2, 4096);
  if (columns % 2 == 0) return;
  throw InputError({.place = std::string(place) + ".columns",
                    .value = std::to_string(columns),
                    .rule = "must be even: each output takes a pair of bit lines",
                    .remedy = "choose " + std::to_string(columns + 1)});
}

void ConverterOptions::validate(std::string_view place) const {
  require_bits(place, "dac_bits", dac_bits, 1);
  require_bits(place, "adc_bits", adc_bits, 2);
  require_percentile(place, "adc_percentile", adc_percentile);
  require_percentile(place, "dac_percentile", dac_percentile);
}

}  // namespace memspice::mapping
