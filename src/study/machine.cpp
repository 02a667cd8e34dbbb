#include "study/machine.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "mapping/perturb.hpp"
#include "study/kernel_first.hpp"

namespace memspice::study {
namespace {

using simulate::Fidelity;

/// The cells of a layer as the plan maps them.
LayerCells mapped_cells(const Bench& bench, std::size_t layer) {
  return {.layer = &bench.mapped->plan.layers[layer], .responses = &(*bench.responses)[layer]};
}

/// The tiles of them.
std::shared_ptr<const tile::LayerTiles> nominal_tiles(const Bench& bench,
                                                      std::size_t layer,
                                                      Fidelity fidelity) {
  return behavioural_tiles(bench, layer, fidelity, mapped_cells(bench, layer));
}

/// The model of tile t of the layer's block b.
std::unique_ptr<const tile::Model> make_tile_model(const Bench& bench,
                                                   std::size_t layer,
                                                   const tile::ModelKind& kind,
                                                   const LayerCells& cells,
                                                   std::size_t b,
                                                   std::size_t t) {
  const mapping::Tile& tile = cells.layer->blocks[b].tiles[t];
  const Eigen::MatrixXd G = mapping::connected_cells(tile);
  const tile::Array array = bench.array.connected(tile);
  tile::ModelInputs inputs{.G = &G, .array = &array};
  if (kind.needs_response) inputs.G_eff = &(*cells.responses)[b][t];
  if (kind.needs_calibration) inputs.calibration = &bench.models->layers.at(layer).calibration;
  return kind.make(inputs);
}

/// On the calibration images, by tiles of the fidelity `chooser`.
simulate::AdcSetting choose_on_images(const Bench& bench, std::size_t layer, Fidelity chooser) {
  const mapping::TilePlan& plan = bench.mapped->plan;
  const network::Tensor& input =
      bench.mapped->activations.layer_inputs.at(plan.layers[layer].layer.value);
  if (runs_in_passes(plan, chooser)) {
    return {.ranges = simulate::choose_adc_ranges(
                kernel_first_layer(bench, layer, chooser, mapped_cells(bench, layer)), input)};
  }
  const simulate::CrossbarLayer crossbar{.graph = bench.graph,
                                         .plan = &plan,
                                         .layer = &plan.layers[layer],
                                         .tiles = nominal_tiles(bench, layer, chooser)};
  simulate::AdcSetting adc{.ranges = simulate::choose_adc_ranges(crossbar, input)};
  if (plan.converters.gain == mapping::Gain::Calibrated) {
    adc.gains =
        simulate::choose_gains(crossbar, *nominal_tiles(bench, layer, Fidelity::Ideal), input);
  }
  return adc;
}

/// Chooses what build_machine then finds chosen: on large networks the calibration images take
/// long.
void choose_settings(const Bench& bench, const Rung& rung) {
  std::vector<std::size_t> layers;
  for (std::size_t l = 0; l < bench.mapped->plan.layers.size(); ++l) {
    if (rung.of(bench.mapped->plan.layers[l].name) != Fidelity::Float) layers.push_back(l);
  }
  if (layers.empty()) return;
  Progress progress("set the ADCs of " + rung.name, layers.size(), "layers");
  parallel_for(bench.jobs, layers.size(), [&](std::size_t k) {
    const std::string& name = bench.mapped->plan.layers[layers[k]].name;
    adc_setting(bench, layers[k], rung.of(name), rung.converters);
    progress.advance();
  });
}

}  // namespace

std::shared_ptr<const tile::LayerTiles> behavioural_tiles(const Bench& bench,
                                                          std::size_t layer,
                                                          Fidelity fidelity,
                                                          const LayerCells& cells) {
  const std::vector<mapping::Block>& blocks = cells.layer->blocks;
  tile::Models models(blocks.size());
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    for (std::size_t t = 0; t < blocks[b].tiles.size(); ++t) {
      models[b].push_back(make_tile_model(bench, layer, *fidelity.model(), cells, b, t));
    }
  }
  return tile::make_behavioural_tiles(std::move(models));
}

