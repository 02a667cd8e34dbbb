#include "flow/studies.hpp"

namespace memspice::flow {

study::Studies studies_of(const OpenedRun& run,
                          SpiceUse use,
                          bool scores,
                          const std::optional<study::NetworkPeriphery>& periphery) {
  study::StudyOptions studies = study_options(run.options, run.inputs);
  if (!scores) return study::make_unscored_studies(studies);
  studies.periphery = periphery ? &*periphery : nullptr;
  if (use == SpiceUse::RunMissing) {
    studies.programming_in_spice = {spice_options(run.options), run.options.spice_method};
  }
  if (use == SpiceUse::StoreOnly) studies.verify = {};
  return study::make_studies(studies);
}

}  // namespace memspice::flow
