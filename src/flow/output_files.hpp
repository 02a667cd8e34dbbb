#pragma once
// What [output] asks for: predictions and activations, for other programs.

#include <filesystem>

#include "report/output_options.hpp"
#include "study/bench.hpp"

namespace memspice::flow {

/// Throws InputError where `activations` names no layer of the network.
void require_output_layers(const report::OutputOptions& options, const network::Graph& graph);

/// Writes into `folder`, each file whole or not at all:
///   predictions.csv   a row per image: its number, its label, of each pass the label that it is
///                     given, then of each pass the network's outputs
///   predictions.npz   the same as arrays: label, prediction_PASS (labelled images alone),
///                     scores_PASS, images x ...
///   activations.npz   PASS/LAYER of the first images, images x ...
/// bench: with outcomes that keep outputs where predictions are asked for.
void write_outputs(const report::OutputOptions& options,
                   const study::Bench& bench,
                   const std::filesystem::path& folder);

}  // namespace memspice::flow
