#include "study/kernel_first.hpp"

#include <cmath>

#include "mapping/kernel_first.hpp"
#include "mapping/kernel_first_plan.hpp"
#include "mapping/perturb.hpp"

namespace memspice::study {
namespace {

using simulate::Fidelity;

/// Of a layer's inputs, whose mean square a pruned pair's power is taken from.
constexpr int kPowerVectors = 64;

/// Power of a pair of cells at g_min, both, averaged over voltages of one input [W].
double power_at_g_min(const Bench& bench, const Eigen::VectorXf& voltages) {
  const double alpha = bench.array.spec().alpha;
  double sum = 0.0;
  for (const float v : voltages) {
    const double V = static_cast<double>(v);
    sum += alpha > 0.0 ? V * std::sinh(alpha * V) / alpha : V * V;
  }
  return 2.0 * bench.mapped->plan.window.g_min * sum / static_cast<double>(voltages.size());
}

/// What the pruned pairs of a layer would take if they were there [W].
double pruned_power(const Bench& bench, const mapping::LayerPlan& layer) {
  double power = 0.0;
  for (std::size_t b = 0; b < layer.blocks.size(); ++b) {
    const mapping::Block& block = layer.blocks[b];
    const RandomStream random(bench.seed, "pruned/" + layer.name);
    const mapping::FloatMatrix V =
        sample_voltages(*bench.mapped, *bench.graph, layer, block, kPowerVectors, random.fork(b));
    const std::vector<int> pruned = mapping::pruned_pairs(block);
    for (int i = 0; i < block.input_count; ++i) {
      const int pairs = pruned[static_cast<std::size_t>(i)];
      if (pairs > 0) power += pairs * power_at_g_min(bench, V.row(i).transpose());
    }
  }
  return power;
}

/// The tiles' cells, by block; those whose contacts are open give nothing.
std::vector<std::vector<Eigen::MatrixXd>> cells_of(const mapping::LayerPlan& layer) {
  std::vector<std::vector<Eigen::MatrixXd>> cells;
  for (const mapping::Block& block : layer.blocks) {
    cells.emplace_back();
    for (const mapping::Tile& tile : block.tiles) {
      cells.back().push_back(mapping::connected_cells(tile));
    }
  }
  return cells;
}

class KernelFirstStudy final : public Study {
 public:
  void run(const Bench& bench, report::RunReport& report) const override {
    const mapping::TilePlan& plan = bench.mapped->plan;
    if (!is_kernel_first(plan)) return;
    report.kernel_first = count_kernel_first(*bench.graph, plan);
    for (std::size_t l = 0; l < plan.layers.size(); ++l) {
      const double seconds =
          bench.read_time * static_cast<double>(plan.layers[l].vectors_per_image);
      const double energy = bench.read_energy[l];
      const double extra = pruned_power(bench, plan.layers[l]);
      report.kernel_first->layers[l].power =
          report::PairPower{.energy = energy,
                            .energy_at_g_min = energy + extra * seconds,
                            .power = energy / seconds,
                            .power_at_g_min = energy / seconds + extra};
    }
  }
};

}  // namespace

bool is_kernel_first(const mapping::TilePlan& plan) {
  return plan.options.scheme == mapping::Scheme::KernelFirst;
}

bool runs_in_passes(const mapping::TilePlan& plan, Fidelity fidelity) {
  return is_kernel_first(plan) && fidelity != Fidelity::Exact && fidelity != Fidelity::Spice;
}

simulate::KernelFirstLayer kernel_first_layer(const Bench& bench,
                                              std::size_t layer,
                                              Fidelity fidelity,
                                              const LayerCells& cells) {
  const mapping::TilePlan& plan = bench.mapped->plan;
  simulate::KernelFirstLayer pairs{
      .graph = bench.graph, .plan = &plan, .layer = &plan.layers[layer], .g = {}};
  const tile::ModelKind& model = *fidelity.model();
  pairs.g =
      simulate::pair_conductances(model.needs_response ? *cells.responses : cells_of(*cells.layer));
  if (model.needs_calibration) {
    pairs.curvature = bench.models->layers.at(layer).calibration;
  }
  return pairs;
}

report::KernelFirstReport count_kernel_first(const network::Graph& graph,
                                             const mapping::TilePlan& plan) {
  report::KernelFirstReport report;
  for (const mapping::LayerPlan& layer : plan.layers) {
    const mapping::KernelFirstCount count = mapping::count_kernel_first(graph, layer.layer);
    report.layers.push_back({.name = layer.name,
                             .weights = count.weights,
                             .kept = count.non_zero,
                             .plane = count.plane,
                             .summers = layer.tile_count()});
  }
  return report;
}

std::unique_ptr<const Study> make_kernel_first_study() {
  return std::make_unique<KernelFirstStudy>();
}

}  // namespace memspice::study
