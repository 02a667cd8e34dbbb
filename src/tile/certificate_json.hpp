#pragma once
// A certificate as every results file gives it.

#include <nlohmann/json_fwd.hpp>

#include "tile/certificate.hpp"

namespace memspice::tile {

/// No bound (cells whose current falls) is null.
nlohmann::ordered_json certificate_json(const Certificate& certificate);

}  // namespace memspice::tile
