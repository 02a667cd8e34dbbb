#pragma once
// Whether what a store holds can be what it stands for. A checksum shows that a row is as it was
// written, not that it was written rightly: another program, another version or another hand may
// have done it.
//
//   answer of a deck     a column for the axis and one per probe; the deck's points; every number
//                        finite and below what any circuit here carries
//   response of an array n_word_lines x n_bit_lines, every number finite; a volt on one word line,
//                        all others grounded, meets conductances alone (maximum principle):
//                        0 <= G_eff(i, j)  and  sum_j G_eff(i, j) <= sum_j G(i, j)
//   pinned solution      one column: the six figures of its certificate, then bit lines x points;
//                        every number finite but the bound of cells that are not monotone

#include <Eigen/Core>
#include <optional>
#include <string>

#include "netlist/deck.hpp"

namespace memspice::tile {

/// Why a stored table (points x (1 + probes); nothing: no table) cannot be the answer to `deck`:
/// "holds 3 points where the deck has 4"; empty when it can.
std::string fault_in_answer(const std::optional<Eigen::MatrixXd>& table, const netlist::Deck& deck);

/// Why a stored matrix cannot be the response [S] of an array of cells G [S]; empty when it can.
std::string fault_in_response(const std::optional<Eigen::MatrixXd>& G_eff,
                              const Eigen::MatrixXd& G);

/// Figures of a Certificate in the order of its declaration, ahead of a pinned solution's currents.
inline constexpr Eigen::Index kCertificateRows = 6;

/// Why a stored column cannot be a pinned solution of this shape; empty when it can.
std::string fault_in_pinned(const std::optional<Eigen::MatrixXd>& column,
                            Eigen::Index bit_lines,
                            Eigen::Index points);

}  // namespace memspice::tile
