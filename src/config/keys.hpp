#pragma once
// Every key of a flow file, as its readers declare it.

#include <string>
#include <vector>

#include "config/key.hpp"

namespace memspice::config {

/// All of them, table by table in the order in which a flow is read, each once. Names of the user's
/// choice stand in capitals: [fidelity] LAYER, [periphery.NAME].
std::vector<KeyDeclaration> list_keys();

/// Those that the readers ask for when they read `flow`, TOML, in their order.
std::vector<KeyDeclaration> keys_asked_by(const std::string& flow);

/// Those of `table` and of the tables within it ("nonideality", "nonideality.stuck"). Throws
/// InputError at `place` with a suggestion for an unknown table.
std::vector<KeyDeclaration> keys_of(const std::vector<KeyDeclaration>& keys,
                                    const std::string& table,
                                    const std::string& place);

}  // namespace memspice::config
