#include "flow/run_variants.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/plan.hpp"
#include "flow/run_flow.hpp"
#include "flow/scoring.hpp"

namespace memspice::flow {
namespace {

report::Study start_study(const config::VariantFlow& flow) {
  return {.flow = flow.variants.front().options.name, .layout = flow.study, .rows = {}};
}

report::StudyRow start_row(const config::Variant& variant, bool has_folder) {
  return {.name = variant.name,
          .series = variant.series,
          .folder = has_folder ? variant.folder : std::string(),
          .x = variant.x,
          .report = std::nullopt,
          .failure = {}};
}

/// Faults in the last variant shall not come to light after hours.
void open_all(const config::VariantFlow& flow) {
  for (const config::Variant& variant : flow.variants) {
    if (variant.counts_only) {
      report_hardware(variant.options);
    } else {
      require_scorable(open_inputs(variant.options),
                       variant.options.network_file.string(),
                       variant.options.data.test);
    }
  }
}

report::StudyRow run_variant(const config::Variant& variant) {
  report::StudyRow row = start_row(variant, !variant.counts_only);
  try {
    row.report = variant.counts_only ? report_hardware(variant.options) : run_flow(variant.options);
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    row.failure = error.what();
  }
  return row;
}

}  // namespace

report::Study run_variants(const config::VariantFlow& flow,
                           const std::filesystem::path& folder,
                           const Announce& announce) {
  require_writable_folder(folder);
  open_all(flow);
  report::Study study = start_study(flow);
  const std::string count = std::to_string(flow.variants.size());
  for (const config::Variant& variant : flow.variants) {
    announce("variant " + std::to_string(study.rows.size() + 1) + " of " + count + ": " +
             variant.name);
    study.rows.push_back(run_variant(variant));
  }
  report::write_study(study, folder);
  return study;
}

report::Study map_variants(const config::VariantFlow& flow) {
  report::Study study = start_study(flow);
  for (const config::Variant& variant : flow.variants) {
    study.rows.push_back(start_row(variant, false));
    study.rows.back().report = report_hardware(variant.options);
  }
  return study;
}

}  // namespace memspice::flow
