#pragma once
// A first flow for a network, written from the declarations of its keys.

#include <filesystem>
#include <string>

#include "config/flow_options.hpp"
#include "network/find_dataset.hpp"
#include "network/graph.hpp"

namespace memspice::config {

struct FlowDraft {
  std::filesystem::path file;     ///< where the flow will lie
  std::filesystem::path network;  ///< as the flow names it
  network::FoundDataset data;     ///< folder as the flow names it; empty: to be filled in
  Overrides overrides;            ///< values in place of the defaults: table.key=value
};

/// What the overrides say of the network's file: network.input_shape, input, output, constants.
/// Throws InputError.
network::ImportOptions import_options_of(const Overrides& overrides);

/// A flow file with every key of its tables, its default, and what it means; keys that are a card's
/// and tables that a first run does not need are commented out, and the layers of `graph` are
/// listed by name and shape. Throws InputError for overrides that a flow does not take.
std::string write_flow(const FlowDraft& draft, const network::Graph& graph);

}  // namespace memspice::config
