#include "synthesis/table_cell.hpp"

#include "base/text.hpp"
#include "device/table_memristor.hpp"
#include "netlist/model_text.hpp"

namespace memspice::synthesis {
namespace {

std::string bracketed(double value) {
  return '(' + to_text(value) + ')';
}

/// Coefficient j of piece k, mixed of the states: a number per cell.
std::string mixed_name(std::size_t k, std::size_t j) {
  return "a" + std::to_string(k) + '_' + std::to_string(j);
}

std::string mix_text(const device::TableCurrents& currents, std::size_t k, std::size_t j) {
  std::vector<std::string> terms;
  for (std::size_t s = 0; s < currents.G().size(); ++s) {
    terms.push_back('w' + std::to_string(s + 1) + '*' + bracketed(currents.pieces(s)[k].a[j]));
  }
  return join(terms, "+");
}

/// Straight pieces end the table on both sides.
std::size_t coefficients_of(std::size_t k, std::size_t pieces) {
  return k == 0 || k + 1 == pieces ? 2 : 4;
}

/// The piece in u = v(p,n), in Horner's form; all states have the same voltages.
std::string cubic_text(const std::vector<device::CubicPiece>& pieces, std::size_t k) {
  const std::string u = "((u)-" + bracketed(pieces[k].from) + ')';
  std::string text;
  for (std::size_t j = coefficients_of(k, pieces.size()); j-- > 0;) {
    const std::string a = '{' + mixed_name(k, j) + '}';
    text = text.empty() ? a : '(' + a + '+' + u + '*' + text + ')';
  }
  return text;
}

/// The piece that u lies in, found by halving: as deep as the logarithm of their number.
std::string choice_text(const std::vector<device::CubicPiece>& pieces,
                        std::size_t first,
                        std::size_t count) {
  if (count == 1) return cubic_text(pieces, first);
  const std::size_t half = count / 2;
  return "((u) < " + bracketed(pieces[first + half].from) + " ? " +
         choice_text(pieces, first, half) + " : " +
         choice_text(pieces, first + half, count - half) + ')';
}

/// Rises from 0 at the state before to 1 at this one, falls to 0 at the next.
std::string weight_text(const std::vector<double>& G, std::size_t state) {
  const std::string scaled = "G/" + bracketed(G[state]);
  const auto towards = [&](std::size_t other) {
    return "(G-" + bracketed(G[other]) + ")/" + bracketed(G[state] - G[other]);
  };
  const std::string rising = state == 0 ? scaled : towards(state - 1);
  const std::string falling = state + 1 == G.size() ? scaled : towards(state + 1);
  if (G.size() == 1) return scaled;
  return "max(0,min(" + rising + ',' + falling + "))";
}

}  // namespace

circuit::Definition table_cell(const device::TableCurrents& currents) {
  const std::string name(device::TableMemristor::kName);
  const std::vector<double>& G = currents.G();
  std::string text = ".subckt " + name + " p n G=" + to_text(G.back()) + '\n';
  for (std::size_t s = 0; s < G.size(); ++s) {
    text += ".param w" + std::to_string(s + 1) + "={" + weight_text(G, s) + "}\n";
  }
  const std::vector<device::CubicPiece>& pieces = currents.pieces(0);
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    for (std::size_t j = 0; j < coefficients_of(k, pieces.size()); ++j) {
      text += ".param " + mixed_name(k, j) + "={" + mix_text(currents, k, j) + "}\n";
    }
  }
  text += ".func i(u) {" + choice_text(pieces, 0, pieces.size()) + "}\nbcell p n i=i(v(p,n))\n";
  return netlist::read_definition(text + ".ends\n", "the table's subcircuit");
}

}  // namespace memspice::synthesis
