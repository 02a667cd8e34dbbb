#include "slice.hpp"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <new>
#include <thread>

#include "base/error.hpp"
#include "base/files.hpp"
#include "mutate.hpp"
#include "sample_files.hpp"

namespace memspice::fuzz {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kFound = 99;  // exit code of a child that says itself what is wrong

/// Which input the child is at, and what it found; both processes see it.
struct Shared {
  std::atomic<std::uint64_t> index{0};
  char what[1000] = {};
};

class SharedPage {
 public:
  SharedPage() {
    void* page =
        ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) throw std::runtime_error("no memory can be shared");
    shared_ = new (page) Shared;
  }
  ~SharedPage() { ::munmap(shared_, sizeof(Shared)); }
  SharedPage(const SharedPage&) = delete;
  SharedPage& operator=(const SharedPage&) = delete;
  Shared& operator*() const { return *shared_; }
  Shared* operator->() const { return shared_; }

 private:
  Shared* shared_;
};

double peak_megabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

/// What is wrong with how the target took this input; empty: nothing.
std::string fault_of(const Target& target, const fs::path& file, const Limits& limits) {
  try {
    target.run(file);
  } catch (const Error&) {
    // Refused in the program's own words.
  } catch (const Finding& finding) {
    return finding.what();
  } catch (const std::bad_alloc&) {
    return "out of memory, or a size that no memory has";
  } catch (const std::exception& error) {
    return std::string("an exception that is no memspice::Error: ") + error.what();
  }
  const double megabytes = peak_megabytes();
  if (megabytes <= limits.megabytes) return {};
  return "it took " + std::to_string(megabytes) + " MB";
}

[[noreturn]] void report(Shared& shared, const std::string& what) {
  what.copy(shared.what, sizeof shared.what - 1);
  ::_exit(kFound);
}

void run_inputs(const Target& target, const SliceOptions& options, Shared& shared) {
  const auto end = Clock::now() + std::chrono::duration<double>(options.seconds);
  const fs::path file = fs::current_path() / target.file;
  for (std::uint64_t k = 0; k < options.most && Clock::now() < end; ++k) {
    shared.index = options.first + k;
    write_quickly(
        file, options.input ? *options.input : make_input(target, options.seed, options.first + k));
    const std::string what = fault_of(target, file, options.limits);
    if (!what.empty()) report(shared, what);
    if (options.input) break;
  }
  ++shared.index;
}

/// The child: in its folder, quiet, and without the means to harm the machine.
[[noreturn]] void be_child(const Target& target,
                           const SliceOptions& options,
                           const fs::path& folder,
                           Shared& shared) {
  ::setpgid(0, 0);
  const int log = ::open((folder / "printed").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  const rlimit core{0, 0};
  ::setrlimit(RLIMIT_CORE, &core);
  limit_memory(1.5 * options.limits.megabytes);
  try {
    fs::create_directory(folder / "work");
    fs::current_path(folder / "work");
    if (target.prepare) target.prepare(folder / "work");
    run_inputs(target, options, shared);
  } catch (const std::exception& error) {
    report(shared, std::string("the driver itself: ") + error.what());
  }
  ::_exit(0);
}

double processor_seconds(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0.0;
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Follows how long the child has been at one input.
class Watch {
 public:
  Watch(pid_t pid, const Shared& shared, const Limits& limits)
      : pid_(pid), shared_(shared), limits_(limits), started_(Clock::now()) {}
  bool is_over() {
    const std::uint64_t index = shared_.index;
    const double processor = processor_seconds(pid_);
    if (index != index_) {
      index_ = index;
      started_ = Clock::now();
      processor_ = processor;
    }
    const std::chrono::duration<double> wall = Clock::now() - started_;
    // A command that the child waits for ends a little earlier by its own limits.
    return processor - processor_ > limits_.seconds || wall.count() > limits_.wall_seconds + 10.0;
  }

 private:
  pid_t pid_;
  const Shared& shared_;
  Limits limits_;
  std::uint64_t index_ = ~0ULL;
  Clock::time_point started_;
  double processor_ = 0.0;
};

std::string end_of_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  constexpr std::size_t most = 4000;
  return text.size() > most ? text.substr(text.size() - most) : text;
}

std::string wait_for(pid_t pid, const Shared& shared, const Limits& limits) {
  Watch watch(pid, shared, limits);
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    if (watch.is_over()) {
      ::kill(-pid, SIGKILL);
      ::waitpid(pid, &status, 0);
      return "it hung: no end after " + std::to_string(limits.seconds) + " s";
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return "signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
  }
  if (WEXITSTATUS(status) == kFound) return shared.what;
  if (WEXITSTATUS(status) == 0) return {};
  return "the reader ended the process with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Slice run_slice(const Target& target, const SliceOptions& options) {
  const TemporaryFolder folder;
  SharedPage shared;
  shared->index = options.first;
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("no process can be started");
  if (pid == 0) be_child(target, options, folder.path(), *shared);
  const std::string what = wait_for(pid, *shared, options.limits);
  const std::uint64_t index = shared->index;
  if (what.empty()) return {.next = index, .failure = {}};
  return {.next = index + 1,
          .failure = Failure{index, what, end_of_file(folder.path() / "printed")}};
}

}  // namespace memspice::fuzz
