// How far ngspice's own answers can be off, and how the tile models' error is spread over tiles.

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/sections.hpp"

namespace memspice::report {
namespace {

std::string bound_text(const tile::Certificate& certificate) {
  if (!certificate.monotone) return "none: a cell's current falls";
  return format_quantity(certificate.bound, Unit::Ampere, 3);
}

std::string relative_text(const tile::Certificate& certificate) {
  return certificate.monotone ? to_text_rounded(certificate.relative, 3) : "-";
}

std::vector<std::string> row_of(const tile::LayerCalibration& layer, bool certified) {
  std::vector<std::string> row{calibration_name(layer),
                               with_thousands(layer.spread.tiles),
                               error_percent(layer.spread.median),
                               error_percent(layer.spread.ninetieth),
                               error_percent(layer.spread.worst)};
  if (!certified) return row;
  row.push_back(bound_text(*layer.certificate));
  row.push_back(relative_text(*layer.certificate));
  row.push_back(std::to_string(layer.certificate->corrections));
  return row;
}

bool has_certificates(const tile::CalibrationResult& result) {
  for (const tile::LayerCalibration& layer : result.layers) {
    if (!layer.certificate) return false;
  }
  return !result.layers.empty();
}

constexpr const char* kSpread =
    "RMS error of the calibrated model, tile by tile, on vectors that no fit has seen: the median "
    "tile, what nine of ten stay below, the worst.";
constexpr const char* kBound =
    " ngspice was asked with every node of a tile held: what is then left over at the nodes "
    "bounds the error of all output currents of a vector together, in amperes and of the tile's "
    "largest; the worst of the layer's tiles, after so many corrections. It starts from the "
    "solution "
    "that exact tiles answer with: an error of theirs below this bound says no more than the "
    "bound.";

}  // namespace

Sections certificate_sections(const RunReport& report) {
  if (!report.calibration) return {};
  const tile::CalibrationResult& result = *report.calibration;
  const bool certified = has_certificates(result);
  SectionTable table{
      .table = {.titles = {"layer", "tiles", "median", "9 of 10", "worst"}, .rows = {}}};
  if (certified) {
    table.table.titles.insert(table.table.titles.end(),
                              {"ngspice within", "of the largest", "corrections"});
  }
  for (const tile::LayerCalibration* layer : distinct_calibrations(result)) {
    table.table.rows.push_back(row_of(*layer, certified));
  }
  return {{.title = "Tile by tile against " + report.spice.version,
           .lead = std::string(kSpread) + (certified ? kBound : ""),
           .tables = {std::move(table)}}};
}

}  // namespace memspice::report
