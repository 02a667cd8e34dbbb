#include "report/bitstream_report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "report/numbers.hpp"
#include "report/sections.hpp"
#include "report/share_json.hpp"
#include "report/share_text.hpp"
#include "stochastic/vector_unit.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;

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

Table point_table(const BitstreamReport& report) {
  Table table{.titles = {"bits",
                         "bitstream",
                         "fixed point",
                         "cut",
                         "truncated",
                         "fixed-width",
                         "against float",
                         "cycles/product"},
              .rows = {}};
  for (const BitstreamPoint& point : report.points) {
    table.rows.push_back(
        {std::to_string(point.bits),
         with_interval(point.bitstream),
         with_interval(point.fixed_point),
         percent(point.cut),
         percent(point.truncated),
         percent(point.fixed_width),
         point.change ? change_text(point.change) : points(point.bitstream - report.float_accuracy),
         fixed(point.cycles_per_product, 2)});
  }
  return table;
}

Table fault_table(const BitstreamReport& report) {
  Table table{.titles = {"flips per bit", "streams", "binary words"}, .rows = {}};
  table.rows.push_back(
      {"none", with_interval(report.faultless_streams), with_interval(report.faultless_words)});
  for (const BitstreamFault& fault : report.faults) {
    table.rows.push_back(
        {to_text_rounded(fault.rate, 3), mean_text(fault.streams), mean_text(fault.words)});
  }
  return table;
}

Table layer_table(const BitstreamReport& report) {
  Table table{.titles = {"layer", "form", "bits", "products", "mean |W|", "cycles each", "cycles"},
              .rows = {}};
  for (const BitstreamLayer& layer : report.layers) {
    table.rows.push_back({layer.name,
                          layer.form,
                          std::to_string(layer.bits),
                          rounded(layer.products),
                          fixed(layer.mean_magnitude, 2),
                          fixed(layer.mean_cycles, 2),
                          rounded(layer.cycles)});
  }
  return table;
}

Table unit_table(const BitstreamReport& report) {
  Table table{.titles = {"unit",
                         "bits",
                         "sums",
                         "accuracy",
                         "area",
                         "cycles",
                         "latency",
                         "energy",
                         "Gop/s/mm2",
                         "bitstream's gain"},
              .rows = {}};
  for (const BitstreamUnit& unit : report.units) {
    table.rows.push_back({unit.name,
                          std::to_string(unit.bits),
                          std::to_string(unit.sum_bits),
                          percent(unit.accuracy),
                          square_millimetres(unit.area),
                          rounded(unit.cycles),
                          format_quantity(unit.latency, Unit::Second, 3),
                          format_quantity(unit.energy, Unit::Joule, 3),
                          giga_operations(unit.density),
                          fixed(unit.gain, 2)});
  }
  return table;
}

Json json_of(const BitstreamPoint& point) {
  return {{"bits", point.bits},
          {"bitstream", share_json(point.bitstream)},
          {"fixed_point", share_json(point.fixed_point)},
          {"cut", share_json(point.cut)},
          {"truncated", share_json(point.truncated)},
          {"fixed_width", share_json(point.fixed_width)},
          {"change", change_json(point.change)},
          {"cycles_per_product", point.cycles_per_product}};
}

Json json_of(const BitstreamFault& fault) {
  return {{"rate", fault.rate},
          {"streams", statistics_json(fault.streams)},
          {"words", statistics_json(fault.words)}};
}

Json json_of(const BitstreamLayer& layer) {
  return {{"name", layer.name},
          {"form", layer.form},
          {"bits", layer.bits},
          {"products", layer.products},
          {"mean_magnitude", layer.mean_magnitude},
          {"mean_cycles", layer.mean_cycles},
          {"cycles", layer.cycles},
          {"full_cycles", layer.full_cycles}};
}

Json json_of(const BitstreamUnit& unit) {
  return {{"name", unit.name},
          {"bits", unit.bits},
          {"sum_bits", unit.sum_bits},
          {"accuracy", share_json(unit.accuracy)},
          {"area", unit.area},
          {"cycles", unit.cycles},
          {"latency", unit.latency},
          {"energy_joule", unit.energy},
          {"macs_per_second_and_area", unit.density},
          {"bitstream_gain", unit.gain}};
}

Json parallel_json(int parallel) {
  if (parallel == stochastic::kWholeStream) return stochastic::parallel_text(parallel);
  return parallel;
}

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(json_of(item));
  return list;
}

