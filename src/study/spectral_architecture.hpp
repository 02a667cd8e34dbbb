#pragma once

#include <filesystem>
#include <string>

#include "network/dataset.hpp"
#include "spectral/digital_cost.hpp"
#include "study/spectral_options.hpp"

namespace memspice::study {

/// The spectral network that a flow is about, and what smaller ones are searched with.
struct SpectralSearch {
  std::filesystem::path file;              ///< the flow's, for errors
  std::string name;                        ///< the flow's
  std::filesystem::path network_file;      ///< empty: `options` describe the network
  network::ImportOptions network_options;  ///< of network::load_onnx
  SpectralOptions options;
  spectral::DigitalCard card;
  network::DatasetOptions test;  ///< the images to score
  int jobs = 0;                  ///< threads; 0: all cores
};

/// That network as it stands: the shape in [spectral], else the network file's: a spectral network,
/// or the twin of an ordinary one with [spectral]'s activation and storage. Throws InputError where
/// the flow has none, or says of a spectral file what the file says.
spectral::Architecture spectral_architecture(const SpectralSearch& search);

/// Convolution and pooling in one, or apart: as written, and where that is fused every bin that a
/// layer is given.
spectral::Architecture with_fusion(const spectral::Architecture& architecture, bool fused);

}  // namespace memspice::study
