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
constexpr std::size_t kBarWidth = 24;

}  // namespace

void silence_progress(bool silent) {
  silenced.store(silent);
}

std::string format_duration(double seconds) {
  if (seconds < 10.0) return to_text_rounded(seconds, 2) + " s";
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 60) return to_text(whole) + " s";
  if (whole < 3600) return to_text(whole / 60) + " min " + to_text(whole % 60) + " s";
  return to_text(whole / 3600) + " h " + to_text(whole % 3600 / 60) + " min";
}

Progress::Progress(std::string title, std::size_t total, std::string unit)
    : title_(escape_controls(title)),
      total_(total),
      unit_(std::move(unit)),
      visible_(!silenced.load() && isatty(STDERR_FILENO) != 0),
      start_(std::chrono::steady_clock::now()),
      last_drawn_(start_ - kRedraw) {}

Progress::~Progress() {
  finish();
}

void Progress::advance(std::size_t steps) {
  const std::size_t done = done_.fetch_add(steps) + steps;
  if (!visible_) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  const auto now = std::chrono::steady_clock::now();
  if (!lock || finished_ || now - last_drawn_ < kRedraw) return;
  last_drawn_ = now;
  draw(done);
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  finished_ = true;
  if (!visible_) return;
  draw(done_.load());
  std::fputc('\n', stderr);
}

void Progress::draw(std::size_t done) {
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const double rate = seconds > 0.0 ? static_cast<double>(done) / seconds : 0.0;
  std::string line = "\r\x1b[K" + title_ + "  ";
  if (total_ > 0) {
    const std::size_t filled = std::min(kBarWidth, kBarWidth * done / total_);
    line += '[' + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "]  ";
    line += std::to_string(done) + '/' + std::to_string(total_) + ' ' + unit_;
  } else {
    line += std::to_string(done) + ' ' + unit_;
  }
  if (rate > 0.0) line += "  " + to_text_rounded(rate, 3) + '/' + "s";
  if (finished_) {
    line += "  in " + format_duration(seconds);
  } else if (rate > 0.0 && total_ > done) {
    line += "  " + format_duration(static_cast<double>(total_ - done) / rate) + " left";
  }
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace memspice
