#pragma once
// Convolution-kernel-first execution (CKF; Chen et al. 2022, METHODS section 6): which memristors.
//
//   V_1 --driver--[G+]--o        o--[G-]--driver-- V_1      one pair per kept weight, each behind
//   V_2 --driver--[G+]--|        |--[G-]--driver-- V_2      a driver of its own; a pruned weight
//        ...            |        |        ...               has none
//                       I+ --|summer|-- I-                  one output channel of a convolution,
//                               |                           one tap of a transposed one
//                              ADC
//
// The input plane is fed position after position; all pairs of a layer work at once. A summer adds
// at most `rows` pairs, the bias among them; partial sums are added after the ADCs. Pairs sit at
// the summer: there are no lines between cells, so what is left of an array's wires is the driver
// before each pair and the summer's input resistance.
// Differs from the paper, whose circuits were not available: the order of work and what a pruned
// weight saves are its, the peripheral circuits are this project's.

#include "mapping/tile_plan.hpp"
#include "mapping/weight_matrix.hpp"

namespace memspice::mapping {

/// One tile per summer, output after output: (kept inputs, then perhaps the bias) x 2 [S], with
/// Tile::inputs saying which. An output whose weights are all pruned has no tile. W_rows: the
/// block's weights with the bias, if any, as its last row.
Block gather_pairs(const WeightMatrix& matrix,
                   const Eigen::MatrixXd& W_rows,
                   const Eigen::VectorXd& w_max,
                   const MappingInputs& inputs,
                   const std::string& name);

/// How often each input of a block meets a pruned weight: input_count values. With its mean square
/// voltage that is what pruned pairs at g_min would dissipate.
std::vector<int> pruned_pairs(const Block& block);

}  // namespace memspice::mapping
