#pragma once
// Takes a flow's options apart, into what each stage, study and export needs of them: past this
// header none sees the whole.

#include "config/flow_options.hpp"
#include "flow/stages.hpp"
#include "study/spectral_architecture.hpp"
#include "study/study_list.hpp"

namespace memspice::flow {

/// Opens network and data; checks layer names and image shapes. Throws InputError.
Inputs open_inputs(const config::FlowOptions& options);

/// How layers are laid onto crossbars, without activations: every input range is 0 .. 1, which no
/// count depends on.
mapping::MappingInputs mapping_of(const config::FlowOptions& options);
/// The network laid onto crossbars, all its layers with weights.
study::Mapped map_inputs(const config::FlowOptions& options, const Inputs& inputs);

/// A flow opened and mapped: all that is known before anything is computed.
struct OpenedRun {
  config::FlowOptions options;  ///< [path] as it is taken: "fastest" stands nowhere
  Inputs inputs;
  study::Mapped mapped;  ///< the layers that [path] leaves on crossbars
};
/// Throws InputError where network, data or options do not go together; `scores`: or where the
/// network's outputs cannot be judged.
OpenedRun open_run(const config::FlowOptions& given, bool scores);

/// The array that the flow's tiles become under its mapping scheme.
tile::Array array_of(const config::FlowOptions& options);
/// Where a flow keeps its results: [store] path, or tiles.sqlite in the output folder.
std::filesystem::path store_path(const config::FlowOptions& options);
/// The engine's options, with what the flow says of jobs and folders.
engine::Options spice_options(const config::FlowOptions& options);
SpicePlan spice_plan(const config::FlowOptions& options);

/// The bench of a mapped network without what its tiles answer. Points at its arguments.
study::Bench start_bench(const config::FlowOptions& options,
                         const Inputs& inputs,
                         const study::Mapped& mapped);

/// The converters of its tiles, by the bench's ngspice where the flow asks for it; null where its
/// ladder leaves them ideal.
std::shared_ptr<const study::DrawnConverters> converters_of(const config::FlowOptions& options,
                                                            const device::Technology& technology,
                                                            const study::Bench& bench);

/// What a flow asks of its network beyond its ladder. Points at `inputs`.
study::StudyOptions study_options(const config::FlowOptions& options, const Inputs& inputs);

/// The spectral network that a flow is about, and what [spectral] says of smaller ones.
study::SpectralSearch spectral_search(const config::FlowOptions& options);

}  // namespace memspice::flow
