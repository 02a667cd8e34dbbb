#pragma once
// Published subcircuits are written for LTspice or PSpice: the same elements in words that ngspice
// does not know.
//
//   .params a=1                 .param a=1
//   .func f(x) = expression     .func f(x) {expression}
//   if(c,a,b)                   (c?a:b)          limit(x,a,b)  min(max(x,a),b)      stp(x)  u(x)
//   in+, in-                    in_p, in_n: ports and nodes, in v() too
//   ic=x0, r1 a b r             {x0}, {r} where it names a parameter

#include <string_view>
#include <vector>

#include "netlist/model_lines.hpp"

namespace memspice::netlist {

/// The lines in ngspice's words; what is in them already stays as it is. Throws InputError naming
/// place:line for what has no equivalent there (sdt, table, ...), with what to write instead.
std::vector<ModelLine> in_own_words(std::vector<ModelLine> lines, std::string_view place);

}  // namespace memspice::netlist
