#pragma once

#include <vector>

#include "circuit/circuit.hpp"

namespace memspice::circuit {

/// The subcircuit bodies that `top` uses, directly or through others, each once and before the
/// bodies that use it; `top` itself is not among them. Throws InputError when two different
/// bodies share a name, for SPICE has one space of names.
std::vector<const Circuit*> bodies_of(const Circuit& top);

/// The hand-written definitions of `top` and its bodies, each once. Throws InputError when two
/// different texts share a name.
std::vector<const Definition*> definitions_of(const Circuit& top);

}  // namespace memspice::circuit
