#include "flow/build_report.hpp"

#include <cmath>
#include <numeric>

#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "flow/kernel_first.hpp"
#include "flow/map_report.hpp"
#include "flow/scoring.hpp"
#include "flow/segmentation.hpp"
#include "report/answer.hpp"

namespace memspice::flow {
namespace {

using simulate::Fidelity;

std::string describe(const network::Window& window) {
  return std::to_string(window.kernel[0]) + "x" + std::to_string(window.kernel[1]);
}

/// "convolution 6@5x5", "fully connected 120".
std::string describe(const network::Layer& layer) {
  if (const auto* op = std::get_if<network::Convolution>(&layer.operation)) {
    return std::string(op->groups > 1 ? "grouped convolution " : "convolution ") +
           std::to_string(op->weight.shape[0]) + "@" + describe(op->window);
  }
  if (const auto* op = std::get_if<network::Deconvolution>(&layer.operation)) {
    return "deconvolution " + std::to_string(op->weight.shape[1] * op->groups) + "@" +
           describe(op->window);
  }
  const auto& op = std::get<network::FullyConnected>(layer.operation);
  return "fully connected " + std::to_string(op.weight.shape[0]);
}

std::string bias_of(const mapping::Options& options) {
  return options.bias == mapping::Bias::Digital ? "digital" : "a word line";
}

std::map<std::string, std::string> settings_of(const config::FlowOptions& options) {
  const auto& array = options.array;
  const auto& device = options.device;
  const auto& converters = options.converters;
  const auto bits = [](int count) {
    return count == 0 ? std::string("ideal") : std::to_string(count) + " bits";
  };
  const std::string tile =
      is_kernel_first(options)
          ? "a summer of " + std::to_string(options.mapping.rows) + " pairs"
          : std::to_string(options.mapping.rows) + " x " + std::to_string(options.mapping.columns);
  const crossbar::Wiring wiring = wiring_of(options);
  return {
      {"tile", tile},
      {"scheme", std::string(mapping::to_text(options.mapping.scheme))},
      {"weight scale", "one per " + std::string(mapping::to_text(options.mapping.weight_scale))},
      {"bias", bias_of(options.mapping)},
      {"wire",
       format_quantity(wiring.row, Unit::Ohm) + " row, " +
           format_quantity(wiring.column, Unit::Ohm) + " column"},
      {"driver", format_quantity(array.wiring.driver, Unit::Ohm)},
      {"sense", format_quantity(array.wiring.sense, Unit::Ohm)},
      {"read voltage", format_quantity(array.read_voltage, Unit::Volt)},
      {"window",
       format_quantity(device.window.g_min, Unit::Siemens) + " to " +
           format_quantity(device.window.g_max, Unit::Siemens)},
      {"levels", device.window.levels == 0 ? "continuous" : std::to_string(device.window.levels)},
      {"alpha", format_quantity(device.alpha, Unit::PerVolt)},
      {"DAC", bits(converters.dac_bits)},
      {"ADC",
       bits(converters.adc_bits) + ", " + std::string(mapping::to_text(converters.adc_range)) +
           " range"},
      {"gain", std::string(mapping::to_text(converters.gain))}};
}

/// What every layer has, whatever computes it.
report::LayerReport start_layer(const ReportParts& all, network::LayerId id) {
  const network::Layer& layer = all.parts->inputs->graph.layer(id);
  const std::string path = path_of(*all.options, layer.name);
  report::LayerReport found;
  found.name = layer.name;
  found.kind = describe(layer);
  found.path = path.empty() ? "crossbar" : path;
  found.fidelity = simulate::to_text(Fidelity::Float);
  return found;
}

/// A layer on crossbars: one of the plan.
report::LayerReport crossbar_layer(const ReportParts& all, std::size_t index) {
  const mapping::LayerPlan& plan = all.parts->mapped->plan.layers[index];
  const config::FlowOptions& options = *all.options;
  report::LayerReport layer = start_layer(all, plan.layer);
  layer.fidelity = simulate::to_text(fidelity_of(options, plan.name, passes_of(options).back()));
  for (const mapping::Block& block : plan.blocks) {
    layer.inputs += block.input_count + (block.tiles.back().has_bias ? 1 : 0);
    layer.outputs += block.output_count;
  }
  layer.tiles = plan.tile_count();
  layer.replicas = plan.replicas;
  layer.memristors = plan.memristor_count();
  layer.vectors_per_image = plan.vectors_per_image;
  layer.array_energy = all.energy->at(index);
  if (all.parts->calibrated != nullptr) {
    layer.calibration = all.parts->calibrated->result.layers.at(index);
  }
  return layer;
}

/// Every layer with weights, those on crossbars with their tiles.
std::vector<report::LayerReport> layers_of(const ReportParts& all) {
  const network::Graph& graph = all.parts->inputs->graph;
  const std::vector<mapping::LayerPlan>& planned = all.parts->mapped->plan.layers;
  std::vector<report::LayerReport> layers;
  std::size_t next = 0;
  for (const network::LayerId id : graph.topological_order()) {
    if (!graph.layer(id).has_weights()) continue;
    const bool is_planned = next < planned.size() && planned[next].layer.value == id.value;
    layers.push_back(is_planned ? crossbar_layer(all, next++) : start_layer(all, id));
  }
  return layers;
}

/// Of each pass against the one before it.
std::map<std::string, simulate::PairedChange> changes_of(const ReportParts& all) {
  std::map<std::string, simulate::PairedChange> changes;
  const simulate::Outcome* before = nullptr;
  for (const Pass& pass : passes_of(*all.options)) {
    const auto outcome = all.outcomes->find(pass.name);
    if (outcome == all.outcomes->end()) continue;
    if (before != nullptr) changes[pass.name] = paired_change(*before, outcome->second);
    before = &outcome->second;
  }
  if (all.periphery && all.periphery->all_change) changes["periphery"] = *all.periphery->all_change;
  return changes;
}

report::Accuracy accuracy_of(const ReportParts& all) {
  const std::map<std::string, simulate::Outcome>& outcomes = *all.outcomes;
  const auto find = [&](const char* pass) -> std::optional<simulate::Share> {
    const auto outcome = outcomes.find(pass);
    if (outcome == outcomes.end()) return std::nullopt;
    return share_of(outcome->second);
  };
  return {.float32 = find("float"),
          .ideal = find("ideal"),
          .mesh = find("mesh"),
          .calibrated = find("calibrated"),
          .spice = find("spice"),
          .flow = find("flow"),
          .periphery = all.periphery ? std::optional(all.periphery->all) : std::nullopt,
          .changes = changes_of(all)};
}

/// "t10k-images-idx3-ubyte.gz"; of numbered pairs the folder: "em-membrane/image".
std::string name_of(const network::DatasetOptions& data) {
  if (data.kind != "image_pairs") return data.images.filename().string();
  return (data.folder.filename() / data.images).string();
}

/// What a reader must know to read the figures.
std::vector<std::string> notes_of(const ReportParts& all) {
  std::vector<std::string> notes = score_notes(*all.options, *all.parts->inputs, *all.outcomes);
  notes.insert(notes.end(), all.store.warnings.begin(), all.store.warnings.end());
  const tile::StoreUse& spice = all.store.spice;
  if (spice.hits > 0) {
    notes.push_back(std::to_string(spice.hits) + " characterizations came from the store (" +
                    format_duration(spice.seconds_saved) + " of ngspice saved), " +
                    std::to_string(spice.misses) + " were run");
  }
  const tile::StoreUse& responses = all.store.responses;
  if (responses.hits > 0) {
    notes.push_back(std::to_string(responses.hits) + " tile responses came from the store, " +
                    std::to_string(responses.misses) +
                    " were solved (small ones are not worth storing)");
  }
  if (all.parts->calibrated == nullptr) return notes;
  for (const tile::Measurement& m : all.parts->calibrated->dataset.measurements) {
    if (m.I.size() > 0) continue;
    notes.push_back("tile " + m.tile + " failed in ngspice: " + m.summary.message +
                    " (deck saved as " + m.summary.saved_deck + ")");
  }
  return notes;
}

report::SpiceReport spice_report(const ReportParts& all) {
  if (all.parts->calibrated == nullptr && all.measured != nullptr) {
    return {.runs = static_cast<int>(all.store.spice.misses),
            .failed = 0,
            .seconds = all.seconds_characterize,
            .version = all.parts->engine->version()};
  }
  if (all.parts->calibrated == nullptr) return {};
  const Calibrated& calibrated = *all.parts->calibrated;
  return {.runs = static_cast<int>(all.store.spice.misses),
          .failed = calibrated.dataset.failed,
          .seconds = calibrated.dataset.seconds,
          .version = calibrated.engine_version};
}

/// With the measured periphery's times and energies where it was characterized.
std::optional<cost::NetworkCost> measured_cost(const ReportParts& all) {
  const cost::MeasuredPeriphery measured =
      all.measured != nullptr ? measured_periphery(*all.measured) : cost::MeasuredPeriphery{};
  return cost_of_plan(
      *all.options, all.parts->inputs->graph, all.parts->mapped->plan, *all.energy, measured);
}

/// Relative RMS of what wires take from the tiles' differential conductances.
std::optional<double> line_loss_of(const Parts& parts) {
  const std::vector<mapping::LayerPlan>& layers = parts.mapped->plan.layers;
  double lost = 0.0, all = 0.0;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    for (std::size_t b = 0; b < layers[l].blocks.size(); ++b) {
      for (std::size_t t = 0; t < layers[l].blocks[b].tiles.size(); ++t) {
        const Eigen::MatrixXd& G = layers[l].blocks[b].tiles[t].G;
        const Eigen::MatrixXd loss = G - parts.responses->G_eff[l][b][t];
        for (Eigen::Index j = 0; j + 1 < G.cols(); j += 2) {
          lost += (loss.col(j) - loss.col(j + 1)).squaredNorm();
          all += (G.col(j) - G.col(j + 1)).squaredNorm();
        }
      }
    }
  }
  if (all == 0.0) return std::nullopt;
  return std::sqrt(lost / all);
}

}  // namespace

