#include "flow/export_positions.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "netlist/deck.hpp"
#include "synthesis/network_circuit.hpp"

namespace memspice::flow {
namespace {

/// Outputs that windows slide over, or the pixels that a transposed convolution takes.
std::int64_t places_of(const network::Graph& graph, network::LayerId id) {
  const bool is_transposed =
      std::holds_alternative<network::Deconvolution>(graph.layer(id).operation);
  const network::Shape& plane = graph.shape_of(is_transposed ? graph.inputs(id).front() : id);
  return plane[2] * plane[3];
}

[[noreturn]] void refuse(int positions, const std::string& rule, const std::string& remedy) {
  reject("--positions", std::to_string(positions), rule, remedy);
}

}  // namespace

void require_positions(const network::Graph& graph,
                       const NetworkPart& part,
                       int images,
                       int positions) {
  if (part.layer.empty()) return;
  const network::LayerId id = graph.find(part.layer);
  const bool passes = part.is_block || synthesis::window_slides(graph.layer(id).operation);
  if (!passes && positions == 0) return;
  if (!passes) {
    refuse(positions,
           "is for windows or pixels that pass, and layer " + part.layer + " is drawn whole",
           "leave it out");
  }
  const std::int64_t places = places_of(graph, id);
  const std::int64_t stimuli =
      images * (positions > 0 ? std::min<std::int64_t>(positions, places) : places);
  if (stimuli <= netlist::kMaxStimuli) return;
  refuse(positions,
         "leaves " + std::to_string(stimuli) + " stimuli, more than one deck may hold, " +
             std::to_string(netlist::kMaxStimuli),
         "take at most " + std::to_string(netlist::kMaxStimuli / images) + " positions");
}

}  // namespace memspice::flow
