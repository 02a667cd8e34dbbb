#include "crossbar/cell_law.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

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

SeriesLaw::SeriesLaw(const CellLaw& law, double R) : law_(law), R_(R) {
  if (R >= 0.0 && std::isfinite(R)) return;
  throw InputError({.place = "series resistance",
                    .value = to_text(R),
                    .rule = "a resistance is a finite number of Ohm, 0 or more",
                    .remedy = ""});
}

void SeriesLaw::evaluate(std::span<const double> G,
                         std::span<const double> v,
                         std::span<double> I,
                         std::span<double> slope) const {
  // Newton on w + R I(w) = v for the cell's own voltage w, kept between 0 and v by bisection.
  std::vector<double> w(v.begin(), v.end());
  std::vector<double> low(v.size());
  std::vector<double> high(v.size());
  for (std::size_t k = 0; k < v.size(); ++k) {
    low[k] = std::min(0.0, v[k]);
    high[k] = std::max(0.0, v[k]);
  }
  constexpr int most_steps = 200;  // bisection alone needs about 60
  for (int step = 0; step < most_steps; ++step) {
    law_.evaluate(G, w, I, slope);
    bool settled = true;
    for (std::size_t k = 0; k < v.size(); ++k) {
      const double excess = w[k] + R_ * I[k] - v[k];
      (excess > 0.0 ? high[k] : low[k]) = w[k];
      double next = w[k] - excess / (1.0 + R_ * slope[k]);
      if (!(next >= low[k] && next <= high[k])) next = 0.5 * (low[k] + high[k]);
      settled = settled && std::abs(next - w[k]) <= 1e-15 * std::abs(v[k]);
      w[k] = next;
    }
    if (settled) break;
  }
  law_.evaluate(G, w, I, slope);
  for (std::size_t k = 0; k < v.size(); ++k) slope[k] /= 1.0 + R_ * slope[k];
}

}  // namespace memspice::crossbar
