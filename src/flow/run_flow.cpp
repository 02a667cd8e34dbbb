#include "flow/run_flow.hpp"

#include <chrono>
#include <optional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/bitstream.hpp"
#include "flow/build_report.hpp"
#include "flow/machine.hpp"
#include "flow/monte_carlo.hpp"
#include "flow/programming.hpp"
#include "flow/run_engine.hpp"
#include "flow/stages.hpp"

namespace memspice::flow {
namespace {

using simulate::Fidelity;

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Which ngspice runs a run may make.
enum class SpiceUse {
  RunMissing,  ///< what the store lacks is run
  StoreOnly,   ///< what the store lacks is an error
};

/// Every measurement with its provenance, for people and scripts; the store keeps its own copy.
void save_characterization(const config::FlowOptions& options, const Calibrated& calibrated) {
  write_file(options.out / "characterization.json",
             tile::to_json(calibrated.dataset, physics_of(options)));
}

std::map<std::string, simulate::Outcome> simulate_passes(const config::FlowOptions& options,
                                                         const Parts& parts,
                                                         const std::vector<Pass>& passes) {
  std::map<std::string, simulate::Outcome> outcomes;
  for (const Pass& pass : passes) {
    outcomes[pass.name] =
        simulate::simulate(build_machine(options, parts, pass),
                           parts.inputs->test,
                           {.jobs = options.jobs, .title = "simulate " + pass.name});
  }
  return outcomes;
}

/// Written by memspice and, where ngspice may run, a corner of an array by ngspice as well.
std::optional<report::ProgrammingReport> program(const config::FlowOptions& options,
                                                 const Parts& parts,
                                                 double perfect,
                                                 SpiceUse use) {
  auto programming = run_programming(options, parts, perfect);
  const bool compares = programming && options.programming.spice_cells > 0;
  if (!compares || use == SpiceUse::StoreOnly) return programming;
  engine::Options spice = options.spice;
  spice.workers = 1;  // each pulse waits for the one before it
  spice.failed_deck_folder = options.out.string();
  programming->agreement =
      compare_programming(options, parts.mapped->plan, *engine::make_ngspice_engine(spice));
  return programming;
}

report::RunReport run_stages(const config::FlowOptions& options,
                             SpiceUse use,
                             const std::vector<Pass>& passes) {
  const Stopwatch total;
  require_writable_folder(options.out);
  const Inputs inputs = open_inputs(options);
  const Mapped mapped = map_inputs(options, inputs);

  const RunStore store = open_store(options);
  const Stopwatch characterization;
  std::optional<RunEngine> engine;
  std::optional<Calibrated> calibrated;
  if (uses(options, mapped.plan, Fidelity::Calibrated) ||
      uses(options, mapped.plan, Fidelity::Spice)) {
    engine = open_engine(options, *store.store, use == SpiceUse::RunMissing);
    calibrated = calibrate(options, mapped, inputs.graph, *engine->engine);
    save_characterization(options, *calibrated);
  }
  const double characterize_seconds = characterization.seconds();

  const Stopwatch simulation;
  const Responses responses = solve_responses(options, mapped.plan, store.store.get());
  const Parts parts{.inputs = &inputs,
                    .mapped = &mapped,
                    .responses = &responses,
                    .calibrated = calibrated ? &*calibrated : nullptr,
                    .engine = engine ? engine->engine.get() : nullptr};
  const auto outcomes = simulate_passes(options, parts, passes);
  const auto against_spice =
      passes.empty()
          ? std::vector<report::LayerAgainstSpice>{}
          : compare_with_spice(options, parts, outcomes.at(passes.back().name).predictions);
  const auto variability =
      passes.empty() ? std::nullopt
                     : run_monte_carlo(options, parts, outcomes.at(passes.back().name).accuracy);
  const auto programming =
      passes.empty() ? std::nullopt
                     : program(options, parts, outcomes.at(passes.back().name).accuracy, use);
  const auto bitstream =
      passes.empty() ? std::nullopt
                     : run_bitstream(options, parts, outcomes.at(passes.front().name).accuracy);
  const std::vector<double> energy = array_energy(options, mapped, inputs.graph);

  return build_report({.options = &options,
                       .parts = &parts,
                       .outcomes = &outcomes,
                       .energy = &energy,
                       .against_spice = against_spice,
                       .variability = variability,
                       .programming = programming,
                       .bitstream = bitstream,
                       .store = {.spice = engine ? engine->engine->use() : tile::StoreUse{},
                                 .responses = responses.use,
                                 .warnings = *store.warnings},
                       .seconds_characterize = characterize_seconds,
                       .seconds_simulate = simulation.seconds(),
                       .seconds_total = total.seconds()});
}

}  // namespace

report::RunReport run_flow(const config::FlowOptions& options) {
  report::RunReport report = run_stages(options, SpiceUse::RunMissing, passes_of(options));
  report::write_report(report, options.out.string());
  return report;
}

report::RunReport simulate_flow(const config::FlowOptions& options) {
  report::RunReport report = run_stages(options, SpiceUse::StoreOnly, passes_of(options));
  report::write_report(report, options.out.string());
  return report;
}

report::RunReport characterize_flow(const config::FlowOptions& options) {
  return run_stages(options, SpiceUse::RunMissing, {});
}

}  // namespace memspice::flow
