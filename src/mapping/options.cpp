#include "mapping/options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::mapping {
namespace {

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

/// A tile with a bias of its own has at least one input beside it.
void require_rows(std::string_view place, std::string_view key, int rows, Bias bias) {
  require_range(place, key, rows, bias == Bias::EachTile ? 2 : 1, 4096);
}

void require_columns(std::string_view place, std::string_view key, int columns) {
  require_range(place, key, columns, 2, 4096);
  if (columns % 2 == 0) return;
  throw InputError({.place = std::string(place) + '.' + std::string(key),
                    .value = std::to_string(columns),
                    .rule = "must be even: each output takes a pair of bit lines",
                    .remedy = "choose " + std::to_string(columns + 1)});
}

}  // namespace

Options Options::of_layer(const std::string& name) const {
  Options own = *this;
  own.layer_rows.clear();
  own.layer_columns.clear();
  if (const auto found = layer_rows.find(name); found != layer_rows.end()) own.rows = found->second;
  const auto found = layer_columns.find(name);
  if (found != layer_columns.end()) own.columns = found->second;
  return own;
}

void Options::validate(std::string_view place) const {
  require_rows(place, "rows", rows, bias);
  require_columns(place, "columns", columns);
  require_range(place, "slices", slices, 1, kMostSlices);
  for (const auto& [layer, own] : layer_rows) {
    require_rows(place, "layer_rows." + layer, own, bias);
  }
  for (const auto& [layer, own] : layer_columns) {
    require_columns(place, "layer_columns." + layer, own);
  }
}

void ConverterOptions::validate(std::string_view place) const {
  require_bits(place, "dac_bits", dac_bits, 1);
  require_bits(place, "adc_bits", adc_bits, 2);
  require_percentile(place, "adc_percentile", adc_percentile);
  require_percentile(place, "dac_percentile", dac_percentile);
}

}  // namespace memspice::mapping
