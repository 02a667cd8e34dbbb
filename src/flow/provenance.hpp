#pragma once

#include "config/flow_options.hpp"
#include "report/provenance.hpp"

namespace memspice::flow {

/// Date, origin, and the files that a run of the flow reads, each with its SHA-256: flow, network,
/// data, cards. Throws InputError for one that cannot be read.
report::Provenance provenance_of(const config::FlowOptions& options);

}  // namespace memspice::flow
