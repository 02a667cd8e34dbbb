#pragma once
// Which layers are computed in the spectrum.
//
// path = "spectral"  a convolution, by overlap-save; as a default, those that can be and the rest
//                    in float
// path = "fastest"   a convolution in the spectrum or in space, whichever takes less time here
// In a spectral network both mean that a layer stays digital.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "network/graph.hpp"
#include "spectral/convolution.hpp"
#include "study/layer_path.hpp"

namespace memspice::study {

/// A convolution that was asked for in the spectrum, and its time per image on one thread, the
/// shortest of several runs [s].
struct SpectralChoice {
  network::LayerId layer;
  std::shared_ptr<const spectral::Convolution> convolution;
  bool in_spectrum = true;
  double seconds_spectral = 0.0, seconds_spatial = 0.0;
};

struct ResolvedPaths {
  Paths paths;  ///< Spectral stands only where it is done, Fastest nowhere
  std::vector<SpectralChoice> choices;
};

/// Throws InputError for a layer that is named and cannot be computed in the spectrum.
ResolvedPaths resolve_paths(const Paths& asked,
                            const network::Graph& graph,
                            bool is_spectral_network);

}  // namespace memspice::study
