#pragma once
// How cells differ from the conductance that they were programmed to. z is standard normal, drawn
// anew for each cell; the effects apply in this order.
//
//   programming error   G <- max(G + s z, 0)      s [S], a share of the window, or s_pcm(G)
//   cycle to cycle      G <- G exp(s z)           another z each time the array is programmed
//   device to device    G <- G exp(s z - c)       c = 0 keeps the median, c = s^2/2 the mean
//   drift               G <- G (t / t0)^-nu       nu = nu_mean + nu_sigma z, one per cell
//   stuck cells         G <- G_on or G_off        whatever was programmed; they do not drift
//   open lines          no current                the line's contact is broken
//   read noise          G + s z at each read      and two levels, G and G (1 - amplitude)
//
// Phase-change laws, with g = G / g_max and G the target:
//   s_pcm    = g_max / 25 (0.26348 + 1.9650 g - 1.1731 g^2)
//   nu_mean  = clamp(-0.0155 ln g + 0.0244, 0.049, 0.1)
//   nu_sigma = clamp(-0.0125 ln g - 0.0059, 0.008, 0.045),   nu = |nu_mean + nu_sigma z|
// Sources: Joshi et al., Nature Communications 11 (2020) 2473; Nandakumar et al., Frontiers in
// Neuroscience 14 (2020) 406. Differs from them: no 1/f read noise that grows with time.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "device/conductance_window.hpp"

namespace memspice::device {

/// Spread between cells that lasts: log-normal on G.
struct DeviceToDevice {
  enum class Centre { Median, Mean };
  double sigma = 0.0;              ///< standard deviation of ln G, 0 .. 3
  Centre centre = Centre::Median;  ///< what of the distribution stays at the target
  bool is_on() const noexcept { return sigma > 0.0; }
};

/// Spread from one programming to the next: log-normal on G, its median at the target.
struct CycleToCycle {
  double sigma = 0.0;  ///< standard deviation of ln G, 0 .. 3
  bool is_on() const noexcept { return sigma > 0.0; }
};

/// What write-verify leaves: Gaussian on G, cut at zero. At most one of the sigmas, and with the
/// phase-change law none.
struct ProgrammingError {
  enum class Law { Gaussian, PhaseChange };
  Law law = Law::Gaussian;
  double sigma = 0.0;           ///< [S], >= 0
  double relative_sigma = 0.0;  ///< share of g_max - g_min, 0 .. 1
  bool is_on() const noexcept {
    return law == Law::PhaseChange || sigma > 0.0 || relative_sigma > 0.0;
  }
};

/// Cells that no programming moves. A cell draws u uniform in [0, 1): it is stuck on where u < on,
/// stuck off where u >= 1 - off; hence never both, and each rate leaves the other's cells alone.
struct StuckCells {
  double on = 0.0, off = 0.0;             ///< probabilities per cell, 0 .. 1, at most 1 together
  std::optional<double> on_conductance;   ///< [S], >= 0; absent: g_max
  std::optional<double> off_conductance;  ///< [S], >= 0; absent: g_min
  bool is_on() const noexcept { return on > 0.0 || off > 0.0; }
};

struct Drift {
  enum class Law { Power, PhaseChange };
  /// What the digital side does about it: nothing, or factors behind the ADCs from reads of known
  /// inputs, taken at t0 and again at each time. Layer: one, the ratio of the sums of |outputs|
  /// (Joshi et al. 2020); output: one each, by least squares.
  enum class Compensation { None, Layer, Output };
  Law law = Law::Power;
  double nu = 0.0;            ///< mean exponent of the power law, -1 .. 1
  double nu_sigma = 0.0;      ///< its spread over the cells, 0 .. 1
  double t0 = 1.0;            ///< when the conductances are what was programmed [s], > 0
  std::vector<double> times;  ///< when the network is scored [s], rising, >= t0
  Compensation compensation = Compensation::None;
  int reference_images = 4;  ///< calibration images whose reads the factors come from, >= 1
  bool is_on() const noexcept { return law == Law::PhaseChange || nu != 0.0 || nu_sigma > 0.0; }
};

/// Noise of each read: a read is one input vector on one tile.
struct ReadNoise {
  double sigma = 0.0;                  ///< Gaussian, per cell [S], >= 0
  double relative_sigma = 0.0;         ///< Gaussian, share of the cell's G, 0 .. 1
  double telegraph_amplitude = 0.0;    ///< share of G that an occupied trap takes, 0 .. 1
  double telegraph_probability = 0.0;  ///< that a cell's trap is occupied, 0 .. 1
  bool is_gaussian() const noexcept { return sigma > 0.0 || relative_sigma > 0.0; }
  bool is_telegraph() const noexcept {
    return telegraph_amplitude > 0.0 && telegraph_probability > 0.0;
  }
  bool is_on() const noexcept { return is_gaussian() || is_telegraph(); }
};

/// Lines whose contact is broken: a word line that nothing drives, a bit line that nothing senses.
struct OpenLines {
  double word_lines = 0.0, bit_lines = 0.0;  ///< probabilities per line of a tile, 0 .. 1
  bool is_on() const noexcept { return word_lines > 0.0 || bit_lines > 0.0; }
};

/// Every effect, each with its own switch: all are off until a figure turns them on.
struct NonidealityOptions {
  DeviceToDevice device_to_device;
  CycleToCycle cycle_to_cycle;
  ProgrammingError programming;
  StuckCells stuck;
  Drift drift;
  ReadNoise read_noise;
  OpenLines opens;

  bool any() const noexcept;
  void validate(std::string_view place) const;  ///< throws InputError at place.effect.key
};

/// What is on, as name and figures: for reports.
std::vector<std::pair<std::string, std::string>> describe(const NonidealityOptions& options);

}  // namespace memspice::device
