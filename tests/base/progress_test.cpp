#include "base/progress.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

using namespace memspice;
using Catch::Contains;

namespace {

/// Puts `fd` in the place of stderr while it lives.
class StderrAt {
 public:
  explicit StderrAt(int fd) : before_(dup(STDERR_FILENO)) {
    std::fflush(stderr);
    dup2(fd, STDERR_FILENO);
  }
  ~StderrAt() {
    std::fflush(stderr);
    dup2(before_, STDERR_FILENO);
    close(before_);
  }
  StderrAt(const StderrAt&) = delete;
  StderrAt& operator=(const StderrAt&) = delete;

 private:
  int before_;
};

/// Everything that can be read from `fd` without waiting for more.
std::string read_available(int fd) {
  std::string text;
  std::array<char, 4096> buffer{};
  pollfd ready{fd, POLLIN, 0};
  while (poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN) != 0) {
    const ssize_t n = read(fd, buffer.data(), buffer.size());
    if (n <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return text;
}

void count_images(std::size_t total) {
  Progress progress("simulate", total, "images");
  for (int k = 0; k < 10; ++k) progress.advance();
  progress.finish();
  progress.finish();
}

std::string drawn_on_terminal(std::size_t total) {
  int screen = -1;
  int terminal = -1;
  REQUIRE(openpty(&screen, &terminal, nullptr, nullptr, nullptr) == 0);
  {
    const StderrAt stderr_at(terminal);
    count_images(total);
  }
  const std::string text = read_available(screen);
  close(terminal);
  close(screen);
  return text;
}

}  // namespace

TEST_CASE("Progress of short work writes nothing into a pipe", "[base]") {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  {
    const StderrAt stderr_at(ends[1]);
    count_images(10);
  }
  CHECK(read_available(ends[0]).empty());
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("Progress of long work writes plain lines into a pipe", "[base]") {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  set_line_interval(std::chrono::milliseconds(20));
  const auto write_lines = [&] {
    const StderrAt stderr_at(ends[1]);
    Progress progress("characterize with ngspice", 4, "tiles");
    pollfd ready{ends[0], POLLIN, 0};
    const bool told = poll(&ready, 1, 10'000) > 0;  // a busy machine may take its time
    progress.advance();
    return told;
  };
  CHECK(write_lines());
  const std::string text = read_available(ends[0]);
  CHECK_THAT(text,
             Contains("memspice: characterize with ngspice: 0/4 tiles  in ") && Contains(" s\n") &&
                 !Contains("\x1b") && !Contains("\r"));
  silence_progress(true);
  CHECK_FALSE([&] {
    const StderrAt stderr_at(ends[1]);
    const Progress progress("simulate", 4, "images");
    pollfd ready{ends[0], POLLIN, 0};
    return poll(&ready, 1, 200) > 0;
  }());
  silence_progress(false);
  set_line_interval(std::chrono::seconds(30));
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("Progress moves on a terminal before the first step is done", "[base]") {
  int screen = -1;
  int terminal = -1;
  REQUIRE(openpty(&screen, &terminal, nullptr, nullptr, nullptr) == 0);
  std::string text;
  {
    const StderrAt stderr_at(terminal);
    const Progress progress("characterize", 10, "tiles");
    pollfd ready{screen, POLLIN, 0};
    // The first drawing and one more, each within its time on a busy machine.
    for (int drawing = 0; drawing < 2 && poll(&ready, 1, 10'000) > 0; ++drawing) {
      text += read_available(screen);
    }
  }
  CHECK(std::count(text.begin(), text.end(), '\r') >= 2);
  CHECK_THAT(text, Contains("0/10 tiles  in "));
  close(terminal);
  close(screen);
}

TEST_CASE("Progress shows bar, count, rate and time on a terminal", "[base]") {
  const std::string text = drawn_on_terminal(10);
  CHECK_THAT(text, Contains("simulate") && Contains("10/10 images") && Contains("/s"));
  CHECK_THAT(text, Contains("[########################]"));
  // One line, ended once (a terminal turns "\n" into "\r\n").
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE("Progress tells the time left before the end", "[base]") {
  int screen = -1;
  int terminal = -1;
  REQUIRE(openpty(&screen, &terminal, nullptr, nullptr, nullptr) == 0);
  std::string text;
  {
    const StderrAt stderr_at(terminal);
    Progress progress("simulate", 1000, "images");
    progress.advance(10);
    pollfd ready{screen, POLLIN, 0};
    // It redraws by itself: one of the next drawings counts the ten.
    while (text.find("left") == std::string::npos && poll(&ready, 1, 10'000) > 0) {
      text += read_available(screen);
    }
  }
  CHECK_THAT(text, Contains("10/1000 images") && Contains(" left"));
  close(terminal);
  close(screen);
}

TEST_CASE("Progress of unknown length shows a bare count", "[base]") {
  const std::string text = drawn_on_terminal(0);
  CHECK_THAT(text,
             Contains("10 images") &&
                 !Contains("["
                           "#") &&
                 !Contains("left"));
}

TEST_CASE("silence_progress silences a terminal too", "[base]") {
  silence_progress(true);
  const std::string text = drawn_on_terminal(10);
  silence_progress(false);
  CHECK(text.empty());
}

TEST_CASE("format_duration keeps to two units", "[base]") {
  CHECK(format_duration(0.0) == "0 s");
  CHECK(format_duration(1.26) == "1.3 s");
  CHECK(format_duration(9.99) == "10 s");
  CHECK(format_duration(59.4) == "59 s");
  CHECK(format_duration(59.6) == "1 min 0 s");
  CHECK(format_duration(125.0) == "2 min 5 s");
  CHECK(format_duration(3 * 3600 + 10 * 60 + 59) == "3 h 10 min");
}
