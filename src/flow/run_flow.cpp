#include "flow/run_flow.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/stopwatch.hpp"
#include "flow/build_report.hpp"
#include "flow/plan.hpp"
#include "flow/run_engine.hpp"
#include "flow/scoring.hpp"
#include "report/periphery_report.hpp"
#include "study/array_energy.hpp"
#include "study/machine.hpp"

namespace memspice::flow {
namespace {

/// What flow, network and machine a report is of.
report::RunReport start_report(const OpenedRun& run, const study::Bench& bench) {
  const config::FlowOptions& options = run.options;
  const network::Dataset& calibration = run.inputs.calibration;
  report::RunReport report;
  report.flow = title_of(options.name, options.variant);
  report.network = options.network_file.filename().string();
  report.data = name_of(options.data.test);
  report.calibration_data =
      std::to_string(calibration.count()) + " images of " + name_of(options.data.calibration);
  report.card = options.device.model + "/" + options.device.card;
  report.technology = options.array.technology;
  report.settings =
      settings_of(options.mapping, options.converters, options.device.window, bench.array);
  for (const auto& [name, value] : device::describe(options.nonideality)) {
    report.settings[name] = value;
  }
  report.settings["input values"] = to_text(input_range(run.inputs.test));
  report.seed = options.seed;
  report.images = run.inputs.test.count();
  return report;
}

/// Every study with the flow's options. `periphery`: characterized; it must outlive the studies.
study::Studies studies_of(const OpenedRun& run,
                          SpiceUse use,
                          const std::optional<study::NetworkPeriphery>& periphery) {
  study::StudyOptions studies = study_options(run.options, run.inputs);
  studies.periphery = periphery ? &*periphery : nullptr;
  if (use == SpiceUse::RunMissing) studies.programming_in_spice = spice_options(run.options);
  return study::make_studies(studies);
}

report::RunReport run_stages(const config::FlowOptions& given, SpiceUse use, bool scores) {
  const Stopwatch total;
  require_writable_folder(given.out);
  const OpenedRun run = open_run(given, scores);
  study::Bench bench = start_bench(run.options, run.inputs, run.mapped);

  const Stopwatch characterization;
  const auto answers = answer_tiles(spice_plan(run.options), use, given.out, bench);
  const auto periphery = study::characterize_network_periphery(
      given.periphery, config::load_technology(given.array.technology), bench);
  const double seconds_characterize = characterization.seconds();

  const Stopwatch simulation;
  const study::Outcomes outcomes = scores ? study::simulate_passes(bench) : study::Outcomes{};
  bench.outcomes = &outcomes;
  bench.read_energy = study::array_energy(bench);
  report::RunReport report = start_report(run, bench);
  const study::Studies studies =
      scores ? studies_of(run, use, periphery) : study::make_unscored_studies();
  for (const auto& study : studies) study->run(bench, report);

  report.seconds_characterize = seconds_characterize;
  report.seconds_simulate = simulation.seconds();
  report.seconds_total = total.seconds();
  complete_report({.inputs = &run.inputs,
                   .bench = &bench,
                   .answers = answers.get(),
                   .periphery = periphery,
                   .expected_accuracy = given.expected_accuracy},
                  report);
  return report;
}

report::RunReport run_to_report(const config::FlowOptions& options, SpiceUse use) {
  report::RunReport report = run_stages(options, use, true);
  report::write_report(report, options.out.string());
  return report;
}

}  // namespace

report::RunReport run_flow(const config::FlowOptions& options) {
  return run_to_report(options, SpiceUse::RunMissing);
}

report::RunReport simulate_flow(const config::FlowOptions& options) {
  return run_to_report(options, SpiceUse::StoreOnly);
}

report::RunReport characterize_flow(const config::FlowOptions& options) {
  report::RunReport report = run_stages(options, SpiceUse::RunMissing, false);
  write_file(characterization_page(options.out), report::to_html(report));
  return report;
}

std::filesystem::path characterization_page(const std::filesystem::path& folder) {
  std::error_code ec;
  const bool has_run = std::filesystem::exists(folder / "results.json", ec);
  return folder / (has_run ? "characterization.html" : "report.html");
}

std::vector<periphery::PeripheryModel> characterize_periphery(const config::FlowOptions& options) {
  if (options.periphery.circuits.empty()) {
    reject(options.file.string(),
           {},
           "names no circuit to characterize",
           "add a table such as [periphery.relu]");
  }
  const device::Technology technology = config::load_technology(options.array.technology);
  const device::AnalogFigures& figures = technology.require_analog();
  require_writable_folder(options.out);
  const RunStore store = open_store(store_path(options));
  const RunEngine engine = open_engine(spice_options(options), *store.store, true);
  periphery::Options settings = options.periphery.characterize;
  settings.seed = options.seed;
  const auto models =
      periphery::characterize(options.periphery.circuits, figures, *engine.engine, settings);
  write_file(options.out / "periphery.json", report::periphery_to_json(models));
  return models;
}

}  // namespace memspice::flow
