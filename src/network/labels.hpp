#pragma once
// Labels that stand beside images.

#include <string>

#include "network/dataset.hpp"

namespace memspice::network {

/// `value` as label number `index` of the file `name`; throws InputError unless it is a whole
/// number from 0 to 999,999.
int whole_label(const std::string& name, std::size_t index, double value);

/// `dataset.labels` are all those of the file `name`: notes the largest, so that a network with too
/// few outputs shows on the first images already, and keeps the first `limit` (0: all). Throws
/// InputError where there is not one per image.
void take_labels(const std::string& name, int limit, Dataset& dataset);

}  // namespace memspice::network
