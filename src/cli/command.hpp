#pragma once
// What all commands share: options, output and how they are added to the program.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/flow_options.hpp"
#include "config/read_variants.hpp"

namespace CLI {
class App;
}

namespace memspice::cli {

/// --set, --out, --jobs, --seed, --quiet and --json, which every command takes.
struct CommonOptions {
  std::vector<std::string> overrides;
  std::string variant;  ///< of a flow that holds several runs; empty: all of them
  std::string out;      ///< empty: the command's own choice
  std::string jobs;     ///< as typed; empty: all cores
  std::string seed;     ///< as typed; empty: the flow's
  bool quiet = false;
  bool json = false;
  bool trust = false;  ///< the flow file may name code and places to write to
};

/// What to do once the arguments are understood.
using Action = std::function<void()>;

/// Adds the options that every command takes; `out` says what --out is for this command.
void add_common(CLI::App& command, CommonOptions& options, const std::string& out);

/// Switches progress bars off for --quiet and refuses malformed --jobs and --seed.
void apply_common(const CommonOptions& options);
int jobs_of(const CommonOptions& options);  ///< 0: all cores

/// The flow file with everything from the command line laid over it.
config::FlowOptions load_options(const std::string& flow_file, const CommonOptions& common);

/// Every variant of a flow likewise, each with its own folder below the study's; none where the
/// flow is a single run or --variant names one of its runs.
config::VariantFlow load_study(const std::string& flow_file, const CommonOptions& common);
/// Where a flow's results go: --out, else results/NAME, with overrides a folder of their own
/// beside.
std::filesystem::path study_folder(const std::string& flow_file, const CommonOptions& common);

/// Adds the positional FLOW.toml.
void add_flow_file(CLI::App& command, std::string& file);
/// Adds --trust.
void add_trust(CLI::App& command, CommonOptions& options);
/// Adds --variant and --trust.
void add_variant(CLI::App& command, CommonOptions& options);

/// Writes to standard output; a reader that went away is no fault. Throws RunError when it cannot
/// be written for another cause.
void print(std::string_view text);
/// Writes text for people: to standard output, or to standard error beside --json; nothing when
/// --quiet.
void tell(const CommonOptions& options, std::string_view text);
/// Writes "memspice: warning: ..." to standard error, even when --quiet: a result may rest on it.
void warn(const std::string& text);
/// Writes a line on what begins to standard error, where that is a terminal.
void announce(const CommonOptions& options, const std::string& line);

/// Each adds one command to the program; parsing it sets `chosen`.
void add_run(CLI::App& program, Action& chosen);
void add_check(CLI::App& program, Action& chosen);
void add_characterize(CLI::App& program, Action& chosen);
void add_simulate(CLI::App& program, Action& chosen);
void add_export(CLI::App& program, Action& chosen);
void add_solve(CLI::App& program, Action& chosen);
void add_map(CLI::App& program, Action& chosen);
void add_prune(CLI::App& program, Action& chosen);
void add_doctor(CLI::App& program, Action& chosen);

}  // namespace memspice::cli
