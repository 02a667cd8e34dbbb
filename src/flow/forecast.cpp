#include "flow/forecast.hpp"

#include <algorithm>
#include <filesystem>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "flow/run_engine.hpp"
#include "tile/tile_choice.hpp"

namespace memspice::flow {
namespace {

/// `is_stored`: by characterized tile; empty: none.
SpiceForecast forecast(const SpicePlan& spice,
                       const mapping::TilePlan& plan,
                       const std::vector<bool>& is_stored) {
  SpiceForecast forecast;
  if (!needs_ngspice(spice.ladder, plan)) return forecast;
  const tile::SpiceMethod method = spice.choice().method;
  const auto options = tile::settled(spice.characterize, plan, spice.array, method);
  const auto tiles = tile::choose_tiles(plan, options, spice.seed);
  forecast.tiles = static_cast<int>(tiles.size());
  forecast.asked = static_cast<int>(is_stored.size());
  forecast.vectors = spice.characterize.vectors + spice.characterize.held_out;
  forecast.in_loop = uses(spice.ladder, plan, simulate::Fidelity::Spice);
  forecast.workers = spice.engine.workers > 0 ? spice.engine.workers : available_cores();
  double longest = 0.0;
  for (std::size_t k = 0; k < tiles.size(); ++k) {
    if (k < is_stored.size() && is_stored[k]) {
      ++forecast.stored;
      continue;
    }
    const double seconds =
        tile::forecast_seconds(tile::run_of(*tiles[k].tile, spice.array, options, method));
    forecast.seconds += seconds;
    // Pinned tiles are cut in pieces, which the workers share.
    if (method == tile::SpiceMethod::Direct) longest = std::max(longest, seconds);
  }
  forecast.wall_seconds = std::max(longest, forecast.seconds / forecast.workers);
  return forecast;
}

}  // namespace

SpiceForecast forecast_spice(const SpicePlan& spice, const mapping::TilePlan& plan) {
  return forecast(spice, plan, {});
}

SpiceForecast forecast_spice(const SpicePlan& spice,
                             const study::Mapped& mapped,
                             const network::Graph& graph) {
  SpiceForecast counted = forecast(spice, mapped.plan, {});
  std::error_code ec;
  if (counted.tiles == 0 || !std::filesystem::exists(spice.store, ec)) return counted;
  const RunStore store = open_store(spice.store);
  const RunEngine offline = open_engine(spice.engine, *store.store, false);
  const auto questions =
      tile::characterization_questions(characterize_inputs(spice, mapped, graph));
  const tile::Spice stored = offline.spice(spice.choice().method);
  std::vector<bool> is_stored;
  for (const tile::TileAnswer& answer : tile::measure(questions, spice.array, stored)) {
    is_stored.push_back(answer.I.size() > 0);
  }
  return forecast(spice, mapped.plan, is_stored);
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
