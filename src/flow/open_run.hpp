#pragma once
// A flow opened and mapped: all that is known before anything is computed.

#include "flow/stages.hpp"

namespace memspice::flow {

struct OpenedRun {
  config::FlowOptions options;  ///< [path] as it is taken: "fastest" stands nowhere
  Inputs inputs;
  study::Mapped mapped;  ///< the layers that [path] leaves on crossbars
};
/// Throws InputError where network, data or options do not go together; `scores`: or where the
/// network's outputs cannot be judged.
OpenedRun open_run(const config::FlowOptions& given, bool scores);

/// `plan` without the layers that [path] takes off crossbars: what is built.
mapping::TilePlan on_crossbars(const study::Paths& paths, mapping::TilePlan plan);

}  // namespace memspice::flow
