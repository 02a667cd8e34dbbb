#pragma once
// Where a run's results go, and what becomes of those of another run that lie there.

#include <filesystem>
#include <string>

#include "cli/command.hpp"

namespace memspice::cli {

/// results/NAME for the flow as its file has it; with --set or --seed a folder of its own beside
/// it, results/NAME+KEY=VALUE..., the same for the same overrides in any order. A hash stands
/// behind names that leave something out.
std::filesystem::path default_folder(const std::filesystem::path& flow_file,
                                     const CommonOptions& common);
/// The folder of the flow as its file has it, whose store its other runs share.
std::filesystem::path base_folder(const std::filesystem::path& flow_file);

/// What a run computes: the flow file's text, overrides, seed and variant; hexadecimal.
std::string run_identity(const std::filesystem::path& flow_file, const CommonOptions& common);

/// A results folder during a run. Results of another run that lie in it are moved into
/// FOLDER/earlier-N, and back should the run fail; run.json says whose results the folder holds.
class ResultFolder {
 public:
  ResultFolder(std::filesystem::path folder, std::string identity, const CommonOptions& common);
  ~ResultFolder();
  ResultFolder(const ResultFolder&) = delete;
  ResultFolder& operator=(const ResultFolder&) = delete;

  /// The run has written its results: they stay, with run.json.
  void keep();
  /// "the results of another run in OUT are kept in OUT/earlier-1"; empty where there were none.
  std::string notice() const;

 private:
  std::filesystem::path folder_, earlier_;  ///< earlier_: empty where nothing was moved
  std::string record_;                      ///< run.json
  bool is_kept_ = false;
};

}  // namespace memspice::cli
