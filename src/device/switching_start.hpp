#pragma once
// A start of the search for a dynamic model's parameters, and what of the data it is made of.

#include <Eigen/Core>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "device/least_squares.hpp"
#include "device/memristor_card.hpp"

namespace memspice::device {

/// Stretches of one voltage, in shares of which a sweep may be thought.
struct Exposures {
  Eigen::VectorXd v;   ///< [V]
  Eigen::VectorXd dt;  ///< [s]
};

struct SwitchingFeatures {
  Exposures drive;
  double G_low = 0.0, G_high = 0.0;  ///< least and largest conductance [S]
  double G_start = 0.0;              ///< the first one [S]
  bool positive_raises = true;       ///< a positive voltage raises the conductance
  int amplitudes_up = 1;             ///< different amplitudes above 0; of a sweep many
  int amplitudes_down = 1;
  std::optional<double> temperature = {};  ///< [K]
  bool has_currents = true;                ///< false: conductances alone, which tell no curvature

  double largest_up() const { return drive.v.maxCoeff(); }     ///< [V]
  double largest_down() const { return -drive.v.minCoeff(); }  ///< [V], as a positive number
};

/// Values by name.
using NamedValues = std::map<std::string, double>;

/// Parameters of a card, and a change of them to others along which a search runs straight: speed,
/// exponent and threshold of one direction hang together along a narrow bent valley, where the
/// speed at one voltage, its steepness there and the threshold hardly do.
struct SearchCoordinates {
  std::vector<FreeParameter> of_search, of_card;
  /// Values of the search's become those of the card's.
  std::function<void(NamedValues&)> to_card;
};

/// A start of the search.
struct SwitchingStart {
  MemristorCard held;  ///< parameters that stay as they are, with the reason
  std::vector<FreeParameter> free = {};
  std::vector<SearchCoordinates> coordinates = {};  ///< of some of the free ones
  std::map<std::string, std::string> tied = {};     ///< held ones that equal a free one
  /// The device is measured from n to p: the model's positive voltage is the data's negative one.
  bool is_reversed = false;

  /// The card with the free parameters at p.
  MemristorCard card_at(const Eigen::VectorXd& p) const;
  /// The same start at p, its free parameters those of the card.
  SwitchingStart in_card_parameters(const Eigen::VectorXd& p) const;
};

/// Puts a start together, in which the values that the user gives are held.
class StartBuilder {
 public:
  /// `given` must outlive this.
  StartBuilder(std::string_view model, const NamedValues& given);

  void free(const FreeParameter& parameter);
  void hold(const std::string& name, double value, const std::string& why);
  /// Free, or held for a reason.
  void free_if(bool is_told, const FreeParameter& parameter, const std::string& why);
  /// Held at the value of a free parameter, wherever that goes.
  void tie(const std::string& name, const std::string& to, double value, const std::string& why);
  /// Free along coordinates of the search, unless one of them is given: then each by itself.
  void free_along(const SearchCoordinates& coordinates);
  void reverse(bool is_reversed) { start_.is_reversed = is_reversed; }
  SwitchingStart done() { return std::move(start_); }

 private:
  bool is_given(const std::string& name);

  const NamedValues& given_;
  SwitchingStart start_;
};

/// The speed [1/s] at which a drive switches the device once where its voltages times `sign` are
/// above zero: 1 over the time's integral of `strength` of the voltage.
double speed_of_one_switch(const Exposures& drive,
                           double sign,
                           const std::function<double(double)>& strength);

}  // namespace memspice::device
