#pragma once
// A layer's voltages (mapping/input_reads.hpp) as the vectors that its crossbars see, and the way
// back.
//
// Matrices are row-major, word lines x vectors and outputs x vectors: a convolution's row is then
// a shifted plane, and its result is already in C x H x W order.

#include <Eigen/Core>

#include "mapping/converter.hpp"
#include "mapping/tile_plan.hpp"
#include "network/layer.hpp"

namespace memspice::mapping {

using FloatMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Does the layer take its input's last axis as one vector, whatever the axes before it: fully
/// connected, or a recurrence, whose input here is its states?
bool takes_rows(const network::Layer& layer);

/// The ADC behind an output of a tile: bipolar, full scale `range` [A].
Converter output_converter(const TilePlan& plan, double range);

/// The rows of a block's V (input_count + 1 rows) that a tile's word lines carry: word_lines x
/// vectors.
Eigen::MatrixXd word_line_voltages(const Tile& tile, const FloatMatrix& V);

/// The word-line voltages of one block for images first .. first+count-1 of `voltages` (N x ...):
/// (input_count + 1) x (count * vectors per image); the vectors of an image are neighbours, and
/// each feeds one output position, sub-image or run of pixels (Block::patch). The last row is the
/// bias word line at `bias_voltage` [V]; padding is 0 V. A tile's rows are first_input ..
/// first_input + word_lines - 1.
void unfold(const network::Layer& layer,
            const Block& block,
            const network::Tensor& voltages,
            int first,
            int count,
            float bias_voltage,
            FloatMatrix& V);

/// How many vectors one image of a layer's input drives a block with.
std::int64_t vectors_of_image(const network::Layer& layer,
                              const Block& block,
                              const network::Tensor& input);

/// Vector `k` of image `image` of `values` (N x ...), not all of that image's: input_count values,
/// 0 where there is padding.
Eigen::VectorXf unfold_vector(const network::Layer& layer,
                              const Block& block,
                              const network::Tensor& values,
                              int image,
                              std::int64_t k);

/// Adds the block's results Y (output_count x (count * vectors per image)) to images
/// first .. first+count-1 of `output`, summing where a transposed convolution's kernels overlap.
void fold(const network::Layer& layer,
          const Block& block,
          const FloatMatrix& Y,
          int first,
          int count,
          network::Tensor& output);

}  // namespace memspice::mapping
