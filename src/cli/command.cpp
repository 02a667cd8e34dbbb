#include "cli/command.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <set>
#include <system_error>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/visible_text.hpp"
#include "cli/flow_file.hpp"
#include "cli/result_folder.hpp"
#include "config/plausibility.hpp"
#include "config/trust.hpp"

namespace memspice::cli {
namespace {

long long read_count(const std::string& text, const char* option, const char* remedy) {
  const auto value = parse_integer(text);
  if (value && *value >= 0) return *value;
  throw InputError({.place = option,
                    .value = '"' + text + '"',
                    .rule = "must be a whole number, zero or positive",
                    .remedy = remedy});
}

/// Returns 0, or the error that ended the writing. Names in files are foreign text: none of it
/// commands a terminal.
int write_all(int descriptor, std::string_view foreign) {
  const std::string seen = escape_unseen(foreign);
  std::string_view text = seen;
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

config::Trust trust_of(const CommonOptions& common) {
  return common.trust ? config::Trust::User : config::Trust::Stranger;
}

/// Each line once, however many variants share the value.
void warn_of_variants(const config::VariantFlow& flow) {
  std::set<std::string> told;
  for (const config::Variant& variant : flow.variants) {
    for (const std::string& note : config::find_unusual(variant.options)) {
      if (told.insert(note).second) warn(variant.name + ": " + note);
    }
  }
}

/// A word as a shell takes it.
std::string shell_word(const std::string& word) {
  const bool is_plain = !word.empty() && std::ranges::all_of(word, [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("._/=+:,-@%").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (is_plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + '\'';
}

/// What a person typed, option by option.
report::Origin origin_of(const std::string& flow_file,
                         const std::string& variant,
                         const CommonOptions& common) {
  report::Origin origin{.command = {}, .rerun = {}, .overrides = common.overrides};
  if (!common.seed.empty()) origin.overrides.push_back("seed=" + common.seed);
  const auto line = [&](const std::string& of_variant) {
    std::string text = "memspice " + common.command + ' ' + shell_word(flow_file);
    if (!of_variant.empty()) text += " --variant " + shell_word(of_variant);
    for (const std::string& entry : common.overrides) text += " --set " + shell_word(entry);
    if (!common.seed.empty()) text += " --seed " + shell_word(common.seed);
    return text + (common.trust ? " --trust" : "");
  };
  origin.rerun = line(variant);
  origin.command = line(common.variant);
  if (!common.out.empty()) origin.command += " --out " + shell_word(common.out);
  if (!common.jobs.empty()) origin.command += " --jobs " + shell_word(common.jobs);
  return origin;
}

/// A variant's results lie in a folder of their own; all variants, and all runs of a flow that name
/// no folder, share one store.
void lay_over(config::FlowOptions& options,
              const std::string& flow_file,
              const CommonOptions& common) {
  const std::filesystem::path folder = study_folder(flow_file, common);
  if (!common.seed.empty()) {
    options.seed = static_cast<std::uint64_t>(read_count(common.seed, "--seed", ""));
  }
  options.jobs = jobs_of(common);
  if (options.spice.workers == 0) options.spice.workers = options.jobs;
  options.out = folder;
  options.origin = origin_of(flow_file, options.variant, common);
  if (!options.variant.empty()) {
    options.out /= config::variant_folder(options.variant);
  }
  const std::filesystem::path shared = common.out.empty() ? base_folder(flow_file) : folder;
  if (options.store.empty() && options.out != shared) options.store = shared / "tiles.sqlite";
  options.spice.failed_deck_folder = options.out.string();
}

}  // namespace

void add_common(Command& command, CommonOptions& options, const std::string& out) {
  command.add({
      {"--set",
       "TABLE.KEY=VALUE",
       &options.overrides,
       "Override a key of the flow file; may be repeated"},
      {"--out", "PATH", &options.out, out},
      {"--jobs", "N", &options.jobs, "Threads and ngspice processes (default: all cores)"},
      {"--seed", "S", &options.seed, "Seed of all random choices"},
      {"--quiet", "", &options.quiet, "Neither progress nor text, results and warnings alone"},
      {"--json", "", &options.json, "The result alone, as JSON, on standard output"},
  });
}

int jobs_of(const CommonOptions& options) {
  if (options.jobs.empty()) return 0;
  const long long jobs = read_count(options.jobs, "--jobs", "0 takes all cores");
  if (jobs <= 1024) return static_cast<int>(jobs);
  throw InputError({.place = "--jobs",
                    .value = options.jobs,
                    .rule = "must be at most 1024",
                    .remedy = "leave it out to take all cores"});
}

void apply_common(const CommonOptions& options) {
  silence_progress(options.quiet);
  jobs_of(options);
  if (!options.seed.empty()) read_count(options.seed, "--seed", "for example --seed 1");
}

std::filesystem::path study_folder(const std::string& flow_file, const CommonOptions& common) {
  if (!common.out.empty()) return common.out;
  return default_folder(flow_file, common);
}

config::FlowOptions load_options(const std::string& flow_file, const CommonOptions& common) {
  apply_common(common);
  config::FlowOptions options =
      config::load_flow(find_flow(flow_file), common.overrides, common.variant, trust_of(common));
  for (const std::string& note : config::find_unusual(options)) warn(note);
  lay_over(options, flow_file, common);
  return options;
}

config::VariantFlow load_study(const std::string& flow_file, const CommonOptions& common) {
  apply_common(common);
  if (!common.variant.empty()) return {};
  config::VariantFlow flow =
      config::load_variants(find_flow(flow_file), common.overrides, trust_of(common));
  for (config::Variant& variant : flow.variants) {
    lay_over(variant.options, flow_file, common);
  }
  warn_of_variants(flow);
  return flow;
}

void add_trust(Command& command, CommonOptions& options) {
  command.add({{"--trust",
                "",
                &options.trust,
                "The flow file may name a libngspice to load and a store outside its folder"}});
}

void add_variant(Command& command, CommonOptions& options) {
  add_trust(command, options);
  command.add(
      {{"--variant", "NAME", &options.variant, "Of a flow with several runs: this one alone"}});
}

void add_flow_file(Command& command, std::string& file) {
  const std::string folder = shipped_flows_folder();
  const std::string where = folder.empty() ? std::string() : " (they lie in " + folder + ")";
  command.add({{"FLOW",
                "FLOW.toml",
                &file,
                "Flow file, or the name of a shipped one: lenet5_fashion" + where,
                Need::Required}});
}

Command on_flow(Command command, const std::string& out, void (*run)(const FlowArguments&)) {
  const auto arguments = std::make_shared<FlowArguments>();
  arguments->common.command = command.name;
  add_flow_file(command, arguments->flow);
  add_variant(command, arguments->common);
  add_common(command, arguments->common, out);
  command.run = [arguments, run] { run(*arguments); };
  return command;
}

void print(std::string_view text) {
  const int cause = write_all(STDOUT_FILENO, text);
  if (cause == 0 || cause == EPIPE) return;
  throw RunError(
      {.place = "standard output",
       .value = {},
       .rule = "cannot be written: " + std::error_code(cause, std::generic_category()).message(),
       .remedy = "free some space or write elsewhere"});
}

void tell(const CommonOptions& options, std::string_view text) {
  if (options.quiet) return;
  if (!options.json) return print(text);
  write_all(STDERR_FILENO, text);
}

void warn(const std::string& text) {
  write_all(STDERR_FILENO, "memspice: warning: " + escape_controls(text) + '\n');
}

void announce(const CommonOptions& options, const std::string& line) {
  if (!options.quiet && ::isatty(STDERR_FILENO) != 0) write_all(STDERR_FILENO, line + '\n');
}

}  // namespace memspice::cli
