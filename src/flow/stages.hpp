#pragma once
// What the stages of a run before its studies return, and those that need no whole flow
// (flow/plan.hpp has the others).

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "flow/load_network.hpp"
#include "study/bench.hpp"
#include "study/spectral_paths.hpp"
#include "tile/spice_method.hpp"
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

/// Checks what tables that name layers say against the network's layers. Throws InputError.
void check_layer_names(const simulate::FidelityOptions& fidelity,
                       const study::Paths& paths,
                       const mapping::Options& mapping,
                       const mapping::ConverterOptions& converters,
                       const network::Graph& graph);

/// `plan` without the layers that [path] takes off crossbars: what is built.
mapping::TilePlan on_crossbars(const study::Paths& paths, mapping::TilePlan plan);

/// The accuracy ladder: uniform rungs, each adding one kind of imperfection, up to the flow's
/// default; then "flow", as configured, where [fidelity] names layers; then what converters add.
std::vector<study::Rung> ladder_of(const study::Paths& paths,
                                   const simulate::FidelityOptions& fidelity,
                                   const study::ConverterErrorOptions& converters = {});
/// True when a layer of a pass runs at `fidelity`.
bool uses(const std::vector<study::Rung>& ladder,
          const mapping::TilePlan& plan,
          simulate::Fidelity fidelity);
/// Whether any pass needs tile models that are fitted to ngspice, or ngspice itself.
bool needs_ngspice(const std::vector<study::Rung>& ladder, const mapping::TilePlan& plan);

/// What is asked of ngspice for the tiles of a plan, and where its answers are kept.
struct SpicePlan {
  std::vector<study::Rung> ladder;  ///< that need the answers, or not
  tile::Array array{};              ///< that every tile becomes
  tile::CharacterizeOptions characterize;
  tile::SpiceMethod method = tile::SpiceMethod::Pinned;  ///< asked for
  std::string card;                                      ///< device card: "static_read/hfox_1t1r"
  std::uint64_t seed = 1;
  engine::Options engine;
  bool beside_ladder = false;  ///< ngspice is asked for circuits, or images to verify, as well
  std::filesystem::path store;
  std::filesystem::path flow;  ///< its file, for errors

  /// How its tiles are asked.
  tile::MethodChoice choice() const { return tile::choose_method(method, array); }
};

/// ngspice's answers for the sampled tiles, and the models fitted to them.
struct Calibrated {
  tile::Dataset dataset;
  tile::CalibrationResult result;
  std::string engine_version;
};
/// Through the bench's ngspice.
Calibrated calibrate(const SpicePlan& spice, const study::Bench& bench);

/// What characterize needs from a mapped network.
tile::CharacterizeInputs characterize_inputs(const SpicePlan& spice,
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
