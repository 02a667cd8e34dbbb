#include "flow/run_flow.hpp"

#include "base/files.hpp"
#include "base/stopwatch.hpp"
#include "flow/build_report.hpp"
#include "flow/output_files.hpp"
#include "flow/provenance.hpp"
#include "flow/studies.hpp"
#include "study/array_energy.hpp"
#include "study/machine.hpp"

namespace memspice::flow {
namespace {

report::RunReport run_stages(const config::FlowOptions& given, SpiceUse use, bool scores) {
  const Stopwatch total;
  require_writable_folder(given.out);
  report::RunReport report;
  report.provenance = provenance_of(given);
  const OpenedRun run = open_run(given, scores);
  study::Bench bench = start_bench(run.options, run.inputs, run.mapped);

  const Stopwatch characterization;
  const auto answers = answer_tiles(spice_plan(run.options), use, given.out, bench);
  const device::Technology technology = config::load_technology(given.array.technology);
  bench.converters = converters_of(given, technology, bench);
  const auto periphery = study::characterize_network_periphery(given.periphery, technology, bench);
  const double seconds_characterize = characterization.seconds();

  const Stopwatch simulation;
  const study::Outcomes outcomes = scores ? study::simulate_ladder(bench) : study::Outcomes{};
  bench.outcomes = &outcomes;
  bench.read_energy = study::array_energy(bench);
  for (const auto& study : studies_of(run, use, scores, periphery)) study->run(bench, report);
  if (scores) write_outputs(given.output, bench, given.out);
  report.seconds_characterize = seconds_characterize;
  report.seconds_simulate = simulation.seconds();
  report.seconds_total = total.seconds();
  complete_report({&run, &bench, answers.get(), periphery}, report);
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

}  // namespace memspice::flow
