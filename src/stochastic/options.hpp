#pragma once
// [bitstream]: what layers on the bitstream path run on.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "stochastic/multiplier.hpp"

namespace memspice::stochastic {

/// Which form a layer's products take.
enum class FormChoice {
  Auto,    ///< mixed where the layer's inputs are never negative, else signed
  Signed,  ///< everywhere
  Mixed,   ///< everywhere; inputs that may be negative are refused
};
inline constexpr Names<3> kFormNames{"auto", "signed", "mixed"};
FormChoice parse_form(std::string_view name, std::string_view place);  ///< throws InputError

/// Bits that flip with a rate of their own: every bit of every product stream on its way to the
/// counter, and, beside it, every bit of the binary product words of the fixed-point network.
struct FaultOptions {
  std::vector<double> rates;  ///< probability per bit, each 0 .. 1; empty: no curve
  int samples = 5;            ///< seeds per rate, >= 2 (an interval needs two)
  int images = 200;           ///< the first ones of the test images
};

struct Options {
  int bits = 8;                           ///< N of the hardware, 2 .. 16
  std::map<std::string, int> layer_bits;  ///< precision scaling: bits of a layer's weights, <= N
  std::vector<int> sweep;                 ///< further N that all layers are scored at; empty: none
  FormChoice form = FormChoice::Auto;
  int guard_bits = 2;  ///< A: accumulators have N + A bits, 0 .. 14
  int parallel = 1;    ///< b: stream bits per cycle, a power of two; kWholeStream
  int lanes = 16;      ///< p of the vector unit
  int batch = 16;      ///< images whose vectors share the lanes, >= 1
  /// Of |x|: what full scale stands for; none: what loses least of each layer's inputs
  /// (full_scale.hpp).
  std::optional<double> activation_percentile;
  std::string gates = "nangate_45nm";  ///< card under device_models/gates/, or a path
  FaultOptions faults;

  int weight_bits(const std::string& layer) const;
  void validate(const std::string& place) const;  ///< throws InputError
};

}  // namespace memspice::stochastic
