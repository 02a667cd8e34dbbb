#pragma once
// Decks and process tools shared by the engine tests.

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/text.hpp"
#include "engine/engine.hpp"
#include "support/eventually.hpp"

namespace memspice::engine::test {

inline netlist::Deck deck_of(const std::string& body, std::vector<std::string> vectors = {"v(a)"}) {
  return {"test deck", "* test deck\n" + body + ".end\n", std::move(vectors), 0};
}

inline netlist::Deck divider(double r2 = 1.0) {
  return deck_of("V1 in 0 1\nR1 in a 1\nR2 a 0 " + to_text(r2) + "\n.op\n");
}

/// A resistor grid of size x size, driven with 1 V at one corner and grounded at the other through
/// 1 Ohm: by symmetry the far end of the anti-diagonal is at the mean of both corners' voltages.
/// Takes about 0.5 s at 48 and 64 points, far longer at 100.
inline netlist::Deck slow_grid(int size, int points) {
  const auto node = [](int i, int j) { return "n" + std::to_string(i) + "x" + std::to_string(j); };
  std::string text = "V1 in 0 1\nR0 in " + node(0, 0) + " 1\n";
  int count = 0;
  const auto resistor = [&](const std::string& a, const std::string& b) {
    text += "R" + std::to_string(++count) + " " + a + " " + b + " 1\n";
  };
  for (int i = 0; i < size; ++i) {
    for (int j = 0; j < size; ++j) {
      if (i + 1 < size) resistor(node(i, j), node(i + 1, j));
      if (j + 1 < size) resistor(node(i, j), node(i, j + 1));
    }
  }
  resistor(node(size - 1, size - 1), "0");
  text += ".dc V1 1 " + std::to_string(points) + " 1\n";
  return deck_of(text, {"v(" + node(size - 1, 0) + ")"});
}

inline Options quick_options(int workers = 1) {
  Options options;
  options.workers = workers;
  options.time_limit = 60.0;
  options.failed_deck_folder.clear();
  return options;
}

/// Process ids of the memspice-workers whose parent is `parent`.
inline std::vector<pid_t> workers_of(pid_t parent) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto id = parse_integer(entry.path().filename().string());
    if (!id) continue;
    std::ifstream stat(entry.path() / "stat");
    std::string number, name, state;
    long long parent_id = 0;
    stat >> number >> name >> state >> parent_id;
    if (name == "(memspice-worker)" && state != "Z" && parent_id == parent) {
      found.push_back(static_cast<pid_t>(*id));
    }
  }
  return found;
}

/// "R", "S", "T" (stopped), "Z", ... from a stat file of /proc; empty when the process is gone.
inline std::string state_in(const std::filesystem::path& stat_file) {
  std::ifstream stat(stat_file);
  std::string number, name, state;
  stat >> number >> name >> state;
  return state;
}

inline bool is_running(pid_t process) {
  const std::string state = state_in("/proc/" + std::to_string(process) + "/stat");
  return !state.empty() && state != "Z" && state != "X";
}

/// Whether every thread of the process is stopped: only then does the kernel count it as a stopped
/// job, which it ends when its parent is gone.
inline bool is_stopped(pid_t process) {
  const std::string tasks = "/proc/" + std::to_string(process) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    if (state_in(task.path() / "stat") != "T") return false;
  }
  return true;
}

using memspice::test::eventually;

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace memspice::engine::test
