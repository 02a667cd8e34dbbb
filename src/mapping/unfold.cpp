#include "mapping/unfold.hpp"

#include <algorithm>

#include "base/division.hpp"
#include "mapping/patch_geometry.hpp"

namespace memspice::mapping {
namespace {

using network::Tensor;
using network::WindowAxis;

template <typename Operation>
inline constexpr bool kHasVectors =
    kIsRowProduct<Operation> || std::is_same_v<Operation, network::Convolution> ||
    std::is_same_v<Operation, network::Deconvolution>;

/// Which of a tensor's images, and of each image's vectors.
struct Chosen {
  static constexpr std::int64_t kAll = -1;
  int first = 0, count = 1;    ///< images
  std::int64_t vector = kAll;  ///< of each image: the only one that is taken
  bool all() const noexcept { return vector == kAll; }
};

/// The window at its position `p` alone.
PatchGeometry at_position(PatchGeometry g, std::int64_t p) {
  g.rows.start += p / g.columns.positions * g.rows.stride;
  g.columns.start += p % g.columns.positions * g.columns.stride;
  g.rows.positions = g.columns.positions = 1;
  return g;
}

/// Output pixels first, first + step .. of a pointwise kernel, 0 beyond the plane.
void gather_pixels(const PatchGeometry& g,
                   int first,
                   std::int64_t step,
                   std::int64_t vectors,
                   const float* from,
                   float* row) {
  const WindowAxis &rows = g.rows, &columns = g.columns;
  for (std::int64_t k = 0; k < vectors; ++k) {
    const std::int64_t pixel = first + k * step;
    const std::int64_t y = pixel / columns.positions * rows.stride + rows.start;
    const std::int64_t x = pixel % columns.positions * columns.stride + columns.start;
    const bool inside =
        pixel < g.positions() && y >= 0 && y < rows.length && x >= 0 && x < columns.length;
    row[k] = inside ? from[y * columns.length + x] : 0.0F;
  }
}

std::int64_t vectors_of(const network::Convolution& layer, const Block& block, const Tensor& x) {
  const std::int64_t positions = patch_geometry(layer.window, block.patch, x).positions();
  const bool is_run = block.patch.kind == Patch::Kind::Run;
  return is_run ? divide_up(positions, std::int64_t{block.patch.width}) : positions;
}

std::int64_t vectors_of(const network::Deconvolution&, const Block&, const Tensor& x) {
  return x.shape[2] * x.shape[3];
}

/// The last axis is the vector's; an image has one for each place along the axes before it.
template <typename Rows>
std::int64_t vectors_of(const Rows&, const Block& block, const Tensor& x) {
  return x.size() / (x.shape[0] * block.input_count);
}

void unfold_run(const PatchGeometry& g,
                const Block& block,
                const Tensor& voltages,
                const Chosen& chosen,
                FloatMatrix& V) {
  const int taps = block.patch.width;
  const Eigen::Index vectors = V.cols() / chosen.count;
  // One vector's pixels are a run of their own: the next vector would lie beyond the plane.
  const std::int64_t step = chosen.all() ? taps : g.positions();
  const std::int64_t start = chosen.all() ? 0 : chosen.vector * taps;
  for (int i = 0; i < block.input_count; ++i) {
    const auto first = static_cast<int>(start) + i % taps;
    for (int n = 0; n < chosen.count; ++n) {
      const float* from = plane(voltages, chosen.first + n, block.first_channel_in + i / taps);
      gather_pixels(g, first, step, vectors, from, V.row(i).data() + n * vectors);
    }
  }
}

void unfold_layer(const network::Convolution& layer,
                  const Block& block,
                  const Tensor& voltages,
                  const Chosen& chosen,
                  FloatMatrix& V) {
  const PatchGeometry whole = patch_geometry(layer.window, block.patch, voltages);
  if (block.patch.kind == Patch::Kind::Run) return unfold_run(whole, block, voltages, chosen, V);
  const PatchGeometry g = chosen.all() ? whole : at_position(whole, chosen.vector);
  const int taps = g.window.kernel[0] * g.window.kernel[1];
  for (int i = 0; i < block.input_count; ++i) {
    for (int n = 0; n < chosen.count; ++n) {
      const float* from = plane(voltages, chosen.first + n, block.first_channel_in + i / taps);
      network::gather_tap(
          g.rows, g.columns, g.tap(i % taps), from, V.row(i).data() + n * g.positions());
    }
  }
}

void unfold_layer(const network::Deconvolution&,
                  const Block& block,
                  const Tensor& voltages,
                  const Chosen& chosen,
                  FloatMatrix& V) {
  const Eigen::Index vectors = V.cols() / chosen.count;
  const std::int64_t skipped = chosen.all() ? 0 : chosen.vector;
  for (int i = 0; i < block.input_count; ++i) {
    for (int n = 0; n < chosen.count; ++n) {
      std::copy_n(plane(voltages, chosen.first + n, block.first_channel_in + i) + skipped,
                  vectors,
                  V.row(i).data() + n * vectors);
    }
  }
}

template <typename Rows>
void unfold_layer(const Rows& layer,
                  const Block& block,
                  const Tensor& voltages,
                  const Chosen& chosen,
                  FloatMatrix& V) {
  const std::int64_t per_image = vectors_of(layer, block, voltages);
  const std::int64_t skipped = chosen.first * per_image + (chosen.all() ? 0 : chosen.vector);
  V.topRows(block.input_count) =
      Eigen::Map<const FloatMatrix>(
          voltages.data.data() + skipped * block.input_count, V.cols(), block.input_count)
          .transpose();
}

/// V <- the chosen vectors, and a row for the bias.
void unfold_chosen(const network::Layer& layer,
                   const Block& block,
                   const Tensor& voltages,
                   const Chosen& chosen,
                   FloatMatrix& V) {
  const auto unfold_operation = [&]<typename Operation>(const Operation& operation) {
    if constexpr (kHasVectors<Operation>) {
      const std::int64_t vectors = chosen.all() ? vectors_of(operation, block, voltages) : 1;
      V.resize(block.input_count + 1, chosen.count * vectors);
      unfold_layer(operation, block, voltages, chosen, V);
    } else {
      V.resize(0, 0);
    }
  };
  std::visit(unfold_operation, layer.operation);
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
  unfold_chosen(layer, block, voltages, {.first = first, .count = count}, V);
  if (V.rows() > 0) V.bottomRows(1).setConstant(bias_voltage);
}

std::int64_t vectors_of_image(const network::Layer& layer, const Block& block, const Tensor& x) {
  const auto count = [&]<typename Operation>(const Operation& operation) -> std::int64_t {
    if constexpr (kHasVectors<Operation>) return vectors_of(operation, block, x);
    return 0;
  };
  return std::visit(count, layer.operation);
}

Eigen::VectorXf unfold_vector(const network::Layer& layer,
                              const Block& block,
                              const Tensor& values,
                              int image,
                              std::int64_t k) {
  FloatMatrix V;
  unfold_chosen(layer, block, values, {.first = image, .vector = k}, V);
  return V.col(0).head(block.input_count);
}

}  // namespace memspice::mapping
