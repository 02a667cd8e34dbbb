#pragma once
// The nodes of an ONNX graph, or of a branch within one, in the order of their data.

#include <string>
#include <vector>

#include "base/error.hpp"
#include "network/onnx_state.hpp"

namespace onnx {
class GraphProto;
}

namespace memspice::network {

/// Runs `body`; a fault whose place does not name the file yet gets `place` put in front.
template <typename Body>
auto name_place(const std::string& place, const Body& body) {
  try {
    return body();
  } catch (const InputError& error) {
    const Fault& fault = error.fault();
    if (fault.place.starts_with(place)) throw;
    reject(place + ": " + fault.place, fault.value, fault.rule, fault.remedy);
  }
}

/// Takes over the weights that `graph` holds.
void read_initializers(const onnx::GraphProto& graph, ImportState& state);

/// Reads the nodes that `outputs` need.
void read_nodes(const onnx::GraphProto& graph,
                const std::vector<std::string>& outputs,
                ImportState& state);

}  // namespace memspice::network
