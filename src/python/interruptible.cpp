#include <chrono>
#include <future>
#include <mutex>

#include "base/blas.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "python/bindings.hpp"

namespace memspice::python {
namespace {

namespace py = pybind11;
using namespace std::chrono_literals;

/// Whether a signal handler of Python's has raised something; false where another thread than the
/// main one asks, which handles no signals.
bool has_signal() {
  const py::gil_scoped_acquire lock;
  return PyErr_CheckSignals() != 0;
}

/// One flag stops all loops: calls from several threads of Python's share it.
class Running {
 public:
  Running() {
    const std::lock_guard lock(mutex());
    ++count();
  }
  ~Running() {
    const std::lock_guard lock(mutex());
    if (--count() == 0) set_interrupted(false);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  static std::mutex& mutex() {
    static std::mutex all;
    return all;
  }
  static int& count() {
    static int running = 0;
    return running;
  }
};

}  // namespace

void run_interruptibly(const std::function<void()>& work) {
  pin_blas_to_one_thread();  // before the first product: numbers do not depend on the call
  const Running running;
  bool is_stopped = false;
  {
    const py::gil_scoped_release free;
    std::future<void> done = std::async(std::launch::async, work);
    // Short work ends before the first look; a look costs some microseconds.
    while (done.wait_for(is_stopped ? 1h : 50ms) != std::future_status::ready) {
      if (!has_signal()) continue;
      is_stopped = true;
      set_interrupted(true);
    }
    try {
      done.get();
    } catch (const Interrupted&) {
      if (!is_stopped) throw;
    }
  }
  if (is_stopped) throw py::error_already_set();
}

}  // namespace memspice::python
