// Feeds slightly wrong inputs to everything that reads them.
//
//   fuzz_test                           60 s over all targets
//   fuzz_test --seconds 7200            the long run by hand
//   fuzz_test --target onnx --runs 1000 the first 1000 inputs of one target
//   fuzz_test --target onnx FILE        one input again
//
// Input k of a target is the same for the same --seed. An input that the program does not bear is
// saved under --out, and the line that runs it again is printed; the exit code is then 1.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>

#include "base/blas.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "mutate.hpp"
#include "sample_files.hpp"
#include "slice.hpp"

namespace memspice::fuzz {

std::vector<Target> all_targets() {
  std::vector<Target> targets = {onnx_target(),
                                 flow_target(),
                                 csv_target(),
                                 measurement_target(),
                                 idx_target(),
                                 npy_target(),
                                 table_target(),
                                 png_target(),
                                 card_target(),
                                 subcircuit_target(),
                                 store_target(),
                                 wire_target()};
  for (Target& target : command_targets()) targets.push_back(std::move(target));
  return targets;
}

namespace {
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Of one target, after which it is left alone: one fault may show in every second input.
constexpr int kMaxFailures = 20;
constexpr double kSliceSeconds = 1.0;

struct Options {
  std::uint64_t seed = 1;
  double seconds = 60.0;
  std::uint64_t runs = 0;  ///< of each target; 0: until the time is over
  std::uint64_t first = 0;
  std::vector<std::string> targets;
  std::string out = "fuzz_failures";
  std::string file;
  bool self_test = false;
  bool list = false;
};

struct Progress {
  std::uint64_t next = 0;
  int failures = 0;
  double seconds = 0.0;
};

void save(const Target& target, const Options& options, const Failure& failure) {
  const std::string input = make_input(target, options.seed, failure.index);
  std::string name = target.name;
  std::replace(name.begin(), name.end(), '/', '-');
  const fs::path file = fs::path(options.out) / (name + '-' + std::to_string(options.seed) + '-' +
                                                 std::to_string(failure.index) + '-' + target.file);
  write_file(file, input);
  std::printf(
      "FAILED %s, input %llu: %s\n  fuzz_test --target %s %s\n%s\n",
      target.name.c_str(),
      static_cast<unsigned long long>(failure.index),
      failure.what.c_str(),
      target.name.c_str(),
      file.c_str(),
      failure.printed
          .substr(failure.printed.size() - std::min<std::size_t>(failure.printed.size(), 600))
          .c_str());
  std::fflush(stdout);
}

/// One stretch of one target; true when there is more to do.
bool advance(const Target& target, const Options& options, double seconds, Progress& progress) {
  const std::uint64_t last = options.runs == 0 ? ~0ULL : options.first + options.runs;
  if (progress.next >= last || progress.failures >= kMaxFailures) return false;
  const auto start = Clock::now();
  const Slice slice = run_slice(target,
                                {.seed = options.seed,
                                 .first = progress.next,
                                 .most = last - progress.next,
                                 .seconds = seconds});
  progress.seconds += std::chrono::duration<double>(Clock::now() - start).count();
  progress.next = slice.next;
  if (slice.failure) {
    ++progress.failures;
    save(target, options, *slice.failure);
  }
  return true;
}

int fuzz(const std::vector<Target>& targets, const Options& options) {
  std::vector<Progress> progress(targets.size(), {.next = options.first});
  const auto end = Clock::now() + std::chrono::duration<double>(options.seconds);
  bool more = true;
  while (more && Clock::now() < end) {
    more = false;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      const std::chrono::duration<double> left = end - Clock::now();
      if (left.count() <= 0.0) break;
      more |= advance(targets[t], options, std::min(kSliceSeconds, left.count()), progress[t]);
    }
  }
  int failures = 0;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    failures += progress[t].failures;
    std::printf("%-22s %9llu inputs in %7.1f s, %d failed\n",
                targets[t].name.c_str(),
                static_cast<unsigned long long>(progress[t].next - options.first),
                progress[t].seconds,
                progress[t].failures);
  }
  std::printf("seed %llu: %d failed%s\n",
              static_cast<unsigned long long>(options.seed),
              failures,
              failures == 0 ? "" : (", inputs in " + options.out).c_str());
  return failures == 0 ? 0 : 1;
}

/// The driver must find each fault that is put before it, and run the same input into it again.
int test_driver() {
  const Limits limits{.seconds = 1.0, .wall_seconds = 30.0};
  int missed = 0;
  for (const Target& target : faulty_targets()) {
    const Slice slice = run_slice(target, {.most = 1000, .seconds = 60.0, .limits = limits});
    bool again = false;
    if (slice.failure) {
      const std::string input = make_input(target, 1, slice.failure->index);
      again = run_slice(target, {.limits = limits, .input = input}).failure.has_value();
    }
    std::printf("driver: %-8s %s\n",
                target.name.c_str(),
                again ? slice.failure->what.c_str() : "NOT FOUND");
    missed += again ? 0 : 1;
  }
  return missed;
}

std::vector<Target> chosen_targets(const Options& options) {
  std::vector<Target> targets = all_targets();
  if (options.targets.empty()) return targets;
  std::vector<Target> chosen;
  for (const std::string& name : options.targets) {
    const auto found = std::find_if(
        targets.begin(), targets.end(), [&](const Target& target) { return target.name == name; });
    if (found == targets.end()) throw std::runtime_error("no target " + name + "; see --list");
    chosen.push_back(*found);
  }
  return chosen;
}

int rerun(const Target& target, const std::string& file) {
  const Slice slice = run_slice(target, {.input = read_file(file)});
  if (!slice.failure) {
    std::printf("%s: %s bears it\n", file.c_str(), target.name.c_str());
    return 0;
  }
  std::printf("%s: %s: %s\n%s\n",
              file.c_str(),
              target.name.c_str(),
              slice.failure->what.c_str(),
              slice.failure->printed.c_str());
  return 1;
}

int run(const Options& options) {
  if (options.self_test && test_driver() > 0) return 1;
  const std::vector<Target> targets = chosen_targets(options);
  if (options.list) {
    for (const Target& target : targets) std::printf("%s\n", target.name.c_str());
    return 0;
  }
  if (options.file.empty()) return fuzz(targets, options);
  if (targets.size() != 1) throw std::runtime_error("a file needs one --target");
  return rerun(targets.front(), options.file);
}

}  // namespace
}  // namespace memspice::fuzz

int main(int argc, char** argv) {
  memspice::fuzz::Options options;
  CLI::App program("Feeds slightly wrong inputs to everything in memspice that reads them");
  program.add_option("--seed", options.seed, "Of all inputs");
  program.add_option("--seconds", options.seconds, "No input begins after these");
  program.add_option("--runs", options.runs, "Inputs of each target; 0: until the time is over");
  program.add_option("--first", options.first, "Number of the first input");
  program.add_option("--target", options.targets, "These alone; see --list")
      ->expected(1)
      ->take_all();
  program.add_option("--out", options.out, "Folder for inputs that fail");
  program.add_flag("--self-test", options.self_test, "First see that faults are found");
  program.add_flag("--list", options.list, "Names of the targets");
  program.add_option("FILE", options.file, "One input again");
  CLI11_PARSE(program, argc, argv);
  memspice::pin_blas_to_one_thread();  // every input is read in a fork of this process
  try {
    return memspice::fuzz::run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fuzz_test: %s\n", error.what());
    return 2;
  }
}
