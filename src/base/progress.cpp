#include "base/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.hpp"

namespace memspice {
namespace {

std::atomic<bool> silenced{false};
constexpr auto kRedraw = std::chrono::milliseconds(100);
/// Of a bar that nothing advances: often enough to be seen moving.
constexpr auto kTick = std::chrono::milliseconds(500);
std::atomic<std::chrono::milliseconds> line_interval{std::chrono::seconds(30)};
constexpr std::size_t kBarWidth = 24;

}  // namespace

void silence_progress(bool silent) {
  silenced.store(silent);
}

void set_line_interval(std::chrono::milliseconds interval) {
  line_interval.store(interval);
}

std::string format_duration(double seconds) {
  if (seconds < 10.0) return to_text_rounded(seconds, 2) + " s";
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 60) return to_text(whole) + " s";
  if (whole < 3600) return to_text(whole / 60) + " min " + to_text(whole % 60) + " s";
  return to_text(whole / 3600) + " h " + to_text(whole % 3600 / 60) + " min";
}

Progress::Where Progress::choose() {
  if (silenced.load()) return Where::Nowhere;
  return isatty(STDERR_FILENO) != 0 ? Where::Terminal : Where::Lines;
}

Progress::Progress(std::string title, std::size_t total, std::string unit)
    : title_(escape_controls(title)),
      total_(total),
      unit_(std::move(unit)),
      where_(choose()),
      start_(std::chrono::steady_clock::now()),
      last_drawn_(start_ - kRedraw) {
  if (where_ != Where::Nowhere) watch_ = std::thread([this] { watch(); });
}

Progress::~Progress() {
  finish();
}

void Progress::watch() {
  const auto interval = where_ == Where::Terminal ? kTick : line_interval.load();
  std::unique_lock lock(mutex_);
  if (where_ == Where::Terminal) draw();
  while (!ended_.wait_for(lock, interval, [this] { return finished_; })) draw();
}

void Progress::advance(std::size_t steps) {
  done_.fetch_add(steps);
  if (where_ != Where::Terminal) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  const auto now = std::chrono::steady_clock::now();
  if (!lock || finished_ || now - last_drawn_ < kRedraw) return;
  last_drawn_ = now;
  draw();
}

void Progress::finish() {
  {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    finished_ = true;
    if (where_ == Where::Terminal) {
      draw();
      std::fputc('\n', stderr);
    }
  }
  ended_.notify_all();
  if (watch_.joinable()) watch_.join();
}

/// "3/10 tiles  0.1/s  1 min 10 s left", or the time that passed where nothing is done yet.
std::string Progress::state(std::size_t done, double seconds) const {
  std::string text = std::to_string(done);
  if (total_ > 0) text += '/' + std::to_string(total_);
  text += ' ' + unit_;
  const double rate = seconds > 0.0 ? static_cast<double>(done) / seconds : 0.0;
  if (rate > 0.0) text += "  " + to_text_rounded(rate, 3) + "/s";
  if (finished_ || rate == 0.0) return text + "  in " + format_duration(seconds);
  if (total_ <= done) return text;
  return text + "  " + format_duration(static_cast<double>(total_ - done) / rate) + " left";
}

void Progress::draw() {
  const std::size_t done = done_.load();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  std::string line = where_ == Where::Terminal ? "\r\x1b[K" : "memspice: ";
  line += title_ + (where_ == Where::Terminal ? "  " : ": ");
  if (where_ == Where::Terminal && total_ > 0) {
    const std::size_t filled = std::min(kBarWidth, kBarWidth * done / total_);
    line += '[' + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "]  ";
  }
  line += state(done, seconds);
  if (where_ == Where::Lines) line += '\n';
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace memspice
