#include "mapping/unfold.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "base/division.hpp"
#include "network/vector_kernels.hpp"

namespace memspice::mapping {
namespace {

using network::Tap;
using network::Tensor;
using network::Window;
using network::WindowAxis;

template <typename Operation>
inline constexpr bool kIsRowProduct = std::is_same_v<Operation, network::FullyConnected> ||
                                      std::is_same_v<Operation, network::Recurrence>;

/// Where a kernel's taps meet a plane, `window` being that of a patch.
struct Geometry {
  Window window;
  WindowAxis rows, columns;

  std::int64_t positions() const noexcept { return rows.positions * columns.positions; }
  Tap tap(int k) const noexcept { return {k / columns.taps, k % columns.taps}; }
};

Geometry geometry_of(const Window& window,
                     std::array<std::int64_t, 2> plane,
                     std::array<std::int64_t, 2> positions) {
  return {window,
          network::window_axis(window, 0, plane[0], positions[0]),
          network::window_axis(window, 1, plane[1], positions[1])};
}

const float* plane(const Tensor& tensor, int image, int channel) {
  const std::int64_t size = tensor.shape[2] * tensor.shape[3];
  return tensor.data.data() + (image * tensor.shape[1] + channel) * size;
}
float* plane(Tensor& tensor, int image, int channel) {
  return const_cast<float*>(plane(std::as_const(tensor), image, channel));
}

std::array<std::int64_t, 2> plane_size(const Tensor& tensor) {
  return {tensor.shape[2], tensor.shape[3]};
}

std::int64_t output_extent(std::int64_t size, const Window& w, std::size_t axis) {
  const int reach = w.dilation[axis] * (w.kernel[axis] - 1) + 1;
  return (size + w.padding[axis] + w.padding[axis + 2] - reach) / w.stride[axis] + 1;
}

/// A patch's window slides by whole patches: a convolution with a larger kernel and stride.
Geometry patch_geometry(const Window& window, const Patch& patch, const Tensor& input) {
  const auto plane = plane_size(input);
  std::array positions{output_extent(plane[0], window, 0), output_extent(plane[1], window, 1)};
  if (patch.kind != Patch::Kind::Rectangle) return geometry_of(window, plane, positions);
  Window wide = window;
  const std::array extent{patch.height, patch.width};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    wide.kernel[axis] = (extent[axis] - 1) * window.stride[axis] +
                        (window.kernel[axis] - 1) * window.dilation[axis] + 1;
    wide.stride[axis] = extent[axis] * window.stride[axis];
    wide.dilation[axis] = 1;
    positions[axis] = divide_up(positions[axis], std::int64_t{extent[axis]});
  }
  return geometry_of(wide, plane, positions);
}

/// Output pixels first, first + step .. of a pointwise kernel, 0 beyond the plane.
void gather_pixels(const Geometry& g, int first, std::int64_t step, const float* from, float* row) {
  const WindowAxis &rows = g.rows, &columns = g.columns;
  const std::int64_t vectors = divide_up(g.positions(), step);
  for (std::int64_t k = 0; k < vectors; ++k) {
    const std::int64_t pixel = first + k * step;
    const std::int64_t y = pixel / columns.positions * rows.stride + rows.start;
    const std::int64_t x = pixel % columns.positions * columns.stride + columns.start;
    const bool inside =
        pixel < g.positions() && y >= 0 && y < rows.length && x >= 0 && x < columns.length;
    row[k] = inside ? from[y * columns.length + x] : 0.0F;
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
  const int taps = is_run ? block.patch.width : g.window.kernel[0] * g.window.kernel[1];
  const Eigen::Index vectors =
      is_run ? divide_up(g.positions(), std::int64_t{taps}) : g.positions();
  V.resize(block.input_count + 1, count * vectors);
  for (int i = 0; i < block.input_count; ++i) {
    const int channel = block.first_channel_in + i / taps;
    const int tap = i % taps;
    for (int n = 0; n < count; ++n) {
      const float* from = plane(voltages, first + n, channel);
      float* row = V.row(i).data() + n * vectors;
      if (is_run) {
        gather_pixels(g, tap, taps, from, row);
      } else {
        network::gather_tap(g.rows, g.columns, g.tap(tap), from, row);
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

/// The last axis is the vector's; an image has one for each place along the axes before it.
void unfold_rows(const Block& block, const Tensor& voltages, int first, int count, FloatMatrix& V) {
  const Eigen::Index per_image = voltages.size() / (voltages.shape[0] * block.input_count);
  const Eigen::Map<const FloatMatrix> rows(
      voltages.data.data() + first * per_image * block.input_count,
      count * per_image,
      block.input_count);
  V.resize(block.input_count + 1, rows.rows());
  V.topRows(block.input_count) = rows.transpose();
}

template <typename Other>
void unfold_layer(const Other&,
                  const Block& block,
                  const Tensor& voltages,
                  int first,
                  int count,
                  FloatMatrix& V) {
  if constexpr (kIsRowProduct<Other>) {
    unfold_rows(block, voltages, first, count, V);
  } else {
    V.resize(0, 0);
  }
}

/// Adds a row of results to the outputs of one plane that tap `tap` of the patches gives.
void add_patches(const Patch& patch, const Geometry& g, int tap, const float* row, float* to) {
  if (patch.kind == Patch::Kind::Rectangle) {
    network::scatter_tap(g.rows, g.columns, g.tap(tap), row, to);
    return;
  }
  const std::int64_t pixels = g.rows.length * g.columns.length;
  for (std::int64_t pixel = tap; pixel < pixels; pixel += patch.width) to[pixel] += *row++;
}

void fold_layer(const network::Convolution&,
                const Block& block,
                const FloatMatrix& Y,
                int first,
                int count,
                Tensor& output) {
  const Patch& patch = block.patch;
  const auto size = plane_size(output);
  const Geometry g =
      geometry_of({.kernel = {patch.height, patch.width}, .stride = {patch.height, patch.width}},
                  size,
                  {divide_up(size[0], std::int64_t{patch.height}),
                   divide_up(size[1], std::int64_t{patch.width})});
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
  // The transpose of a convolution from the output plane back to the input plane.
  const Eigen::Index positions = Y.cols() / count;
  const auto size = plane_size(output);
  const std::int64_t rows = output_extent(size[0] - layer.output_padding[0], layer.window, 0);
  const Geometry g = geometry_of(layer.window, size, {rows, positions / rows});
  const int taps = layer.window.kernel[0] * layer.window.kernel[1];
  for (int j = 0; j < block.output_count; ++j) {
    for (int n = 0; n < count; ++n) {
      network::scatter_tap(g.rows,
                           g.columns,
                           g.tap(j % taps),
                           Y.row(j).data() + n * positions,
                           plane(output, first + n, block.first_channel_out + j / taps));
    }
  }
}

void fold_rows(const Block& block, const FloatMatrix& Y, int first, int count, Tensor& output) {
  const Eigen::Index per_image = Y.cols() / count;
  Eigen::Map<FloatMatrix> rows(
      output.data.data() + first * per_image * block.output_count, Y.cols(), block.output_count);
  rows += Y.transpose();
}

template <typename Other>
void fold_layer(
    const Other&, const Block& block, const FloatMatrix& Y, int first, int count, Tensor& output) {
  if constexpr (kIsRowProduct<Other>) fold_rows(block, Y, first, count, output);
}

}  // namespace

Converter output_converter(const TilePlan& plan, double range) {
  return {.bits = plan.converters.adc_bits, .range = range, .is_signed = true};
}

bool takes_rows(const network::Layer& layer) {
  return std::visit([]<typename Operation>(const Operation&) { return kIsRowProduct<Operation>; },
                    layer.operation);
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
