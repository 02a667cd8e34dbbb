#include "crossbar/pulsed_array.hpp"

#include "base/names.hpp"

namespace memspice::crossbar {

namespace {

constexpr Names<3> kSchemes{"v/2", "v/3", "1t1r"};

}  // namespace

BiasScheme parse_bias_scheme(std::string_view name, std::string_view place) {
  return parse_choice<BiasScheme>(kSchemes, name, place, "is no scheme of biasing an array");
}

std::string_view name_of(BiasScheme scheme) {
  return memspice::name_of(kSchemes, scheme);
}

LineBias line_bias(BiasScheme scheme,
                   Eigen::Index n_word_lines,
                   Eigen::Index n_bit_lines,
                   const CellPulse& pulse) {
  double word = 0.5, bit = 0.5;
  if (scheme == BiasScheme::Third) word = 1.0 / 3.0, bit = 2.0 / 3.0;
  if (scheme == BiasScheme::Gated) word = 0.0, bit = 1.0;
  LineBias bias{.word = Eigen::VectorXd::Constant(n_word_lines, word),
                .bit = Eigen::VectorXd::Constant(n_bit_lines, bit)};
  bias.word(pulse.i) = 1.0;
  bias.bit(pulse.j) = 0.0;
  return bias;
}

Eigen::MatrixXd conductances_of(const device::Memristor& cell, const Eigen::MatrixXd& x) {
  return x.unaryExpr([&](double state) { return cell.conductance_of(state); });
}

}  // namespace memspice::crossbar
