#pragma once
// Fits the calibrated tile model to ngspice and measures it where it was not fitted.
//
// Linear least squares for a_p, and where cells bend as they conduct b_pq (model.hpp), in
// I - G_eff^T V = sum_p a_p G_eff^T U (V/U)^p + sum_pq b_pq (G_eff (G_eff/G_scale)^q)^T U (V/U)^p
// over the layer's
// fitted vectors, all bit lines, each tile scaled by the RMS of its own differential currents.
// Errors are of differential currents D_j = I_2j - I_2j+1, what the network sees, on the network's
// own vectors (corners are fitted to, never judged on), each tile's relative to ngspice's currents
// for the same vectors: nrmse = rms((D_model - D_spice) / rms_tile(D_spice)),
// max = max(|D_model - D_spice| / max_tile|D_spice|).

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tile/characterization.hpp"
#include "tile/model.hpp"

namespace memspice::tile {

/// Error of one model over a set of vectors.
struct ModelError {
  double nrmse = 0.0;  ///< [1]
  double max = 0.0;    ///< [1]
};

/// The models of model_kinds() that the array can have, against ngspice over the same vectors.
struct ModelErrors {
  std::vector<std::pair<std::string, ModelError>> models;  ///< by name, in the list's order
  long vectors = 0;                                        ///< 0: nothing was held out here
  bool has(std::string_view model) const;
  /// Zero for a model that was not judged.
  ModelError of(std::string_view model) const;
};

/// The calibrated model's nrmse tile by tile, over vectors that no fit has seen [1].
struct TileSpread {
  int tiles = 0;
  double median = 0.0, ninetieth = 0.0, worst = 0.0;  ///< ninetieth: nine of ten are at most this
};
/// By the nearest rank; all 0 for none.
TileSpread spread_of(std::vector<double> nrmse);

struct LayerCalibration {
  std::string layer;
  std::string group = {};  ///< "128 x 64, 6 layers" where the model and its errors are shared
  Calibration calibration;
  ModelErrors fitted;            ///< the network's vectors that the fit has seen
  ModelErrors held_out_vectors;  ///< unseen vectors on fitted tiles
  ModelErrors held_out_tiles;    ///< the network's vectors on tiles that no fit has seen
  TileSpread spread = {};        ///< of those tiles; where there are none, of the fitted ones
  /// What ngspice says of its own answers, the worst of all tiles; of direct runs nothing.
  std::optional<Certificate> certificate = {};
};

struct CalibrationResult {
  std::vector<LayerCalibration> layers;  ///< in the plan's order
  ModelErrors held_out;    ///< all layers: held-out vectors and held-out tiles together
  TileSpread spread = {};  ///< of all layers
  long vectors_fit = 0, vectors_held_out = 0;
};

/// Whether a model may take cells of different conductance for differently bent ones.
enum class Cells { Alike, ByConductance };

/// Layers that share a model (tile::Scope) have the same calibration and errors.
/// Throws RunError when a model has no successful measurement to fit.
CalibrationResult fit(const Dataset& dataset,
                      const Array& array,
                      Cells cells = Cells::ByConductance);

}  // namespace memspice::tile
