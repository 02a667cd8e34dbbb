#include "flow/digital_layers.hpp"

#include <map>
#include <vector>

#include "base/text.hpp"

namespace memspice::flow {
namespace {

/// Layers for which wanted(layer) holds: how many of each operation, by its name.
template <typename Wanted>
std::map<std::string, int> count_layers(const network::Graph& graph, const Wanted& wanted) {
  std::map<std::string, int> counts;
  for (const network::LayerId id : graph.topological_order()) {
    const network::Layer& layer = graph.layer(id);
    if (wanted(layer)) ++counts[network::operation_name(layer.operation)];
  }
  return counts;
}

}  // namespace

std::optional<std::string> digital_note(const network::Graph& graph) {
  const auto counts = count_layers(
      graph, [](const network::Layer& layer) { return network::is_digital(layer.operation); });
  if (counts.empty()) return std::nullopt;
  std::int64_t values = 0;
  for (const network::LayerId id : graph.topological_order()) {
    if (network::is_digital(graph.layer(id).operation)) {
      values += network::element_count(graph.shape_of(id));
    }
  }
  std::vector<std::string> words;
  for (const auto& [name, count] : counts) words.push_back(std::to_string(count) + " x " + name);
  return "digital, in neither circuits nor cost: " + join(words, ", ") + " (" +
         std::to_string(values) + " values an image)";
}

std::string sequence_text(const network::DigitalWork& work) {
  return "gates and attention, an image: " + std::to_string(work.multiplications) +
         " multiplications, " + std::to_string(work.additions) + " additions, " +
         std::to_string(work.functions) + " functions, beside the crossbars' energy and latency";
}

std::string digital_layers(const network::Graph& graph) {
  const auto counts = count_layers(graph, [](const network::Layer& layer) {
    const bool only_renames = std::holds_alternative<network::Reshape>(layer.operation);
    return !layer.has_weights() && !only_renames;
  });
  std::vector<std::string> words;
  for (const auto& [name, count] : counts) {
    words.push_back((count == 1 ? "" : std::to_string(count) + ' ') + name);
  }
  return "digital: " + (words.empty() ? std::string("nothing") : join(words, ", "));
}

}  // namespace memspice::flow
