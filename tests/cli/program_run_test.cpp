#include "program_run.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "base/files.hpp"

namespace memspice::cli {
namespace {

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const std::map<std::string, std::string>& environment,
                         const std::filesystem::path& folder) {
  const auto redirect = [](const std::string& file, int descriptor) {
    ::dup2(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), descriptor);
  };
  redirect((folder / "out").string(), STDOUT_FILENO);
  redirect((folder / "err").string(), STDERR_FILENO);
  for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
  const std::string program = memspice_program();
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  ::execv(program.c_str(), argv.data());
  ::_exit(127);
}

}  // namespace

std::string memspice_program() {
  return std::string(MEMSPICE_BIN_DIR) + "/memspice";
}

ProgramRun run_memspice(const std::vector<std::string>& arguments,
                        const std::map<std::string, std::string>& environment) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) become(arguments, environment, folder.path());
  int status = 0;
  ::waitpid(child, &status, 0);
  return {.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .out = read_file(folder.path() / "out"),
          .err = read_file(folder.path() / "err")};
}

}  // namespace memspice::cli

using namespace memspice;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using cli::run_memspice;

TEST_CASE("help teaches and ends with 0", "[cli]") {
  const auto top = run_memspice({"--help"});
  CHECK(top.code == 0);
  CHECK(top.err.empty());
  for (const char* name :
       {"run", "check", "characterize", "simulate", "export", "solve", "map", "doctor"}) {
    CHECK_THAT(top.out, Contains(std::string("\n  ") + name + ' '));
    const auto help = run_memspice({name, "--help"});
    CHECK(help.code == 0);
    CHECK_THAT(help.out, Contains(std::string("Usage: memspice ") + name));
    CHECK_THAT(help.out, Contains("Example") && Contains("--json") && Contains("--set"));
  }
  CHECK_THAT(run_memspice({"--version"}).out, StartsWith("memspice "));
}

TEST_CASE("wrong usage is one line and exit code 2", "[cli]") {
  const auto [arguments, expected] = GENERATE(table<std::vector<std::string>, std::string>({
      {std::vector<std::string>{}, "subcommand"},
      {{"solv"}, "did you mean \"solve\"?"},
      {{"solve", "--wier", "2"}, "did you mean \"--wire\"?"},
      {{"solve"}, "--conductance"},
      {{"run"}, "FLOW"},
      {{"run", "nowhere.toml"}, "nowhere.toml: no such file"},
      {{"run", "a.toml", "b.toml"}, "unexpected argument \"b.toml\""},
      {{"export", "a.toml"}, "--what"},
      {{"doctor", "--jobs", "-1"}, "--jobs: \"-1\": must be a whole number"},
      {{"doctor", "--seed", "x"}, "--seed: \"x\": must be a whole number"},
      {{"doctor", "--set", "spice.libary=x"}, "did you mean \"library\"?"},
      {{"doctor", "--set", "nonsense"}, "must be table.key=value"},
  }));
  const auto run = run_memspice(arguments);
  INFO(run.err);
  CHECK(run.code == 2);
  CHECK(run.out.empty());
  CHECK_THAT(run.err, StartsWith("memspice: error: ") && Contains(expected));
  CHECK(run.err.find('\n') == run.err.size() - 1);
}

TEST_CASE("a bad flow is refused before anything runs", "[cli]") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "flow.toml";
  const std::string needed =
      "[network]\nfile = \"n.onnx\"\n[data]\nimages = \"t\"\nlabels = \"l\"\n"
      "calibration_images = \"c\"\ncalibration_labels = \"d\"\n";
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"[mapping]\ncollumns = 64\n", ":9:1: unknown key \"collumns\" in [mapping]"},
      {"[mapping]\nrows = \"x\"\n", ":9:8: mapping.rows = \"x\": must be a whole number"},
      {"[array]\nwire = -1\n", ":9:8: array.wire = -1: must be zero or positive"},
      {"[mapping]\nrows = 0\n", ":9:8: mapping.rows = 0: must be 1 to 4096"},
      {"[device]\ng_max = \"1 uS\"\n", ":9:9: device.g_max = \"1 uS\": must be above g_min"},
  }));
  write_file(file, needed + text);
  for (const char* command : {"run", "check", "map"}) {
    const auto out = folder.path() / "out";
    const auto run = run_memspice({command, file.string(), "--out", out.string()});
    INFO(run.err);
    CHECK(run.code == 2);
    CHECK(run.out.empty());
    CHECK_THAT(run.err, StartsWith("memspice: error: " + file.string()) && Contains(expected));
    CHECK_FALSE(std::filesystem::exists(out));
  }
}
