#include "flow/show_tile.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "flow/plan.hpp"
#include "mapping/input_reads.hpp"
#include "study/kernel_first.hpp"

namespace memspice::flow {
namespace {

struct PlacedTile {
  const mapping::LayerPlan* layer = nullptr;
  const mapping::Block* block = nullptr;
  const mapping::Tile* tile = nullptr;
};

PlacedTile find_tile(const mapping::TilePlan& plan, const std::string& asked) {
  const std::string name = name_of_tile(asked);
  std::vector<std::string> names;
  for (const mapping::LayerPlan& layer : plan.layers) {
    for (const mapping::Block& block : layer.blocks) {
      for (const mapping::Tile& tile : block.tiles) {
        if (tile.name == name) return {&layer, &block, &tile};
        names.push_back(tile.name);
      }
    }
  }
  throw InputError(
      {.place = "--tile",
       .value = in_quotes(asked),
       .rule = "is no crossbar of this network",
       .remedy = "give LAYER:ROW:COLUMN of its tiles, or a name: " + suggest(name, names)});
}

void require_within(const char* option, int value, int count, const std::string& of) {
  if (value >= 0 && value < count) return;
  throw InputError({.place = option,
                    .value = std::to_string(value),
                    .rule = "there are " + std::to_string(count) + ' ' + of + ", from 0",
                    .remedy = "choose 0 to " + std::to_string(count - 1)});
}

/// What every vector of the image puts on the tile's word lines [V]; bit by bit its highest bit.
Eigen::MatrixXd image_voltages(const OpenedRun& run, const PlacedTile& placed, int image) {
  const network::Graph& graph = run.inputs.graph;
  const mapping::TilePlan& plan = run.mapped.plan;
  const network::Activations activations =
      network::record_activations(graph, run.inputs.test.batch(image, 1), 100.0);
  const network::Tensor& input = activations.layer_inputs.at(placed.layer->layer.value);
  const int reads = mapping::reads_per_vector(plan.converters, placed.layer->signed_input);
  const mapping::InputRead read = mapping::input_read(plan, *placed.layer, input, reads - 1);
  mapping::FloatMatrix V;
  mapping::unfold(graph.layer(placed.layer->layer),
                  *placed.block,
                  read.voltages,
                  0,
                  1,
                  static_cast<float>(plan.read_voltage),
                  V);
  return mapping::word_line_voltages(*placed.tile, V);
}

int strongest(const Eigen::MatrixXd& V) {
  Eigen::Index vector = 0;
  V.colwise().squaredNorm().maxCoeff(&vector);
  return static_cast<int>(vector);
}

void require_lines(const mapping::TilePlan& plan) {
  if (!study::is_kernel_first(plan)) return;
  throw InputError({.place = "mapping.scheme",
                    .value = "\"kernel_first\"",
                    .rule = "has pairs at their summers: no array to show",
                    .remedy = "show a network mapped by im2col or sub-images"});
}

}  // namespace

std::string name_of_tile(const std::string& asked) {
  std::vector<std::string> parts = split(asked, ':');
  if (parts.size() == 3) parts.insert(parts.begin() + 1, "0");
  if (parts.size() != 4) return asked;
  return parts[0] + "_b" + parts[1] + "_r" + parts[2] + "_c" + parts[3];
}

ShownTile show_tile(const config::FlowOptions& options, const ShowRequest& request) {
  const OpenedRun run = open_run(options, false);
  require_lines(run.mapped.plan);
  const PlacedTile placed = find_tile(run.mapped.plan, request.tile);
  require_within("--image", request.image, run.inputs.test.count(), "images");
  const Eigen::MatrixXd V = image_voltages(run, placed, request.image);
  const int vector = request.vector.value_or(strongest(V));
  require_within("--vector", vector, static_cast<int>(V.cols()), "vectors of the image");
  const tile::Array array = array_of(options).connected(*placed.tile);
  ShownTile shown{.name = placed.tile->name,
                  .vector = vector,
                  .vectors = static_cast<int>(V.cols()),
                  .cells = tile::view_cells(array, placed.tile->G, V.col(vector)),
                  .spice = std::nullopt};
  if (!request.in_spice) return shown;
  const auto engine = engine::make_ngspice_engine(spice_options(options));
  shown.spice = tile::view_cells_in_spice(array, placed.tile->G, V.col(vector), *engine);
  return shown;
}

}  // namespace memspice::flow
