#pragma once
// The machine that studies examine: a network, its crossbars, what its tiles answer, and what its
// ladder scored.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "network/dataset.hpp"
#include "simulate/simulate.hpp"
#include "study/adc_settings.hpp"
#include "study/converters.hpp"
#include "study/layer_path.hpp"
#include "study/mapped.hpp"
#include "study/rung.hpp"
#include "tile/array.hpp"
#include "tile/calibration.hpp"

namespace memspice::study {

/// Kernels of layers, by LayerId.
using Kernels = std::map<int, std::shared_ptr<const simulate::LayerKernel>>;
/// By the name of their pass.
using Outcomes = std::map<std::string, simulate::Outcome>;

struct Bench {
  const network::Graph* graph = nullptr;
  const network::Dataset* test = nullptr;         ///< the images to score
  const network::Dataset* calibration = nullptr;  ///< the images for ranges and stimuli
  Paths paths = {};                               ///< which computes each layer
  const Mapped* mapped = nullptr;                 ///< the layers on crossbars
  tile::Array array{};                            ///< that every tile becomes
  const std::vector<tile::LayerResponses>* responses = nullptr;  ///< by plan layer
  const tile::CalibrationResult* models = nullptr;               ///< null when no pass needs them
  tile::Spice spice = {};  ///< without an engine where nothing needs it
  Kernels digital = {};    ///< of layers off crossbars: bitstreams, the spectrum
  /// What calibration images show of the inputs of layers on bitstreams, ranges at the bitstreams'
  /// percentile; null where no layer runs on them.
  std::shared_ptr<const network::Activations> stream_inputs = {};
  /// Of `mapped`'s layers; a bench of another plan needs its own.
  std::shared_ptr<AdcSettings> adcs = std::make_shared<AdcSettings>();
  /// What [converters] makes of their converters; null: all are ideal.
  std::shared_ptr<const DrawnConverters> converters = nullptr;
  double read_time = 0.0;                ///< of one vector [s]
  std::vector<double> read_energy = {};  ///< of a plan layer's arrays per image, over that time [J]
  std::uint64_t seed = 1;
  int jobs = 0;               ///< threads; 0: all cores
  bool keep_outputs = false;  ///< in the ladder's outcomes
  /// The accuracy ladder and, as one of its rungs, the network as configured: the last.
  std::vector<Rung> ladder = {};
  const Outcomes* outcomes = nullptr;  ///< of the ladder; null before they ran

  const Rung& last_rung() const { return ladder.back(); }
  const simulate::Outcome& first_outcome() const { return outcomes->at(ladder.front().name); }
  const simulate::Outcome& last_outcome() const { return outcomes->at(ladder.back().name); }
};

}  // namespace memspice::study
