#include "report/cost_report.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/numbers.hpp"
#include "report/text_table.hpp"

namespace memspice::report {
namespace {

using cost::LayerCost;
using cost::Part;
using mapping::LayerSchemes;
using mapping::SchemeCount;

/// Square millimetres: what chips are measured in.
std::string area_text(double square_metres) {
  return to_text_rounded(square_metres * 1e6, 3) + " mm2";
}

std::string quantity(double value, Unit unit) {
  return format_quantity(value, unit, 3);
}

/// "12,300", or "0.45" where it is slow.
std::string rate_text(double per_second) {
  return per_second < 1000.0 ? to_text_rounded(per_second, 3)
                             : with_thousands(static_cast<long long>(per_second));
}

std::vector<std::string> layer_row(const LayerCost& layer) {
  const cost::PartCost all = layer.sum();
  return {layer.name,
          with_thousands(layer.crossbars),
          with_thousands(layer.part(Part::Dacs).count),
          with_thousands(layer.part(Part::Adcs).count),
          with_thousands(layer.part(Part::OpAmps).count),
          area_text(all.area),
          quantity(all.static_power, Unit::Watt),
          quantity(layer.dynamic_power(), Unit::Watt),
          quantity(all.energy, Unit::Joule),
          quantity(layer.latency, Unit::Second),
          rate_text(layer.throughput())};
}

std::vector<std::string> part_row(const std::string& name, const cost::PartCost& part) {
  return {name,
          with_thousands(part.count),
          area_text(part.area),
          quantity(part.static_power, Unit::Watt),
          quantity(part.energy, Unit::Joule)};
}

std::string crossbars_of(const std::optional<SchemeCount>& count) {
  return count ? with_thousands(count->crossbars) : "-";
}

std::string shape_text(const mapping::ConvolutionShape& shape) {
  const auto& kernel = shape.window.kernel;
  return std::to_string(shape.channels_in) + " to " + std::to_string(shape.channels_out) + " @ " +
         std::to_string(kernel[0]) + "x" + std::to_string(kernel[1]);
}

std::vector<std::string> scheme_row(const LayerSchemes& layer) {
  const mapping::KernelCounts& kernels = layer.kernels;
  const bool fits = kernels.t > 0;
  const auto count = [&](long value) { return fits ? with_thousands(value) : std::string("-"); };
  return {layer.name,
          shape_text(layer.shape),
          kernel_kind(layer.shape),
          std::to_string(layer.shape.output[0]) + "x" + std::to_string(layer.shape.output[1]),
          count(kernels.t),
          count(kernels.n_sub),
          count(kernels.n_3d),
          count(kernels.n_2d),
          with_thousands(kernels.n_1d),
          layer.sub_image ? percent(layer.sub_image->overlap) : "-",
          crossbars_of(layer.im2col),
          crossbars_of(layer.sub_image),
          crossbars_of(layer.full_depth)};
}

std::string sum_of(const std::vector<LayerSchemes>& layers,
                   std::optional<SchemeCount> LayerSchemes::*scheme) {
  long sum = 0;
  for (const LayerSchemes& layer : layers) {
    if (!(layer.*scheme)) return "-";
    sum += (layer.*scheme)->crossbars;
  }
  return with_thousands(sum);
}

/// Left: the first `names` columns; the rest are numbers.
std::string text_of(const Table& table, std::size_t names) {
  std::vector<TextTable::Column> columns;
  for (std::size_t k = 0; k < table.titles.size(); ++k) {
    columns.push_back({table.titles[k], k < names ? Align::Left : Align::Right});
  }
  TextTable text(std::move(columns));
  for (std::size_t k = 0; k < table.rows.size(); ++k) {
    if (k + 1 == table.rows.size() && k > 0) text.add_rule();
    text.add(table.rows[k]);
  }
  return text.str();
}

}  // namespace

Table cost_by_layer(const cost::NetworkCost& cost) {
  Table table{.titles = {"layer",
                         "crossbars",
                         "DACs",
                         "ADCs",
                         "op-amps",
                         "area",
                         "static",
                         "dynamic",
                         "energy",
                         "latency",
                         "images/s"},
              .rows = {}};
  for (const LayerCost& layer : cost.layers) table.rows.push_back(layer_row(layer));
  table.rows.push_back(layer_row(cost.total));
  double dynamic = 0.0;  // all layers at work at once
  for (const LayerCost& layer : cost.layers) dynamic += layer.dynamic_power();
  table.rows.back()[7] = quantity(dynamic, Unit::Watt);
  return table;
}

Table cost_by_part(const cost::NetworkCost& cost) {
  Table table{.titles = {"circuit", "count", "area", "static", "energy"}, .rows = {}};
  for (const Part part : cost::kParts) {
    const cost::PartCost& total = cost.total.part(part);
    if (total.count > 0) table.rows.push_back(part_row(name_of(part), total));
  }
  table.rows.push_back(part_row("all", cost.total.sum()));
  return table;
}

Table scheme_table(const std::vector<LayerSchemes>& layers) {
  Table table{.titles = {"convolution",
                         "channels",
                         "kernel",
                         "outputs",
                         "t",
                         "n_sub",
                         "N_3D",
                         "N_2D",
                         "N_1D",
                         "overlap",
                         "im2col",
                         "subimage",
                         "full_depth"},
              .rows = {}};
  for (const LayerSchemes& layer : layers) table.rows.push_back(scheme_row(layer));
  std::vector<std::string> total(table.titles.size());
  total.front() = "all";
  total[10] = sum_of(layers, &LayerSchemes::im2col);
  total[11] = sum_of(layers, &LayerSchemes::sub_image);
  total[12] = sum_of(layers, &LayerSchemes::full_depth);
  table.rows.push_back(std::move(total));
  return table;
}

std::string cost_remark(const cost::NetworkCost& cost) {
  std::string text =
      "Energy and latency are per image; images/s with all layers in a pipeline, at " +
      quantity(cost.average_power(), Unit::Watt) +
      " on average: " + to_text_rounded(cost.tops_per_watt(), 3) +
      " TOPS/W. Memories, buses, control and digital activations are not counted.";
  for (const std::string& source : cost.sources) text += " " + source + ".";
  return text;
}

bool has_crossbars(const std::optional<cost::NetworkCost>& cost) {
  return cost && cost->total.crossbars > 0;
}

std::string cost_text(const cost::NetworkCost& cost) {
  std::string text = "\nHardware cost\n\n" + text_of(cost_by_layer(cost), 1) + "\n" +
                     text_of(cost_by_part(cost), 1) + "\n  average    " +
                     quantity(cost.average_power(), Unit::Watt) + " at full throughput, " +
                     to_text_rounded(cost.tops_per_watt(), 3) + " TOPS/W\n";
  for (const std::string& source : cost.sources) text += "  source     " + source + "\n";
  return text +
         "  not counted: memories, buses, control, digital activations; static power is gated\n";
}

std::string scheme_text(const std::vector<LayerSchemes>& layers) {
  if (layers.empty()) return "";
  return "\nCrossbars of the convolutions under each scheme; N_3D, N_2D, N_1D: if the kernels "
         "were\n"
         "ordinary, depthwise or pointwise, by the channel-pair rule\n\n" +
         text_of(scheme_table(layers), 2);
}

}  // namespace memspice::report
