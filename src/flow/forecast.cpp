#include "flow/forecast.hpp"

#include <algorithm>
#include <filesystem>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "flow/run_engine.hpp"
#include "tile/spice_time.hpp"

namespace memspice::flow {
namespace {

int workers_of(const config::FlowOptions& options) {
  if (options.spice.workers > 0) return options.spice.workers;
  return options.jobs > 0 ? options.jobs : available_cores();
}

double seconds_of(const mapping::Tile& tile, const config::FlowOptions& options, long vectors) {
  const tile::Array array = array_of(options);
  return tile::forecast_seconds(
      {.cells = tile.G.size(),
       .vectors = vectors * array.input().points_per_vector(),
       .is_linear = array.is_linear(),
       .has_wires = array.wiring().row > 0.0 || array.wiring().column > 0.0});
}

/// `is_stored`: by characterized tile; empty: none.
SpiceForecast forecast(const config::FlowOptions& options,
                       const mapping::TilePlan& plan,
                       const std::vector<bool>& is_stored) {
  SpiceForecast forecast;
  const std::vector<study::Pass> passes = passes_of(options);
  if (!needs_ngspice(passes, plan)) return forecast;
  const auto tiles = tile::characterized_tiles(plan, options.characterize, options.seed);
  forecast.tiles = static_cast<int>(tiles.size());
  forecast.asked = static_cast<int>(is_stored.size());
  forecast.vectors = options.characterize.vectors + options.characterize.held_out;
  forecast.in_loop = uses(passes, plan, simulate::Fidelity::Spice);
  forecast.workers = workers_of(options);
  double longest = 0.0;
  for (std::size_t k = 0; k < tiles.size(); ++k) {
    if (k < is_stored.size() && is_stored[k]) {
      ++forecast.stored;
      continue;
    }
    const double seconds = seconds_of(*tiles[k], options, forecast.vectors);
    forecast.seconds += seconds;
    longest = std::max(longest, seconds);
  }
  forecast.wall_seconds = std::max(longest, forecast.seconds / forecast.workers);
  return forecast;
}

}  // namespace

SpiceForecast forecast_spice(const config::FlowOptions& options, const mapping::TilePlan& plan) {
  return forecast(options, plan, {});
}

SpiceForecast forecast_spice(const config::FlowOptions& options,
                             const study::Mapped& mapped,
                             const network::Graph& graph) {
  SpiceForecast counted = forecast(options, mapped.plan, {});
  std::error_code ec;
  if (counted.tiles == 0 || !std::filesystem::exists(store_path(options), ec)) return counted;
  const RunStore store = open_store(store_path(options));
  const RunEngine offline = open_engine(spice_options(options), *store.store, false);
  const auto decks = tile::characterization_decks(characterize_inputs(options, mapped, graph));
  std::vector<bool> is_stored;
  for (const engine::Waveforms& answer : offline.engine->run_all(decks)) {
    is_stored.push_back(answer.ok());
  }
  return forecast(options, mapped.plan, is_stored);
}

std::string to_text(const SpiceForecast& forecast) {
  if (forecast.tiles == 0) return "ngspice: no layer needs it";
  std::string text = "ngspice: " + std::to_string(forecast.tiles) + " tiles x " +
                     std::to_string(forecast.vectors) + " vectors to characterize";
  if (forecast.asked > 0) text += ", " + std::to_string(forecast.stored) + " of them in the store";
  if (forecast.stored == forecast.tiles) {
    text += ": nothing to run";
  } else {
    text += std::string("; ") + (forecast.stored > 0 ? "the others take" : "they take") +
            " about " + format_duration(forecast.wall_seconds) + " with " +
            std::to_string(forecast.workers) + (forecast.workers == 1 ? " process" : " processes") +
            " (a forecast, good to a factor of three)";
  }
  return text + (forecast.in_loop ? "; besides, layers run in ngspice image by image" : "");
}

}  // namespace memspice::flow
