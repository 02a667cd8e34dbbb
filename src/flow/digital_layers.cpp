#include "flow/digital_layers.hpp"

#include <map>

namespace memspice::flow {

std::optional<std::string> digital_note(const network::Graph& graph) {
  std::map<std::string, int> counts;
  std::int64_t values = 0;
  for (const network::LayerId id : graph.topological_order()) {
    const network::Operation& operation = graph.layer(id).operation;
    if (!network::is_digital(operation)) continue;
    ++counts[network::operation_name(operation)];
    values += network::element_count(graph.shape_of(id));
  }
  if (counts.empty()) return std::nullopt;
  std::string layers;
  for (const auto& [name, count] : counts) {
    layers += (layers.empty() ? "" : ", ") + std::to_string(count) + " x " + name;
  }
  return "digital, in neither circuits nor cost: " + layers + " (" + std::to_string(values) +
         " values an image)";
}

}  // namespace memspice::flow
