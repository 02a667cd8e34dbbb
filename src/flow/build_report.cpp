#include "flow/build_report.hpp"

#include <numeric>

#include "base/files.hpp"
#include "base/progress.hpp"
#include "flow/activation_memory.hpp"
#include "flow/digital_layers.hpp"
#include "flow/scoring.hpp"
#include "report/answer.hpp"
#include "study/line_loss.hpp"

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
  if (const auto* op = std::get_if<network::Recurrence>(&layer.operation)) {
    return "recurrent " + std::to_string(op->size()) + " x " + std::to_string(op->gates());
  }
  const auto& op = std::get<network::FullyConnected>(layer.operation);
  return "fully connected " + std::to_string(op.weight.shape[0]);
}

/// What every layer has, whatever computes it.
report::LayerReport start_layer(const RunFacts& facts, network::LayerId id) {
  const network::Layer& layer = facts.bench->graph->layer(id);
  report::LayerReport found;
  found.name = layer.name;
  found.kind = describe(layer);
  found.path = study::to_text(facts.bench->paths.of(layer.name));
  found.fidelity = simulate::to_text(Fidelity::Float);
  return found;
}

/// A layer on crossbars: one of the plan.
report::LayerReport crossbar_layer(const RunFacts& facts, std::size_t index, double energy) {
  const mapping::LayerPlan& plan = facts.bench->mapped->plan.layers[index];
  report::LayerReport layer = start_layer(facts, plan.layer);
  layer.fidelity = simulate::to_text(facts.bench->last_rung().of(plan.name));
  for (const mapping::Block& block : plan.blocks) {
    layer.inputs += block.input_count + (block.tiles.back().has_bias ? 1 : 0);
    layer.outputs += block.output_count;
  }
  layer.tiles = plan.tile_count();
  layer.replicas = plan.replicas;
  layer.memristors = plan.memristor_count();
  layer.vectors_per_image = plan.vectors_per_image;
  layer.array_energy = energy;
  const tile::CalibrationResult* models = facts.bench->models;
  if (models != nullptr) layer.calibration = models->layers.at(index);
  return layer;
}

/// Every layer with weights, those on crossbars with their tiles. energy: of their arrays [J].
std::vector<report::LayerReport> layers_of(const RunFacts& facts,
                                           const std::vector<double>& energy) {
  const network::Graph& graph = *facts.bench->graph;
  const std::vector<mapping::LayerPlan>& planned = facts.bench->mapped->plan.layers;
  std::vector<report::LayerReport> layers;
  std::size_t next = 0;
  for (const network::LayerId id : graph.topological_order()) {
    if (!graph.layer(id).has_weights()) continue;
    const bool is_planned = next < planned.size() && planned[next].layer.value == id.value;
    layers.push_back(is_planned ? crossbar_layer(facts, next, energy[next])
                                : start_layer(facts, id));
    next += is_planned ? 1 : 0;
  }
  return layers;
}

/// Of each pass against the one before it.
decltype(report::Accuracy::changes) changes_of(const study::Bench& bench) {
  decltype(report::Accuracy::changes) changes;
  const simulate::Outcome* before = nullptr;
  for (const study::Rung& rung : bench.ladder) {
    const auto outcome = bench.outcomes->find(rung.name);
    if (outcome == bench.outcomes->end()) continue;
    if (before != nullptr) changes[rung.name] = paired_change(*before, outcome->second);
    before = &outcome->second;
  }
  return changes;
}

report::Accuracy accuracy_of(const study::Bench& bench, const report::RunReport& report) {
  report::Accuracy accuracy{.shares = {}, .changes = changes_of(bench)};
  for (const auto& [pass, outcome] : *bench.outcomes) accuracy.shares[pass] = share_of(outcome);
  if (report.spice.accuracy) {
    accuracy.shares["spice"] = report.spice.accuracy->accuracy;
    accuracy.changes["spice"] = report.spice.accuracy->change;
  }
  if (!report.periphery) return accuracy;
  accuracy.shares["periphery"] = report.periphery->all;
  if (report.periphery->all_change) accuracy.changes["periphery"] = *report.periphery->all_change;
  return accuracy;
}

/// What the store and ngspice answered.
tile::StoreUse spice_use(const TileAnswers& answers) {
  return answers.engine ? answers.engine->use() : tile::StoreUse{};
}

/// What the store spared.
std::vector<std::string> store_notes(const TileAnswers& answers) {
  std::vector<std::string> notes = *answers.store.warnings;
  const tile::StoreUse spice = spice_use(answers);
  if (spice.hits > 0) {
    notes.push_back(std::to_string(spice.hits) + " answers came from the store (" +
                    format_duration(spice.seconds_saved) + " of ngspice saved), " +
                    std::to_string(spice.misses) + " were run");
  }
  const tile::StoreUse& responses = answers.responses.use;
  if (responses.hits > 0) {
    notes.push_back(std::to_string(responses.hits) + " tile responses came from the store, " +
                    std::to_string(responses.misses) +
                    " were solved (small ones are not worth storing)");
  }
  return notes;
}

std::vector<std::string> failure_notes(const TileAnswers& answers) {
  std::vector<std::string> notes;
  if (!answers.calibrated) return notes;
  for (const tile::Measurement& m : answers.calibrated->dataset.measurements) {
    if (m.I.size() > 0) continue;
    notes.push_back("tile " + m.tile + " failed in ngspice: " + m.summary.message +
                    " (deck saved as " + m.summary.saved_deck + ")");
  }
  return notes;
}

