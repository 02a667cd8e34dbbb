#pragma once
// What all commands share: options, output and the list of them.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command_line.hpp"
#include "config/flow_options.hpp"
#include "config/read_variants.hpp"

namespace memspice::cli {

/// --set, --out, --jobs, --seed, --quiet and --json, which every command takes.
struct CommonOptions {
  std::string command;  ///< the one that is run
  std::vector<std::string> overrides;
  std::string variant;  ///< of a flow that holds several runs; empty: all of them
  std::string out;      ///< empty: the command's own choice
  std::string jobs;     ///< as typed; empty: all cores
  std::string seed;     ///< as typed; empty: the flow's
  bool quiet = false;
  bool json = false;
  bool trust = false;  ///< the flow file may name code and places to write to
};

/// What a command on a flow file takes.
struct FlowArguments {
  CommonOptions common;
  std::string flow;
};

/// Adds the options that every command takes; `out` says what --out is for this command.
void add_common(Command& command, CommonOptions& options, const std::string& out);

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
void add_flow_file(Command& command, std::string& file);
/// Adds --trust.
void add_trust(Command& command, CommonOptions& options);
/// Adds --variant and --trust.
void add_variant(Command& command, CommonOptions& options);
/// `command` doing `run`, with FLOW.toml, --variant, --trust and the options of every command.
Command on_flow(Command command, const std::string& out, void (*run)(const FlowArguments&));

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

Command run_command();
Command check_command();
Command characterize_command();
Command simulate_command();
Command export_command();
Command solve_command();
Command show_command();
Command map_command();
Command prune_command();
Command doctor_command();

}  // namespace memspice::cli
