#include "spectral/activation.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "spectral/fourier.hpp"

namespace memspice::spectral {
namespace {

using Complex = std::complex<float>;
using Kind = Activation::Kind;

/// The circular convolution of the polynomial, as the product that it is of the signal.
void polynomial(const Activation& a, int size, std::span<Complex> bins) {
  std::vector<Complex> signal = inverse_transform(bins, size);
  for (Complex& y : signal) y = a.c0 + y * (a.c1 + a.c2 * y);
  const std::vector<Complex> spectrum = transform_map(signal, size);
  std::copy(spectrum.begin(), spectrum.end(), bins.begin());
}

}  // namespace

bool is_binwise(Kind kind) noexcept {
  return kind != Kind::SRelu;
}

bool keeps_real_signals(Kind kind) noexcept {
  return kind == Kind::None || kind == Kind::ModRelu;
}

Complex activate(const Activation& a, Complex z) noexcept {
  switch (a.kind) {
    case Kind::CRelu:
      return {std::max(z.real(), 0.0F), std::max(z.imag(), 0.0F)};
    case Kind::ZRelu:
      return z.real() > 0.0F && z.imag() > 0.0F ? z : Complex{};
    case Kind::ModRelu: {
      const float size = std::abs(z);
      return size + a.alpha > 0.0F && size > 0.0F ? z * ((size + a.alpha) / size) : Complex{};
    }
    case Kind::ClRelu:
      return z.real() > 0.0F || z.imag() > 0.0F ? z : a.alpha * z;
    case Kind::None:
    case Kind::SRelu:  // needs all bins: see activate_map
      break;
  }
  return z;
}

void activate_map(const Activation& activation, int size, std::span<Complex> bins) {
  if (activation.kind == Kind::SRelu) return polynomial(activation, size, bins);
  for (Complex& z : bins) z = activate(activation, z);
}

}  // namespace memspice::spectral
