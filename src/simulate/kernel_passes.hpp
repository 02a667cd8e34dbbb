#pragma once
// Passes over a plane: the arithmetic of kernel-first execution, free of converters.
//
// A pass adds one weight times one shifted input plane to an output plane, rows of it at a time so
// that they stay in the processor's cache. A convolution runs over its output plane; a transposed
// one over its input plane, tap by tap, each tap's plane then added where it belongs; a fully
// connected layer is a plane of one position.

#include <cstddef>
#include <span>
#include <vector>

#include "mapping/tile_plan.hpp"
#include "network/layer.hpp"

namespace memspice::simulate {

/// The planes that weights are run between.
struct PassGeometry {
  int height_in = 1, width_in = 1;  ///< of each input channel
  int height = 1, width = 1;        ///< positions that a pass runs over
  network::Window window;           ///< 1 x 1 but for a convolution
  int taps() const noexcept { return window.kernel[0] * window.kernel[1]; }
  std::size_t plane() const noexcept { return static_cast<std::size_t>(height * width); }
};
/// `input`: N x ...
PassGeometry pass_geometry(const network::Layer& layer, const network::Shape& input);

/// One kept weight.
struct KeptWeight {
  float g = 0.0F;
  int channel = 0;
  int row_offset = 0, column_offset = 0;  ///< input pixel of position (0, 0)
  int first = 0, last = 0;                ///< columns of positions whose pixel is not padding
};
/// One per word line but the bias; `g`: their weights.
std::vector<KeptWeight> kept_weights(const PassGeometry& geometry,
                                     const mapping::Block& block,
                                     const mapping::Tile& tile,
                                     const Eigen::VectorXf& g);

/// D += each weight times its plane of `image` (channels x height_in x width_in); padding adds
/// nothing.
void run_passes(const PassGeometry& geometry,
                std::span<const KeptWeight> weights,
                std::span<const float> image,
                std::span<float> D);

/// Adds output `j` of a block, a plane of positions, to image n of the layer's output.
void add_plane(const network::Layer& layer,
               const mapping::Block& block,
               int j,
               std::span<const float> plane,
               int n,
               network::Tensor& output);

}  // namespace memspice::simulate
