#pragma once
// [periphery] points, duration, bits, and a table [periphery.NAME] for each circuit: circuit (NAME
// itself unless given), realisation = "transistor" | "behavioural" | "both", and the sizes that
// synthesis::block_catalogue() lists. A list of sizes asks for one circuit each.
// in_network = "all", or some of "converters, readout, activation, pooling, multiplier": what a run
// of a network gives its measured behaviour.

#include "config/toml_document.hpp"
#include "study/periphery_options.hpp"

namespace memspice::config {

/// Throws InputError with the place of the key. No [periphery]: no circuits.
study::PeripheryOptions read_periphery(TomlDocument& flow);

}  // namespace memspice::config
