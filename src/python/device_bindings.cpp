#include <pybind11/eigen.h>
#include <pybind11/stl.h>

#include "cli/device_command.hpp"
#include "python/bindings.hpp"

namespace memspice::python {
namespace {

namespace py = pybind11;
using cli::DeviceArguments;

/// Words as the command line takes them, by the names of its options.
DeviceArguments arguments_of(const std::map<std::string, std::string>& words,
                             std::vector<std::string> settings,
                             std::vector<std::string> files) {
  DeviceArguments arguments;
  const std::map<std::string, std::string*> places{{"model", &arguments.model},
                                                   {"card", &arguments.card},
                                                   {"folder", &arguments.folder},
                                                   {"drive", &arguments.drive},
                                                   {"amplitude", &arguments.amplitude},
                                                   {"frequency", &arguments.frequency},
                                                   {"series", &arguments.series},
                                                   {"temperature", &arguments.temperature},
                                                   {"engine", &arguments.engine},
                                                   {"kind", &arguments.kind},
                                                   {"columns", &arguments.columns},
                                                   {"base", &arguments.base},
                                                   {"plot", &arguments.plot},
                                                   {"out", &arguments.common.out}};
  for (const auto& [name, word] : words) *places.at(name) = word;
  arguments.common.overrides = std::move(settings);
  arguments.data = std::move(files);
  return arguments;
}

py::dict trace(DeviceArguments arguments, int cycles, int points) {
  arguments.cycles = cycles;
  arguments.points = points;
  const device::Trace found = interruptibly([&] { return cli::trace_as_asked(arguments); });
  py::dict columns;
  columns["time"] = found.time;
  columns["voltage"] = found.voltage;
  columns["current"] = found.current;
  columns["state"] = found.state;
  columns["resistance"] = found.resistance;
  return columns;
}

std::string fit(const DeviceArguments& arguments) {
  return interruptibly([&] { return cli::fit_to_json(arguments); });
}

}  // namespace

void bind_device(py::module_& module) {
  py::class_<DeviceArguments>(module, "DeviceArguments").def(py::init(&arguments_of));
  module.def("list_models", cli::models_as_json);
  module.def("show_model", cli::model_as_json);
  module.def("trace", trace);
  module.def("fit", fit);
}

}  // namespace memspice::python
