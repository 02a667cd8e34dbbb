#include "simulate/crossbar_chunks.hpp"

#include <algorithm>

#include "mapping/input_reads.hpp"
#include "simulate/periphery_kernel.hpp"

namespace memspice::simulate {
namespace {

using mapping::Block;
using mapping::FloatMatrix;
using mapping::Tile;
using network::Tensor;

int images_per_call(const CrossbarLayer& crossbar,
                    const Block& block,
                    int images,
                    const Reads& reads) {
  const std::size_t wanted = crossbar.tiles->preferred_floats();
  if (wanted == 0) return images;
  const std::size_t vectors = reads.vectors_of_image != 0
                                  ? reads.vectors_of_image
                                  : static_cast<std::size_t>(crossbar.layer->vectors_per_image);
  const std::size_t per_image = static_cast<std::size_t>(block.input_count + 1) * vectors;
  return static_cast<int>(
      std::clamp<std::size_t>(wanted / per_image, 1, static_cast<std::size_t>(images)));
}

/// Of read k: an image's reads follow each other, each of all the vectors that a call has.
Reads numbered(const Reads& call, const mapping::LayerPlan& plan, int k, int n_reads) {
  const auto n = static_cast<std::uint64_t>(n_reads);
  const std::uint64_t each = call.vectors_of_image != 0
                                 ? call.vectors_of_image
                                 : static_cast<std::uint64_t>(plan.vectors_per_image) / n;
  return {call.first_image, each, call.before * n + static_cast<std::uint64_t>(k) * each};
}

void visit_read(const CrossbarLayer& crossbar,
                const mapping::InputRead& read,
                const Reads& reads,
                const VisitChunk& visit) {
  const network::Layer& layer = crossbar.graph->layer(crossbar.layer->layer);
  const int images = static_cast<int>(read.voltages.shape.front());
  const auto bias = static_cast<float>(crossbar.plan->read_voltage);
  thread_local FloatMatrix V;
  for (std::size_t b = 0; b < crossbar.layer->blocks.size(); ++b) {
    const Block& block = crossbar.layer->blocks[b];
    const int step = images_per_call(crossbar, block, images, reads);
    for (int first = 0; first < images; first += step) {
      const Chunk chunk{b, first, std::min(step, images - first), read.weight, reads};
      mapping::unfold(layer, block, read.voltages, first, chunk.count, bias, V);
      visit(chunk, V);
    }
  }
}

}  // namespace

void copy_word_lines(const Tile& tile, const FloatMatrix& V, FloatMatrix& lines) {
  if (tile.inputs.empty()) {
    lines = V.middleRows(tile.first_input, tile.word_lines());
  } else {
    lines = V(tile.inputs, Eigen::all);
  }
}

std::vector<tile::Request> requests_of(const Block& block,
                                       std::size_t b,
                                       const FloatMatrix& V,
                                       std::vector<FloatMatrix>& gathered,
                                       std::uint64_t first_vector,
                                       std::uint64_t vectors_of_image) {
  gathered.resize(std::max(gathered.size(), block.tiles.size()));
  std::vector<tile::Request> requests;
  requests.reserve(block.tiles.size());
  for (std::size_t t = 0; t < block.tiles.size(); ++t) {
    const Tile& tile = block.tiles[t];
    if (tile.inputs.empty()) {
      requests.push_back({b,
                          t,
                          V.middleRows(tile.first_input, tile.word_lines()),
                          first_vector,
                          vectors_of_image});
      continue;
    }
    copy_word_lines(tile, V, gathered[t]);
    requests.push_back({b, t, gathered[t], first_vector, vectors_of_image});
  }
  return requests;
}

void for_each_chunk(const CrossbarLayer& crossbar,
                    const Tensor& input,
                    const VisitChunk& visit,
                    const Reads& reads) {
  const mapping::LayerPlan& plan = *crossbar.layer;
  const int n_reads = mapping::reads_per_vector(crossbar.plan->converters, plan.signed_input);
  for (int k = 0; k < n_reads; ++k) {
    mapping::InputRead read = mapping::input_read(*crossbar.plan, plan, input, k);
    if (crossbar.driver) crossbar.driver->apply_to_size(read.voltages.data);
    visit_read(crossbar, read, n_reads == 1 ? reads : numbered(reads, plan, k, n_reads), visit);
  }
}

}  // namespace memspice::simulate
