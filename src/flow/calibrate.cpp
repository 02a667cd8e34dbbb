#include <algorithm>
#include <iterator>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "crossbar/crossbar.hpp"
#include "flow/forecast.hpp"
#include "flow/run_engine.hpp"
#include "flow/stages.hpp"
#include "tile/tile_bench.hpp"

namespace memspice::flow {
namespace {

/// Enough for the fitted and held-out vectors of a tile to be distinct in most layers.
constexpr int kSampledVectors = 512;
/// Vectors per tile that the mean power is taken over.
constexpr int kPowerVectors = 8;

/// Where a tile stands in a plan, by index.
struct TilePlace {
  std::size_t layer = 0, block = 0, tile = 0;
};
/// What the store lacks where ngspice may not run is the user's to provide: nothing has failed.
void require_stored(const config::FlowOptions& options, const tile::Dataset& dataset) {
  const auto lacking = std::ranges::count_if(dataset.measurements, [](const auto& measurement) {
    return measurement.summary.attempts == 0 && !measurement.summary.message.empty() &&
           measurement.summary.termination == engine::Termination::Rejected;
  });
  if (lacking == 0) return;
  throw InputError({.place = store_path(options).string(),
                    .value = std::to_string(lacking) + " of " + std::to_string(dataset.runs) +
                             " characterized tiles",
                    .rule = "are not stored for these settings, and without them there are no "
                            "tile models; simulate runs no ngspice",
                    .remedy = "first run `memspice characterize " + options.file.string() +
                              "` with the same --out, --set and --seed, or `memspice run`, which "
                              "does both"});
}

/// Throws what the first failed run said when not one succeeded.
void require_answers(const tile::Dataset& dataset) {
  if (dataset.failed < dataset.runs) return;
  const tile::Measurement& first = dataset.measurements.front();
  throw RunError({.place = "characterization",
                  .value = "all " + std::to_string(dataset.runs) + " runs failed",
                  .rule = "tile " + first.tile + ": " + first.summary.message,
                  .remedy = first.summary.saved_deck.empty()
                                ? "run memspice doctor"
                                : "the deck is " + first.summary.saved_deck});
}

std::vector<TilePlace> all_tiles(const mapping::TilePlan& plan) {
  std::vector<TilePlace> places;
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    for (std::size_t b = 0; b < plan.layers[l].blocks.size(); ++b) {
      for (std::size_t t = 0; t < plan.layers[l].blocks[b].tiles.size(); ++t) {
        places.push_back({l, b, t});
      }
    }
  }
  return places;
}

}  // namespace

crossbar::Wiring wiring_of(const config::FlowOptions& options) {
  crossbar::Wiring wiring = options.array.wiring;
  // Pairs sit at their summer, each behind its own driver: no line runs from cell to cell.
  if (options.mapping.scheme == mapping::Scheme::KernelFirst) wiring.row = wiring.column = 0.0;
  return wiring;
}

tile::ArrayPhysics physics_of(const config::FlowOptions& options) {
  return {.wiring = wiring_of(options),
          .alpha = options.device.alpha,
          .read_voltage = options.array.read_voltage,
          .cell = options.device.cell,
          .access = options.array.access,
          .pairs = options.array.pairs,
          .source_line = options.array.source_line,
          .pulse_bits = options.array.pulses ? options.converters.dac_bits : 0};
}

tile::CharacterizeInputs characterize_inputs(const config::FlowOptions& options,
                                             const Mapped& mapped,
                                             const network::Graph& graph) {
  tile::CharacterizeInputs inputs{.plan = &mapped.plan,
                                  .samples = {},
                                  .physics = physics_of(options),
                                  .options = options.characterize,
                                  .card = options.device.model + '/' + options.device.card,
                                  .seed = options.seed};
  for (const mapping::LayerPlan& layer : mapped.plan.layers) {
    tile::ActivationSamples samples;
    for (std::size_t b = 0; b < layer.blocks.size(); ++b) {
      const RandomStream random(options.seed, "samples/" + layer.name);
      samples.push_back(
          sample_voltages(mapped, graph, layer, layer.blocks[b], kSampledVectors, random.fork(b)));
    }
    inputs.samples.push_back(std::move(samples));
  }
  return inputs;
}

Calibrated calibrate(const config::FlowOptions& options,
                     const Mapped& mapped,
                     const network::Graph& graph,
                     engine::Engine& engine) {
  const tile::CharacterizeInputs inputs = characterize_inputs(options, mapped, graph);
  Calibrated calibrated{.dataset = tile::characterize(inputs, engine),
                        .result = {},
                        .engine_version = engine.version()};
  require_stored(options, calibrated.dataset);
  require_answers(calibrated.dataset);
  calibrated.result = tile::fit(calibrated.dataset, inputs.physics);
  return calibrated;
}

Responses solve_responses(const config::FlowOptions& options,
                          const mapping::TilePlan& plan,
                          tile::Store* store) {
  std::vector<Eigen::MatrixXd> cells;
  for (const TilePlace& place : all_tiles(plan)) {
    cells.push_back(plan.layers[place.layer].blocks[place.block].tiles[place.tile].G);
  }
  tile::StoredResponses solved =
      tile::solve_tile_responses(store, cells, physics_of(options), options.jobs);
  Responses responses{.G_eff = {}, .use = solved.use};
  auto next = solved.G_eff.begin();
  for (const mapping::LayerPlan& layer : plan.layers) {
    responses.G_eff.emplace_back();
    for (const mapping::Block& block : layer.blocks) {
      const auto end = next + static_cast<std::ptrdiff_t>(block.tiles.size());
      responses.G_eff.back().emplace_back(std::make_move_iterator(next),
                                          std::make_move_iterator(end));
      next = end;
    }
  }
  return responses;
}

std::vector<double> array_energy(const config::FlowOptions& options,
                                 const Mapped& mapped,
                                 const network::Graph& graph) {
  const std::vector<TilePlace> places = all_tiles(mapped.plan);
  std::vector<double> power(places.size());  // [W], mean over the sampled vectors
  parallel_for(options.jobs, places.size(), [&](std::size_t k) {
    const auto [l, b, t] = places[k];
    const mapping::LayerPlan& layer = mapped.plan.layers[l];
    const mapping::Tile& tile = layer.blocks[b].tiles[t];
    const RandomStream random(options.seed, "energy/" + tile.name);
    const mapping::FloatMatrix V =
        sample_voltages(mapped, graph, layer, layer.blocks[b], kPowerVectors, random);
    const Eigen::MatrixXd drive = mapping::word_line_voltages(tile, V);
    power[k] = tile::mean_power(tile.G, drive, physics_of(options));
  });
  std::vector<double> energy(mapped.plan.layers.size(), 0.0);
  for (std::size_t k = 0; k < places.size(); ++k) {
    const std::size_t l = places[k].layer;
    energy[l] += power[k] * options.array.read_time *
                 static_cast<double>(mapped.plan.layers[l].vectors_per_image);
  }
  return energy;
}

}  // namespace memspice::flow
