#pragma once
// How long a model's text becomes when its .func calls are written out, as every simulator does
// by itself: known without writing it.

#include <string_view>
#include <vector>

#include "netlist/model_lines.hpp"

namespace memspice::netlist {

/// Throws InputError naming place:line when the calls of one line write out to more than 1 MiB, or
/// those of all lines to more than 16 MiB: functions that use an argument twice, or call two
/// others, double with every level.
void require_bounded_functions(const std::vector<ModelLine>& lines, std::string_view place);

}  // namespace memspice::netlist
