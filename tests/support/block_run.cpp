#include "support/block_run.hpp"

#include <random>

#include "config/flow_options.hpp"
#include "support/batch_ngspice.hpp"

namespace memspice::test {

const device::AnalogFigures& analog_figures() {
  static const device::Technology card = config::load_technology("generic_45nm");
  return card.require_analog();
}

Eigen::MatrixXd run_block(const synthesis::AnalogBlock& block, const Eigen::MatrixXd& inputs) {
  const synthesis::BlockBench bench =
      synthesis::build_static_bench(block, analog_figures(), inputs);
  const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis);
  return run_batch_ngspice(deck).leftCols(block.outputs).transpose();
}

double largest_error(const synthesis::AnalogBlock& block, const Eigen::MatrixXd& inputs) {
  const Eigen::MatrixXd outputs = run_block(block, inputs);
  double worst = 0.0;
  for (Eigen::Index k = 0; k < inputs.cols(); ++k) {
    const Eigen::VectorXd ideal = block.ideal(inputs.col(k));
    worst = std::max(worst, (outputs.col(k) - ideal).cwiseAbs().maxCoeff());
  }
  return worst / block.full_scale;
}

Eigen::MatrixXd sweep(const synthesis::AnalogBlock& block, int count) {
  return Eigen::RowVectorXd::LinSpaced(count, block.low[0], block.high[0]);
}

Eigen::MatrixXd scatter(const synthesis::AnalogBlock& block, int count) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  Eigen::MatrixXd points(block.inputs, count);
  for (Eigen::Index k = 0; k < points.size(); ++k) {
    const Eigen::Index row = k % points.rows();
    points(k) = block.low[row] + uniform(random) * (block.high[row] - block.low[row]);
  }
  return points;
}

}  // namespace memspice::test
