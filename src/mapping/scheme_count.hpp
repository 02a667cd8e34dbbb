#pragma once
// The crossbars of a convolution under each mapping scheme, from its shape alone.
//
//   channel pair (Oh, An, Min 2023; METHODS section 4), n_sub sub-images of t x t:
//     N_3D = n_sub C_in C_out        ordinary kernels
//     N_2D = n_sub C_in              depthwise kernels
//     N_1D = ceil(H W / p) ceil(C_in / R) ceil(2 C_out / S)     pointwise kernels
//   im2col, per group:   ceil((C_in k^2 [+1 bias]) / R) ceil(2 C_out / S), all positions in turn;
//     one of ceil(groups / those that share it) where groups are packed (mapping/pack_groups.hpp)
//   full depth, per group and sub-image: ceil(C_in window / R) ceil(2 t^2 C_out / S)
// Sub-images work in parallel, each on crossbars of its own: their kernels are replicated.

#include <optional>
#include <string>
#include <vector>

#include "mapping/sub_image.hpp"

namespace memspice::mapping {

/// One layer under one scheme.
struct SchemeCount {
  int t = 1;            ///< side of a sub-image, or pixels of a run
  long sub_images = 1;  ///< patches of the plane, all in parallel; im2col: 1
  long crossbars = 0;
  int rows_used = 0, columns_used = 0;  ///< word and bit lines of the fullest crossbar
  long memristors = 0;                  ///< on used lines of all crossbars, without idle ones
  double overlap = 0.0;                 ///< overlap_overhead
  long vectors_per_crossbar = 1;        ///< that each crossbar sees per image
};

/// The channel-pair rule's counts of one shape, whatever kernels the layer has.
struct KernelCounts {
  int t = 0;  ///< 0: the crossbar is smaller than the kernel; then n_sub, n_3d, n_2d are 0 too
  long n_sub = 0, n_3d = 0, n_2d = 0;
  int p = 1;  ///< pixels per crossbar of a pointwise kernel
  long n_1d = 0;
};
KernelCounts count_kernels(const ConvolutionShape& shape, const Options& options);

/// `options.scheme` says which; nothing when the crossbar is smaller than the kernel.
std::optional<SchemeCount> count_scheme(const ConvolutionShape& shape,
                                        const Options& options,
                                        bool has_bias);

/// "3d", "2d" (depthwise) or "1d" (pointwise).
std::string kernel_kind(const ConvolutionShape& shape);

/// One convolution under all schemes.
struct LayerSchemes {
  std::string name;
  ConvolutionShape shape;
  KernelCounts kernels;
  std::optional<SchemeCount> im2col, sub_image, full_depth;
};
/// Every convolution of a network, in topological order.
std::vector<LayerSchemes> compare_schemes(const network::Graph& graph, const Options& options);

}  // namespace memspice::mapping
