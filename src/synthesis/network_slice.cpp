// One layer of a network on its own: unrolled, or one position through which windows slide.

#include <algorithm>
#include <map>

#include "synthesis/network_circuit.hpp"
#include "synthesis/network_parts.hpp"

namespace memspice::synthesis {
namespace {

using network::LayerId;

const NetworkStage& stage_of(const NetworkStages& network, LayerId id) {
  for (const NetworkStage& stage : network.stages) {
    if (stage.layer == id) return stage;
  }
  refuse_layer(std::to_string(id.value), {}, "is none of the network's", "see memspice map");
}

bool same_position(const ArrayUse& a, const ArrayUse& b) {
  return a.y == b.y && a.x == b.x;
}

/// The sources of one position: crossbars that read the same row of a block share one.
struct PositionLines {
  std::vector<std::vector<int>> of;  ///< by crossbar and word line
  int count = 0;
};

PositionLines number_lines(const std::vector<ArrayUse>& arrays) {
  PositionLines lines;
  std::map<std::pair<int, int>, int> known;  // by block and row
  for (const ArrayUse& use : arrays) {
    if (!same_position(use, arrays.front())) break;
    std::vector<int>& own = lines.of.emplace_back();
    for (std::size_t i = 0; i < use.inputs.size(); ++i) {
      const std::pair row(use.block, use.tile->input_row(static_cast<int>(i)));
      own.push_back(known.emplace(row, lines.count).first->second);
      lines.count = static_cast<int>(known.size());
    }
  }
  return lines;
}

/// Elements of the layer's input at the position whose crossbars start at `first`.
std::vector<int> elements_at(const std::vector<ArrayUse>& arrays,
                             std::size_t first,
                             const PositionLines& lines) {
  std::vector<int> elements(static_cast<std::size_t>(lines.count), -1);
  for (std::size_t k = 0; k < lines.of.size(); ++k) {
    for (std::size_t i = 0; i < lines.of[k].size(); ++i) {
      elements[static_cast<std::size_t>(lines.of[k][i])] = arrays[first + k].inputs[i];
    }
  }
  return elements;
}

/// The first position's crossbars, with word lines and outputs counted through.
std::vector<ArrayUse> first_position(const ArrayStage& stage, const PositionLines& lines) {
  std::vector<ArrayUse> uses;
  for (std::size_t k = 0; k < lines.of.size(); ++k) {
    ArrayUse use = stage.arrays[k];
    use.inputs = lines.of[k];
    const int channel = stage.plan->blocks[static_cast<std::size_t>(use.block)].first_channel_out;
    for (std::size_t j = 0; j < use.outputs.size(); ++j) {
      use.outputs[j] = channel * stage.taps + use.tile->first_output + static_cast<int>(j);
    }
    uses.push_back(std::move(use));
  }
  return uses;
}

/// Of one value per element of a layer's output, that of each output of one position.
std::vector<double> at_position(const std::vector<double>& values, int outputs, int taps) {
  std::vector<double> chosen;
  const std::size_t plane = values.size() / static_cast<std::size_t>(outputs / taps);
  for (int k = 0; k < outputs && !values.empty(); ++k) {
    chosen.push_back(values[static_cast<std::size_t>(k / taps) * plane]);
  }
  return chosen;
}

}  // namespace

bool window_slides(const network::Operation& operation) {
  if (std::holds_alternative<network::Convolution>(operation)) return true;
  const auto* layer = std::get_if<network::Deconvolution>(&operation);
  if (layer == nullptr) return false;
  const network::Window& w = layer->window;
  const bool is_bare = w.dilation == std::array{1, 1} && w.padding == std::array{0, 0, 0, 0} &&
                       layer->output_padding == std::array{0, 0};
  return is_bare && w.stride == w.kernel;
}

std::vector<int> spread_evenly(int total, int count) {
  const int most = count > 0 ? std::min(count, total) : total;
  std::vector<int> places;
  for (int k = 0; k < most; ++k) {
    places.push_back(most == 1 ? 0
                               : static_cast<int>(static_cast<long>(k) * (total - 1) / (most - 1)));
  }
  return places;
}

NetworkStages stage_alone(const NetworkStages& network, LayerId id) {
  const NetworkStage& stage = stage_of(network, id);
  if (std::holds_alternative<WireStage>(stage.content)) {
    refuse_layer(stage.name, {}, "is wires alone", "export a layer that has a circuit");
  }
  return {.scales = network.scales, .stages = {stage}, .output = id};
}

SlidingStage slide_stage(const NetworkStages& network, LayerId id) {
  SlidingStage slide{.network = stage_alone(network, id), .gathered = {}, .positions = {}};
  NetworkStage& stage = slide.network.stages.front();
  auto* arrays = std::get_if<ArrayStage>(&stage.content);
  const bool slides = arrays != nullptr && arrays->position_outputs > 0;
  if (!slides) refuse_layer(stage.name, {}, "has no sliding window", "export it unrolled");
  const PositionLines lines = number_lines(arrays->arrays);
  for (std::size_t k = 0; k < arrays->arrays.size(); k += lines.of.size()) {
    slide.gathered.push_back(elements_at(arrays->arrays, k, lines));
    slide.positions.emplace_back(arrays->arrays[k].y, arrays->arrays[k].x);
  }
  stage.size = arrays->position_outputs;
  arrays->arrays = first_position(*arrays, lines);
  arrays->bias_currents = at_position(arrays->bias_currents, stage.size, arrays->taps);
  return slide;
}

Eigen::MatrixXd SlidingStage::windows(const Eigen::MatrixXd& x) const {
  const auto slots = static_cast<Eigen::Index>(gathered.size());
  const auto lines = static_cast<Eigen::Index>(gathered.front().size());
  Eigen::MatrixXd V(lines, slots * x.cols());
  for (Eigen::Index n = 0; n < x.cols(); ++n) {
    for (Eigen::Index slot = 0; slot < slots; ++slot) {
      for (Eigen::Index i = 0; i < lines; ++i) {
        const int element = gathered[static_cast<std::size_t>(slot)][static_cast<std::size_t>(i)];
        V(i, n * slots + slot) = element < 0 ? 0.0 : x(element, n);
      }
    }
  }
  return V;
}

}  // namespace memspice::synthesis
