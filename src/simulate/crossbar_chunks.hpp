#pragma once
// A crossbar layer's input as the voltages of its tiles, a piece at a time.

#include <functional>

#include "mapping/unfold.hpp"
#include "simulate/layer_kernel.hpp"

namespace memspice::simulate {

/// Which of the vectors that an image drives the layer's tiles with are at hand.
struct Reads {
  std::uint64_t first_image = 0;
  std::uint64_t vectors_of_image = 0;  ///< 0: all; else those of one call of a recurrence, or read
  std::uint64_t before = 0;            ///< vectors of an image in the calls and reads before
};

/// One read of some images on one block.
struct Chunk {
  std::size_t block = 0;
  int first = 0, count = 0;  ///< images of the input
  float weight = 1.0F;       ///< of the read in the sum over an input's reads
  Reads reads;               ///< which vectors of each image it is
};
/// V: (input_count + 1) x vectors [V].
using VisitChunk = std::function<void(const Chunk& chunk, const mapping::FloatMatrix& V)>;

/// Every chunk of every read and block, each as large as the tiles like it.
void for_each_chunk(const CrossbarLayer& crossbar,
                    const network::Tensor& input,
                    const VisitChunk& visit,
                    const Reads& reads = {});

/// The rows of a block's V that a tile's word lines carry: word_lines x vectors.
void copy_word_lines(const mapping::Tile& tile,
                     const mapping::FloatMatrix& V,
                     mapping::FloatMatrix& lines);

/// One request per tile of a block; see tile::Request for the numbers. They look into V and, where
/// a tile's rows are not neighbours in it, into `gathered`, which outlive them.
std::vector<tile::Request> requests_of(const mapping::Block& block,
                                       std::size_t b,
                                       const mapping::FloatMatrix& V,
                                       std::vector<mapping::FloatMatrix>& gathered,
                                       std::uint64_t first_vector = 0,
                                       std::uint64_t vectors_of_image = 0);

}  // namespace memspice::simulate
