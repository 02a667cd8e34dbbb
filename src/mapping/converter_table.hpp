#pragma once
// Converters whose steps are not equal: an ADC by where its codes begin, a DAC by its levels. Both
// count in LSB of the ideal converter beside them (mapping/converter.hpp), so that one table serves
// every full scale.
//
//   ADC:  x = gain v / LSB + offset;  the code is the last that begins below x
//   DAC:  v -> its code's level

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include "mapping/converter.hpp"

namespace memspice::mapping {

/// Where an ideal converter's codes above its lowest begin [LSB]: half a step below each.
Eigen::VectorXd ideal_begins(const Converter& converter);

/// How an ADC is off besides its table: x = gain v / LSB + offset.
struct AdcErrors {
  double gain = 1.0;    ///< [1]
  double offset = 0.0;  ///< [LSB]
};

class AdcTable {
 public:
  /// begins: of the codes above `lowest`, one after the other, not falling [LSB]; codes that begin
  /// where the next one does are never found. Throws InputError where they fall, are not finite,
  /// or lie so far apart that no table holds them.
  AdcTable(int lowest, const Eigen::VectorXd& begins);

  /// values <- scale * range * code / steps, in place: with ideal begins and no errors what
  /// converter.apply gives, to the bit. A value at a begin goes to the even code. Precondition:
  /// the converter's codes are the table's.
  void apply(const Converter& converter,
             const AdcErrors& errors,
             std::span<float> values,
             float scale) const noexcept;

  int codes() const noexcept { return codes_; }

 private:
  int lowest_ = 0, codes_ = 0, base_ = 0, deepest_ = 0;
  std::vector<std::int32_t> first_;
  std::vector<float> begins_;
};

class DacTable {
 public:
  /// levels: of each code from the converter's lowest on [LSB], of an LSB of `lsb` [V], as
  /// converter.step() gives it. Precondition: as many levels as codes.
  DacTable(const Converter& converter, float lsb, const Eigen::VectorXd& levels);

  /// What the ideal converter gives [V] <- the level of its code, in place.
  void apply(std::span<float> V) const noexcept;

 private:
  float to_code_ = 1.0F, lowest_ = 0.0F, highest_ = 0.0F;
  std::vector<float> levels_;  ///< [V]
};

}  // namespace memspice::mapping
