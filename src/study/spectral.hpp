#pragma once
// Layers whose [path] is "spectral", and spectral networks: their kernels in a machine, and what
// they give.

#include <optional>

#include "spectral/digital_cost.hpp"
#include "spectral/network.hpp"
#include "study/spectral_paths.hpp"
#include "study/study.hpp"

namespace memspice::study {

/// The kernels of the layers that are computed in the spectrum.
Kernels make_spectral_kernels(const std::vector<SpectralChoice>& choices);

struct SpectralStudyOptions {
  const spectral::SpectralNetwork* network = nullptr;  ///< where the graph is one's twin
  std::vector<SpectralChoice> choices = {};            ///< convolutions asked for in the spectrum
  std::optional<spectral::DigitalCard> card = {};      ///< where there is either
  int lanes = 16;                                      ///< of the digital unit

  bool is_on() const { return network != nullptr || !choices.empty(); }
};

/// Accuracy with these layers in the spectrum and all others in float, and what their digital
/// units cost. Nothing where no layer asks for it.
std::unique_ptr<const Study> make_spectral_study(SpectralStudyOptions options);

}  // namespace memspice::study
