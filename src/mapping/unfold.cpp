#include "mapping/unfold.hpp"

#include <algorithm>
#include <utility>

#include "base/division.hpp"

namespace memspice::mapping {
namespace {

using network::Tensor;
using network::Window;

/// Where a kernel's taps meet an image: sizes of the gathered plane and of the plane of positions.
struct Geometry {
  int gathered_height = 0, gathered_width = 0;  ///< the plane that taps read or write
  int height = 0, width = 0;                    ///< positions of the kernel
  Window window;
  bool overhangs = false;  ///< some tap of some position may lie outside of the plane

  int positions() const noexcept { return height * width; }
  int taps() const noexcept { return window.kernel[0] * window.kernel[1]; }
};

/// The positions p in [first, last) whose tap lands inside 0 .. size-1: p * stride + offset.
std::pair<int, int> inside(int offset, int stride, int size, int positions) {
  const int first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  const int last = offset >= size ? 0 : (size - 1 - offset) / stride + 1;
  return {std::min(first, positions), std::clamp(last, 0, positions)};
}

/// Calls visit(gathered row, first gathered column, position row, first position, count) for every
/// run of positions whose tap (ky, kx) lies inside the gathered plane.
template <typename Visit>
void for_each_run(const Geometry& g, int ky, int kx, Visit visit) {
  const Window& w = g.window;
  const int row_offset = ky * w.dilation[0] - w.padding[0];
  const int column_offset = kx * w.dilation[1] - w.padding[1];
  const auto [row_first, row_last] = inside(row_offset, w.stride[0], g.gathered_height, g.height);
  const auto [first, last] = inside(column_offset, w.stride[1], g.gathered_width, g.width);
  if (first >= last) return;
  for (int p = row_first; p < row_last; ++p) {
    visit(
        p * w.stride[0] + row_offset, first * w.stride[1] + column_offset, p, first, last - first);
  }
}

const float* plane(const Tensor& tensor, int image, int channel) {
  const std::int64_t size = tensor.shape[2] * tensor.shape[3];
  return tensor.data.data() + (image * tensor.shape[1] + channel) * size;
}
float* plane(Tensor& tensor, int image, int channel) {
  return const_cast<float*>(plane(std::as_const(tensor), image, channel));
}

/// One row of the unfolded matrix: tap (ky, kx) of one plane over all positions.
void gather_tap(const Geometry& g, int ky, int kx, const float* from, float* row) {
  if (g.overhangs) std::fill(row, row + g.positions(), 0.0F);
  const int stride = g.window.stride[1];
  for_each_run(g, ky, kx, [&](int y, int x, int p, int q, int count) {
    const float* source = from + y * g.gathered_width + x;
    float* target = row + p * g.width + q;
    if (stride == 1) {
      std::copy_n(source, count, target);
    } else {
      for (int k = 0; k < count; ++k) target[k] = source[k * stride];
    }
  });
}

void scatter_tap(const Geometry& g, int ky, int kx, const float* row, float* to) {
  const int stride = g.window.stride[1];
  for_each_run(g, ky, kx, [&](int y, int x, int p, int q, int count) {
    const float* source = row + p * g.width + q;
    float* target = to + y * g.gathered_width + x;
    for (int k = 0; k < count; ++k) target[k * stride] += source[k];
  });
}

int output_extent(int size, const Window& w, int axis) {
  const int reach = w.dilation[axis] * (w.kernel[axis] - 1) + 1;
  return (size + w.padding[axis] + w.padding[axis + 2] - reach) / w.stride[axis] + 1;
}

Geometry geometry_of(const Window& window, const Tensor& input) {
  const int height = static_cast<int>(input.shape[2]);
  const int width = static_cast<int>(input.shape[3]);
  Geometry g{
      height, width, output_extent(height, window, 0), output_extent(width, window, 1), window};
  g.overhangs = window.padding != std::array{0, 0, 0, 0};
  return g;
}

/// A patch's window slides by whole patches: a convolution with a larger kernel and stride.
Geometry patch_geometry(const Window& window, const Patch& patch, const Tensor& input) {
  Geometry g = geometry_of(window, input);
  if (patch.kind != Patch::Kind::Rectangle) return g;
  const std::array extent{patch.height, patch.width};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    g.window.kernel[axis] = (extent[axis] - 1) * window.stride[axis] +
                            (window.kernel[axis] - 1) * window.dilation[axis] + 1;
    g.window.stride[axis] = extent[axis] * window.stride[axis];
    g.window.dilation[axis] = 1;
  }
  g.overhangs = true;
  g.height = divide_up(g.height, patch.height);
  g.width = divide_up(g.width, patch.width);
  return g;
}

/// Output pixels first, first + step .. of a pointwise kernel, 0 beyond the plane.
void gather_pixels(const Geometry& g, int first, int step, const float* from, float* row) {
  const Window& w = g.window;
  const int vectors = divide_up(g.positions(), step);
  for (int k = 0; k < vectors; ++k) {
    const int pixel = first + k * step;
    const int y = pixel / g.width * w.stride[0] - w.padding[0];
    const int x = pixel % g.width * w.stride[1] - w.padding[1];
    const bool inside =
        pixel < g.positions() && y >= 0 && y < g.gathered_height && x >= 0 && x < g.gathered_width;
    row[k] = inside ? from[y * g.gathered_width + x] : 0.0F;
  }
}

void unfold_layer(const network::Convolution& layer,
                  const Block& block,
                  const Tensor& voltages,
                  int first,
                  int count,
                  FloatMatrix& V) {
  const bool is_run = block.patch.kind == Patch::Kind::Run;
  const Geometry g = patch_geometry(layer.window, block.patch, voltages);
  const int taps = is_run ? block.patch.width : g.taps();
  const int vectors = is_run ? divide_up(g.positions(), taps) : g.positions();
  V.resize(block.input_count + 1, static_cast<Eigen::Index>(count) * vectors);
  const int kernel_width = g.window.kernel[1];
  for (int i = 0; i < block.input_count; ++i) {
    const int channel = block.first_channel_in + i / taps;
    const int tap = i % taps;
    for (int n = 0; n < count; ++n) {
      const float* from = plane(voltages, first + n, channel);
      float* row = V.row(i).data() + static_cast<std::ptrdiff_t>(n) * vectors;
      if (is_run) {
        gather_pixels(g, tap, taps, from, row);
      } else {
        gather_tap(g, tap / kernel_width, tap % kernel_width, from, row);
      }
    }
  }
}

void unfold_layer(const network::Deconvolution&,
                  const Block& block,
                  const Tensor& voltages,
                  int first,
                  int count,
                  FloatMatrix& V) {
  const std::int64_t positions = voltages.shape[2] * voltages.shape[3];
  V.resize(block.input_count + 1, count * positions);
  for (int i = 0; i < block.input_count; ++i) {
    for (int n = 0; n < count; ++n) {
      std::copy_n(plane(voltages, first + n, block.first_channel_in + i),
                  positions,
                  V.row(i).data() + n * positions);
    }
  }
}

void unfold_layer(const network::FullyConnected&,
                  const Block& block,
                  const Tensor& voltages,
                  int first,
                  int count,
                  FloatMatrix& V) {
  const Eigen::Map<const FloatMatrix> rows(
      voltages.data.data() + static_cast<std::ptrdiff_t>(first) * block.input_count,
      count,
      block.input_count);
  V.resize(block.input_count + 1, count);
  V.topRows(block.input_count) = rows.transpose();
}

template <typename Other>
void unfold_layer(const Other&, const Block&, const Tensor&, int, int, FloatMatrix& V) {
  V.resize(0, 0);
}

/// Adds a row of results to the outputs of one plane that tap `tap` of the patches gives.
void add_patches(const Patch& patch, const Geometry& g, int tap, const float* row, float* to) {
  if (patch.kind == Patch::Kind::Rectangle) {
    scatter_tap(g, tap / patch.width, tap % patch.width, row, to);
    return;
  }
  const int pixels = g.gathered_height * g.gathered_width;
  for (int pixel = tap; pixel < pixels; pixel += patch.width) to[pixel] += *row++;
}

void fold_layer(const network::Convolution&,
                const Block& block,
                const FloatMatrix& Y,
                int first,
                int count,
                Tensor& output) {
  const Patch& patch = block.patch;
  const int height = static_cast<int>(output.shape[2]);
  const int width = static_cast<int>(output.shape[3]);
  const Geometry g{height,
                   width,
                   divide_up(height, patch.height),
                   divide_up(width, patch.width),
                   {.kernel = {patch.height, patch.width}, .stride = {patch.height, patch.width}}};
  const std::ptrdiff_t vectors = Y.cols() / count;
  for (int j = 0; j < block.output_count; ++j) {
    for (int n = 0; n < count; ++n) {
      add_patches(patch,
                  g,
                  j % patch.outputs(),
                  Y.row(j).data() + n * vectors,
                  plane(output, first + n, block.first_channel_out + j / patch.outputs()));
    }
  }
}

void fold_layer(const network::Deconvolution& layer,
                const Block& block,
                const FloatMatrix& Y,
                int first,
                int count,
                Tensor& output) {
  const int positions = static_cast<int>(Y.cols()) / count;
  const int height = static_cast<int>(output.shape[2]);
  const int width = static_cast<int>(output.shape[3]);
  // The transpose of a convolution from the output plane back to the input plane.
  const Window& w = layer.window;
  const int rows = output_extent(height - layer.output_padding[0], w, 0);
  const Geometry g{height, width, rows, positions / rows, w};
  for (int j = 0; j < block.output_count; ++j) {
    const int tap = j % g.taps();
    for (int n = 0; n < count; ++n) {
      scatter_tap(g,
                  tap / w.kernel[1],
                  tap % w.kernel[1],
                  Y.row(j).data() + static_cast<std::ptrdiff_t>(n) * positions,
                  plane(output, first + n, block.first_channel_out + j / g.taps()));
    }
  }
}

void fold_layer(const network::FullyConnected&,
                const Block& block,
                const FloatMatrix& Y,
                int first,
                int count,
                Tensor& output) {
  Eigen::Map<FloatMatrix> rows(
      output.data.data() + static_cast<std::ptrdiff_t>(first) * block.output_count,
      count,
      block.output_count);
  rows += Y.transpose();
}

template <typename Other>
void fold_layer(const Other&, const Block&, const FloatMatrix&, int, int, Tensor&) {}

}  // namespace

Converter input_converter(const TilePlan& plan, const LayerPlan& layer) {
  return {.bits = plan.converters.dac_bits, .range = layer.x_max, .is_signed = layer.signed_input};
}

Tensor to_voltages(const TilePlan& plan, const LayerPlan& layer, const Tensor& input) {
  Tensor voltages = input;
  input_converter(plan, layer)
      .apply(voltages.data, static_cast<float>(plan.read_voltage / layer.x_max));
  return voltages;
}

void unfold(const network::Layer& layer,
            const Block& block,
            const Tensor& voltages,
            int first,
            int count,
            float bias_voltage,
            FloatMatrix& V) {
  std::visit([&](const auto& op) { unfold_layer(op, block, voltages, first, count, V); },
             layer.operation);
  if (V.rows() > 0) V.bottomRows(1).setConstant(bias_voltage);
}

void fold(const network::Layer& layer,
          const Block& block,
          const FloatMatrix& Y,
          int first,
          int count,
          Tensor& output) {
  std::visit([&](const auto& op) { fold_layer(op, block, Y, first, count, output); },
             layer.operation);
}

}  // namespace memspice::mapping
