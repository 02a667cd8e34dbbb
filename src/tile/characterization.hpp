#pragma once
// What ngspice answers for chosen tiles, with the provenance of every number.

#include <Eigen/Core>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"
#include "mapping/tile_plan.hpp"
#include "mapping/unfold.hpp"
#include "tile/array.hpp"
#include "tile/measure.hpp"

namespace memspice::tile {

/// What one set of characterized tiles stands for.
enum class Scope {
  Layer,    ///< a layer: every layer has a model of its own
  Network,  ///< all layers whose largest tiles are of one size: they share a model
};
Scope parse_scope(std::string_view name, std::string_view place);  ///< throws InputError

inline constexpr int kAutoTiles = 0;  ///< all where ngspice is quick enough (settled)
inline constexpr int kAllTiles = std::numeric_limits<int>::max();

/// How much to characterize. Defaults: see flows/characterize_tile.toml.
struct CharacterizeOptions {
  Scope scope = Scope::Layer;
  /// Per scope, or one of the two above. Of two or more the last is held out of the fit, of all
  /// every second.
  int tiles = kAutoTiles;
  int vectors = 16;  ///< per tile, fitted to, >= 8: corner vectors, then the network's own
  int held_out = 8;  ///< per tile, >= 1: never fitted to, all from the network's own activations
  void validate(std::string_view place) const;  ///< throws InputError
};

/// Where a number comes from.
struct Provenance {
  std::string deck_sha256;
  std::string engine;  ///< "ngspice-39"
  std::string card;    ///< device card
  std::uint64_t seed = 0;
};

/// One tile's stimuli and ngspice's answers.
struct Measurement {
  std::string layer, tile;
  std::vector<std::string> serves = {};  ///< layers that share the model; empty: its own alone
  bool held_out_tile = false;            ///< no vector of it is fitted to
  int corner_count = 0;  ///< vectors 0 .. corner_count-1 are corners of the input range
  int fit_count = 0;     ///< vectors 0 .. fit_count-1 may be fitted to, the rest never
  Eigen::MatrixXd G;     ///< word_lines x bit_lines [S]
  Eigen::MatrixXd V;     ///< word_lines x vectors [V]
  Eigen::MatrixXd I;     ///< the array's bit lines x vectors [A]; empty when the run failed
  Provenance provenance;
  std::optional<Certificate> certificate = {};  ///< of a pinned answer
  engine::Summary summary;
};

struct Dataset {
  std::vector<Measurement> measurements;  ///< those that share a model stand together
  std::vector<std::string> layers = {};   ///< the plan's, in its order
  int runs = 0, failed = 0;
  double seconds = 0.0;  ///< wall time of the ngspice runs
};

/// The network's own voltages at the word lines of one layer's blocks: samples[b] is
/// (input_count of block b + 1) x samples [V], as mapping::unfold gives them; empty where no tile
/// of the block is characterized.
using ActivationSamples = std::vector<mapping::FloatMatrix>;

struct CharacterizeInputs {
  const mapping::TilePlan* plan = nullptr;
  std::vector<ActivationSamples> samples;  ///< one per plan layer
  Array array;
  CharacterizeOptions options;
  std::string card;
  std::uint64_t seed = 0;
};

/// Picks tiles and stimuli, and puts them to ngspice. A failed run is counted and reported in its
/// Measurement; it is never replaced by another result. options.tiles: settled (tile_choice.hpp).
Dataset characterize(const CharacterizeInputs& inputs, const Spice& spice);

/// What characterize would ask, in its order.
std::vector<TileQuestion> characterization_questions(const CharacterizeInputs& inputs);

/// The tile set's results file: every measurement with its provenance, as JSON.
std::string to_json(const Dataset& dataset, const Array& array);

}  // namespace memspice::tile
