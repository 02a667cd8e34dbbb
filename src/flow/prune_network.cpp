#include "flow/prune_network.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "mapping/kernel_first.hpp"

namespace memspice::flow {
namespace {

namespace fs = std::filesystem;

void require_other_file(const fs::path& source, const fs::path& file) {
  std::error_code ec;
  if (!fs::equivalent(source, file, ec)) return;
  throw InputError({.place = "--out",
                    .value = file.string(),
                    .rule = "is the network that is being pruned",
                    .remedy = "name another file"});
}

LayerHardware hardware_of(const network::Graph& graph, const mapping::LayerPlan& layer) {
  return {.memristors = mapping::weight_memristors(graph.layer(layer.layer)),
          .crossbars = layer.crossbar_count()};
}

/// Pruning keeps every layer, and so both plans' layers pair up by name.
void count_layers(const mapping::MappingInputs& mapping,
                  const network::Graph& before,
                  const network::Graph& after,
                  PruneReport& report) {
  const mapping::TilePlan small = mapping::map_network(after, mapping);
  for (const mapping::LayerPlan& layer : mapping::map_network(before, mapping).layers) {
    report.layers.push_back({.name = layer.name,
                             .before = hardware_of(before, layer),
                             .after = hardware_of(after, small.layer(layer.name))});
    report.before += report.layers.back().before;
    report.after += report.layers.back().after;
  }
}

}  // namespace

LayerHardware& LayerHardware::operator+=(const LayerHardware& other) {
  memristors += other.memristors;
  crossbars += other.crossbars;
  return *this;
}

PruneReport prune_network(const fs::path& source,
                          const network::ImportOptions& import_options,
                          const mapping::PruneOptions& options,
                          const mapping::MappingInputs& mapping,
                          const fs::path& file) {
  const network::PrunableNetwork network(source, import_options);
  require_other_file(source, file);
  PruneReport report{.source = source,
                     .file = file,
                     .choice = choose_channels(network, options, source.string()),
                     .layers = {},
                     .before = {},
                     .after = {}};
  const auto pruned = network.without(report.choice.removed);
  count_layers(mapping, network.graph(), pruned.graph, report);
  write_file(file, pruned.file);
  return report;
}

}  // namespace memspice::flow
