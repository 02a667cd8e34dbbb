#pragma once
// How a convolution's output plane is cut so that one crossbar gives several outputs at once.
//
//   patch    h x w outputs of one vector; t: the largest square side that the crossbar holds
//   window   the input pixels under a patch: (h-1) s + (k-1) d + 1 rows, columns alike
//   channel pair (Oh, An, Min 2023; METHODS section 4): one crossbar per sub-image, input and
//            output channel: window <= R word lines, 2 h w <= S bit lines. A pointwise kernel
//            takes p pixels of all channels: p = max(1, min(R / C_in, S / (2 C_out)))
//   full depth: all input channels of a sub-image on one crossbar: C_in window <= R, 2 h w <= S;
//            where not even t = 1 fits, word lines are split as im2col splits them
// Differs from the paper: strides, dilation and uneven padding are allowed, and patches of a plane
// that is narrower than t are cut to it. For stride 1 on a square plane it is the paper's rule.

#include <array>
#include <optional>

#include "mapping/options.hpp"
#include "network/graph.hpp"

namespace memspice::mapping {

/// The outputs that one vector gives for each output channel.
struct Patch {
  enum class Kind {
    Point,      ///< one output: im2col
    Rectangle,  ///< height x width neighbours
    Run,        ///< width pixels in raster order, of a pointwise kernel
  };
  Kind kind = Kind::Point;
  int height = 1, width = 1;

  int outputs() const noexcept { return height * width; }
};

/// What mapping needs to know of a convolution.
struct ConvolutionShape {
  network::Window window;
  int channels_in = 1, channels_out = 1, groups = 1;
  std::array<int, 2> output{1, 1};  ///< height, width

  bool is_pointwise() const noexcept { return window.kernel == std::array{1, 1} && groups == 1; }
  bool is_depthwise() const noexcept { return groups > 1 && groups == channels_in; }
};
/// Nothing for a layer that is no convolution.
std::optional<ConvolutionShape> convolution_shape(const network::Graph& graph, network::LayerId id);

struct Partition {
  Patch patch;
  int t = 1;                        ///< side of a sub-image; pixels of a run
  int down = 1, across = 1;         ///< patches; a run counts across
  std::array<int, 2> window{1, 1};  ///< input pixels under a patch: height, width

  long sub_images() const noexcept { return static_cast<long>(down) * across; }
  int window_pixels() const noexcept { return window[0] * window[1]; }
};

/// The channel-pair rule for k x k kernels; nothing when the crossbar is smaller than the kernel.
std::optional<Partition> partition_channel_pairs(const ConvolutionShape& shape,
                                                 const Options& options);
/// The channel-pair rule for pointwise kernels.
Partition partition_pixels(const ConvolutionShape& shape, const Options& options);
Partition partition_full_depth(const ConvolutionShape& shape, const Options& options);
/// One output at a time, each position in turn.
Partition partition_im2col(const ConvolutionShape& shape);

/// The partition that `options.scheme` executes. Throws InputError naming `place` when the
/// crossbar is smaller than a kernel.
Partition partition_of(const ConvolutionShape& shape, const Options& options, const char* place);

/// How many more input pixels all windows take than the padded plane has:
/// (down window_h)(across window_w) / padded plane - 1; 0 for pixels, which are never fed twice.
double overlap_overhead(const ConvolutionShape& shape, const Partition& partition);

}  // namespace memspice::mapping
