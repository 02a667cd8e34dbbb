#pragma once

#include <optional>
#include <string>

#include "spectral/candidates.hpp"

namespace memspice::study {

/// [spectral]: the shape of a spectral network, what its digital units cost, and its optimiser.
struct SpectralOptions {
  std::string digital = "float32_45nm";  ///< device_models/digital/<name>.toml, or a path
  int lanes = 16;                        ///< multiplier and adder pairs of the digital unit, >= 1

  /// What sizes, depths and classifier describe; empty where the table gives no depths.
  std::optional<spectral::Architecture> shape;
  /// Of an ordinary network's twin.
  std::optional<spectral::Activation> activation;
  std::optional<spectral::Storage> storage;

  spectral::CandidateOptions candidates;
  double max_accuracy_loss = 0.03;  ///< share, against the original, 0 .. 1
  /// Path of trained candidates, their name in the place of '*': "net/lenet5_*.onnx". Empty: none.
  std::string trained;
};

}  // namespace memspice::study
