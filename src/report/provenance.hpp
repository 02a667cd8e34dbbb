#pragma once
// Where a result comes from, so that it can be had again.

#include <string>
#include <vector>

namespace memspice::report {

/// What a person typed. Empty where no command line asked for the run.
struct Origin {
  std::string command;                 ///< as typed, words quoted for a shell
  std::string rerun;                   ///< gives the same numbers, into the flow's usual folder
  std::vector<std::string> overrides;  ///< "KEY=VALUE", those of --set and --seed
};

/// A file that the run has read.
struct SourceFile {
  std::string role;    ///< "network", "images"
  std::string path;    ///< as the flow names it
  std::string sha256;  ///< of its bytes; of a folder: of its files' names and bytes
};

struct Provenance {
  Origin origin;
  std::string date;    ///< when it began, "2026-05-17 14:05:09 UTC"
  std::string folder;  ///< where the command was typed
  std::vector<SourceFile> files;
};

}  // namespace memspice::report
