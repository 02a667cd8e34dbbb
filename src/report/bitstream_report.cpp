#include "report/bitstream_report.hpp"

#include <cmath>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "report/numbers.hpp"
#include "report/share_text.hpp"

namespace memspice::report {
namespace {

std::string square_millimetres(double area) {
  return to_text_rounded(1e6 * area, 3) + " mm2";
}

/// "88.10 % (86.20 to 90.00)".
std::string mean_text(const simulate::SampleStatistics& accuracy) {
  return with_interval(simulate::Share(accuracy.mean, 0, accuracy.mean_interval));
}

std::string rounded(double count) {
  return with_thousands(std::llround(count));
}

/// Two operations per multiply-accumulate, per second and square millimetre.
std::string giga_operations(double density) {
  const double value = 2.0 * density * 1e-6 * 1e-9;
  return value < 100.0 ? to_text_rounded(value, 3) : rounded(value);
}

/// `left`: columns of text, from the first.
std::string table_of(const Cells& cells, std::size_t left) {
  std::vector<TextTable::Column> columns;
  for (const std::string& title : cells.front()) {
    columns.push_back({title, columns.size() < left ? Align::Left : Align::Right});
  }
  TextTable table(std::move(columns));
  for (std::size_t row = 1; row < cells.size(); ++row) table.add(cells[row]);
  return table.str();
}

std::string accuracy_lines(const BitstreamReport& report) {
  return "\nBitstream network, " + std::to_string(report.bits) + " bits, accumulators of N + " +
         std::to_string(report.guard_bits) + " bits: " + with_interval(report.accuracy) +
         ";\nfixed point of the same bits " + with_interval(report.fixed_point) + ", float " +
         with_interval(report.float_accuracy) + "; " + format_duration(report.seconds) + ".\n";
}

std::string fault_table(const BitstreamReport& report) {
  if (report.faults.empty()) return "";
  const auto& first = report.faults.front().streams;
  return "\nAccuracy when bits flip between multiplier and accumulator: " +
         with_thousands(report.fault_images) + " images, " + with_thousands(first.samples) +
         " seeds,\nmean and its " + fixed(100.0 * first.confidence, 0) +
         " % interval, of seeds and images.\n\n" + table_of(bitstream_fault_cells(report), 0);
}

}  // namespace

Cells bitstream_point_cells(const BitstreamReport& report) {
  Cells cells{{"bits", "bitstream", "fixed point", "against float", "cycles/product"}};
  for (const BitstreamPoint& point : report.points) {
    cells.push_back(
        {std::to_string(point.bits),
         with_interval(point.bitstream),
         with_interval(point.fixed_point),
         point.change ? change_text(point.change) : points(point.bitstream - report.float_accuracy),
         fixed(point.cycles_per_product, 2)});
  }
  return cells;
}

Cells bitstream_fault_cells(const BitstreamReport& report) {
  Cells cells{{"flips per bit", "streams", "binary words"}};
  cells.push_back(
      {"none", with_interval(report.faultless_streams), with_interval(report.faultless_words)});
  for (const BitstreamFault& fault : report.faults) {
    cells.push_back(
        {to_text_rounded(fault.rate, 3), mean_text(fault.streams), mean_text(fault.words)});
  }
  return cells;
}

Cells bitstream_layer_cells(const BitstreamReport& report) {
  Cells cells{{"layer", "form", "bits", "products", "mean |W|", "cycles each", "cycles"}};
  for (const BitstreamLayer& layer : report.layers) {
    cells.push_back({layer.name,
                     layer.form,
                     std::to_string(layer.bits),
                     rounded(layer.products),
                     fixed(layer.mean_magnitude, 2),
                     fixed(layer.mean_cycles, 2),
                     rounded(layer.cycles)});
  }
  return cells;
}

Cells bitstream_unit_cells(const BitstreamReport& report) {
  Cells cells{{"unit", "area", "cycles", "latency", "energy", "Gop/s/mm2"}};
  for (const BitstreamUnit& unit : report.units) {
    cells.push_back({unit.name,
                     square_millimetres(unit.area),
                     rounded(unit.cycles),
                     format_quantity(unit.latency, Unit::Second, 3),
                     format_quantity(unit.energy, Unit::Joule, 3),
                     giga_operations(unit.density)});
  }
  return cells;
}

std::string bitstream_tables(const BitstreamReport& report) {
  std::string text = accuracy_lines(report);
  if (report.points.size() > 1) text += "\n" + table_of(bitstream_point_cells(report), 0);
  text += fault_table(report);
  text += "\nBitstream layers; products and cycles of one vector unit of " +
          with_thousands(report.lanes) + " lanes are per image.\n\n" +
          table_of(bitstream_layer_cells(report), 2);
  if (report.precision_gain > 1.0) {
    text += "  Precision scaling: " + to_text_rounded(report.precision_gain, 3) +
            " times fewer cycles than with all weights at " + std::to_string(report.bits) +
            " bits.\n";
  }
  return text + "\nOne vector unit of " + with_thousands(report.lanes) + " lanes (cells of " +
         report.gates + "), per image; two operations per product.\nFixed point of " +
         std::to_string(report.equal_bits) + " bits reaches the bitstream's accuracy.\n\n" +
         table_of(bitstream_unit_cells(report), 1);
}

}  // namespace memspice::report
