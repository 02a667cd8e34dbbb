#pragma once
// From node voltages to what a person asks for: currents, power, wire currents.

#include "crossbar/array_circuit.hpp"

namespace memspice::crossbar {

/// An Operation with room for n_vectors.
Operation make_operation(const Array& array, Eigen::Index n_vectors, const VectorOptions& options);

/// Fills vector k of `operation` from its node offsets. V: the inputs of vector k [V]; G: cells.
void fill_vector(Operation& operation,
                 Eigen::Index k,
                 const Array& array,
                 const Eigen::MatrixXd& I_cell,
                 const Eigen::VectorXd& V,
                 const NodeOffsets& offsets);

/// Currents of cells of `law` [A], n_word_lines x n_bit_lines, for inputs V [V].
Eigen::MatrixXd cell_currents(const Eigen::MatrixXd& G,
                              const CellLaw& law,
                              const Eigen::VectorXd& V,
                              const NodeOffsets& offsets);

}  // namespace memspice::crossbar
