// The keys of costs and mapping schemes.

#include <nlohmann/json.hpp>

#include "report/cost_report.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;
using mapping::LayerSchemes;
using mapping::SchemeCount;

Json to_json(const cost::PartCost& part) {
  return {{"count", part.count},
          {"area_square_metre", part.area},
          {"power_static_watt", part.static_power},
          {"energy_static_joule", part.static_energy},
          {"energy_joule", part.energy}};
}

Json to_json(const cost::LayerCost& layer) {
  const cost::PartCost all = layer.sum();
  Json parts;
  for (const cost::Part part : cost::kParts) parts[name_of(part)] = to_json(layer.part(part));
  return {{"name", layer.name},
          {"crossbars", layer.crossbars},
          {"memristors", layer.memristors},
          {"cells", layer.cells},
          {"cells_used", layer.cells_used},
          {"dacs", layer.part(cost::Part::Dacs).count},
          {"adcs", layer.part(cost::Part::Adcs).count},
          {"op_amps", layer.part(cost::Part::OpAmps).count},
          {"operations", layer.operations},
          {"area_square_metre", all.area},
          {"power_static_watt", all.static_power},
          {"energy_total_joule", all.energy},
          {"energy_arrays_joule", layer.part(cost::Part::Arrays).energy},
          {"latency_second", layer.latency},
          {"interval_second", layer.interval},
          {"images_per_second", layer.throughput()},
          {"parts", std::move(parts)}};
}

Json to_json(const std::optional<SchemeCount>& count) {
  if (!count) return nullptr;
  return {{"t", count->t},
          {"n_sub", count->sub_images},
          {"crossbars", count->crossbars},
          {"rows_used", count->rows_used},
          {"columns_used", count->columns_used},
          {"memristors", count->memristors},
          {"overlap_overhead", count->overlap},
          {"vectors_per_crossbar", count->vectors_per_crossbar}};
}

Json to_json(const LayerSchemes& layer) {
  const mapping::KernelCounts& kernels = layer.kernels;
  const auto or_null = [&](long value) { return kernels.t > 0 ? Json(value) : Json(nullptr); };
  Json json{{"name", layer.name},
            {"kernel", kernel_kind(layer.shape)},
            {"t", or_null(kernels.t)},
            {"n_sub", or_null(kernels.n_sub)},
            {"n_3d", or_null(kernels.n_3d)},
            {"n_2d", or_null(kernels.n_2d)},
            {"n_1d", kernels.n_1d},
            {"pixels_1d", kernels.p}};
  const Json own = to_json(layer.sub_image);
  for (const char* key : {"rows_used", "columns_used", "overlap_overhead"}) {
    json[key] = own.is_null() ? Json(nullptr) : own[key];
  }
  json["schemes"] = {{"im2col", to_json(layer.im2col)},
                     {"subimage", own},
                     {"full_depth", to_json(layer.full_depth)}};
  return json;
}

Json total_of(const std::vector<LayerSchemes>& layers,
              std::optional<SchemeCount> LayerSchemes::*scheme) {
  long crossbars = 0, memristors = 0;
  for (const LayerSchemes& layer : layers) {
    if (!(layer.*scheme)) return nullptr;
    crossbars += (layer.*scheme)->crossbars;
    memristors += (layer.*scheme)->memristors;
  }
  return {{"crossbars", crossbars}, {"memristors", memristors}};
}

}  // namespace

Json cost_json(const cost::NetworkCost& cost) {
  Json json = to_json(cost.total);
  json.erase("name");
  json["power_gated_average_watt"] = cost.average_power();
  json["tops_per_watt"] = cost.tops_per_watt();
  json["sources"] = cost.sources;
  json["layers"] = Json::array();
  for (const cost::LayerCost& layer : cost.layers) json["layers"].push_back(to_json(layer));
  return json;
}

Json schemes_json(const std::vector<LayerSchemes>& layers) {
  Json json{{"totals",
             {{"im2col", total_of(layers, &LayerSchemes::im2col)},
              {"subimage", total_of(layers, &LayerSchemes::sub_image)},
              {"full_depth", total_of(layers, &LayerSchemes::full_depth)}}},
            {"layers", Json::array()}};
  for (const LayerSchemes& layer : layers) json["layers"].push_back(to_json(layer));
  return json;
}

}  // namespace memspice::report
