#include "report/spectral_cost.hpp"

#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "report/json_text.hpp"
#include "report/numbers.hpp"
#include "report/spectral_report.hpp"
#include "report/text_table.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;
using spectral::Counts;

void add_row(TextTable& table, std::vector<std::string> cells, const Counts& counts) {
  for (const std::int64_t count : {counts.multiplications,
                                   counts.additions,
                                   counts.words_in,
                                   counts.words_kernel,
                                   counts.words_out}) {
    cells.push_back(with_thousands(count));
  }
  table.add(std::move(cells));
}

std::string layer_name(std::size_t l) {
  return "spectral" + std::to_string(l + 1);
}

Json to_json(const Counts& counts) {
  return counts_json(counts);
}

Json layer_json(const spectral::LayerCost& layer, std::size_t l) {
  Json json{{"name", layer_name(l)},
            {"size", layer.shape.size},
            {"pooled", layer.shape.pooled},
            {"channels_in", layer.shape.channels_in},
            {"channels_out", layer.shape.channels_out}};
  json.update(to_json(layer.counts));
  return json;
}

Json classifier_json(const spectral::NetworkCost& cost) {
  Json json = to_json(cost.classifier);
  json["layers"] = Json::array();
  for (std::size_t l = 0; l < cost.classifier_layers.size(); ++l) {
    Json layer{{"name", "fc" + std::to_string(l + 1)}};
    layer.update(to_json(cost.classifier_layers[l]));
    json["layers"].push_back(std::move(layer));
  }
  return json;
}

}  // namespace

SpectralCost spectral_cost(const spectral::Architecture& architecture,
                           bool fused,
                           const spectral::DigitalCard& card,
                           int lanes) {
  return {.architecture = architecture,
          .cost = spectral::count_cost(architecture),
          .transform = spectral::count_transform(architecture),
          .fused = fused,
          .card = card,
          .lanes = lanes};
}

double spectral_energy(const SpectralCost& cost) {
  Counts all = cost.transform;
  all += cost.cost.total;
  all += cost.cost.classifier;
  return spectral::price(all, cost.card, cost.lanes).energy();
}

std::string spectral_cost_text(const SpectralCost& cost) {
  TextTable table({{"layer", Align::Left},
                   {"bins", Align::Left},
                   {"maps", Align::Left},
                   {"multiplications"},
                   {"additions"},
                   {"words in"},
                   {"kernels"},
                   {"words out"}});
  add_row(table, {"transform", "", ""}, cost.transform);
  table.add_rule();
  for (std::size_t l = 0; l < cost.cost.layers.size(); ++l) {
    const auto& [shape, counts] = cost.cost.layers[l];
    const std::string size = std::to_string(shape.size);
    add_row(table,
            {layer_name(l),
             shape.pooled == shape.size ? size : size + " -> " + std::to_string(shape.pooled),
             std::to_string(shape.channels_in) + " -> " + std::to_string(shape.channels_out)},
            counts);
  }
  table.add_rule();
  add_row(table, {"total", "", ""}, cost.cost.total);
  add_row(table, {"classifier", "", ""}, cost.cost.classifier);
  return "\n" + cost.architecture.name + ", " + (cost.fused ? "fused" : "unfused") + ", " +
         std::string(name_of(spectral::kStorageNames, cost.architecture.storage)) +
         " spectrum, per image; bins a side; biases and activations are not counted.\n\n" +
         table.str() + "  Operations and words of layers and classifier: " +
         with_thousands(cost.cost.computation_and_memory()) + "; energy with the transform " +
         format_quantity(spectral_energy(cost), Unit::Joule, 3) + " (" + cost.card.name + ").\n";
}

Json spectral_cost_json(const SpectralCost& cost) {
  Json layers = Json::array();
  for (std::size_t l = 0; l < cost.cost.layers.size(); ++l) {
    layers.push_back(layer_json(cost.cost.layers[l], l));
  }
  Json transform{{"flops", cost.cost.transform_flops}};
  transform.update(to_json(cost.transform));
  return Json{{"network", cost.architecture.name},
              {"fused", cost.fused},
              {"image", cost.architecture.image},
              {"channels", cost.architecture.channels},
              {"storage", name_of(spectral::kStorageNames, cost.architecture.storage)},
              {"activation", spectral::to_text(cost.architecture.activation.kind)},
              {"layers", std::move(layers)},
              {"total", to_json(cost.cost.total)},
              {"transform", std::move(transform)},
              {"classifier", classifier_json(cost.cost)},
              {"computation_and_memory", cost.cost.computation_and_memory()},
              {"energy_joule", spectral_energy(cost)},
              {"card", cost.card.name}};
}

std::string to_json(const SpectralCost& cost) {
  return json_text(spectral_cost_json(cost));
}

}  // namespace memspice::report
