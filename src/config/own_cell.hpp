#pragma once

#include "config/memristor_card.hpp"
#include "tile/own_cell.hpp"

namespace memspice::config {

/// The cell that arrays of this card are made of. Throws InputError at the card's first line when
/// it has no table [read], and as load_model_card does.
tile::OwnCell load_own_cell(const std::string& model, const std::string& card);

}  // namespace memspice::config
