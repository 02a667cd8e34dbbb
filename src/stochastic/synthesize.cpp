#include "stochastic/synthesize.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

extern char** environ;

namespace memspice::stochastic {
namespace {

namespace fs = std::filesystem;

/// One cell with a single output Y.
std::string cell_text(const std::string& name,
                      double area,
                      const std::vector<std::string>& inputs,
                      const std::string& function) {
  std::string text =
      "  cell (" + name + ") {\n    area : " + memspice::to_text(1e12 * area) + ";\n";
  for (const std::string& input : inputs) {
    text += "    pin (" + input + ") { direction : input; }\n";
  }
  return text + "    pin (Y) { direction : output; function : \"" + function + "\"; }\n  }\n";
}

std::string flip_flop_text(double area) {
  return "  cell (DFF) {\n    area : " + memspice::to_text(1e12 * area) +
         ";\n    ff (IQ, IQN) { clocked_on : \"C\"; next_state : \"D\"; }\n"
         "    pin (C) { direction : input; clock : true; }\n"
         "    pin (D) { direction : input; }\n"
         "    pin (Q) { direction : output; function : \"IQ\"; }\n  }\n";
}

/// Runs Yosys on script.ys in `folder`, its output in log.txt; the exit status, or -1 with errno
/// where it cannot be started.
int run_yosys(const fs::path& folder) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, "log.txt", O_WRONLY | O_CREAT, 0600);
  ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
  std::string program = "yosys", option = "-s", script = "script.ys";
  char* const arguments[] = {program.data(), option.data(), script.data(), nullptr};
  pid_t process = 0;
  const int failed =
      ::posix_spawnp(&process, program.c_str(), &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    errno = failed;
    return -1;
  }
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void require_yosys(int status, const fs::path& folder) {
  if (status == 0) return;
  if (status == -1) {
    throw RunError({.place = "yosys",
                    .value = std::strerror(errno),
                    .rule = "logic synthesis needs Yosys on PATH",
                    .remedy = "install it (apt-get install yosys)"});
  }
  const std::string log = read_file(folder / "log.txt");
  const auto at = log.find("ERROR:");
  throw RunError({.place = "yosys",
                  .value = at == std::string::npos ? "status " + std::to_string(status)
                                                   : log.substr(at, log.find('\n', at) - at),
                  .rule = "synthesis failed",
                  .remedy = "the library needs a flip-flop, gates, an inverter and a buffer, each "
                            "with its area and function"});
}

/// The number behind "Chip area for module ...:" in what `stat` printed.
double area_in(const std::string& report) {
  constexpr std::string_view kUnknown = " is unknown!";
  const auto unknown = report.find(kUnknown);
  const auto line = report.find("Chip area for");
  const auto colon = report.find(": ", line);
  if (unknown == std::string::npos && line != std::string::npos && colon != std::string::npos) {
    const auto end = report.find('\n', colon);
    if (const auto area = parse_double(trim(report.substr(colon + 1, end - colon - 1))))
      return *area;
  }
  throw RunError({.place = "yosys",
                  .value = {},
                  .rule = "some cells of the synthesized unit have no area in the library",
                  .remedy =
                      "give a library with a D flip-flop and two-input gates, or none for the "
                      "gate card's own"});
}

}  // namespace

std::string liberty_text(const GateCard& card) {
  const double nand2 = card.nand2.value;
  return std::string("library (memspice_gates) {\n") +
         cell_text("NAND2", nand2, {"A", "B"}, "!(A & B)") + cell_text("INV", nand2, {"A"}, "!A") +
         cell_text("BUF", 2.0 * nand2, {"A"}, "A") +
         cell_text("AND2", card.and2.value, {"A", "B"}, "A & B") +
         cell_text("XOR2", card.xor2.value, {"A", "B"}, "A ^ B") +
         cell_text("MUX2", card.mux2.value, {"A", "B", "S"}, "(A & !S) | (B & S)") +
         flip_flop_text(card.flip_flop.value) + "}\n";
}

double synthesize_area(const Design& design, const std::string& liberty) {
  const TemporaryFolder folder;
  write_file(folder.path() / "unit.v", design.verilog);
  write_file(folder.path() / "cells.lib", liberty);
  write_file(folder.path() / "script.ys",
             "read_verilog unit.v\nsynth -flatten -top " + design.top +
                 "\ndfflibmap -liberty cells.lib\nabc -liberty cells.lib\nopt_clean\n"
                 "tee -o area.txt stat -liberty cells.lib\n");
  require_yosys(run_yosys(folder.path()), folder.path());
  return area_in(read_file(folder.path() / "area.txt"));
}

}  // namespace memspice::stochastic
