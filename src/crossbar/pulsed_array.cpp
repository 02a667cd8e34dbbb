#include "crossbar/pulsed_array.hpp"

#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::crossbar {

BiasScheme parse_bias_scheme(std::string_view name, std::string_view place) {
  for (const BiasScheme scheme : {BiasScheme::Half, BiasScheme::Third, BiasScheme::Gated}) {
    if (name == name_of(scheme)) return scheme;
  }
  const std::vector<std::string> known{"v/2", "v/3", "1t1r"};
  throw InputError({.place = std::string(place),
                    .value = '"' + std::string(name) + '"',
                    .rule = "is no scheme of biasing an array",
                    .remedy = suggest(name, known)});
}

std::string_view name_of(BiasScheme scheme) {
  switch (scheme) {
    case BiasScheme::Half:
      return "v/2";
    case BiasScheme::Third:
      return "v/3";
    case BiasScheme::Gated:
      break;
  }
  return "1t1r";
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
