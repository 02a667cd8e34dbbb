#pragma once
// A progress bar with rate and time left on a terminal; nothing of the kind in a pipe.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

namespace memspice {

/// Turns all bars off (--quiet). They are off anyway when stderr is no terminal.
void silence_progress(bool silent);

/// One bar on stderr for one piece of long work; `advance` may be called from any thread.
class Progress {
 public:
  /// `unit`: what is counted ("images", "tiles"); total 0 shows a bare count.
  Progress(std::string title, std::size_t total, std::string unit);
  ~Progress();  ///< finishes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(std::size_t steps = 1);
  /// Ends the bar with its last state; later calls do nothing.
  void finish();

 private:
  void draw(std::size_t done);

  std::string title_;
  std::size_t total_;
  std::string unit_;
  bool visible_;
  bool finished_ = false;
  std::atomic<std::size_t> done_{0};
  std::mutex mutex_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_drawn_;
};

/// "1.3 s", "2 min 5 s", "3 h 10 min": for people.
std::string format_duration(double seconds);

}  // namespace memspice
