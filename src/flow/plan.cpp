// What a flow's options make of a network: passes, arrays, and the bench they stand on.

#include <algorithm>

#include "flow/stages.hpp"
#include "study/bitstream.hpp"
#include "study/spectral.hpp"

namespace memspice::flow {
namespace {

using simulate::Fidelity;
using study::Pass;

/// Whether any layer of any pass runs at such a fidelity.
template <typename Predicate>
bool any_layer(const std::vector<Pass>& passes,
               const mapping::TilePlan& plan,
               const Predicate& is_such) {
  return std::ranges::any_of(passes, [&](const Pass& pass) {
    return std::ranges::any_of(
        plan.layers, [&](const mapping::LayerPlan& layer) { return is_such(pass.of(layer.name)); });
  });
}

}  // namespace

std::vector<Pass> passes_of(const config::FlowOptions& options) {
  if (!options.path.has(study::LayerPath::Crossbar)) return {{"float", Fidelity::Float}};
  std::vector<Pass> passes;
  for (const Fidelity fidelity : simulate::fidelities()) {
    passes.push_back({std::string(simulate::to_text(fidelity)), fidelity});
    if (fidelity == options.fidelity.standard) break;
  }
  if (!options.fidelity.layers.empty()) {
    passes.push_back({"flow", options.fidelity.standard, options.fidelity.layers});
  }
  return passes;
}

bool uses(const std::vector<Pass>& passes, const mapping::TilePlan& plan, Fidelity fidelity) {
  return any_layer(passes, plan, [&](Fidelity of_layer) { return of_layer == fidelity; });
}

bool needs_ngspice(const std::vector<Pass>& passes, const mapping::TilePlan& plan) {
  return any_layer(passes, plan, [](Fidelity of_layer) { return of_layer.needs_ngspice(); });
}

tile::Array array_of(const config::FlowOptions& options) {
  const config::ArrayOptions& array = options.array;
  tile::ArraySpec spec{.wiring = array.wiring,
                       .alpha = options.device.alpha,
                       .read_voltage = array.read_voltage,
                       .cell = options.device.cell,
                       .access = array.access,
                       .pairs = array.pairs,
                       .source_line = array.source_line,
                       .pulse_bits = array.pulses ? options.converters.dac_bits : 0};
  // Pairs sit at their summer, each behind its own driver: no line runs from cell to cell.
  if (options.mapping.scheme == mapping::Scheme::KernelFirst) {
    spec.wiring.row = spec.wiring.column = 0.0;
  }
  return tile::Array(std::move(spec));
}

std::filesystem::path store_path(const config::FlowOptions& options) {
  return options.store.empty() ? options.out / "tiles.sqlite" : options.store;
}

engine::Options spice_options(const config::FlowOptions& options) {
  engine::Options spice = options.spice;
  if (spice.workers == 0) spice.workers = options.jobs;
  spice.failed_deck_folder = options.out.string();
  return spice;
}

study::Bench start_bench(const config::FlowOptions& options,
                         const Inputs& inputs,
                         const study::Mapped& mapped) {
  study::Bench bench{.graph = &inputs.graph,
                     .test = &inputs.test,
                     .calibration = &inputs.calibration,
                     .paths = options.path,
                     .mapped = &mapped,
                     .array = array_of(options),
                     .read_time = options.array.read_time,
                     .seed = options.seed,
                     .jobs = options.jobs,
                     .passes = passes_of(options)};
  study::add_bitstreams(options.bitstream, bench);
  bench.digital.merge(study::make_spectral_kernels(inputs.choices));
  return bench;
}

}  // namespace memspice::flow