std::string title_of(const config::FlowOptions& options) {
  return options.variant.empty() ? options.name : options.name + ": " + options.variant;
}

report::RunReport build_report(const ReportParts& all) {
  const config::FlowOptions& options = *all.options;
  const mapping::TilePlan& plan = all.parts->mapped->plan;
  report::RunReport report;
  report.flow = title_of(options);
  report.network = options.network_file.filename().string();
  report.data = name_of(options.data.test);
  report.calibration_data = std::to_string(all.parts->inputs->calibration.count()) + " images of " +
                            name_of(options.data.calibration);
  report.card = options.device.model + "/" + options.device.card;
  report.technology = options.array.technology;
  report.settings = settings_of(options);
  for (const auto& [name, value] : device::describe(options.nonideality)) {
    report.settings[name] = value;
  }
  report.settings["input values"] = to_text(input_range(all.parts->inputs->test));
  report.seed = options.seed;
  report.images = all.parts->inputs->test.count();
  report.accuracy = accuracy_of(all);
  report.segmentation = report_segmentation(options,
                                            *all.parts->inputs,
                                            *all.outcomes,
                                            all.periphery ? all.periphery->dice : std::nullopt);
  report.tiles = plan.tile_count();
  report.memristors = plan.memristor_count();
  report.parameters = parameter_count(all.parts->inputs->graph, plan);
  report.line_loss = line_loss_of(*all.parts);
  report.schemes = mapping::compare_schemes(all.parts->inputs->graph, options.mapping);
  report.layers = layers_of(all);
  if (all.parts->calibrated != nullptr) report.calibration = all.parts->calibrated->result;
  report.spice = spice_report(all);
  report.array_energy = std::accumulate(all.energy->begin(), all.energy->end(), 0.0);
  report.cost = measured_cost(all);
  report.kernel_first = report_kernel_first(options, *all.parts, *all.read_energy);
  report.periphery = all.periphery;
  report.seconds_characterize = all.seconds_characterize;
  report.seconds_simulate = all.seconds_simulate;
  report.seconds_total = all.seconds_total;
  report.versions["memspice"] = version();
  if (!report.spice.version.empty()) report.versions["ngspice"] = report.spice.version;
  report.against_spice = all.against_spice;
  report.variability = all.variability;
  report.programming = all.programming;
  report.bitstream = all.bitstream;
  report.spectral = all.spectral;
  report.notes = notes_of(all);
  report::mark_misfits(report);
  return report;
}

}  // namespace memspice::flow
