#include "flow/studies.hpp"

#include "config/read_bitstream.hpp"
#include "config/read_spectral.hpp"

namespace memspice::flow {
namespace {

study::BitstreamOptions bitstream_options(const config::FlowOptions& options) {
  study::BitstreamOptions bitstream{options.bitstream};
  if (options.path.has(study::LayerPath::Bitstream)) {
    bitstream.gates = config::load_gate_card(options.bitstream.gates);
  }
  return bitstream;
}

study::SpectralStudyOptions spectral_options(const OpenedRun& run) {
  study::SpectralStudyOptions spectral{
      .network = run.inputs.spectral ? &*run.inputs.spectral : nullptr,
      .choices = run.inputs.choices,
      .lanes = run.options.spectral.lanes};
  if (spectral.is_on()) spectral.card = config::load_digital_card(run.options.spectral.digital);
  return spectral;
}

}  // namespace

std::optional<study::NetworkPeriphery> characterize_periphery_of(const OpenedRun& run,
                                                                 const study::Bench& bench) {
  if (run.options.periphery.in_network.empty()) return std::nullopt;
  return study::characterize_network_periphery(
      run.options.periphery, config::load_technology(run.options.array.technology), bench);
}

study::Studies studies_of(const OpenedRun& run,
                          SpiceUse use,
                          bool scores,
                          const std::optional<study::NetworkPeriphery>& periphery) {
  if (!scores) return study::make_unscored_studies();
  const config::FlowOptions& options = run.options;
  study::StudyOptions studies{.variability = {options.nonideality, options.monte_carlo},
                              .programming = options.programming,
                              .bitstream = bitstream_options(options),
                              .spectral = spectral_options(run),
                              .periphery = periphery ? &*periphery : nullptr,
                              .training = options.data.calibration,
                              .test = options.data.test};
  if (use == SpiceUse::RunMissing) studies.programming_in_spice = spice_options(options);
  return study::make_studies(studies);
}

study::SpectralSearch spectral_search(const config::FlowOptions& options) {
  return {.file = options.file,
          .name = options.name,
          .network_file = options.network_file,
          .input_shape = options.input_shape,
          .options = options.spectral,
          .card = config::load_digital_card(options.spectral.digital),
          .test = options.data.test,
          .jobs = options.jobs};
}

}  // namespace memspice::flow
