#include "flow/crossbar_tables.hpp"

#include "base/error.hpp"
#include "study/machine.hpp"

namespace memspice::flow {
namespace {

using simulate::Fidelity;

/// Settings that make more of a tile than one product of a matrix and amplitudes.
void require_products(const config::FlowOptions& options) {
  const auto refuse = [](const char* place, std::string_view value, const char* instead) {
    throw InputError({.place = place,
                      .value = '"' + std::string(value) + '"',
                      .rule = "a tile is then more than one product with a matrix",
                      .remedy = std::string("set ") + place + " to " + instead});
  };
  const mapping::Options& mapping = options.mapping;
  if (mapping.scheme != mapping::Scheme::Im2col) {
    refuse("mapping.scheme", mapping::to_text(mapping.scheme), "\"im2col\"");
  }
  if (mapping.slices != 1) refuse("mapping.slices", std::to_string(mapping.slices), "1");
  if (mapping.bias == mapping::Bias::EachTile) refuse("mapping.bias", "each_tile", "\"word_line\"");
  if (mapping.network_levels) refuse("device.levels", "network", "a number");
  if (options.converters.input != mapping::Input::Parallel) {
    refuse("converters.input", "bit_serial", "\"parallel\"");
  }
  if (options.array.pulses) refuse("array.input", "pulses", "\"amplitude\"");
}

/// Measured circuits and other paths change what a layer computes.
void require_plain_layers(const config::FlowOptions& options) {
  const auto refuse = [](const char* place, const char* value) {
    throw InputError({.place = place,
                      .value = value,
                      .rule = "tables are of layers on crossbars with ideal circuits around them",
                      .remedy = "leave it to the run that scores the network"});
  };
  if (!options.periphery.in_network.empty()) refuse("periphery", "in_network");
  for (const auto path : {study::LayerPath::Spectral, study::LayerPath::Bitstream}) {
    if (options.path.has(path)) refuse("path", "a layer off crossbars and not in float");
  }
}

void require_fidelity(const config::FlowOptions& options) {
  const Fidelity fidelity = options.fidelity.standard;
  const bool has_table =
      fidelity == Fidelity::Ideal || fidelity == Fidelity::Mesh || fidelity == Fidelity::Calibrated;
  if (has_table && options.fidelity.layers.empty()) return;
  throw InputError({.place = "fidelity",
                    .value = '"' + std::string(fidelity.name()) + '"',
                    .rule = "tables are of one fidelity: ideal, mesh or calibrated",
                    .remedy = "set fidelity.default to one of these, and name no layer"});
}

void require_converters(const study::Bench& bench) {
  if (!bench.last_rung().converters.any()) return;
  throw InputError({.place = "converters",
                    .value = "mismatch, offset, gain error or noise",
                    .rule = "tables have ideal converters",
                    .remedy = "leave these figures to the run that scores the network"});
}

/// Kernels that a table of products cannot stand for.
void require_matrices(const network::Graph& graph, const mapping::TilePlan& plan) {
  for (const mapping::LayerPlan& layer : plan.layers) {
    if (!std::holds_alternative<network::Recurrence>(graph.layer(layer.layer).operation)) continue;
    throw InputError({.place = "layer " + layer.name,
                      .value = "a recurrence",
                      .rule = "its states are computed step by step",
                      .remedy = "set path." + layer.name + " to \"float\""});
  }
}

OpenedRun open_for_tables(const config::FlowOptions& options) {
  require_products(options);
  require_plain_layers(options);
  require_fidelity(options);
  OpenedRun run = open_run(options, false);
  require_matrices(run.inputs.graph, run.mapped.plan);
  return run;
}

Eigen::VectorXf gain_of(const simulate::AdcSetting& adc, std::size_t b, int outputs) {
  return adc.gains.empty() ? Eigen::VectorXf::Ones(outputs) : adc.gains[b];
}

}  // namespace

CrossbarTables::CrossbarTables(const config::FlowOptions& options)
    : run_(open_for_tables(options)),
      bench_(start_bench(run_.options, run_.inputs, run_.mapped)),
      answers_(nullptr) {
  require_converters(bench_);
  answers_ = answer_tiles(spice_plan(run_.options), SpiceUse::RunMissing, run_.options.out, bench_);
  for (std::size_t k = 0; k < plan().layers.size(); ++k) layers_.push_back(table_of(k));
}

LayerTable CrossbarTables::table_of(std::size_t layer) const {
  const Fidelity fidelity = run_.options.fidelity.standard;
  LayerTable table{.plan = &plan().layers[layer], .calibration = {}, .blocks = {}};
  if (fidelity == Fidelity::Calibrated)
    table.calibration = bench_.models->layers[layer].calibration;
  const simulate::AdcSetting adc = study::adc_setting(bench_, layer, fidelity, {});
  for (std::size_t b = 0; b < table.plan->blocks.size(); ++b) {
    const mapping::Block& block = table.plan->blocks[b];
    BlockTable rows{.block = &block, .gain = gain_of(adc, b, block.output_count), .tiles = {}};
    for (std::size_t t = 0; t < block.tiles.size(); ++t) {
      rows.tiles.push_back(
          {.tile = &block.tiles[t],
           .response = fidelity.needs_response()
                           ? (*bench_.responses)[layer][b][t]
                           : bench_.array.topology().pairs_of(block.tiles[t].G),
           .adc_range = adc.ranges.empty() ? Eigen::VectorXd() : adc.ranges[b][t]});
    }
    table.blocks.push_back(std::move(rows));
  }
  return table;
}

std::vector<Eigen::MatrixXd> CrossbarTables::responses(
    const std::vector<Eigen::MatrixXd>& cells) const {
  if (!run_.options.fidelity.standard.needs_response()) {
    std::vector<Eigen::MatrixXd> pairs;
    for (const Eigen::MatrixXd& G : cells) pairs.push_back(bench_.array.topology().pairs_of(G));
    return pairs;
  }
  std::vector<const Eigen::MatrixXd*> each;
  for (const Eigen::MatrixXd& G : cells) each.push_back(&G);
  return std::move(bench_.array.responses(nullptr, each, bench_.jobs).G_eff);
}

}  // namespace memspice::flow
