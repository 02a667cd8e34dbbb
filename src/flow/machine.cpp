#include "flow/machine.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "flow/digital_layers.hpp"
#include "flow/kernel_first.hpp"
#include "flow/on_crossbars.hpp"
#include "mapping/perturb.hpp"

namespace memspice::flow {
namespace {

using simulate::Fidelity;

/// Whether [path] leaves any layer to crossbars, as far as the options tell.
bool any_on_crossbars(const config::FlowOptions& options) {
  if (options.path.empty() || runs_on_crossbars(options, "default")) return true;
  return std::ranges::any_of(options.path,
                             [](const auto& entry) { return entry.second == "crossbar"; });
}

/// The tiles of a layer as the plan maps them.
std::shared_ptr<const tile::LayerTiles> nominal_tiles(const Parts& parts,
                                                      std::size_t layer,
                                                      Fidelity fidelity) {
  return behavioural_tiles(
      parts,
      layer,
      fidelity,
      {.layer = &parts.mapped->plan.layers[layer], .responses = &parts.responses->G_eff[layer]});
}

bool is_kernel_first(const Parts& parts) {
  return parts.mapped->plan.options.scheme == mapping::Scheme::KernelFirst;
}

}  // namespace

std::string path_of(const config::FlowOptions& options, const std::string& layer) {
  auto path = options.path.find(layer);
  if (path == options.path.end()) path = options.path.find("default");
  return path == options.path.end() ? std::string() : path->second;
}

std::vector<Pass> passes_of(const config::FlowOptions& options) {
  if (!any_on_crossbars(options)) return {{"float", Fidelity::Float, false}};
  std::vector<Pass> passes;
  for (const Fidelity fidelity :
       {Fidelity::Float, Fidelity::Ideal, Fidelity::Mesh, Fidelity::Calibrated, Fidelity::Spice}) {
    passes.push_back({std::string(simulate::to_text(fidelity)), fidelity, false});
    if (fidelity == options.fidelity.standard) break;
  }
  if (!options.fidelity.layers.empty()) {
    passes.push_back({"flow", options.fidelity.standard, true});
  }
  return passes;
}

Fidelity fidelity_of(const config::FlowOptions& options,
                     const std::string& layer,
                     const Pass& pass) {
  if (!runs_on_crossbars(options, layer)) return Fidelity::Float;
  const auto own = options.fidelity.layers.find(layer);
  return pass.own_layers && own != options.fidelity.layers.end() ? own->second : pass.fidelity;
}

bool uses(const config::FlowOptions& options, const mapping::TilePlan& plan, Fidelity fidelity) {
  for (const Pass& pass : passes_of(options)) {
    for (const mapping::LayerPlan& layer : plan.layers) {
      if (fidelity_of(options, layer.name, pass) == fidelity) return true;
    }
  }
  return false;
}

std::shared_ptr<const tile::LayerTiles> behavioural_tiles(const Parts& parts,
                                                          std::size_t layer,
                                                          Fidelity fidelity,
                                                          const LayerCells& cells) {
  const auto make_model = [&](std::size_t b, std::size_t t) -> std::unique_ptr<tile::Model> {
    if (fidelity == Fidelity::Ideal) {
      return tile::make_ideal(mapping::connected_cells(cells.layer->blocks[b].tiles[t]));
    }
    const Eigen::MatrixXd& G_eff = (*cells.responses)[b][t];
    if (fidelity == Fidelity::Mesh) return tile::make_mesh(G_eff);
    return tile::make_calibrated(G_eff, parts.calibrated->result.layers.at(layer).calibration);
  };
  tile::Models models;
  for (std::size_t b = 0; b < cells.layer->blocks.size(); ++b) {
    models.emplace_back();
    for (std::size_t t = 0; t < cells.layer->blocks[b].tiles.size(); ++t) {
      models.back().push_back(make_model(b, t));
    }
  }
  return tile::make_behavioural_tiles(std::move(models));
}

simulate::AdcSetting choose_adc(const Parts& parts, std::size_t layer, Fidelity fidelity) {
  // Where ngspice answers, the calibrated tiles set the ADCs: the calibration images would take
  // hours in SPICE, and a range is a setting, not a result.
  const Fidelity chooser = fidelity == Fidelity::Spice ? Fidelity::Calibrated : fidelity;
  const mapping::TilePlan& plan = parts.mapped->plan;
  const network::Tensor& input = parts.mapped->layer_inputs.at(plan.layers[layer].layer.value);
  if (is_kernel_first(parts)) {
    return {.range = simulate::choose_adc_range(kernel_first_layer(parts, layer, chooser), input)};
  }
  const simulate::CrossbarLayer crossbar{.graph = &parts.inputs->graph,
                                         .plan = &plan,
                                         .layer = &plan.layers[layer],
                                         .tiles = nominal_tiles(parts, layer, chooser)};
  simulate::AdcSetting adc{.range = simulate::choose_adc_range(crossbar, input)};
  if (plan.converters.gain == mapping::Gain::Calibrated) {
    adc.gains =
        simulate::choose_gains(crossbar, *nominal_tiles(parts, layer, Fidelity::Ideal), input);
  }
  return adc;
}

std::unique_ptr<simulate::LayerKernel> behavioural_kernel(const Parts& parts,
                                                          std::size_t layer,
                                                          Fidelity fidelity,
                                                          const LayerPeriphery& periphery,
                                                          simulate::AdcSetting adc) {
  if (is_kernel_first(parts)) {
    simulate::KernelFirstLayer pairs = kernel_first_layer(parts, layer, fidelity);
    pairs.driver = periphery.driver;
    pairs.readout = periphery.readout;
    return simulate::make_kernel_first_kernel(std::move(pairs), adc.range);
  }
  const mapping::TilePlan& plan = parts.mapped->plan;
  return simulate::make_crossbar_kernel({.graph = &parts.inputs->graph,
                                         .plan = &plan,
                                         .layer = &plan.layers[layer],
                                         .tiles = nominal_tiles(parts, layer, fidelity),
                                         .driver = periphery.driver,
                                         .readout = periphery.readout},
                                        std::move(adc));
}

std::unique_ptr<simulate::LayerKernel> build_kernel(const config::FlowOptions& options,
                                                    const Parts& parts,
                                                    std::size_t layer,
                                                    Fidelity fidelity,
                                                    Fidelity adc_of) {
  simulate::AdcSetting adc = choose_adc(parts, layer, adc_of);
  if (fidelity != Fidelity::Spice) {
    return behavioural_kernel(parts, layer, fidelity, {}, std::move(adc));
  }
  const mapping::TilePlan& plan = parts.mapped->plan;
  return simulate::make_crossbar_kernel(
      {.graph = &parts.inputs->graph,
       .plan = &plan,
       .layer = &plan.layers[layer],
       .tiles = tile::make_spice_tiles(plan.layers[layer], physics_of(options), *parts.engine)},
      std::move(adc));
}

simulate::Machine build_machine(const config::FlowOptions& options,
                                const Parts& parts,
                                const Pass& pass) {
  simulate::Machine machine{.graph = &parts.inputs->graph, .kernels = {}};
  const mapping::TilePlan& plan = parts.mapped->plan;
  std::vector<std::shared_ptr<const simulate::LayerKernel>> kernels(plan.layers.size());
  // Choosing the ADCs' ranges walks the calibration images: layers side by side.
  parallel_for(options.jobs, plan.layers.size(), [&](std::size_t l) {
    const Fidelity fidelity = fidelity_of(options, plan.layers[l].name, pass);
    if (fidelity != Fidelity::Float) {
      kernels[l] = build_kernel(options, parts, l, fidelity, fidelity);
    }
  });
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    if (kernels[l]) machine.kernels[plan.layers[l].layer.value] = kernels[l];
  }
  if (pass.fidelity != Fidelity::Float) add_digital_layers(options, parts, machine);
  return machine;
}

}  // namespace memspice::flow
