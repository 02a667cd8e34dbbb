// Every command stops when it is asked to, whether it looks at the flag or not.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "base/child.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "cli/program.hpp"
#include "program_run.hpp"
#include "support/eventually.hpp"

using namespace memspice;
using Arguments = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

std::string lenet() {
  return std::string(MEMSPICE_ROOT_DIR) + "/flows/lenet5_fashion.toml";
}

/// Exit code of a command whose signal came before its first step.
int code_when_interrupted(const Arguments& arguments) {
  return test::in_child([&] {
    ::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO);
    ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
    set_interrupted(true);
    std::vector<const char*> argv{"memspice"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    return cli::run_program(static_cast<int>(argv.size()), argv.data());
  });
}

/// Whether a process has its own way with a signal: field SigCgt of its status is a mask.
bool catches(pid_t process, int signal) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("SigCgt:", 0) != 0) continue;
    const std::uint64_t mask = std::stoull(line.substr(line.find_last_of("\t ") + 1), nullptr, 16);
    return (mask >> (signal - 1) & 1U) != 0;
  }
  return false;
}

struct Stop {
  int code = -1;
  double seconds = 0.0;  ///< from the signal to the end
};

/// The signal comes `delay` seconds after the program is ready for it.
Stop stop_after(Arguments arguments, double delay, int signal) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO);
    ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
    arguments.insert(arguments.begin(), cli::memspice_program());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  REQUIRE(test::eventually(30.0, [&] { return catches(child, signal); }));
  std::this_thread::sleep_for(std::chrono::duration<double>(delay));
  ::kill(child, signal);
  const auto start = std::chrono::steady_clock::now();
  int status = 0;
  ::waitpid(child, &status, 0);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return {.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .seconds = seconds.count()};
}

}  // namespace

TEST_CASE("a signal ends every command with 130", "[cli][interrupt]") {
  const TemporaryFolder folder;
  const std::string G = (folder.path() / "G.csv").string();
  const std::string out = (folder.path() / "out").string();
  write_file(G, "1e-5,2e-5\n");
  for (const Arguments& arguments :
       std::vector<Arguments>{{"solve", "--conductance", G, "--response", "--wire", "1"},
                              {"map", lenet()},
                              {"check", lenet()},
                              {"export", lenet(), "--what", "cell:static_read", "--out", out},
                              {"device", "list"},
                              {"device", "show", "team"},
                              {"stochastic", "table", "--bits", "4"}}) {
    INFO(arguments[0]);
    CHECK(code_when_interrupted(arguments) == 130);
  }
}

TEST_CASE("a long solve stops within two seconds and leaves nothing", "[cli][interrupt]") {
  // 1,500 lines respond in several seconds, in one factorisation that looks at no flag.
  constexpr int lines = 1500;
  std::string row;
  for (int j = 0; j < lines; ++j) row += j == 0 ? "1e-5" : ",1e-5";
  std::string G;
  for (int i = 0; i < lines; ++i) G += row + '\n';
  for (const int signal : {SIGINT, SIGTERM}) {
    const TemporaryFolder folder;
    write_file(folder.path() / "G.csv", G);
    const Stop stop = stop_after({"solve",
                                  "--conductance",
                                  (folder.path() / "G.csv").string(),
                                  "--response",
                                  "--wire",
                                  "1",
                                  "--out",
                                  (folder.path() / "R.csv").string()},
                                 0.7,
                                 signal);
    CHECK(stop.code == 130);
    // Two seconds are the promise; a busy machine may wake the watch late.
    CHECK(stop.seconds < 4.0);
    const fs::directory_iterator all(folder.path());
    CHECK(std::distance(begin(all), end(all)) == 1);
  }
}
