#include "synthesis/layer_matrix.hpp"

#include <string>

#include "base/error.hpp"

namespace memspice::synthesis {
namespace {

using network::Tensor;
using network::Window;

void check_window(const Window& window, const Tensor& weight, const std::string& name) {
  if (weight.size() == 0) {
    reject(
        name, network::to_text(weight.shape), "holds no weight", "give it channels and a kernel");
  }
  for (const int k : {0, 1}) {
    const auto axis = static_cast<std::size_t>(k);
    if (window.kernel[axis] >= 1 && window.stride[axis] >= 1 && window.dilation[axis] >= 1)
      continue;
    reject(name,
           "kernel " + std::to_string(window.kernel[axis]) + ", stride " +
               std::to_string(window.stride[axis]) + ", dilation " +
               std::to_string(window.dilation[axis]),
           "each must be at least 1",
           "correct the layer");
  }
  for (const int padding : window.padding) {
    if (padding >= 0) continue;
    reject(name, "padding " + std::to_string(padding), "must be at least 0", "correct the layer");
  }
}

void check_channels(std::int64_t wanted, const Plane& in, const std::string& name) {
  if (in.channels == wanted && in.height >= 1 && in.width >= 1) return;
  reject(name,
         std::to_string(in.channels) + " x " + std::to_string(in.height) + " x " +
             std::to_string(in.width),
         "the layer takes " + std::to_string(wanted) + " channels of at least 1 x 1",
         "give it such a plane");
}

int reach(const Window& window, std::size_t axis) {
  return window.dilation[axis] * (window.kernel[axis] - 1) + 1;
}

LayerMatrix empty_matrix(Eigen::Index inputs, Eigen::Index outputs) {
  return {Eigen::MatrixXd::Zero(inputs, outputs), CellMask::Constant(inputs, outputs, false), {}};
}

/// Bias per channel over planes of `plane` outputs each.
Eigen::VectorXd spread(const Tensor& bias, Eigen::Index plane) {
  const Eigen::Map<const Eigen::VectorXf> values(bias.data.data(), bias.size());
  Eigen::VectorXd all(bias.size() * plane);
  for (Eigen::Index k = 0; k < all.size(); ++k) all[k] = static_cast<double>(values[k / plane]);
  return all;
}

/// Weight [a,b,u,v] of a tensor A x B x k_h x k_w.
double weight_at(const Tensor& weight, int a, int b, int tap) {
  const std::int64_t taps = weight.shape[2] * weight.shape[3];
  const std::int64_t at = (a * weight.shape[1] + b) * taps + tap;
  return static_cast<double>(weight.data[static_cast<std::size_t>(at)]);
}

/// Where a window's positions meet the pixels of a plane: the one geometry of both layers.
struct Meeting {
  int position, pixel, tap;
};
std::vector<Meeting> meetings(const Window& w,
                              std::array<int, 2> positions,
                              std::array<int, 2> pixels) {
  std::vector<Meeting> all;
  for (int p = 0; p < positions[0]; ++p) {
    for (int q = 0; q < positions[1]; ++q) {
      for (int tap = 0; tap < w.kernel[0] * w.kernel[1]; ++tap) {
        const int i = p * w.stride[0] + tap / w.kernel[1] * w.dilation[0] - w.padding[0];
        const int j = q * w.stride[1] + tap % w.kernel[1] * w.dilation[1] - w.padding[1];
        if (i < 0 || i >= pixels[0] || j < 0 || j >= pixels[1]) continue;
        all.push_back({p * positions[1] + q, i * pixels[1] + j, tap});
      }
    }
  }
  return all;
}

void place(LayerMatrix& matrix, Eigen::Index i, Eigen::Index j, double weight) {
  matrix.W(i, j) += weight;
  matrix.present(i, j) = true;
}

}  // namespace

Plane output_plane(const network::Convolution& layer, const Plane& in, const std::string& name) {
  const Window& w = layer.window;
  check_window(w, layer.weight, name);
  check_channels(layer.weight.shape[1] * layer.groups, in, name);
  Plane out{static_cast<int>(layer.weight.shape[0]), 0, 0};
  for (const std::size_t axis : {0U, 1U}) {
    const int size = axis == 0 ? in.height : in.width;
    const int room = size + w.padding[axis] + w.padding[axis + 2] - reach(w, axis);
    if (room < 0) {
      reject(
          name,
          std::to_string(size) + " pixels",
          "a window of " + std::to_string(reach(w, axis)) + " does not fit into the padded plane",
          "take a larger plane, or more padding");
    }
    (axis == 0 ? out.height : out.width) = room / w.stride[axis] + 1;
  }
  return out;
}

Plane output_plane(const network::Deconvolution& layer, const Plane& in, const std::string& name) {
  const Window& w = layer.window;
  check_window(w, layer.weight, name);
  check_channels(layer.weight.shape[0], in, name);
  Plane out{static_cast<int>(layer.weight.shape[1]) * layer.groups, 0, 0};
  for (const std::size_t axis : {0U, 1U}) {
    const int extra = layer.output_padding[axis];
    if (extra < 0 || (extra > 0 && extra >= std::max(w.stride[axis], w.dilation[axis]))) {
      reject(name,
             "output padding " + std::to_string(extra),
             "must be at least 0 and below the stride or the dilation",
             "lower it");
    }
    const int size = axis == 0 ? in.height : in.width;
    const int extent = (size - 1) * w.stride[axis] + reach(w, axis) + extra - w.padding[axis] -
                       w.padding[axis + 2];
    if (extent < 1) {
      reject(name,
             "padding " + std::to_string(w.padding[axis] + w.padding[axis + 2]),
             "crops the whole output of " + std::to_string(size) + " pixels",
             "take less padding, or a larger plane");
    }
    (axis == 0 ? out.height : out.width) = extent;
  }
  return out;
}

LayerMatrix unrolled(const network::Convolution& layer, const Plane& in, const std::string& name) {
  const Plane out = output_plane(layer, in, name);
  LayerMatrix matrix = empty_matrix(in.size(), out.size());
  const int per_group_in = static_cast<int>(layer.weight.shape[1]);
  const int per_group_out = out.channels / layer.groups;
  const auto all = meetings(layer.window, {out.height, out.width}, {in.height, in.width});
  for (int o = 0; o < out.channels; ++o) {
    for (int c = 0; c < per_group_in; ++c) {
      const int channel = o / per_group_out * per_group_in + c;
      for (const Meeting& at : all) {
        place(matrix,
              channel * in.height * in.width + at.pixel,
              o * out.height * out.width + at.position,
              weight_at(layer.weight, o, c, at.tap));
      }
    }
  }
  if (layer.bias.size() > 0) matrix.bias = spread(layer.bias, out.height * out.width);
  return matrix;
}

LayerMatrix unrolled(const network::Deconvolution& layer,
                     const Plane& in,
                     const std::string& name) {
  const Plane out = output_plane(layer, in, name);
  LayerMatrix matrix = empty_matrix(in.size(), out.size());
  const int per_group_in = in.channels / layer.groups;
  const int per_group_out = static_cast<int>(layer.weight.shape[1]);
  const auto all = meetings(layer.window, {in.height, in.width}, {out.height, out.width});
  for (int c = 0; c < in.channels; ++c) {
    for (int o = 0; o < per_group_out; ++o) {
      const int channel = c / per_group_in * per_group_out + o;
      for (const Meeting& at : all) {
        place(matrix,
              c * in.height * in.width + at.position,
              channel * out.height * out.width + at.pixel,
              weight_at(layer.weight, c, o, at.tap));
      }
    }
  }
  if (layer.bias.size() > 0) matrix.bias = spread(layer.bias, out.height * out.width);
  return matrix;
}

LayerMatrix unrolled(const network::FullyConnected& layer) {
  LayerMatrix matrix = empty_matrix(layer.weight.shape[1], layer.weight.shape[0]);
  for (Eigen::Index j = 0; j < matrix.W.cols(); ++j) {
    for (Eigen::Index i = 0; i < matrix.W.rows(); ++i) {
      const auto at = static_cast<std::size_t>(j * matrix.W.rows() + i);
      place(matrix, i, j, static_cast<double>(layer.weight.data[at]));
    }
  }
  if (layer.bias.size() > 0) matrix.bias = spread(layer.bias, 1);
  return matrix;
}

LayerMatrix at_one_window(const network::Convolution& layer) {
  const int taps = layer.window.kernel[0] * layer.window.kernel[1];
  const int per_group_in = static_cast<int>(layer.weight.shape[1]);
  const int outputs = static_cast<int>(layer.weight.shape[0]);
  LayerMatrix matrix = empty_matrix(per_group_in * layer.groups * taps, outputs);
  for (int o = 0; o < outputs; ++o) {
    const int first = o / (outputs / layer.groups) * per_group_in;
    for (int c = 0; c < per_group_in; ++c) {
      for (int tap = 0; tap < taps; ++tap) {
        place(matrix, (first + c) * taps + tap, o, weight_at(layer.weight, o, c, tap));
      }
    }
  }
  if (layer.bias.size() > 0) matrix.bias = spread(layer.bias, 1);
  return matrix;
}

LayerMatrix at_one_pixel(const network::Deconvolution& layer) {
  const int taps = layer.window.kernel[0] * layer.window.kernel[1];
  const int inputs = static_cast<int>(layer.weight.shape[0]);
  const int per_group_out = static_cast<int>(layer.weight.shape[1]);
  LayerMatrix matrix = empty_matrix(inputs, per_group_out * layer.groups * taps);
  for (int c = 0; c < inputs; ++c) {
    const int first = c / (inputs / layer.groups) * per_group_out;
    for (int o = 0; o < per_group_out; ++o) {
      for (int tap = 0; tap < taps; ++tap) {
        place(matrix, c, (first + o) * taps + tap, weight_at(layer.weight, c, o, tap));
      }
    }
  }
  return matrix;
}

void drop_zeros(LayerMatrix& matrix) {
  matrix.present = matrix.present && (matrix.W.array() != 0.0);
}

}  // namespace memspice::synthesis
