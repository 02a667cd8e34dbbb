#pragma once
// What the tests of the store share: a store in a folder of its own whose warnings are kept, and a
// second way into its file.

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "tile/store.hpp"

namespace memspice::tile {

struct StoreFixture {
  TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "tiles.sqlite";
  std::vector<std::string> warnings;

  StoreOptions options(double lock_timeout = 10.0) {
    StoreOptions options;
    options.lock_timeout = lock_timeout;
    options.on_warning = [this](const std::string& text) { warnings.push_back(text); };
    return options;
  }

  /// Changes the file behind the store's back.
  void tamper(const std::string& sql) const {
    SQLite::Database database(path.string(), SQLite::OPEN_READWRITE, 5000);
    database.exec(sql);
  }
};

/// A result whose payload tells its name.
inline StoredResult sample_result(const std::string& name,
                                  const std::string& version = "ngspice-39") {
  return {.kind = "spice",
          .key = sha256(name),
          .version = version,
          .description = "tile " + name,
          .seconds = 1.5,
          .payload = "payload of " + name + std::string(1000, '.')};
}

inline std::optional<StoredResult> get(Store& store, const StoredResult& result) {
  return store.get(result.kind, result.key, result.version);
}

}  // namespace memspice::tile
