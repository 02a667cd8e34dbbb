// A fault of each kind, so that the driver is seen to find them.

#include <csignal>
#include <cstdlib>
#include <vector>

#include "command.hpp"
#include "target.hpp"

namespace memspice::fuzz {
namespace {

/// Bad on one input in about 16, so that the driver must also tell which.
bool is_bad(const std::filesystem::path& file) {
  return std::filesystem::file_size(file) % 16 == 3;
}

Target faulty(const char* name, std::function<void()> fault) {
  return {.name = name,
          .file = "input",
          .seeds = {std::string(20, 'a')},
          .run = [fault = std::move(fault)](const std::filesystem::path& file) {
            if (is_bad(file)) fault();
          }};
}

void hang() {
  volatile bool on = true;
  while (on) {
  }
}

void flood() {
  std::vector<std::vector<char>> blocks;
  for (int k = 0; k < 4096; ++k) blocks.emplace_back(1 << 20, 'x');
}

}  // namespace

std::vector<Target> faulty_targets() {
  return {faulty("crash", [] { std::raise(SIGSEGV); }),
          faulty("abort", [] { std::abort(); }),
          faulty("hang", hang),
          faulty("flood", flood),
          faulty("exit", [] { std::_Exit(3); }),
          faulty("untyped", [] { throw std::out_of_range("vector::at"); }),
          faulty("command",
                 [] {
                   run_command({"/bin/sh", "-c", "exit 3"});
                 }),
          faulty("killed", [] {
            run_command({"/bin/sh", "-c", "kill -SEGV $$"});
          })};
}

}  // namespace memspice::fuzz
