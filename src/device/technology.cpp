#include "device/technology.hpp"

#include "base/error.hpp"

namespace memspice::device {

const AnalogFigures& Technology::require_analog() const {
  if (analog) return *analog;
  throw InputError({.place = "technology card " + name,
                    .value = {},
                    .rule = "states no [analog] figures, which circuits are built from",
                    .remedy = "add the [analog.*] tables as generic_45nm has them"});
}

}  // namespace memspice::device
