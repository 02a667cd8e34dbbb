#include "flow/activation_memory.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/ranges.hpp"

namespace memspice::flow {
namespace {

using network::Graph;
using network::LayerId;

constexpr double kAlways = 1024.0 * 1024.0 * 1024.0;  // [bytes]
constexpr double kPerByteRead = 4096.0;

double values_of(const Graph& graph, LayerId id) {
  return static_cast<double>(network::element_count(graph.shape_of(id)));
}

double inputs_of(const Graph& graph, LayerId id) {
  double values = 0.0;
  for (const LayerId producer : graph.inputs(id)) values += values_of(graph, producer);
  return values;
}

LayerId largest_layer(const Graph& graph) {
  LayerId largest{0};
  for (int k = 1; k < graph.layer_count(); ++k) {
    if (values_of(graph, LayerId{k}) > values_of(graph, largest)) largest = LayerId{k};
  }
  return largest;
}

}  // namespace

double activation_bytes(const Graph& graph) {
  double kept = 0.0, most = 0.0;
  for (int k = 0; k < graph.layer_count(); ++k) {
    const LayerId id{k};
    const double inputs = inputs_of(graph, id);
    if (graph.layer(id).has_weights()) kept += inputs;
    most = std::max(most, inputs + values_of(graph, id));
  }
  return (kept + most) * sizeof(float);
}

void require_activation_memory(const Graph& graph, std::int64_t bytes_read) {
  if (graph.layer_count() == 0) return;
  const double needed = activation_bytes(graph);
  const double limit = kAlways + kPerByteRead * static_cast<double>(bytes_read);
  if (needed <= limit) return;
  const LayerId largest = largest_layer(graph);
  constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
  throw InputError(
      {.place = "layer " + graph.layer(largest).name,
       .value = to_text(static_cast<long long>(values_of(graph, largest))) + " values an image",
       .rule = "one calibration image would take " + to_text_rounded(needed / kGiB, 3) +
               " GiB, and files of this size may take " + to_text_rounded(limit / kGiB, 3),
       .remedy = "use a network with smaller layers, or smaller images"});
}

std::string kept_text(std::int64_t kept, std::int64_t images) {
  if (kept == images) return {};
  return "DAC ranges are those of all " + std::to_string(images) +
         " calibration images; ADC ranges, stimuli and energy come from the first " +
         std::to_string(kept) + ", whose activations fit into " +
         std::to_string(network::CalibrationMemory{}.kept >> 20) + " MiB";
}

}  // namespace memspice::flow
