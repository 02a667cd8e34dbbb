#include "report/heat_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "report/plots.hpp"
#include "report/svg.hpp"

namespace memspice::report {
namespace {

using Index = Eigen::Index;
using Colour = std::array<double, 3>;

constexpr double kTop = 30.0, kBelow = 44.0;
constexpr double kMapLeft = 64.0, kLargestCell = 34.0;
constexpr double kBarRoom = 108.0;  // right of the cells: the colours' scale

/// Viridis (Smith and van der Walt 2015, CC0), nine of its 256 colours: even steps for the eye, in
/// grey and to the colour blind too.
constexpr std::array<Colour, 9> kSequence{{{68, 1, 84},
                                           {71, 44, 122},
                                           {59, 81, 139},
                                           {44, 113, 142},
                                           {33, 144, 141},
                                           {39, 173, 129},
                                           {92, 200, 99},
                                           {170, 220, 50},
                                           {253, 231, 37}}};
/// Blue through grey to red, as dark at both ends (Moreland 2009, five of its colours).
constexpr std::array<Colour, 5> kDiverging{
    {{59, 76, 192}, {141, 176, 254}, {221, 221, 221}, {244, 152, 122}, {180, 4, 38}}};

struct Scale {
  double low = 0.0, high = 1.0;
  bool is_signed = false;

