#include "periphery/measure_converters.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "netlist/deck.hpp"
#include "synthesis/block_bench.hpp"
#include "synthesis/converter_circuit.hpp"
#include "synthesis/weight_array.hpp"

namespace memspice::periphery {
namespace {

using synthesis::AnalogBlock;
using synthesis::ConverterSpec;

/// Each block's only output at each column of its inputs [V].
std::vector<Eigen::VectorXd> run_blocks(const std::vector<AnalogBlock>& blocks,
                                        const std::vector<Eigen::MatrixXd>& inputs,
                                        const device::AnalogFigures& figures,
                                        engine::Engine& engine) {
  std::vector<netlist::Deck> decks;
  for (std::size_t k = 0; k < blocks.size(); ++k) {
    const auto bench = synthesis::build_static_bench(blocks[k], figures, inputs[k]);
    decks.push_back(netlist::write_deck(bench.circuit, bench.analysis));
  }
  std::vector<Eigen::VectorXd> outputs;
  const std::vector<engine::Waveforms> answers = engine.run_all(decks);
  for (std::size_t k = 0; k < blocks.size(); ++k) {
    if (!answers[k].ok()) {
      throw RunError({.place = blocks[k].body->name(),
                      .value = {},
                      .rule = "its levels failed: " + answers[k].summary.message,
                      .remedy = "let converters.ladders be \"solved\""});
    }
    outputs.push_back(answers[k].values.col(0));
  }
  return outputs;
}

/// Where the comparator of one front end turns, for each code from 1 on.
class Decisions {
 public:
  Decisions(int bits, double range, const device::AnalogFigures& figures)
      : codes_(Eigen::VectorXi::LinSpaced((1 << bits) - 1, 1, (1 << bits) - 1)),
        logic_(synthesis::dac_inputs(bits, codes_, figures)),
        low_(Eigen::ArrayXd::Constant(codes_.size(), -kMargin * range)),
        high_(Eigen::ArrayXd::Constant(codes_.size(), (1 + kMargin) * range)),
        below_(Eigen::ArrayXd::Constant(codes_.size(), -synthesis::swing_of(figures))),
        above_(-below_) {}

  /// The front end's inputs halfway between the ends.
  Eigen::MatrixXd inputs() const {
    Eigen::MatrixXd inputs(logic_.rows() + 1, codes_.size());
    inputs.row(0) = ((low_ + high_) / 2).transpose();
    inputs.bottomRows(logic_.rows()) = logic_;
    return inputs;
  }
  /// What the comparator gave there [V].
  void take(const Eigen::ArrayXd& out) {
    const Eigen::ArrayXd middle = (low_ + high_) / 2;
    const auto keeps = (out > 0).eval();
    low_ = keeps.select(low_, middle);
    below_ = keeps.select(below_, out);
    high_ = keeps.select(middle, high_);
    above_ = keeps.select(out, above_);
  }
  double width() const { return (high_ - low_).maxCoeff(); }
  /// Where the line between the ends crosses 0 V.
  Eigen::VectorXd crossings() const {
    return (low_ - below_ * (high_ - low_) / (above_ - below_)).matrix();
  }

 private:
  static constexpr double kMargin = 0.25;  // beyond the range: mismatch moves the last codes there

  Eigen::VectorXi codes_;
  Eigen::MatrixXd logic_;
  Eigen::ArrayXd low_, high_;     ///< the comparator gives up the code, keeps it [V]
  Eigen::ArrayXd below_, above_;  ///< what it gave there [V]
};

}  // namespace

std::vector<Eigen::VectorXd> measure_dacs(std::span<const ConverterSpec> specs,
                                          const device::AnalogFigures& figures,
                                          engine::Engine& engine) {
  std::vector<AnalogBlock> blocks;
  std::vector<Eigen::MatrixXd> inputs;
  for (const ConverterSpec& spec : specs) {
    blocks.push_back(synthesis::build_dac(spec, figures));
    const int codes = 1 << spec.bits;
    inputs.push_back(
        synthesis::dac_inputs(spec.bits, Eigen::VectorXi::LinSpaced(codes, 0, codes - 1), figures));
  }
  return run_blocks(blocks, inputs, figures, engine);
}

std::vector<Eigen::VectorXd> measure_sars(std::span<const ConverterSpec> specs,
                                          const device::AnalogFigures& figures,
                                          engine::Engine& engine) {
  // Of the comparator's linear range about its decision, which is twice this wide.
  const double linear = synthesis::swing_of(figures) / figures.op_amp.gain.value;
  std::vector<AnalogBlock> blocks;
  std::vector<Decisions> decisions;
  for (const ConverterSpec& spec : specs) {
    blocks.push_back(synthesis::build_sar_front_end(spec, figures));
    decisions.emplace_back(spec.bits, blocks.back().high[0], figures);
  }
  const auto width = [&] {
    double widest = 0.0;
    for (const Decisions& of_one : decisions) widest = std::max(widest, of_one.width());
    return widest;
  };
  while (width() > linear / 2) {
    std::vector<Eigen::MatrixXd> inputs;
    for (const Decisions& of_one : decisions) inputs.push_back(of_one.inputs());
    const std::vector<Eigen::VectorXd> outputs = run_blocks(blocks, inputs, figures, engine);
    for (std::size_t k = 0; k < outputs.size(); ++k) decisions[k].take(outputs[k].array());
  }
  std::vector<Eigen::VectorXd> begins;
  for (const Decisions& of_one : decisions) {
    begins.push_back(synthesis::begins_of_codes(of_one.crossings()));
  }
  return begins;
}

}  // namespace memspice::periphery
