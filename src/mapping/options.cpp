#include "mapping/options.hpp"

#include "base/error.hpp"

namespace memspice::mapping {
namespace {

void require_range(std::string_view place, std::string_view key, int value, int low, int high) {
  if (value >= low && value <= high) return;
  throw InputError({.place = std::string(place) + '.' + std::string(key),
                    .value = std::to_string(value),
                    .rule = "must be " + std::to_string(low) + " to " + std::to_string(high),
                    .remedy = "choose a value in that range"});
}

/// A tile with a bias of its own has at least one input beside it.
void require_rows(std::string_view place, std::string_view key, int rows, Bias bias) {
  require_range(place, key, rows, bias == Bias::EachTile ? 2 : 1, 4096);
}

void require_columns(std::string_view place, std::string_view key, int columns, Signs signs) {
  require_range(place, key, columns, 2, 4096);
  if (columns % 2 == 0 || signs == Signs::UnitColumn) return;
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
  require_columns(place, "columns", columns, signs);
  require_range(place, "slices", slices, 1, kMostSlices);
  require_range(place, "outputs_per_adc", outputs_per_adc, 0, kMostOutputsPerAdc);
  for (const auto& [layer, own] : layer_rows) {
    require_rows(place, "layer_rows." + layer, own, bias);
  }
  for (const auto& [layer, own] : layer_columns) {
    require_columns(place, "layer_columns." + layer, own, signs);
  }
}

}  // namespace memspice::mapping
