// Squeeze-and-excitation blocks of a network on their own.

#include <algorithm>
#include <optional>

#include "synthesis/network_circuit.hpp"
#include "synthesis/network_parts.hpp"

namespace memspice::synthesis {
namespace {

using network::Elementwise;
using network::Graph;
using network::LayerId;

/// From the means of `planes` to `gate`, along layers of one operand; none where they do not lead
/// there.
std::optional<std::vector<LayerId>> path_from_means(const Graph& graph,
                                                    LayerId planes,
                                                    LayerId gate) {
  std::vector<LayerId> path;
  for (LayerId at = gate; at != Graph::kInput; at = graph.inputs(at).front()) {
    path.push_back(at);
    if (std::holds_alternative<network::GlobalAverage>(graph.layer(at).operation)) {
      if (graph.inputs(at).front() != planes) return std::nullopt;
      return std::vector<LayerId>(path.rbegin(), path.rend());
    }
    if (graph.inputs(at).size() != 1) return std::nullopt;
  }
  return std::nullopt;
}

bool is_product(const network::Operation& operation) {
  const auto* pair = std::get_if<Elementwise>(&operation);
  return pair != nullptr && !pair->constant && pair->kind == Elementwise::Kind::Mul;
}

}  // namespace

std::vector<LayerId> scaling_block(const Graph& graph, LayerId last) {
  const network::Layer& layer = graph.layer(last);
  if (is_product(layer.operation)) {
    const auto operands = graph.inputs(last);
    for (const std::size_t planes : {0U, 1U}) {
      auto block = path_from_means(graph, operands[planes], operands[1 - planes]);
      if (!block) continue;
      block->push_back(last);
      return *block;
    }
  }
  refuse_layer(layer.name,
               network::operation_name(layer.operation),
               "ends no squeeze-and-excitation block: a product of planes with what a chain of "
               "layers makes of their means",
               "name such a product, or export layer:" + layer.name);
}

LayerId pass_pixels(NetworkStages& stages) {
  const LayerId planes = stages.stages.front().operands.front();
  NetworkStage& product = stages.stages.back();
  auto& parts = std::get<PartStage>(product.content);
  const auto place = std::ranges::find(product.operands, planes);
  const auto operand = static_cast<int>(place - product.operands.begin());
  *place = kPassingPixel;
  const int channels = stages.stages.front().size;
  const int pixels = product.size / channels;
  std::vector<std::vector<PartInput>> uses;
  for (int c = 0; c < channels; ++c) {
    uses.push_back(parts.uses[static_cast<std::size_t>(c * pixels)]);
    for (PartInput& in : uses.back()) {
      if (in.operand == operand) in.index = c;
    }
  }
  parts.uses = std::move(uses);
  product.size = channels;
  return planes;
}

}  // namespace memspice::synthesis
