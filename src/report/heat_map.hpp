#pragma once
// Matrices as pictures: a colour per value, the value on hovering.

#include <Eigen/Core>
#include <functional>
#include <string>
#include <vector>

namespace memspice::report {

struct HeatMap {
  std::string title;                        ///< above it, and for those who cannot see it
  std::string row_axis, column_axis;        ///< "word line", "bit line"
  Eigen::MatrixXd values;                   ///< drawn as it is written: row 0 on top; NaN: no value
  std::function<std::string(double)> text;  ///< of a value, with its unit
  std::vector<std::string> row_names = {}, column_names = {};  ///< none: numbers from 0
  bool is_signed = false;      ///< zero has the colour in the middle
  bool writes_values = false;  ///< in the cells, as short_text says
  std::function<std::string(double)> short_text = {};
  double most_wide = 510.0;  ///< of the cells, in user units; less: maps stand side by side
};

/// The mean of blocks of neighbours, so that neither side is longer than `most`; hovering names the
/// block. What is small enough stays as it is.
HeatMap coarsened(const HeatMap& map, Eigen::Index most);

/// As SVG for the page; empty without values.
std::string draw(const HeatMap& map);
/// All of them in a grid that makes as many columns as there is room for.
std::string draw(const std::vector<HeatMap>& maps);
/// A file of its own: the maps below one another under a title.
std::string draw_file(const std::vector<HeatMap>& maps, const std::string& title);

}  // namespace memspice::report
