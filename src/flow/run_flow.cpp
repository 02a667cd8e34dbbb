#include "flow/run_flow.hpp"

#include <chrono>
#include <optional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/bitstream.hpp"
#include "flow/build_report.hpp"
#include "flow/machine.hpp"
#include "flow/monte_carlo.hpp"
#include "flow/network_periphery.hpp"
#include "flow/on_crossbars.hpp"
#include "flow/programming.hpp"
#include "flow/run_engine.hpp"
#include "flow/scoring.hpp"
#include "flow/spectral.hpp"
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
                                                 const simulate::Outcome& perfect,
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

/// What is asked of the network beyond its passes; empty without passes.
struct Studies {
  std::vector<report::LayerAgainstSpice> against_spice;
  std::optional<report::VariabilityReport> variability;
  std::optional<report::ProgrammingReport> programming;
  std::optional<report::BitstreamReport> bitstream;
  std::optional<report::SpectralReport> spectral;
  std::optional<report::NetworkPeripheryReport> periphery;
};

Studies run_studies(const config::FlowOptions& options,
                    const Parts& parts,
                    const std::vector<Pass>& passes,
                    const std::map<std::string, simulate::Outcome>& outcomes,
                    const std::optional<NetworkPeriphery>& periphery,
                    SpiceUse use) {
  Studies studies;
  if (passes.empty()) return studies;
  const simulate::Outcome& last = outcomes.at(passes.back().name);
  studies.against_spice = compare_with_spice(options, parts, last.predictions);
  studies.variability = run_monte_carlo(options, parts, last);
  studies.programming = program(options, parts, last, use);
  const simulate::Outcome& float_outcome = outcomes.at(passes.front().name);
  studies.bitstream = run_bitstream(options, parts, float_outcome);
  studies.spectral = run_spectral(options, *parts.inputs, float_outcome);
  if (periphery) {
    studies.periphery = price_periphery(options, parts, passes.back(), *periphery, last);
  }
  return studies;
}

/// Whether any pass needs tile models that are fitted to ngspice, or ngspice itself.
bool needs_calibration(const config::FlowOptions& options, const mapping::TilePlan& plan) {
  return uses(options, plan, Fidelity::Calibrated) || uses(options, plan, Fidelity::Spice);
}

/// What is built: the layers that [path] takes off crossbars are left out.
Mapped map_crossbars(const config::FlowOptions& options, const Inputs& inputs) {
  Mapped mapped = map_inputs(options, inputs);
  mapped.plan = on_crossbars(options, std::move(mapped.plan));
  return mapped;
}

report::RunReport run_stages(const config::FlowOptions& given,
                             SpiceUse use,
                             const std::vector<Pass>& passes) {
  const Stopwatch total;
  require_writable_folder(given.out);
  Inputs inputs = open_inputs(given);
  if (!passes.empty()) require_scorable(given, inputs);
  ResolvedPaths paths = resolve_paths(given, inputs.graph, inputs.spectral.has_value());
  const config::FlowOptions& options = paths.options;
  inputs.choices = std::move(paths.choices);
  const Mapped mapped = map_crossbars(options, inputs);

  const RunStore store = open_store(options);
  const Stopwatch characterization;
  std::optional<RunEngine> engine;
  std::optional<Calibrated> calibrated;
  const bool calibrates = needs_calibration(options, mapped.plan);
  if (calibrates || !options.periphery.in_network.empty()) {
    engine = open_engine(options, *store.store, use == SpiceUse::RunMissing);
  }
  if (calibrates) {
    calibrated = calibrate(options, mapped, inputs.graph, *engine->engine);
    save_characterization(options, *calibrated);
  }
  const Responses responses = solve_responses(options, mapped.plan, store.store.get());
  const Parts parts{.inputs = &inputs,
                    .mapped = &mapped,
                    .responses = &responses,
                    .calibrated = calibrated ? &*calibrated : nullptr,
                    .engine = engine ? engine->engine.get() : nullptr};
  const auto periphery = characterize_network_periphery(options, parts, passes_of(options).back());
  const double characterize_seconds = characterization.seconds();

  const Stopwatch simulation;
  const auto outcomes = simulate_passes(options, parts, passes);
  const Studies studies = run_studies(options, parts, passes, outcomes, periphery, use);
  const std::vector<double> read_energy = array_energy(options, mapped, inputs.graph);
  const std::vector<double> energy =
      periphery ? measured_array_energy(options, mapped.plan, *periphery, read_energy)
                : read_energy;

  return build_report({.options = &options,
                       .parts = &parts,
                       .outcomes = &outcomes,
                       .read_energy = &read_energy,
                       .energy = &energy,
                       .against_spice = studies.against_spice,
                       .variability = studies.variability,
                       .programming = studies.programming,
                       .bitstream = studies.bitstream,
                       .spectral = studies.spectral,
                       .periphery = studies.periphery,
                       .measured = periphery ? &*periphery : nullptr,
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

std::filesystem::path characterization_page(const config::FlowOptions& options) {
  std::error_code ec;
  const bool has_run = std::filesystem::exists(options.out / "results.json", ec);
  return options.out / (has_run ? "characterization.html" : "report.html");
}

report::RunReport characterize_flow(const config::FlowOptions& options) {
  report::RunReport report = run_stages(options, SpiceUse::RunMissing, {});
  write_file(characterization_page(options), report::to_html(report));
  return report;
}

}  // namespace memspice::flow
