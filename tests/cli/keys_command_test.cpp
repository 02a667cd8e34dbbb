// keys, completion and man: what memspice tells of itself.

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/keys_text.hpp"
#include "program_run.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::run_memspice;

namespace {

const std::vector<std::string> kCommands{"run",
                                         "check",
                                         "characterize",
                                         "simulate",
                                         "export",
                                         "solve",
                                         "map",
                                         "prune",
                                         "device",
                                         "spectral",
                                         "stochastic",
                                         "store",
                                         "doctor",
                                         "init",
                                         "keys",
                                         "completion",
                                         "man"};

/// The options of --help: "--wire-row TEXT ...".
std::vector<std::string> options_of(const std::vector<std::string>& command) {
  std::vector<std::string> arguments = command;
  arguments.push_back("--help");
  std::vector<std::string> options;
  for (const std::string& line : split(run_memspice(arguments).out, '\n')) {
    const auto at = line.find("--");
    if (at == std::string::npos || at > 6) continue;
    options.push_back(line.substr(at, line.find_first_of(" ,", at) - at));
  }
  return options;
}

int exit_code(const std::string& command) {
  return WEXITSTATUS(std::system(command.c_str()));
}

}  // namespace

TEST_CASE("keys prints tables of keys, for people and for programs", "[cli]") {
  const auto text = run_memspice({"keys", "mapping"});
  INFO(text.err);
  CHECK(text.code == 0);
  CHECK_THAT(text.out,
             Contains("[mapping]\n") && Contains("rows = 64") &&
                 Contains("whole number, 1 to 4096") &&
                 Contains("im2col, subimage, full_depth, kernel_first"));
  const auto json = nlohmann::json::parse(run_memspice({"keys", "array", "--json", "--quiet"}).out);
  REQUIRE(json.is_array());
  const auto driver = std::find_if(
      json.begin(), json.end(), [](const auto& key) { return key["key"] == "driver"; });
  REQUIRE(driver != json.end());
  CHECK(*driver == nlohmann::json{{"table", "array"},
                                  {"key", "driver"},
                                  {"type", "number"},
                                  {"unit", "Ohm"},
                                  {"range", "0 or more"},
                                  {"default", "100 Ohm"},
                                  {"meaning", "in front of each word line"}});
  const auto unknown = run_memspice({"keys", "maping"});
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, Contains("did you mean \"mapping\"?"));
}

TEST_CASE("keys keeps within the terminal's width", "[cli]") {
  const std::vector<config::KeyDeclaration> keys{
      {.table = "mapping",
       .key = "rows",
       .type = "whole number",
       .range = "1 to 4096",
       .standard = "64",
       .meaning = "word lines of a tile, the bias word line included"},
      {.table = "mapping",
       .key = "a_key_with_a_long_name",
       .type = "number",
       .standard = "\"1000000 Ohm\"",
       .meaning = "short"}};
  CHECK(cli::keys_text(keys, 40) ==
        "[mapping]\n"
        "  rows = 64  whole number, 1 to 4096\n"
        "             word lines of a tile, the\n"
        "             bias word line included\n"
        "  a_key_with_a_long_name = \"1000000 Ohm\"\n"
        "             number\n"
        "             short\n");
  for (const std::string& line : split(run_memspice({"keys"}).out, '\n')) {
    CHECK(line.size() <= 80);
  }
}

TEST_CASE("completion knows every command, option and key", "[cli]") {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const auto run = run_memspice({"completion", shell});
    INFO(shell << run.err);
    REQUIRE(run.code == 0);
    for (const std::string& command : kCommands) CHECK_THAT(run.out, Contains(command));
    for (const std::string& option : options_of({"solve"})) {
      const std::string name = shell == "fish" ? "-l " + option.substr(2) : option;
      CHECK_THAT(run.out, Contains(name));
    }
    CHECK_THAT(run.out,
               Contains("nonideality.stuck.on=") && Contains("trace") && Contains("mapping"));
  }
  CHECK_THAT(run_memspice({"completion", "tcsh"}).err, Contains("is no shell known here"));
}

TEST_CASE("bash completes with the script", "[cli]") {
  const TemporaryFolder folder;
  const std::string script = (folder.path() / "memspice").string();
  REQUIRE(run_memspice({"completion", "bash", "--out", script}).code == 0);
  const auto offers = [&](const std::string& words, const std::string& offer) {
    const std::string command =
        "bash -c 'source " + script + "; compopt() { :; }; COMP_WORDS=(memspice " + words +
        "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _memspice; printf \"%s\\n\" "
        "\"${COMPREPLY[@]}\" | grep -qxF -e \"" +
        offer + "\"'";
    INFO(command);
    CHECK(exit_code(command) == 0);
  };
  offers("ch", "check");
  offers("run --se", "--seed");
  offers("device tr", "trace");
  offers("device trace --amp", "--amplitude");
  offers("run --set mapping.r", "mapping.rows=");
  offers("keys map", "mapping");
}

TEST_CASE("man renders as a manual page with commands, options and keys", "[cli]") {
  const TemporaryFolder folder;
  const std::string page = (folder.path() / "memspice.1").string();
  REQUIRE(run_memspice({"man", "--out", page}).code == 0);
  const std::string source = read_file(page);
  CHECK_THAT(source,
             Catch::StartsWith(".TH MEMSPICE 1") && Contains(".SH NAME") &&
                 Contains(".SH COMMANDS") && Contains(".SS memspice device trace") &&
                 Contains(".SS [nonideality.drift]") && Contains("\\-\\-node\\-voltages") &&
                 Contains(".SH EXIT STATUS"));
  for (const std::string& line : split(source, '\n')) {
    if (line.starts_with('.')) CHECK(line.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZpnf") == 1);
  }
  if (exit_code("command -v groff > /dev/null") != 0) return;
  const std::string text = (folder.path() / "text").string();
  const std::string warnings = (folder.path() / "warnings").string();
  CHECK(exit_code("groff -man -Tascii -P-bcou -ww " + page + " > " + text + " 2> " + warnings) ==
        0);
  CHECK(read_file(warnings).empty());
  CHECK_THAT(read_file(text), Contains("EXIT STATUS") && Contains("Interrupted"));
}
