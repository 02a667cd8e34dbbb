#pragma once
// The stages of a run before its studies, each a function from what the former ones returned to one
// named struct.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/flow_options.hpp"
#include "flow/load_network.hpp"
#include "study/bench.hpp"
#include "study/spectral_paths.hpp"
#include "tile/stored_response.hpp"

namespace memspice::flow {

/// What a run reads.
struct Inputs {
  network::Graph graph;
  std::optional<spectral::SpectralNetwork> spectral;  ///< where the file holds one; graph: the same
  std::vector<study::SpectralChoice> choices;         ///< convolutions asked for in the spectrum
  network::Dataset test;                              ///< the images to score
  network::Dataset calibration;                       ///< the images for ranges and stimuli
};
/// Opens network and data; checks layer names and image shapes. Throws InputError.
Inputs open_inputs(const config::FlowOptions& options);

/// Checks what [fidelity] and [path] say against the network's layers. Throws InputError.
void check_layer_names(const config::FlowOptions& options, const network::Graph& graph);

/// The network laid onto crossbars, all its layers with weights.
study::Mapped map_inputs(const config::FlowOptions& options, const Inputs& inputs);

/// The accuracy ladder: uniform passes, each adding one kind of imperfection, up to the flow's
/// default; then "flow", as configured, where [fidelity] names layers.
std::vector<study::Pass> passes_of(const config::FlowOptions& options);
/// True when a layer of a pass runs at `fidelity`.
bool uses(const std::vector<study::Pass>& passes,
          const mapping::TilePlan& plan,
          simulate::Fidelity fidelity);
/// Whether any pass needs tile models that are fitted to ngspice, or ngspice itself.
bool needs_ngspice(const std::vector<study::Pass>& passes, const mapping::TilePlan& plan);

/// The array that the flow's tiles become under its mapping scheme.
tile::Array array_of(const config::FlowOptions& options);

/// Where a flow keeps its results: [store] path, or tiles.sqlite in the output folder.
std::filesystem::path store_path(const config::FlowOptions& options);
/// The engine's options, with what the flow says of jobs and folders.
engine::Options spice_options(const config::FlowOptions& options);

/// The bench of a mapped network without what its tiles answer. Points at its arguments.
study::Bench start_bench(const config::FlowOptions& options,
                         const Inputs& inputs,
                         const study::Mapped& mapped);

/// ngspice's answers for the sampled tiles, and the models fitted to them.
struct Calibrated {
  tile::Dataset dataset;
  tile::CalibrationResult result;
  std::string engine_version;
};
/// Through the bench's engine.
Calibrated calibrate(const config::FlowOptions& options, const study::Bench& bench);

/// What characterize needs from a mapped network.
tile::CharacterizeInputs characterize_inputs(const config::FlowOptions& options,
                                             const study::Mapped& mapped,
                                             const network::Graph& graph);

/// The exact linear responses of every tile of a plan.
struct Responses {
  std::vector<tile::LayerResponses> G_eff;  ///< by plan layer
  tile::StoreUse use;                       ///< how many came from the store
};
/// `store` may be null. Throws RunError for a tile whose response is not found.
Responses solve_responses(const study::Bench& bench, tile::Store* store);

}  // namespace memspice::flow
