// One layer of a network on its own: unrolled, or one position through which windows slide.

#include "synthesis/network_circuit.hpp"

#include "circuit/name.hpp"
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

/// Word lines of one position: those of a row of tiles once, whatever the column.
std::vector<int> word_lines_at(const std::vector<ArrayUse>& arrays, std::size_t first) {
  std::vector<int> lines;
  for (std::size_t k = first; k < arrays.size() && same_position(arrays[k], arrays[first]); ++k) {
    if (arrays[k].tile->column != 0) continue;
    lines.insert(lines.end(), arrays[k].inputs.begin(), arrays[k].inputs.end());
  }
  return lines;
}

/// The first position's crossbars, with word lines and outputs counted through.
std::vector<ArrayUse> first_position(const std::vector<ArrayUse>& arrays, int pixels) {
  std::vector<ArrayUse> uses;
  int lines = 0, row_start = 0;
  for (const ArrayUse& from : arrays) {
    if (!same_position(from, arrays.front())) break;
    ArrayUse use = from;
    if (use.tile->column == 0) row_start = lines;
    for (std::size_t i = 0; i < use.inputs.size(); ++i) {
      use.inputs[i] = row_start + static_cast<int>(i);
    }
    if (use.tile->column == 0) lines += static_cast<int>(use.inputs.size());
    for (int& output : use.outputs) output /= pixels;
    uses.push_back(std::move(use));
  }
  return uses;
}

/// Of one value per channel and pixel, those of each channel's first pixel.
std::vector<double> first_pixel(const std::vector<double>& values, int pixels) {
  std::vector<double> firsts;
  for (std::size_t k = 0; k < values.size(); k += static_cast<std::size_t>(pixels)) {
    firsts.push_back(values[k]);
  }
  return firsts;
}

}  // namespace

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
  const bool slides = arrays != nullptr && !arrays->is_transposed;
  if (!slides) refuse_layer(stage.name, {}, "has no sliding window", "export it unrolled");
  for (std::size_t k = 0; k < arrays->arrays.size(); ++k) {
    if (k > 0 && same_position(arrays->arrays[k], arrays->arrays[k - 1])) continue;
    slide.gathered.push_back(word_lines_at(arrays->arrays, k));
    slide.positions.emplace_back(arrays->arrays[k].y, arrays->arrays[k].x);
  }
  const int pixels = static_cast<int>(slide.positions.size());
  arrays->arrays = first_position(arrays->arrays, pixels);
  arrays->bias_currents = first_pixel(arrays->bias_currents, pixels);
  stage.size /= pixels;
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
