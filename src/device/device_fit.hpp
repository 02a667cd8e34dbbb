#pragma once
// What a fit to measurements found: figures with their confidence, what the data do not tell, and
// the data beside the law.

#include <Eigen/Core>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "device/current_table.hpp"

namespace memspice::device {

/// Of 95 % confidence, in the unit of what lies within.
struct Confidence {
  double low = 0.0, high = 0.0;
  bool holds(double value) const noexcept { return low <= value && value <= high; }
};

struct FittedFigure {
  std::string key;                            ///< of the card: "alpha", "nonideality.drift.nu"
  std::string meaning;                        ///< for people
  std::string unit;                           ///< "S", "1/V", "m/s"; empty: a plain number
  double value = 0.0;                         ///< [unit], SI
  std::optional<Confidence> confidence = {};  ///< absent: a count, or read off exactly
  std::string data = {};                      ///< name of the measurement
  std::string basis = {};                     ///< how the confidence came about, or the figure
  bool is_held = false;                       ///< not fitted: `basis` says why
};

/// A figure that a card may have and that these data do not tell.
struct Undetermined {
  std::string key;
  std::string why;
};

/// How far law and data are apart.
struct FitResidual {
  std::string what;      ///< "current, of each sweep's largest"
  std::string unit;      ///< empty: a share
  double rms = 0.0;      ///< [unit]
  double largest = 0.0;  ///< [unit]
  long points = 0;
};

/// Data and law over one axis; both empty of a curve without them.
struct FitCurve {
  std::string name;
  Eigen::VectorXd x, measured;  ///< points
  Eigen::VectorXd at, law;      ///< a line
};
struct FitPicture {
  std::string title;
  std::string x_name, y_name;  ///< with the unit's symbol behind: "voltage"
  Unit x_unit = Unit::None, y_unit = Unit::None;
  bool is_log_x = false;
  std::vector<FitCurve> curves;
};

struct DeviceFit {
  std::string model = "static_read";  ///< whose card takes the figures
  std::vector<FittedFigure> figures = {};
  std::vector<Undetermined> undetermined = {};
  std::vector<FitResidual> residuals = {};
  std::vector<std::string> notes = {};  ///< what data show and the card cannot say
  std::vector<FitPicture> pictures = {};
  std::optional<CurrentTable> table = {};  ///< of the model "table"

  /// Nothing when there is no such figure.
  const FittedFigure* find(const std::string& key) const noexcept;
};

}  // namespace memspice::device
