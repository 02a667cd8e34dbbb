#include "simulate/kernel_first_kernel.hpp"

#include <algorithm>

#include "mapping/converter.hpp"
#include "mapping/input_reads.hpp"
#include "mapping/unfold.hpp"
#include "mapping/weight_matrix.hpp"
#include "simulate/digital_bias.hpp"
#include "simulate/kernel_passes.hpp"
#include "simulate/periphery_kernel.hpp"

namespace memspice::simulate {
namespace {

using network::Tensor;

/// The layer's input as what drives the cells: DAC, its driver, the cells' curvature [V].
Tensor cell_voltages(const KernelFirstLayer& layer, const Tensor& input) {
  Tensor voltages = mapping::to_voltages(*layer.plan, *layer.layer, input);
  if (layer.driver) layer.driver->apply_to_size(voltages.data);
  if (layer.curvature.coefficients.size() == 0) return voltages;
  for (float& v : voltages.data) {
    v = static_cast<float>(layer.curvature.apply(static_cast<double>(v)));
  }
  return voltages;
}

float bias_voltage(const KernelFirstLayer& layer) {
  return static_cast<float>(layer.curvature.apply(layer.plan->read_voltage));
}

/// A vector of a layer that takes rows is as an image of one pixel.
std::int64_t image_count(const KernelFirstLayer& crossbar, const Tensor& input) {
  const network::Layer& layer = crossbar.graph->layer(crossbar.layer->layer);
  if (!mapping::takes_rows(layer)) return input.shape.front();
  return input.size() / crossbar.layer->blocks.front().input_count;
}

/// Calls visit(image, block index, tile index, D) with the plane of every tile's currents [A]; D
/// may be changed.
template <typename Visit>
void for_each_plane(const KernelFirstLayer& crossbar, const Tensor& input, Visit visit) {
  const network::Layer& layer = crossbar.graph->layer(crossbar.layer->layer);
  const Tensor voltages = cell_voltages(crossbar, input);
  const auto images = static_cast<std::size_t>(image_count(crossbar, input));
  const std::size_t image_size = voltages.data.size() / images;
  const float bias = bias_voltage(crossbar);
  const PassGeometry geometry = pass_geometry(layer, input.shape);
  std::vector<float> D(geometry.plane());
  for (std::size_t b = 0; b < crossbar.layer->blocks.size(); ++b) {
    const mapping::Block& block = crossbar.layer->blocks[b];
    for (std::size_t t = 0; t < block.tiles.size(); ++t) {
      const auto weights = kept_weights(geometry, block, block.tiles[t], crossbar.g[b][t]);
      const bool has_bias = block.tiles[t].has_bias;
      const float offset = has_bias ? bias * crossbar.g[b][t][crossbar.g[b][t].size() - 1] : 0.0F;
      for (std::size_t n = 0; n < images; ++n) {
        const std::span<const float> image(voltages.data.data() + n * image_size, image_size);
        std::fill(D.begin(), D.end(), offset);
        run_passes(geometry, weights, image, D);
        visit(n, b, t, std::span<float>(D));
      }
    }
  }
}

class KernelFirstKernel : public LayerKernel {
 public:
  KernelFirstKernel(KernelFirstLayer layer, AdcRanges ranges)
      : layer_(std::move(layer)), ranges_(std::move(ranges)) {
    if (ranges_.empty()) ranges_ = uniform_ranges(*layer_.layer, 1.0);
  }

  Tensor apply(std::span<const Tensor* const> inputs,
               std::uint64_t /*first_image*/) const override {
    const network::Layer& layer = layer_.graph->layer(layer_.layer->layer);
    if (const auto* recurrence = std::get_if<network::Recurrence>(&layer.operation)) {
      return network::run_recurrence(*recurrence, inputs, [&](const Tensor& states, std::int64_t) {
        return multiply(layer, states);
      });
    }
    Tensor output = multiply(layer, *inputs.front());
    output.shape = layer.output_shape;
    output.shape.front() = inputs.front()->shape.front();
    return output;
  }

 private:
  /// The product of weights and `input`; of a layer that takes rows, a row for each.
  Tensor multiply(const network::Layer& layer, const Tensor& input) const {
    network::Shape shape = layer.output_shape;
    if (mapping::takes_rows(layer)) shape = {0, layer_.layer->blocks.front().output_count};
    shape.front() = image_count(layer_, input);
    Tensor output(shape);
    for_each_plane(
        layer_, input, [&](std::size_t n, std::size_t b, std::size_t t, std::span<float> D) {
          if (layer_.readout) layer_.readout->apply(D);
          const mapping::Block& block = layer_.layer->blocks[b];
          const int j = block.tiles[t].first_output;
          const float gain = layer_.gains.empty() ? 1.0F : layer_.gains[b][j];
          // A summer has one output.
          mapping::output_converter(*layer_.plan, ranges_[b][t][0]).apply(D, gain * block.scale[j]);
          add_plane(layer, block, j, D, static_cast<int>(n), output);
        });
    if (layer_.layer->digital_bias) add_digital_bias(mapping::bias_of(layer), output);
    return output;
  }

  KernelFirstLayer layer_;
  AdcRanges ranges_;
};

}  // namespace

PairConductances pair_conductances(const std::vector<std::vector<Eigen::MatrixXd>>& G) {
  PairConductances g;
  for (const auto& block : G) {
    g.emplace_back();
    for (const Eigen::MatrixXd& cells : block) {
      g.back().push_back((cells.col(0) - cells.col(1)).cast<float>());
    }
  }
  return g;
}

std::unique_ptr<LayerKernel> make_kernel_first_kernel(KernelFirstLayer layer, AdcRanges ranges) {
  return std::make_unique<KernelFirstKernel>(std::move(layer), std::move(ranges));
}

AdcRanges choose_adc_ranges(const KernelFirstLayer& layer, const Tensor& input) {
  const auto measure = [&](const TakeCurrents& take) {
    for_each_plane(
        layer, input, [&](std::size_t, std::size_t b, std::size_t t, std::span<float> D) {
          take(b, t, 0, D);
        });
  };
  const network::Layer& operation = layer.graph->layer(layer.layer->layer);
  const auto plane = static_cast<std::int64_t>(pass_geometry(operation, input.shape).plane());
  return choose_ranges(layer.plan->converters,
                       *layer.layer,
                       full_scale(*layer.plan, *layer.layer),
                       image_count(layer, input) * plane,
                       measure);
}

}  // namespace memspice::simulate
