#pragma once
// Activations of spectral layers.
//
//   CReLU    relu(Re z) + i relu(Im z)
//   zReLU    z when Re z > 0 and Im z > 0, else 0
//   modReLU  relu(|z| + b) z / |z|
//   CLReLU   z when Re z > 0 or Im z > 0, else alpha z           (Rizvi et al. 2023)
//   SReLU    c0 + c1 y + c2 y^2 of the signal y itself: in the spectrum c0 M^2 at the mean, c1 Y,
//   and
//            c2 / M^2 times the circular convolution Y * Y
//
// All but SReLU act on each bin alone, so that dropping bins before or after them is the same.

#include <complex>
#include <span>
#include <string>
#include <string_view>

#include "base/names.hpp"
#include "spectral/bins.hpp"

namespace memspice::spectral {

struct Activation {
  enum class Kind { None, CRelu, ZRelu, ModRelu, ClRelu, SRelu };
  Kind kind = Kind::ClRelu;
  float alpha = 0.1F;  ///< CLReLU: factor of the other region; modReLU: b, in units of the bins
  /// SReLU: the polynomial's coefficients. The default is the least-squares parabola of relu on
  /// [-1, 1]: 3/32, 1/2, 15/32 (Legendre coefficients of relu up to order 2: 1/4, 1/2, 5/16).
  float c0 = 3.0F / 32.0F, c1 = 0.5F, c2 = 15.0F / 32.0F;
};

inline constexpr Names<6> kActivationNames{"none", "crelu", "zrelu", "modrelu", "clrelu", "srelu"};
constexpr std::string_view to_text(Activation::Kind kind) {
  return name_of(kActivationNames, kind);
}

/// Acts on each bin alone.
bool is_binwise(Activation::Kind kind) noexcept;
/// f(conj z) = conj f(z), bin by bin: what half-spectrum storage needs.
bool keeps_real_signals(Activation::Kind kind) noexcept;

/// One bin; the kind is bin-wise.
std::complex<float> activate(const Activation& activation, std::complex<float> z) noexcept;

/// One map's full spectrum of M x M bins, in place. Any kind.
void activate_map(const Activation& activation, int size, std::span<std::complex<float>> bins);

}  // namespace memspice::spectral
