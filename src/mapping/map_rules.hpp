#pragma once
// Which settings of a mapping go together.

#include "mapping/tile_plan.hpp"

namespace memspice::mapping {

/// Throws InputError naming the setting, and what to set instead, where scheme, packing, signs,
/// slices, levels and converters do not.
void require_mappable(const MappingInputs& inputs);

}  // namespace memspice::mapping
