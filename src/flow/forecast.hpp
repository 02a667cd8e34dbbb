#pragma once
// What a run will ask of ngspice, before it does.

#include <string>

#include "flow/stages.hpp"

namespace memspice::flow {

struct SpiceForecast {
  int tiles = 0;         ///< to be characterized
  long vectors = 0;      ///< of each
  int stored = 0;        ///< of the tiles, in the store already
  int asked = 0;         ///< of the tiles, looked up in the store; 0: nobody asked it
  bool in_loop = false;  ///< layers run in ngspice image by image, which is not forecast
  int workers = 1;       ///< ngspice processes at once
  double seconds = 0.0;  ///< processor time of those that are not stored [s]
  /// Wall time: the workers share the tiles, and only pinned ones share a tile [s].
  double wall_seconds = 0.0;
};

/// From counts alone, as if nothing were stored; no tiles where no layer needs ngspice.
SpiceForecast forecast_spice(const SpicePlan& spice, const mapping::TilePlan& plan);

/// The same with what the store holds for exactly these tiles and vectors.
SpiceForecast forecast_spice(const SpicePlan& spice,
                             const study::Mapped& mapped,
                             const network::Graph& graph);

/// "ngspice: 10 tiles x 24 vectors to characterize, 4 of them in the store; ..."
std::string to_text(const SpiceForecast& forecast);

}  // namespace memspice::flow