  double share(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

Scale scale_of(const HeatMap& map) {
  Scale scale{.low = INFINITY, .high = -INFINITY, .is_signed = map.is_signed};
  for (const double value : map.values.reshaped()) {
    if (!std::isfinite(value)) continue;
    scale.low = std::min(scale.low, value);
    scale.high = std::max(scale.high, value);
  }
  if (map.is_signed) {
    scale.high = std::max(std::abs(scale.low), std::abs(scale.high));
    scale.low = -scale.high;
  }
  return scale;
}

template <std::size_t N>
Colour between(const std::array<Colour, N>& stops, double share) {
  const double place = std::clamp(share, 0.0, 1.0) * (N - 1);
  const auto first = std::min(static_cast<std::size_t>(place), N - 2);
  Colour colour{};
  for (std::size_t c = 0; c < 3; ++c) {
    colour[c] = stops[first][c] +
                (place - static_cast<double>(first)) * (stops[first + 1][c] - stops[first][c]);
  }
  return colour;
}

Colour colour_of(const Scale& scale, double value) {
  const double share = scale.share(value);
  return scale.is_signed ? between(kDiverging, share) : between(kSequence, share);
}

std::string hexadecimal(const Colour& colour) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "#";
  for (const double channel : colour) {
    const auto value = static_cast<std::size_t>(std::lround(channel));
    text += digits[value / 16];
    text += digits[value % 16];
  }
  return text;
}

/// Black on light colours, white on dark ones (luma of ITU-R BT.601).
std::string ink_on(const Colour& colour) {
  return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] > 140.0 ? "#000" : "#fff";
}

std::string name_at(const std::vector<std::string>& names, Index k) {
  return names.empty() ? std::to_string(k) : names.at(static_cast<std::size_t>(k));
}

struct Layout {
  double cell = 1.0, left = kMapLeft, width = 0.0, height = 0.0;
};

Layout layout_of(const HeatMap& map) {
  Layout layout;
  layout.cell = std::min({kLargestCell,
                          map.most_wide / static_cast<double>(map.values.cols()),
                          map.most_wide / static_cast<double>(map.values.rows())});
  layout.width = layout.cell * static_cast<double>(map.values.cols());
  layout.height = layout.cell * static_cast<double>(map.values.rows());
  return layout;
}

/// One unit square per value, drawn in units of cells.
std::string cell_at(const HeatMap& map, const Scale& scale, Index i, Index j) {
  const double value = map.values(i, j);
  const bool has_value = std::isfinite(value);
  const std::string colour = has_value ? hexadecimal(colour_of(scale, value)) : "none";
  const std::string place = map.row_axis + ' ' + name_at(map.row_names, i) + ", " +
                            map.column_axis + ' ' + name_at(map.column_names, j);
  return "<path d=\"M" + std::to_string(j) + ' ' + std::to_string(i) + "h1v1h-1z\" fill=\"" +
         colour + "\"><title>" +
         escape_html(place + ": " + (has_value ? map.text(value) : "no value")) +
         "</title></path>\n";
}

std::string cells_of(const HeatMap& map, const Scale& scale, const Layout& layout) {
  std::string body = "<g transform=\"translate(" + svg::number(layout.left) + ' ' +
                     svg::number(kTop) + ") scale(" + std::to_string(layout.cell) +
                     ")\" shape-rendering=\"crispEdges\">\n";
  for (Index i = 0; i < map.values.rows(); ++i) {
    for (Index j = 0; j < map.values.cols(); ++j) body += cell_at(map, scale, i, j);
  }
  return body + "</g>\n";
}

std::string written_values(const HeatMap& map, const Scale& scale, const Layout& layout) {
  if (!map.writes_values) return "";
  std::string body;
  for (Index i = 0; i < map.values.rows(); ++i) {
    for (Index j = 0; j < map.values.cols(); ++j) {
      const double value = map.values(i, j);
      if (!std::isfinite(value)) continue;
      body += svg::text_at(layout.left + (static_cast<double>(j) + 0.5) * layout.cell,
                           kTop + (static_cast<double>(i) + 0.5) * layout.cell + 4.0,
                           "text-anchor=\"middle\" pointer-events=\"none\" font-size=\"11\" "
                           "fill=\"" +
                               ink_on(colour_of(scale, value)) + '"',
                           map.short_text ? map.short_text(value) : map.text(value));
    }
  }
  return body;
}

/// Every so many names, so that they do not touch; each takes `room`.
Index stride_for(double cell, double room) {
  return std::max<Index>(1, static_cast<Index>(std::ceil(room / cell)));
}

/// Of the longest name and a gap.
double room_of(const std::vector<std::string>& names, Index count) {
  std::size_t longest = std::to_string(count).size();
  for (const std::string& name : names) longest = std::max(longest, name.size());
  return svg::kLetterWidth * static_cast<double>(longest) + 10.0;
}

std::string row_ticks(const HeatMap& map, const Layout& layout) {
  std::string body;
  const Index rows = map.values.rows();
  for (Index i = 0; i < rows; i += stride_for(layout.cell, 18.0)) {
    body += svg::text_at(layout.left - 7.0,
                         kTop + (static_cast<double>(i) + 0.5) * layout.cell + 4.0,
                         "class=\"tick\" text-anchor=\"end\"",
                         name_at(map.row_names, i));
  }
  const double middle = kTop + 0.5 * layout.height;
  return body + svg::text_at(14.0,
                             middle,
                             "class=\"small\" text-anchor=\"middle\" transform=\"rotate(-90 14 " +
                                 svg::number(middle) + ")\"",
                             map.row_axis);
}

std::string column_ticks(const HeatMap& map, const Layout& layout) {
  std::string body;
  const Index columns = map.values.cols();
  for (Index j = 0; j < columns; j += stride_for(layout.cell, room_of(map.column_names, columns))) {
    body += svg::text_at(layout.left + (static_cast<double>(j) + 0.5) * layout.cell,
                         kTop + layout.height + 15.0,
                         "class=\"tick\" text-anchor=\"middle\"",
                         name_at(map.column_names, j));
  }
  return body + svg::text_at(layout.left + 0.5 * layout.width,
                             kTop + layout.height + 33.0,
                             "class=\"small\" text-anchor=\"middle\"",
                             map.column_axis);
}

/// From the largest value at the top to the smallest.
std::string colour_bar(const HeatMap& map, const Scale& scale, const Layout& layout) {
  constexpr int kSteps = 32;
  const double left = layout.left + layout.width + 22.0;
  const double height = std::clamp(layout.height, 72.0, 220.0) / kSteps;
  std::string body;
  for (int k = 0; k < kSteps; ++k) {
    const double value =
        scale.high - (scale.high - scale.low) * (static_cast<double>(k) + 0.5) / kSteps;
    body += "<rect x=\"" + svg::number(left) + "\" y=\"" + svg::number(kTop + k * height) +
            "\" width=\"14\" height=\"" + svg::number(height + 0.6) + "\" fill=\"" +
            hexadecimal(colour_of(scale, value)) + "\"/>\n";
  }
  for (const double share : {0.0, 0.5, 1.0}) {
    body += svg::text_at(left + 21.0,
                         kTop + share * (kSteps * height - 8.0) + 9.0,
                         "class=\"tick\"",
                         map.text(scale.high - share * (scale.high - scale.low)));
  }
  return body;
}

struct Drawing {
  std::string body;
  double width = 0.0, height = 0.0;
};

Drawing drawing_of(const HeatMap& map) {
  const Scale scale = scale_of(map);
  if (map.values.size() == 0 || !(scale.low <= scale.high)) return {};
  const Layout layout = layout_of(map);
  return {svg::text_at(layout.left, 16.0, "class=\"name\"", map.title) +
              cells_of(map, scale, layout) + written_values(map, scale, layout) +
              row_ticks(map, layout) + column_ticks(map, layout) + colour_bar(map, scale, layout),
          kMapLeft + map.most_wide + kBarRoom,
          kTop + std::max(layout.height, 80.0) + kBelow};
}

/// "4 to 7" of the block's names, or the one.
std::vector<std::string> block_names(const std::vector<std::string>& names,
                                     Index count,
                                     Index size) {
  std::vector<std::string> blocks;
  for (Index first = 0; first < count; first += size) {
    const Index last = std::min(count, first + size) - 1;
    blocks.push_back(first == last ? name_at(names, first)
                                   : name_at(names, first) + "-" + name_at(names, last));
  }
  return blocks;
}

}  // namespace

HeatMap coarsened(const HeatMap& map, Index most) {
  const auto size_for = [&](Index count) { return std::max<Index>(1, (count + most - 1) / most); };
  const Index down = size_for(map.values.rows()), across = size_for(map.values.cols());
  if (down == 1 && across == 1) return map;
  HeatMap coarse = map;
  coarse.row_names = block_names(map.row_names, map.values.rows(), down);
  coarse.column_names = block_names(map.column_names, map.values.cols(), across);
  coarse.values.resize(static_cast<Index>(coarse.row_names.size()),
                       static_cast<Index>(coarse.column_names.size()));
  for (Index i = 0; i < coarse.values.rows(); ++i) {
    for (Index j = 0; j < coarse.values.cols(); ++j) {
      const Index rows = std::min(down, map.values.rows() - i * down);
      const Index columns = std::min(across, map.values.cols() - j * across);
      coarse.values(i, j) = map.values.block(i * down, j * across, rows, columns).mean();
    }
  }
  return coarse;
}

std::string draw(const HeatMap& map) {
  const Drawing drawing = drawing_of(map);
  return drawing.body.empty()
             ? ""
             : svg::picture({drawing.width, drawing.height}, map.title, drawing.body);
}

std::string draw(const std::vector<HeatMap>& maps) {
  std::string body;
  for (const HeatMap& map : maps) body += draw(map);
  return body.empty() ? "" : "<div class=\"maps\">\n" + body + "</div>\n";
}

std::string draw_file(const std::vector<HeatMap>& maps, const std::string& title) {
  double top = 48.0;
  std::string body = svg::text_at(kMapLeft, 30.0, "class=\"value\" font-size=\"17\"", title);
  for (const HeatMap& map : maps) {
    const Drawing drawing = drawing_of(map);
    body += "<g transform=\"translate(0 " + svg::number(top) + ")\">\n" + drawing.body + "</g>\n";
    top += drawing.height + 8.0;
  }
  return svg::file(top, title, body);
}

}  // namespace memspice::report
