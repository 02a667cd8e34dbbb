#pragma once
// What both ways of writing share: the cells before writing, and the arrays that hold them.

#include <Eigen/Core>
#include <memory>
#include <string>

#include "crossbar/pulsed_array.hpp"
#include "study/programming.hpp"

namespace memspice::study {

/// The states of an array before writing, n_word_lines x n_bit_lines: [programming] initial and
/// initial_sigma, drawn per cell from a stream named by the tile.
Eigen::MatrixXd initial_states(const Writing& writing,
                               const device::Memristor& cell,
                               const std::string& tile,
                               Eigen::Index n_word_lines,
                               Eigen::Index n_bit_lines);

/// `cell` must outlive what is made of it.
crossbar::PulsedArraySpec array_spec(const Writing& writing, const device::Memristor& cell);

}  // namespace memspice::study
