#pragma once
// Cards that a flow names: where their files are, and whose fault a fault in one of them is.

#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "config/section.hpp"

namespace memspice::config {

/// A path as it is, a shipped card's file device_models/<folder>/<name>.toml for a name. Throws
/// InputError that lists the shipped cards when there is none of that name.
std::filesystem::path named_card_file(const std::string& folder, const std::string& name);

/// Throws `fault` of a file that is read because of the key at `reader` ("flow.toml:3:8"): with its
/// own place where it has one within a file, and with the reader beside it; else at the reader.
[[noreturn]] void reject_through(const Fault& fault, const Fault& reader);

/// Runs `load`, which reads the file that `key` names.
template <typename Load>
auto read_through(const Section& section, const std::string& key, Load&& load) {
  try {
    return load();
  } catch (const InputError& inner) {
    try {
      section.at(key, [&]() -> void { throw inner; });
    } catch (const InputError& outer) {
      reject_through(inner.fault(), outer.fault());
    }
    throw;
  }
}

}  // namespace memspice::config
