#pragma once
// The parts of the extension module, and how they call what takes its time.

#include <pybind11/pybind11.h>

#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace memspice::python {

/// solve and response of one crossbar.
void bind_solve(pybind11::module_& module);
/// Flow files: check, map, run, show.
void bind_flow(pybind11::module_& module);
/// Network files and their float reference.
void bind_network(pybind11::module_& module);
/// Models of devices: their cards, traces and fits.
void bind_device(pybind11::module_& module);
/// A flow's crossbars as arrays of numbers, for layers that learn on them.
void bind_tables(pybind11::module_& module);

/// Runs `work` without the interpreter's lock, on a thread of its own while this one looks out for
/// Ctrl-C: KeyboardInterrupt comes within a fraction of a second, with no worker left. Throws what
/// `work` throws.
void run_interruptibly(const std::function<void()>& work);

/// The same for work that gives something.
template <typename Work>
auto interruptibly(const Work& work) {
  std::optional<std::invoke_result_t<Work>> found;
  run_interruptibly([&] { found.emplace(work()); });
  return std::move(*found);
}

}  // namespace memspice::python
