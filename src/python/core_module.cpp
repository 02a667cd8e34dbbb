// The extension module memspice._core: what the package's Python files are made of.
#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <functional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "python/bindings.hpp"

namespace memspice::python {
namespace {

namespace py = pybind11;

/// memspice.InputError and RunError with place, value, rule and remedy as attributes.
template <typename CppError>
void translate(py::module_& module, const char* name, py::handle base, const char* meaning) {
  static py::exception<CppError> type(module, name, base);
  type.attr("__doc__") = meaning;
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const CppError& error) {
      py::object value = py::reinterpret_borrow<py::object>(type)(error.what());
      value.attr("place") = error.fault().place;
      value.attr("value") = error.fault().value;
      value.attr("rule") = error.fault().rule;
      value.attr("remedy") = error.fault().remedy;
      PyErr_SetObject(type.ptr(), value.ptr());
    }
  });
}

}  // namespace

PYBIND11_MODULE(_core, module) {
  module.attr("__version__") = std::string(version());
  translate<RunError>(
      module,
      "RunError",
      PyExc_RuntimeError,
      "A run that failed: no convergence, or a simulator that ended. place, value, rule, remedy.");
  translate<InputError>(module,
                        "InputError",
                        PyExc_ValueError,
                        "A fault of what was given: place, value, the rule it breaks, a remedy.");
  bind_solve(module);
  bind_flow(module);
  bind_tables(module);
  bind_device(module);
  bind_network(module);
}

}  // namespace memspice::python
