#pragma once
// The parameter set of a dynamic memristor model: the numbers that both engines run on.

#include <map>
#include <string>
#include <vector>

#include "device/technology.hpp"

namespace memspice::device {

/// What a card (device_models/<model>/<set>.toml) states, in SI.
struct MemristorCard {
  std::string model;                              ///< folder under device_models/, e.g. "vteam"
  std::string name = {};                          ///< the parameter set, e.g. "kvatinsky_2015"
  std::string description = {};                   ///< material and origin, for people
  std::map<std::string, Figure> parameters = {};  ///< by name; a choice holds its index
};

/// One parameter of a model, the same in the card, the C++ class and the subcircuit.
struct ParameterRule {
  std::string name;
  std::string unit = {};         ///< "V", "m/s", ...; empty: a plain number
  double low = 0.0, high = 0.0;  ///< inclusive range, SI
  std::string meaning;
  bool is_required = true;
  double fallback = 0.0;  ///< value of an optional parameter that the card leaves out
  std::vector<std::string> choices = {};  ///< names of a choice; the value is the index
};
using ParameterTable = std::vector<ParameterRule>;

/// The parameter that is the ambient temperature [K], in the models that have one.
inline constexpr const char* kAmbientTemperature = "t_0";

/// The card with its optional parameters filled in. Throws InputError with place `card.<name>` for
/// an unknown, missing or out-of-range parameter.
MemristorCard complete_card(const MemristorCard& card, const ParameterTable& table);

}  // namespace memspice::device
