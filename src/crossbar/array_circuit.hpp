#pragma once
// The general sparse way to solve one array: exact for every wiring, and the yardstick of the
// faster ways.

#include <functional>

#include "crossbar/array.hpp"
#include "crossbar/cell_law.hpp"
#include "crossbar/nodal_circuit.hpp"

namespace memspice::crossbar {

/// Offsets of all nodes for one vector: word-line voltage v = V_i + word [V], bit-line v = bit [V];
/// both n_word_lines x n_bit_lines.
struct NodeOffsets {
  Eigen::MatrixXd word;
  Eigen::MatrixXd bit;
};

/// The array's nodes: word-line nodes first (i * n_bit_lines + j), then bit-line nodes, then the
/// sources, then virtual ground. Cell (i, j) is cell i * n_bit_lines + j.
NodalCircuit array_circuit(const Array& array, const Eigen::MatrixXd& G);

/// Takes the node offsets of vector k.
using OffsetSink = std::function<void(Eigen::Index k, const NodeOffsets& offsets)>;

/// Node offsets of each vector (column of V) for ohmic cells, one factorisation for all. Returns
/// the largest relative residual.
double solve_sparse(const Array& array,
                    const Eigen::MatrixXd& G,
                    const Eigen::MatrixXd& V,
                    const OffsetSink& sink);

/// The same for cells of `law` by Newton's method with a line search; iterations and residual go
/// to `summary`.
void solve_sparse_newton(const Array& array,
                         const Eigen::MatrixXd& G,
                         const CellLaw& law,
                         const Eigen::MatrixXd& V,
                         const OffsetSink& sink,
                         Summary& summary);

/// Unknowns of any circuit of cells of `law` for one vector V of its sources, by Newton's method
/// from the ohmic solution; iterations and residual are raised in `summary`.
Eigen::VectorXd solve_nodal_newton(NodalCircuit& circuit,
                                   const Eigen::VectorXd& G,
                                   const CellLaw& law,
                                   const Eigen::VectorXd& V,
                                   Summary& summary);

}  // namespace memspice::crossbar
