// Layers with weights: which crossbar reads which values and feeds which readouts.

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "circuit/name.hpp"
#include "mapping/weight_matrix.hpp"
#include "synthesis/network_parts.hpp"
#include "synthesis/readout.hpp"

namespace memspice::synthesis {
namespace {

using mapping::Block;
using mapping::Tile;
using network::Convolution;
using network::Deconvolution;
using network::FullyConnected;
using network::LayerId;
using network::Window;

constexpr double kFirstSwingUsed = 0.8;  // by the first amplifier, which also drives the second
// More crossbars than that are no deck that a simulator reads: it holds all of them in memory.
constexpr long kMostMemristors = 50'000'000;

struct Extent {
  int height = 1, width = 1;
  int size() const noexcept { return height * width; }
};

Extent extent_of(const network::Shape& shape) {
  if (shape.size() != 4) return {};
  return {static_cast<int>(shape[2]), static_cast<int>(shape[3])};
}

/// Where a layer's elements lie at one position of its window.
struct Geometry {
  Extent in, out, positions;
  Window window;
  bool is_transposed = false;
  int taps() const noexcept { return window.kernel[0] * window.kernel[1]; }
};

/// The pixel that tap `tap` at position (y, x) meets in a plane; -1: outside.
int pixel_of(const Window& w, int tap, int y, int x, const Extent& plane) {
  const int i = y * w.stride[0] + tap / w.kernel[1] * w.dilation[0] - w.padding[0];
  const int j = x * w.stride[1] + tap % w.kernel[1] * w.dilation[1] - w.padding[1];
  if (i < 0 || i >= plane.height || j < 0 || j >= plane.width) return -1;
  return i * plane.width + j;
}

/// Element of the layer's input that row `row` of a block reads.
int input_element(const Geometry& g, const Block& block, int row, int y, int x) {
  if (g.is_transposed) {
    return (block.first_channel_in + row) * g.in.size() + y * g.in.width + x;
  }
  const int pixel = pixel_of(g.window, row % g.taps(), y, x, g.in);
  return pixel < 0 ? -1 : (block.first_channel_in + row / g.taps()) * g.in.size() + pixel;
}

/// Element of the layer's output that pair `column` of a block feeds.
int output_element(const Geometry& g, const Block& block, int column, int y, int x) {
  if (!g.is_transposed) {
    return (block.first_channel_out + column) * g.out.size() + y * g.out.width + x;
  }
  const int pixel = pixel_of(g.window, column % g.taps(), y, x, g.out);
  return pixel < 0 ? -1 : (block.first_channel_out + column / g.taps()) * g.out.size() + pixel;
}

Geometry geometry_of(const network::Graph& graph, LayerId id) {
  Geometry g{.in = extent_of(graph.shape_of(graph.inputs(id).front())),
             .out = extent_of(graph.shape_of(id)),
             .positions = {},
             .window = {}};
  const network::Operation& operation = graph.layer(id).operation;
  if (const auto* convolution = std::get_if<Convolution>(&operation)) {
    g.window = convolution->window;
    g.positions = g.out;
  } else if (const auto* deconvolution = std::get_if<Deconvolution>(&operation)) {
    g.window = deconvolution->window;
    g.is_transposed = true;
    g.positions = g.in;
  }
  return g;
}

ArrayUse use_of(const Geometry& g, const Block& block, const Tile& tile, int y, int x) {
  ArrayUse use{.name = {}, .tile = &tile, .block = 0, .y = y, .x = x, .inputs = {}, .outputs = {}};
  for (int i = 0; i < tile.input_count; ++i) {
    use.inputs.push_back(input_element(g, block, tile.input_row(i), y, x));
  }
  for (int j = 0; j < tile.output_count; ++j) {
    use.outputs.push_back(output_element(g, block, tile.first_output + j, y, x));
  }
  return use;
}

/// At most `count` positions; 0: all.
std::vector<ArrayUse> arrays_of(const Geometry& g, const mapping::LayerPlan& plan, int count) {
  std::vector<ArrayUse> arrays;
  for (const int position : spread_evenly(g.positions.size(), count)) {
    const int y = position / g.positions.width, x = position % g.positions.width;
    for (std::size_t b = 0; b < plan.blocks.size(); ++b) {
      for (const Tile& tile : plan.blocks[b].tiles) {
        ArrayUse use = use_of(g, plan.blocks[b], tile, y, x);
        use.block = static_cast<int>(b);
        use.name =
            circuit::legal_name(plan.name + "_p" + std::to_string(y) + "_q" + std::to_string(x) +
                                "_b" + std::to_string(b) + "_r" + std::to_string(tile.row) + "_c" +
                                std::to_string(tile.column));
        arrays.push_back(std::move(use));
      }
    }
  }
  return arrays;
}

/// I = b s_in (G_max - G_min) / w_max per output: what a word line at s_in would bring.
std::vector<double> digital_bias(const network::Layer& layer, int outputs, double siemens_volts) {
  const std::span<const float> bias = mapping::bias_of(layer);
  std::vector<double> currents;
  const int plane = outputs / static_cast<int>(bias.size());
  for (int k = 0; k < outputs; ++k) {
    currents.push_back(siemens_volts *
                       static_cast<double>(bias[static_cast<std::size_t>(k / plane)]));
  }
  return currents;
}

/// Current of one cell's line when all word lines are at `signal` [A].
double line_current(const Tile& tile, std::size_t line, double signal) {
  return signal * tile.G.col(static_cast<Eigen::Index>(line)).sum();
}

/// The largest current that a readout's first input takes when all word lines are at `signal` [A]:
/// the + line's, or of a shared line the larger one of both signs.
double largest_plus(const ArrayStage& stage, int outputs, double signal, bool bit_lines_subtract) {
  std::vector<double> plus(static_cast<std::size_t>(outputs), 0.0);
  std::vector<double> minus = plus;
  for (const ArrayUse& use : stage.arrays) {
    for (std::size_t j = 0; j < use.outputs.size(); ++j) {
      if (use.outputs[j] < 0) continue;
      const auto output = static_cast<std::size_t>(use.outputs[j]);
      plus[output] += line_current(*use.tile, 2 * j, signal);
      if (bit_lines_subtract) minus[output] += line_current(*use.tile, 2 * j + 1, signal);
    }
  }
  for (std::size_t k = 0; k < stage.bias_currents.size(); ++k) {
    plus[k] += std::max(stage.bias_currents[k], 0.0);
  }
  return std::max(*std::ranges::max_element(plus), *std::ranges::max_element(minus));
}

AnalogBlock build_readout(const std::string& name,
                          const SubtractorResistors& R,
                          const StageContext& context) {
  if (context.options.realisation == Realisation::Behavioural) {
    return build_column_readout(
        {.name = name, .realisation = context.options.realisation, .resistance = R.feedback},
        context.figures);
  }
  AnalogDraft draft(name, context.figures, 2);
  const circuit::NetId out = draft.net("out_0");
  add_subtractor(draft, "s", draft.in(0), draft.in(1), out, R);
  AnalogBlock block = draft.finish({out});
  block.takes_currents = true;
  block.ideal = [R_f = R.feedback](const Eigen::VectorXd& I) -> Eigen::VectorXd {
    return Eigen::VectorXd::Constant(1, R_f * (I[0] - I[1]));
  };
  return block;
}

/// Of a layer on its own whose window slides one position is drawn.
void check_size(const Geometry& g, const mapping::LayerPlan& plan, bool slides) {
  if (slides) return;
  long cells = 0;
  for (const Block& block : plan.blocks) {
    for (const Tile& tile : block.tiles) cells += tile.G.size();
  }
  if (cells * g.positions.size() <= kMostMemristors) return;
  refuse_layer(plan.name,
               std::to_string(cells * g.positions.size()) + " memristors at " +
                   std::to_string(g.positions.size()) + " positions",
               "are more than one deck may hold, " + std::to_string(kMostMemristors),
               "export --what layer:" + plan.name + ", which slides over the positions");
}

void check_digits(const mapping::LayerPlan& plan) {
  if (plan.slices == 1) return;
  refuse_layer(plan.name,
               std::to_string(plan.slices) + " digits a weight",
               "are summed behind ADCs, which a layer's circuit has not",
               "set mapping.slices to 1, or export tile:LAYER:ROW:COL");
}

void check_signs(const mapping::LayerPlan& plan) {
  const auto has_unit_column = [](const Block& block) {
    return std::ranges::any_of(block.tiles, &Tile::has_unit_column);
  };
  if (!std::ranges::any_of(plan.blocks, has_unit_column)) return;
  refuse_layer(plan.name,
               "a unit column",
               "is taken from every output's current, and the readouts here take two bit lines",
               "set mapping.signed to \"pair\", or export tile:LAYER:ROW:COL");
}

void check_rows(const network::Shape& in, const mapping::LayerPlan& plan, bool is_plane) {
  if (is_plane || network::element_count(in) == plan.blocks.front().input_count) return;
  refuse_layer(plan.name,
               "an input of " + network::to_text(in),
               "brings several vectors per image to one matrix",
               "flatten it to one vector");
}

double bias_voltage(const ArrayStage& stage, const StageContext& context, double s_in) {
  const bool has_bias = std::any_of(stage.arrays.begin(),
                                    stage.arrays.end(),
                                    [](const ArrayUse& use) { return use.tile->has_bias; });
  if (!has_bias) return 0.0;
  const double V = s_in * stage.plan->x_max;
  const double most = kFirstSwingUsed * swing_of(context.figures);
  if (V > most) {
    refuse_layer(stage.plan->name,
                 to_text(V) + " V on its bias word line",
                 "is beyond the op-amp's " + to_text(most) + " V",
                 "map it with the ranges of the same calibration images");
  }
  return V;
}

/// `per_unit`: current for y = 1 [A].
SubtractorResistors resistors_of(const ArrayStage& stage,
                                 const StageContext& context,
                                 LayerId id,
                                 int outputs,
                                 double per_unit) {
  const double R_f = context.scales.of(id) / per_unit;
  const double I_plus = largest_plus(
      stage, outputs, context.figures.signal.value, context.options.bit_lines_subtract);
  const double most = kFirstSwingUsed * swing_of(context.figures) / I_plus;
  return {.feedback = R_f, .first = I_plus > 0 ? std::min(R_f, most) : R_f};
}

}  // namespace

ArrayStage plan_arrays(const StageContext& context, LayerId id) {
  const network::Layer& layer = context.graph.layer(id);
  const mapping::LayerPlan& plan = context.plan.layer(layer.name);
  const LayerId producer = context.graph.inputs(id).front();
  const Geometry g = geometry_of(context.graph, id);
  check_digits(plan);
  check_signs(plan);
  const bool slides = context.options.only.size() == 1 && window_slides(layer.operation);
  check_size(g, plan, slides);
  check_rows(context.graph.shape_of(producer),
             plan,
             !std::holds_alternative<FullyConnected>(layer.operation));
  const int outputs = static_cast<int>(network::element_count(context.graph.shape_of(id)));
  const double s_in = context.scales.of(producer);
  const double per_unit =
      s_in * context.plan.window.width() / plan.blocks.front().w_max[0];  // [A] for y = 1
  const int taps = g.is_transposed ? g.taps() : 1;
  ArrayStage stage{
      .plan = &plan,
      .is_transposed = g.is_transposed,
      .taps = taps,
      .position_outputs = window_slides(layer.operation) ? outputs / g.out.size() * taps : 0,
      .arrays = arrays_of(g, plan, slides ? context.options.positions : 0),
      .bias_voltage = 0.0,
      .bias_currents = {},
      .R = {},
      .readout = {}};
  stage.bias_voltage = bias_voltage(stage, context, s_in);
  if (plan.digital_bias) stage.bias_currents = digital_bias(layer, outputs, per_unit);
  stage.R = resistors_of(stage, context, id, outputs, per_unit);
  stage.readout = build_readout(circuit::legal_name(layer.name + "_readout"), stage.R, context);
  return stage;
}

}  // namespace memspice::synthesis
