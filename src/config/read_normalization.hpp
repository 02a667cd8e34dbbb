#pragma once
// [data] scale, mean, std and [network] expected_accuracy: how the network was trained.

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// Pixels p in [0, 1] go in as (scale p - mean) / std; each one number, or one per channel.
network::Normalization read_normalization(TomlDocument& flow);

/// The accuracy that training gave, a share above 0 and at most 1. Absent: 0.
double read_expected_accuracy(TomlDocument& flow);

}  // namespace memspice::config