/// What a reader must know to read the figures.
std::vector<std::string> notes_of(const RunFacts& facts, const report::RunReport& report) {
  std::vector<std::string> notes =
      score_notes(facts.run->options.expected_accuracy, facts.run->inputs, *facts.bench->outcomes);
  if (const auto digital = digital_note(*facts.bench->graph)) notes.push_back(*digital);
  std::ranges::move(store_notes(*facts.answers), std::back_inserter(notes));
  const std::string kept =
      kept_text(facts.bench->mapped->activations.images, facts.run->inputs.calibration.count());
  if (!kept.empty()) notes.push_back(kept);
  const bool is_scored = !facts.bench->outcomes->empty();
  if (is_scored && facts.run->options.verify.images > 0 && !report.spice.accuracy) {
    notes.push_back(
        "[verify]: no image ran in ngspice: memspice simulate runs none, and without a layer on "
        "crossbars there is nothing to run");
  }
  std::ranges::move(failure_notes(*facts.answers), std::back_inserter(notes));
  return notes;
}

/// What ngspice was asked, and what the studies found with it.
report::SpiceReport spice_report(const TileAnswers& answers, const report::RunReport& report) {
  report::SpiceReport spice;
  spice.accuracy = report.spice.accuracy;
  if (!answers.engine) return spice;
  spice.runs = static_cast<int>(spice_use(answers).misses);
  spice.seconds = report.seconds_characterize;
  spice.version = answers.engine->engine->version();
  if (!answers.calibrated && !spice.accuracy) return spice;
  spice.method = to_text(answers.method.method);
  spice.method_reason = answers.method.reason;
  if (!answers.calibrated) return spice;
  spice.failed = answers.calibrated->dataset.failed;
  spice.seconds = answers.calibrated->dataset.seconds;
  spice.version = answers.calibrated->engine_version;
  return spice;
}

/// With the measured periphery's times and energies where it was characterized.
std::optional<cost::NetworkCost> measured_cost(const RunFacts& facts,
                                               const std::string& technology,
                                               const std::vector<double>& energy) {
  return cost::estimate_cost(
      config::load_technology(technology),
      facts.bench->read_time,
      {.graph = facts.bench->graph,
       .plan = &facts.bench->mapped->plan,
       .figures = {},
       .read_time = {},
       .measured = facts.periphery ? study::measured_periphery(*facts.periphery)
                                   : cost::MeasuredPeriphery{},
       .array_energy = energy});
}

/// Of all tiles together.
std::optional<double> line_loss_of(const study::Bench& bench) {
  const std::vector<mapping::LayerPlan>& layers = bench.mapped->plan.layers;
  study::LineLoss loss;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    for (std::size_t b = 0; b < layers[l].blocks.size(); ++b) {
      for (std::size_t t = 0; t < layers[l].blocks[b].tiles.size(); ++t) {
        loss.add(bench.array.topology().pairs_of(layers[l].blocks[b].tiles[t].G),
                 (*bench.responses)[l][b][t]);
      }
    }
  }
  return loss.share();
}

/// What flow, network and machine a report is of.
void name_subject(const OpenedRun& run, const tile::Array& array, report::RunReport& report) {
  const auto& options = run.options;
  report.flow = title_of(options.name, options.variant);
  report.network = options.network_file.filename().string();
  report.data = name_of(options.data.test);
  report.calibration_data = std::to_string(run.inputs.calibration.count()) + " images of " +
                            name_of(options.data.calibration);
  report.card = options.device.model + "/" + options.device.card;
  report.technology = options.array.technology;
  report.settings = settings_of(options.mapping, options.converters, options.device.window, array);
  for (const auto& [name, value] : device::describe(options.nonideality)) {
    report.settings[name] = value;
  }
  for (const auto& [name, value] : study::describe(options.converter_errors)) {
    report.settings[name] = value;
  }
  report.settings["input values"] = to_text(input_range(run.inputs.test));
  report.seed = options.seed;
  report.images = run.inputs.test.count();
}

}  // namespace

void complete_report(const RunFacts& facts, report::RunReport& report) {
  const study::Bench& bench = *facts.bench;
  const mapping::TilePlan& plan = bench.mapped->plan;
  name_subject(*facts.run, bench.array, report);
  const std::vector<double> energy =
      facts.periphery ? study::measured_array_energy(bench, *facts.periphery) : bench.read_energy;
  report.accuracy = accuracy_of(bench, report);
  report.tiles = plan.tile_count();
  report.memristors = plan.memristor_count();
  report.parameters = mapping::parameter_count(*bench.graph, plan);
  report.line_loss = line_loss_of(bench);
  report.schemes = mapping::compare_schemes(*bench.graph, plan.options);
  report.layers = layers_of(facts, energy);
  if (bench.models != nullptr) report.calibration = *bench.models;
  report.spice = spice_report(*facts.answers, report);
  report.array_energy = std::accumulate(energy.begin(), energy.end(), 0.0);
  report.cost = measured_cost(facts, report.technology, energy);
  report.versions["memspice"] = version();
  if (!report.spice.version.empty()) report.versions["ngspice"] = report.spice.version;
  report.notes = notes_of(facts, report);
  report::mark_misfits(report);
}

}  // namespace memspice::flow
