#pragma once
// A progress bar with rate and time left on a terminal; elsewhere (a pipe, a batch job's log) a
// plain line every 30 s, so that short work leaves none.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

namespace memspice {

/// Turns all bars and lines off (--quiet).
void silence_progress(bool silent);

/// For tests: the time between two lines where stderr is no terminal.
void set_line_interval(std::chrono::milliseconds interval);

/// One bar on stderr for one piece of long work; `advance` may be called from any thread. It also
/// moves by itself, for the first tile may take minutes.
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
  enum class Where { Nowhere, Terminal, Lines };
  static Where choose();

  void watch();  ///< redraws from a thread of its own until finish
  void draw();   ///< with the mutex held
  std::string state(std::size_t done, double seconds) const;

  std::string title_;
  std::size_t total_;
  std::string unit_;
  Where where_;
  bool finished_ = false;
  std::atomic<std::size_t> done_{0};
  std::mutex mutex_;
  std::condition_variable ended_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_drawn_;
  std::thread watch_;  ///< the last member: it uses all others
};

/// "1.3 s", "2 min 5 s", "3 h 10 min": for people.
std::string format_duration(double seconds);

}  // namespace memspice
