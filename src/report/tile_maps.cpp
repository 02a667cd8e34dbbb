#include "report/tile_maps.hpp"

#include "base/array_archive.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

namespace memspice::report {
namespace {

HeatMap map_of(const char* title, const Eigen::MatrixXd& values, Unit unit) {
  return {.title = title,
          .row_axis = "word line",
          .column_axis = "bit line",
          .values = values,
          .text = [unit](double value) { return format_quantity(value, unit, 3); }};
}

/// What is written of each cell, by column.
struct CellField {
  const char* name;
  const Eigen::MatrixXd* values;
};

std::vector<CellField> fields_of(const tile::CellView& view,
                                 const std::optional<tile::CellView>& spice) {
  std::vector<CellField> fields{{"conductance_S", &view.G},
                                {"word_line_voltage_V", &view.word_line_voltage},
                                {"bit_line_voltage_V", &view.bit_line_voltage},
                                {"voltage_lost_V", &view.lost},
                                {"current_A", &view.current}};
  if (spice) fields.push_back({"current_in_ngspice_A", &spice->current});
  return fields;
}

}  // namespace

std::vector<HeatMap> tile_maps(const tile::CellView& view) {
  std::vector<HeatMap> maps{map_of("Conductance", view.G, Unit::Siemens),
                            map_of("Voltage lost to wires", view.lost, Unit::Volt),
                            map_of("Current of cells", view.current, Unit::Ampere)};
  // Lines that nothing drives carry a little back: that alone needs no second colour.
  maps.back().is_signed = view.current.minCoeff() < -0.05 * view.current.maxCoeff();
  return maps;
}

HeatMap spice_error_map(const tile::CellView& view, const tile::CellView& spice) {
  HeatMap map =
      map_of("Current in ngspice less memspice's", spice.current - view.current, Unit::Ampere);
  map.is_signed = true;
  return map;
}

std::string draw_tile_file(const tile::CellView& view,
                           const std::optional<tile::CellView>& spice,
                           const std::string& title) {
  constexpr Eigen::Index kMostCells = 128;  // more are finer than a screen
  std::vector<HeatMap> maps = tile_maps(view);
  if (spice) maps.push_back(spice_error_map(view, *spice));
  for (HeatMap& map : maps) map = coarsened(map, kMostCells);
  return draw_file(maps, title);
}

std::string tile_table(const tile::CellView& view, const std::optional<tile::CellView>& spice) {
  const std::vector<CellField> fields = fields_of(view, spice);
  std::string text = "word_line,bit_line";
  for (const CellField& field : fields) text += std::string(",") + field.name;
  text += '\n';
  for (Eigen::Index i = 0; i < view.G.rows(); ++i) {
    for (Eigen::Index j = 0; j < view.G.cols(); ++j) {
      text += std::to_string(i) + ',' + std::to_string(j);
      for (const CellField& field : fields) text += ',' + to_text((*field.values)(i, j));
      text += '\n';
    }
  }
  return text;
}

std::string tile_archive(const tile::CellView& view, const std::optional<tile::CellView>& spice) {
  ArrayArchive archive;
  for (const CellField& field : fields_of(view, spice)) {
    // Eigen lies column by column, NumPy row by row.
    const Eigen::MatrixXd rows = field.values->transpose();
    archive.add(field.name,
                {field.values->rows(), field.values->cols()},
                std::span(rows.data(), static_cast<std::size_t>(rows.size())));
  }
  return archive.bytes();
}

}  // namespace memspice::report
