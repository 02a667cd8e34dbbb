#pragma once
// Runs the built program as its users do.

#include <map>
#include <string>
#include <vector>

namespace memspice::cli {

struct ProgramRun {
  int code = -1;  ///< exit code; 128 + signal when a signal ended it
  std::string out, err;
};

/// `environment` is laid over this process's own. Standard output and error go to files, so that
/// neither is a terminal.
ProgramRun run_memspice(const std::vector<std::string>& arguments,
                        const std::map<std::string, std::string>& environment = {});

/// The path of the built program.
std::string memspice_program();

}  // namespace memspice::cli
