#include <algorithm>
#include <iterator>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "flow/stages.hpp"
#include "tile/tile_choice.hpp"

namespace memspice::flow {
namespace {

/// Enough for the fitted and held-out vectors of a tile to be distinct in most layers.
constexpr int kSampledVectors = 512;
/// What the store lacks where ngspice may not run is the user's to provide: nothing has failed.
void require_stored(const SpicePlan& spice, const tile::Dataset& dataset) {
  const auto lacking = std::ranges::count_if(dataset.measurements, [](const auto& measurement) {
    return measurement.summary.attempts == 0 && !measurement.summary.message.empty() &&
           measurement.summary.termination == engine::Termination::Rejected;
  });
  if (lacking == 0) return;
  throw InputError({.place = spice.store.string(),
                    .value = std::to_string(lacking) + " of " + std::to_string(dataset.runs) +
                             " characterized tiles",
                    .rule = "are not stored for these settings, and without them there are no "
                            "tile models; simulate runs no ngspice",
                    .remedy = "first run `memspice characterize " + spice.flow.string() +
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

}  // namespace

tile::CharacterizeInputs characterize_inputs(const SpicePlan& spice,
                                             const study::Mapped& mapped,
                                             const network::Graph& graph) {
  tile::CharacterizeInputs inputs{
      .plan = &mapped.plan,
      .samples = {},
      .array = spice.array,
      .options = tile::settled(spice.characterize, mapped.plan, spice.array, spice.choice().method),
      .card = spice.card,
      .seed = spice.seed};
  for (const mapping::LayerPlan& layer : mapped.plan.layers) {
    inputs.samples.emplace_back(layer.blocks.size());
  }
  for (const tile::TileChoice& choice :
       tile::choose_tiles(mapped.plan, inputs.options, spice.seed)) {
    mapping::FloatMatrix& sample = inputs.samples[choice.layer_index][choice.block];
    if (sample.size() > 0) continue;
    const mapping::LayerPlan& layer = *choice.layer;
    const RandomStream random(spice.seed, "samples/" + layer.name);
    sample = study::sample_voltages(mapped,
                                    graph,
                                    layer,
                                    layer.blocks[choice.block],
                                    kSampledVectors,
                                    random.fork(choice.block));
  }
  return inputs;
}

Calibrated calibrate(const SpicePlan& spice, const study::Bench& bench) {
  const tile::CharacterizeInputs inputs = characterize_inputs(spice, *bench.mapped, *bench.graph);
  Calibrated calibrated{.dataset = tile::characterize(inputs, bench.spice),
                        .result = {},
                        .engine_version = bench.spice.version()};
  require_stored(spice, calibrated.dataset);
  require_answers(calibrated.dataset);
  // Kernel first the two cells of a pair share one function of the voltage.
  const bool in_pairs = bench.mapped->plan.options.scheme == mapping::Scheme::KernelFirst;
  calibrated.result = tile::fit(
      calibrated.dataset, inputs.array, in_pairs ? tile::Cells::Alike : tile::Cells::ByConductance);
  return calibrated;
}

Responses solve_responses(const study::Bench& bench, tile::Store* store) {
  const std::vector<mapping::LayerPlan>& layers = bench.mapped->plan.layers;
  std::vector<const Eigen::MatrixXd*> cells;
  for (const mapping::LayerPlan& layer : layers) {
    for (const mapping::Block& block : layer.blocks) {
      for (const mapping::Tile& tile : block.tiles) cells.push_back(&tile.G);
    }
  }
  Progress progress("solve line resistance", cells.size(), "tiles");
  tile::StoredResponses solved =
      bench.array.responses(store, cells, bench.jobs, [&] { progress.advance(); });
  progress.finish();
  Responses responses{.G_eff = {}, .use = solved.use};
  auto next = solved.G_eff.begin();
  for (const mapping::LayerPlan& layer : layers) {
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

}  // namespace memspice::flow
