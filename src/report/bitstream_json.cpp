#include <nlohmann/json.hpp>

#include "report/bitstream_report.hpp"
#include "report/share_json.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const BitstreamPoint& point) {
  return {{"bits", point.bits},
          {"bitstream", Json::parse(share_json(point.bitstream))},
          {"fixed_point", Json::parse(share_json(point.fixed_point))},
          {"change", Json::parse(change_json(point.change))},
          {"cycles_per_product", point.cycles_per_product}};
}

Json to_json(const BitstreamFault& fault) {
  return {{"rate", fault.rate},
          {"streams", Json::parse(statistics_json(fault.streams))},
          {"words", Json::parse(statistics_json(fault.words))}};
}

Json to_json(const BitstreamLayer& layer) {
  return {{"name", layer.name},
          {"form", layer.form},
          {"bits", layer.bits},
          {"products", layer.products},
          {"mean_magnitude", layer.mean_magnitude},
          {"mean_cycles", layer.mean_cycles},
          {"cycles", layer.cycles},
          {"full_cycles", layer.full_cycles}};
}

Json to_json(const BitstreamUnit& unit) {
  return {{"name", unit.name},
          {"area", unit.area},
          {"cycles", unit.cycles},
          {"latency", unit.latency},
          {"energy_joule", unit.energy},
          {"macs_per_second_and_area", unit.density}};
}

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(to_json(item));
  return list;
}

}  // namespace

std::string bitstream_json(const BitstreamReport& report) {
  const Json json{{"bits", report.bits},
                  {"guard_bits", report.guard_bits},
                  {"parallel", report.parallel},
                  {"lanes", report.lanes},
                  {"batch", report.batch},
                  {"accuracy", Json::parse(share_json(report.accuracy))},
                  {"fixed_point", Json::parse(share_json(report.fixed_point))},
                  {"float", Json::parse(share_json(report.float_accuracy))},
                  {"change", Json::parse(change_json(report.change))},
                  {"points", list_of(report.points)},
                  {"fault_images", report.fault_images},
                  {"faultless_streams", Json::parse(share_json(report.faultless_streams))},
                  {"faultless_words", Json::parse(share_json(report.faultless_words))},
                  {"faults", list_of(report.faults)},
                  {"layers", list_of(report.layers)},
                  {"gates", report.gates},
                  {"units", list_of(report.units)},
                  {"equal_bits", report.equal_bits},
                  {"precision_gain", report.precision_gain},
                  {"seconds", report.seconds}};
  return json.dump();
}

}  // namespace memspice::report