Json json_of(const BitstreamReport& report) {
  const Json json{{"bits", report.bits},
                  {"guard_bits", report.guard_bits},
                  {"parallel", parallel_json(report.parallel)},
                  {"lanes", report.lanes},
                  {"batch", report.batch},
                  {"accuracy", share_json(report.accuracy)},
                  {"fixed_point", share_json(report.fixed_point)},
                  {"float", share_json(report.float_accuracy)},
                  {"change", change_json(report.change)},
                  {"points", list_of(report.points)},
                  {"fault_images", report.fault_images},
                  {"faultless_streams", share_json(report.faultless_streams)},
                  {"faultless_words", share_json(report.faultless_words)},
                  {"faults", list_of(report.faults)},
                  {"layers", list_of(report.layers)},
                  {"gates", report.gates},
                  {"units", list_of(report.units)},
                  {"equal_bits", report.equal_bits},
                  {"precision_gain", report.precision_gain},
                  {"seconds", report.seconds}};
  return json;
}

Chart bits_chart(const BitstreamReport& report) {
  Chart chart{
      .kind = ChartKind::Curves,
      .title = "Accuracy against bits",
      .series = {{.name = "bitstream", .tone = Tone::First, .points = {}},
                 {.name = "fixed point", .tone = Tone::Second, .points = {}}},
      .reference = ChartReference{"float", report.float_accuracy, report.float_accuracy.interval},
      .unit = "bits"};
  const auto place = [](int bits, const simulate::Share& share) {
    return ChartPoint{.x = static_cast<double>(bits), .value = share, .interval = share.interval};
  };
  for (const BitstreamPoint& point : report.points) {
    chart.series[0].points.push_back(place(point.bits, point.bitstream));
    chart.series[1].points.push_back(place(point.bits, point.fixed_point));
  }
  return chart;
}

Chart faults_chart(const BitstreamReport& report) {
  Chart chart{
      .kind = ChartKind::Curves,
      .title = "Accuracy against the rate of bit flips",
      .series = {{.name = "streams", .tone = Tone::First, .points = {}},
                 {.name = "binary words", .tone = Tone::Second, .points = {}}},
      .reference =
          ChartReference{"no flips", report.faultless_streams, report.faultless_streams.interval},
      .is_log = true};
  for (const BitstreamFault& fault : report.faults) {
    const auto place = [&](const simulate::SampleStatistics& accuracy) {
      return ChartPoint{
          .x = fault.rate, .value = accuracy.mean, .interval = accuracy.mean_interval};
    };
    chart.series[0].points.push_back(place(fault.streams));
    chart.series[1].points.push_back(place(fault.words));
  }
  return chart;
}

Section accuracy_section(const BitstreamReport& report) {
  Section section{
      .title = "Bitstream layers: accuracy against bits",
      .lead = std::to_string(report.bits) + " bits, accumulators of N + " +
              std::to_string(report.guard_bits) + " bits: " + with_interval(report.accuracy) +
              "; fixed point of the same bits " + with_interval(report.fixed_point) + ", float " +
              with_interval(report.float_accuracy) + "; " + format_duration(report.seconds) +
              ". In the table every bitstream layer has as many bits as its row, the "
              "others are float; changes count on the same images.",
      .tables = {{.table = point_table(report), .text_columns = 0}},
      .key = "bitstream",
      .json = share(json_of(report))};
  if (report.points.size() > 1) section.charts.push_back(bits_chart(report));
  return section;
}

Section fault_section(const BitstreamReport& report) {
  const simulate::SampleStatistics& first = report.faults.front().streams;
  return {.title = "Bitstream layers: bits that flip",
          .lead =
              "Every bit between multiplier and accumulator flips at the rate shown: stream "
              "bits, or bits of binary product words. " +
              with_thousands(report.fault_images) + " images, " + with_thousands(first.samples) +
              " seeds; mean and its " + fixed(100.0 * first.confidence, 0) +
              " % interval, of seeds and images.",
          .charts = {faults_chart(report)},
          .tables = {{.table = fault_table(report), .text_columns = 0}}};
}

Section hardware_section(const BitstreamReport& report) {
  Section section{
      .title = "Bitstream layers: latency and area",
      .lead = "One vector unit of " + with_thousands(report.lanes) +
              " lanes, per image; cells of " + report.gates +
              ", two operations per product. Sums: bits of the accumulators. Fixed point stands "
              "here with the bitstream's bits, and with the fewest that reach its accuracy where "
              "any do; the last column is the most operations per area of a bitstream unit over "
              "those of the row.",
      .tables = {{.table = layer_table(report), .text_columns = 2}, {.table = unit_table(report)}}};
  if (report.precision_gain > 1.0) {
    section.remarks.push_back("Precision scaling: " + to_text_rounded(report.precision_gain, 3) +
                              " times fewer cycles than with all weights at " +
                              std::to_string(report.bits) + " bits.");
  }
  return section;
}

}  // namespace

Sections sections_of(const BitstreamReport& report) {
  Sections sections{accuracy_section(report)};
  if (!report.faults.empty()) sections.push_back(fault_section(report));
  sections.push_back(hardware_section(report));
  return sections;
}

}  // namespace memspice::report
