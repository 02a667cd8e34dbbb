#pragma once
// Layers on one memristor pair per kept weight ([mapping] scheme = "kernel_first"), and the study
// of what pruning saves there.

#include "simulate/kernel_first_kernel.hpp"
#include "study/machine.hpp"
#include "study/study.hpp"

namespace memspice::study {

bool is_kernel_first(const mapping::TilePlan& plan);

/// Whether a layer is computed pass after pass: on pairs whose current is a function of the voltage
/// times a conductance of their own. Other models are asked tile by tile, with gathered inputs.
bool runs_in_passes(const mapping::TilePlan& plan, simulate::Fidelity fidelity);

/// One layer's pairs at the fidelity of a tile model; `cells`: the mapped ones, or a sample's.
simulate::KernelFirstLayer kernel_first_layer(const Bench& bench,
                                              std::size_t layer,
                                              simulate::Fidelity fidelity,
                                              const LayerCells& cells);

/// Weights, pairs and computations of every layer with weights; before any data.
report::KernelFirstReport count_kernel_first(const network::Graph& graph,
                                             const mapping::TilePlan& plan);

/// The same with the power of the pairs; nothing under another mapping scheme.
std::unique_ptr<const Study> make_kernel_first_study();

}  // namespace memspice::study
