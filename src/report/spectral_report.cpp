#include "report/spectral_report.hpp"

#include <nlohmann/json.hpp>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "report/numbers.hpp"
#include "report/sections.hpp"
#include "report/share_json.hpp"
#include "report/share_text.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;
using spectral::Counts;

std::string joules(double energy) {
  return format_quantity(energy, Unit::Joule, 3);
}

std::string seconds(double time) {
  return time > 0.0 ? format_quantity(time, Unit::Second, 3) : std::string();
}

std::string how(const SpectralLayer& layer) {
  if (layer.transform == 0) return layer.path;
  return layer.path + ", " + std::to_string(layer.transform) + " x " +
         std::to_string(layer.transform);
}

std::vector<std::string> row_of(const SpectralLayer& layer) {
  return {layer.name,
          how(layer),
          with_thousands(layer.counts.multiplications),
          with_thousands(layer.counts.additions),
          with_thousands(layer.counts.words()),
          layer.spatial.multiplications > 0 ? with_thousands(layer.spatial.multiplications) : "",
          seconds(layer.seconds_spectral),
          seconds(layer.seconds_spatial),
          joules(layer.cost.energy())};
}

/// "; -0.10 (-0.30 to +0.05) points against float"; empty where no image is known.
std::string against_float(const SpectralReport& report) {
  const std::string change = change_text(report.change);
  return change.empty() ? "" : ", " + change + " points against float";
}

Json json_of(const SpectralLayer& layer) {
  Json json{{"name", layer.name}, {"path", layer.path}, {"transform_size", layer.transform}};
  json.update(counts_json(layer.counts));
  json["spatial_multiplications"] = layer.spatial.multiplications;
  json["seconds_spectral"] = layer.seconds_spectral;
  json["seconds_spatial"] = layer.seconds_spatial;
  json["energy_total_joule"] = layer.cost.energy();
  json["energy_arithmetic_joule"] = layer.cost.energy_arithmetic;
  json["energy_words_joule"] = layer.cost.energy_words;
  json["latency"] = layer.cost.latency;
  return json;
}

Table layer_table(const SpectralReport& report) {
  Table table{.titles = {"layer",
                         "computed",
                         "multiplications",
                         "additions",
                         "words",
                         "in space",
                         "time",
                         "time in space",
                         "energy"},
              .rows = {}};
  for (const SpectralLayer& layer : report.layers) table.rows.push_back(row_of(layer));
  table.rows.push_back({"all",
                        "",
                        with_thousands(report.total.multiplications),
                        with_thousands(report.total.additions),
                        with_thousands(report.total.words()),
                        "",
                        "",
                        "",
                        joules(report.total_cost.energy())});
  return table;
}

std::string remark_of(const SpectralReport& report) {
  return "Real operations and words per image, transforms included, activations and biases not; "
         "energy of arithmetic and memory by the figures of " +
         report.card + ". A unit of " + with_thousands(report.lanes) + " lanes takes " +
         to_text_rounded(1e6 * report.area, 3) + " mm2 and " +
         format_quantity(report.total_cost.latency, Unit::Second, 3) + " per image.";
}

Json json_of(const SpectralReport& report) {
  Json layers = Json::array();
  for (const SpectralLayer& layer : report.layers) layers.push_back(json_of(layer));
  return Json{{"network", report.is_network},
              {"accuracy", share_json(report.accuracy)},
              {"float", share_json(report.float_accuracy)},
              {"change", change_json(report.change)},
              {"largest_difference", report.largest_difference},
              {"layers", std::move(layers)},
              {"total", counts_json(report.total)},
              {"energy_total_joule", report.total_cost.energy()},
              {"latency", report.total_cost.latency},
              {"area", report.area},
              {"lanes", report.lanes},
              {"card", report.card},
              {"seconds", report.seconds}};
}

}  // namespace

nlohmann::ordered_json counts_json(const Counts& counts) {
  return Json{{"real_multiplications", counts.multiplications},
              {"real_additions", counts.additions},
              {"words_in", counts.words_in},
              {"words_kernel", counts.words_kernel},
              {"words_out", counts.words_out}};
}

Sections sections_of(const SpectralReport& report) {
  const std::string what = report.is_network ? "A spectral network, all digital"
                                             : "Convolutions in the spectrum, the rest in float";
  return {{.title = "Layers computed in the spectrum: " + with_interval(report.accuracy),
           .lead = what + against_float(report) + "; scores differ from float's by at most " +
                   to_text_rounded(report.largest_difference, 2) + " of their largest; " +
                   format_duration(report.seconds) + ".",
           .tables = {{.table = layer_table(report), .text_columns = 2, .has_total = true}},
           .remarks = {remark_of(report)},
           .key = "spectral",
           .json = share(json_of(report))}};
}

}  // namespace memspice::report