simulate::AdcSetting adc_setting(const Bench& bench,
                                 std::size_t layer,
                                 Fidelity fidelity,
                                 const ConverterEffects& effects) {
  // Where every vector is solved, the calibrated tiles set the ADCs: the calibration images would
  // take hours in SPICE, and a range is a setting, not a result.
  const bool solves = fidelity == Fidelity::Spice || fidelity == Fidelity::Exact;
  const Fidelity chooser = solves && bench.models != nullptr ? Fidelity::Calibrated : fidelity;
  simulate::AdcSetting adc =
      bench.adcs->of(layer, chooser, [&] { return choose_on_images(bench, layer, chooser); });
  if (bench.converters) adc.converters = with_effects(bench.converters->layers[layer], effects);
  return adc;
}

std::unique_ptr<simulate::LayerKernel> behavioural_kernel(const Bench& bench,
                                                          std::size_t layer,
                                                          Fidelity fidelity,
                                                          const LayerPeriphery& periphery,
                                                          simulate::AdcSetting adc) {
  return behavioural_kernel(
      bench, layer, fidelity, mapped_cells(bench, layer), periphery, std::move(adc));
}

std::unique_ptr<simulate::LayerKernel> behavioural_kernel(const Bench& bench,
                                                          std::size_t layer,
                                                          Fidelity fidelity,
                                                          const LayerCells& cells,
                                                          const LayerPeriphery& periphery,
                                                          simulate::AdcSetting adc) {
  const mapping::TilePlan& plan = bench.mapped->plan;
  if (runs_in_passes(plan, fidelity)) {
    simulate::KernelFirstLayer pairs = kernel_first_layer(bench, layer, fidelity, cells);
    pairs.driver = periphery.driver;
    pairs.readout = periphery.readout;
    pairs.gains = std::move(adc.gains);
    return simulate::make_kernel_first_kernel(std::move(pairs), std::move(adc.ranges));
  }
  return simulate::make_crossbar_kernel({.graph = bench.graph,
                                         .plan = &plan,
                                         .layer = &plan.layers[layer],
                                         .tiles = behavioural_tiles(bench, layer, fidelity, cells),
                                         .driver = periphery.driver,
                                         .readout = periphery.readout},
                                        std::move(adc));
}

std::unique_ptr<simulate::LayerKernel> build_kernel(const Bench& bench,
                                                    std::size_t layer,
                                                    Fidelity fidelity,
                                                    Fidelity adc_of,
                                                    const ConverterEffects& effects) {
  simulate::AdcSetting adc = adc_setting(bench, layer, adc_of, effects);
  if (fidelity != Fidelity::Spice) {
    return behavioural_kernel(bench, layer, fidelity, {}, std::move(adc));
  }
  const mapping::TilePlan& plan = bench.mapped->plan;
  return simulate::make_crossbar_kernel(
      {.graph = bench.graph,
       .plan = &plan,
       .layer = &plan.layers[layer],
       .tiles = tile::make_spice_tiles(plan.layers[layer], bench.array, bench.spice)},
      std::move(adc));
}

simulate::Machine build_machine(const Bench& bench, const Rung& rung) {
  simulate::Machine machine{.graph = bench.graph, .kernels = {}};
  const mapping::TilePlan& plan = bench.mapped->plan;
  std::vector<std::shared_ptr<const simulate::LayerKernel>> kernels(plan.layers.size());
  // Choosing the ADCs' ranges walks the calibration images: layers side by side.
  parallel_for(bench.jobs, plan.layers.size(), [&](std::size_t l) {
    const Fidelity fidelity = rung.of(plan.layers[l].name);
    if (fidelity != Fidelity::Float) {
      kernels[l] = build_kernel(bench, l, fidelity, fidelity, rung.converters);
    }
  });
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    if (kernels[l]) machine.kernels[plan.layers[l].layer.value] = kernels[l];
  }
  if (rung.fidelity != Fidelity::Float) {
    machine.kernels.insert(bench.digital.begin(), bench.digital.end());
  }
  return machine;
}

Outcomes simulate_ladder(const Bench& bench) {
  Outcomes outcomes;
  for (const Rung& rung : bench.ladder) {
    choose_settings(bench, rung);
    outcomes[rung.name] = simulate::simulate(
        build_machine(bench, rung),
        *bench.test,
        {.jobs = bench.jobs, .title = "simulate " + rung.name, .keep_outputs = bench.keep_outputs});
  }
  return outcomes;
}

}  // namespace memspice::study
