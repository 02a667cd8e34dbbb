#pragma once
// The stages of a run, each a function from what the former ones returned to one named struct.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "config/flow_options.hpp"
#include "flow/spectral_paths.hpp"
#include "mapping/tile_plan.hpp"
#include "network/dataset.hpp"
#include "network/graph.hpp"
#include "report/run_report.hpp"
#include "simulate/layer_kernel.hpp"
#include "simulate/simulate.hpp"
#include "tile/calibration.hpp"
#include "tile/characterization.hpp"
#include "tile/stored_response.hpp"

namespace memspice::flow {

/// What a run reads.
struct Inputs {
  network::Graph graph;
  std::optional<spectral::SpectralNetwork> spectral;  ///< where the file holds one; graph: the same
  std::vector<SpectralChoice> choices;                ///< convolutions asked for in the spectrum
  network::Dataset test;                              ///< the images to score
  network::Dataset calibration;                       ///< the images for ranges and stimuli
};
/// Opens network and data; checks layer names and image shapes. Throws InputError.
Inputs open_inputs(const config::FlowOptions& options);

/// Checks what [fidelity] and [path] say against the network's layers. Throws InputError.
void check_layer_names(const config::FlowOptions& options, const network::Graph& graph);

/// The network laid onto crossbars, and the activations that calibration draws on.
struct Mapped {
  mapping::TilePlan plan;
  std::map<int, network::Tensor> layer_inputs;  ///< on the calibration images, by LayerId
};
Mapped map_inputs(const config::FlowOptions& options, const Inputs& inputs);

/// One walk of all test images through the network.
struct Pass {
  std::string name;  ///< "float", "ideal", "mesh", "calibrated", "spice", or "flow"
  simulate::Fidelity fidelity = simulate::Fidelity::Calibrated;
  bool own_layers = false;  ///< layers that [fidelity] names run at their own fidelity
};
/// The accuracy ladder: uniform passes, each adding one kind of imperfection, up to the flow's
/// default; then "flow", as configured, where [fidelity] names layers.
std::vector<Pass> passes_of(const config::FlowOptions& options);
/// A layer's [path], or the default's.
std::string path_of(const config::FlowOptions& options, const std::string& layer);
simulate::Fidelity fidelity_of(const config::FlowOptions& options,
                               const std::string& layer,
                               const Pass& pass);
/// True when a layer of a pass runs at `fidelity`.
bool uses(const config::FlowOptions& options,
          const mapping::TilePlan& plan,
          simulate::Fidelity fidelity);

/// The resistances around a tile's cells under the flow's mapping scheme.
crossbar::Wiring wiring_of(const config::FlowOptions& options);
tile::ArrayPhysics physics_of(const config::FlowOptions& options);

/// ngspice's answers for the sampled tiles, and the models fitted to them.
struct Calibrated {
  tile::Dataset dataset;
  tile::CalibrationResult result;
  std::string engine_version;
};
Calibrated calibrate(const config::FlowOptions& options,
                     const Mapped& mapped,
                     const network::Graph& graph,
                     engine::Engine& engine);

/// The exact linear responses of a layer's tiles, [block][tile], word lines x bit lines [S].
using LayerResponses = std::vector<std::vector<Eigen::MatrixXd>>;
/// Those of every tile of a plan.
struct Responses {
  std::vector<LayerResponses> G_eff;  ///< by plan layer
  tile::StoreUse use;                 ///< how many came from the store
};
/// `store` may be null. Throws RunError for a tile whose response is not found.
Responses solve_responses(const config::FlowOptions& options,
                          const mapping::TilePlan& plan,
                          tile::Store* store);

/// What all passes share.
struct Parts {
  const Inputs* inputs = nullptr;
  const Mapped* mapped = nullptr;
  const Responses* responses = nullptr;
  const Calibrated* calibrated = nullptr;  ///< null when no pass needs it
  engine::Engine* engine = nullptr;        ///< null when no pass needs it
};
/// Every layer that the last pass runs in ngspice, against the behavioural fidelities on the same
/// inputs. `labels`: the last pass's predictions.
std::vector<report::LayerAgainstSpice> compare_with_spice(const config::FlowOptions& options,
                                                          const Parts& parts,
                                                          const std::vector<int>& labels);

/// Energy of each plan layer's arrays per image [J]: the power that all branches dissipate, solved
/// with wires and non-linear cells on some of the network's own vectors, times the read time.
std::vector<double> array_energy(const config::FlowOptions& options,
                                 const Mapped& mapped,
                                 const network::Graph& graph);

/// A layer's block inputs on the calibration images as word-line voltages, at most `count` vectors
/// drawn at random: (input_count + 1) x count [V].
mapping::FloatMatrix sample_voltages(const Mapped& mapped,
                                     const network::Graph& graph,
                                     const mapping::LayerPlan& layer,
                                     const mapping::Block& block,
                                     int count,
                                     RandomStream random);

}  // namespace memspice::flow
