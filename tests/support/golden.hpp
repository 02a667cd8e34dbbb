#pragma once
// Texts that must stay as they are, byte for byte. MEMSPICE_BLESS=1 writes them anew.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/files.hpp"

namespace memspice::test {

/// Compares with tests/golden/`name`, or writes it when MEMSPICE_BLESS is set.
inline void check_golden(const std::filesystem::path& tests,
                         const std::string& name,
                         const std::string& text) {
  const std::filesystem::path path = tests / "golden" / name;
  if (std::getenv("MEMSPICE_BLESS") != nullptr) write_file(path, text);
  INFO("golden text " << path << "; if the change is meant, run this test with MEMSPICE_BLESS=1 "
                      << "and read the difference");
  CHECK(text == read_file(path));
}

}  // namespace memspice::test
