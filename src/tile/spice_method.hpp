#pragma once
// How ngspice is asked for a tile: with every node of its wires held from outside (tile/
// pinned_solver.hpp), which leaves it no mesh to factorise, or as one circuit.

#include <string>
#include <string_view>

#include "tile/array.hpp"

namespace memspice::tile {

enum class SpiceMethod { Pinned, Direct };
std::string_view to_text(SpiceMethod method) noexcept;
SpiceMethod parse_spice_method(std::string_view name, std::string_view place);  ///< InputError

/// What is done, and why where it is not what was asked for.
struct MethodChoice {
  SpiceMethod method = SpiceMethod::Pinned;
  std::string reason = {};  ///< empty: as asked
};
MethodChoice choose_method(SpiceMethod asked, const Array& array);

}  // namespace memspice::tile
