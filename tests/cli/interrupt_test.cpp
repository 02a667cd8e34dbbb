// Ctrl-C in the middle of a run: it ends within 2 s with code 130, leaves no worker process and no
// half-written result.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/files.hpp"
#include "program_run.hpp"
#include "support/eventually.hpp"

extern char** environ;

using namespace memspice;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

/// Field `index` of /proc/PID/stat behind the program's name: 0 is the state, 1 the parent.
std::string stat_field(const std::string& pid, int index) {
  std::ifstream in("/proc/" + pid + "/stat");
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return "";
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  for (int k = 0; k <= index; ++k) fields >> field;
  return field;
}

/// The processes whose parent is `parent`.
std::vector<std::string> children_of(pid_t parent) {
  std::vector<std::string> children;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename().string();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    if (stat_field(pid, 1) == std::to_string(parent)) children.push_back(pid);
  }
  return children;
}

bool is_alive(const std::string& pid) {
  const std::string state = stat_field(pid, 0);
  return !state.empty() && state != "Z" && state != "X";
}

pid_t start_run(const std::string& out) {
  std::vector<std::string> arguments = {
      cli::memspice_program(),
      "run",
      std::string(MEMSPICE_ROOT_DIR) + "/flows/lenet5_fashion.toml",
      "--out",
      out,
      "--quiet"};
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = -1;
  REQUIRE(posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

std::vector<std::string> wait_for_workers(pid_t pid) {
  const auto limit = Clock::now() + std::chrono::seconds(60);
  std::vector<std::string> workers;
  while (workers.empty() && Clock::now() < limit) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    workers = children_of(pid);
  }
  return workers;
}

}  // namespace

TEST_CASE("Ctrl-C ends a run within 2 s and leaves nothing behind", "[cli]") {
  const TemporaryFolder folder;
  const pid_t pid = start_run((folder.path() / "out").string());
  const std::vector<std::string> workers = wait_for_workers(pid);
  REQUIRE_FALSE(workers.empty());
  std::this_thread::sleep_for(
      std::chrono::milliseconds(300));  // well inside a long operating point

  const auto start = Clock::now();
  REQUIRE(::kill(pid, SIGINT) == 0);
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  CHECK(seconds < 2.0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 130);
  // They are killed before the run ends; on a busy machine the end of one takes its time.
  for (const std::string& worker : workers) {
    CHECK(test::eventually(2.0, [&] { return !is_alive(worker); }));
  }
  CHECK_FALSE(fs::exists(folder.path() / "out" / "results.json"));
}
