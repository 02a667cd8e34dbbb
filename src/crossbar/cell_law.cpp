#include "crossbar/cell_law.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::crossbar {

void OhmicLaw::evaluate(std::span<const double> G,
                        std::span<const double> v,
                        std::span<double> I,
                        std::span<double> slope) const {
  for (std::size_t k = 0; k < G.size(); ++k) {
    I[k] = G[k] * v[k];
    slope[k] = G[k];
  }
}

SinhLaw::SinhLaw(double alpha) : alpha_(alpha) {
  if (alpha >= 0.0 && std::isfinite(alpha)) return;
  throw InputError({.place = "alpha",
                    .value = to_text(alpha),
                    .rule = "the cells' non-linearity is a finite number of 1/V, 0 or more",
                    .remedy = "0 makes the cells ohmic"});
}

void SinhLaw::evaluate(std::span<const double> G,
                       std::span<const double> v,
                       std::span<double> I,
                       std::span<double> slope) const {
  if (alpha_ == 0.0) return OhmicLaw().evaluate(G, v, I, slope);
  for (std::size_t k = 0; k < G.size(); ++k) {
    // expm1 keeps full relative precision near v = 0, where sinh is nearly linear; of the magnitude
    // alone, because e^x - 1 of a large negative x has forgotten e^x.
    const double grown = std::expm1(std::abs(alpha_ * v[k]));
    const double shrunk = -grown / (grown + 1.0);
    I[k] = G[k] == 0.0 ? 0.0 : std::copysign(G[k] * (grown - shrunk) / (2.0 * alpha_), v[k]);
    slope[k] = G[k] == 0.0 ? 0.0 : G[k] * (1.0 + 0.5 * (grown + shrunk));
  }
}

}  // namespace memspice::crossbar
