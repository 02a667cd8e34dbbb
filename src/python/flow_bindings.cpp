#include <pybind11/eigen.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <nlohmann/json.hpp>

#include "cli/flow_file.hpp"
#include "cli/program.hpp"
#include "cli/result_folder.hpp"
#include "flow/run_flow.hpp"
#include "flow/show_tile.hpp"
#include "python/bindings.hpp"
#include "python/flow_call.hpp"

namespace memspice::python {
namespace {

namespace py = pybind11;

std::vector<std::string> check(const FlowCall& call) {
  return interruptibly(
      [&] { return flow::check_flow(cli::load_options(call.file, call.common("check"))); });
}

/// The hardware of the network, as results.json tells it.
std::string map(const FlowCall& call) {
  return interruptibly([&] {
    return report::to_json(flow::report_hardware(cli::load_options(call.file, call.common("map"))));
  });
}

/// Results and the folder that they lie in.
std::pair<std::string, std::string> run(const FlowCall& call, bool simulate_only) {
  return interruptibly([&] {
    const cli::CommonOptions common = call.common(simulate_only ? "simulate" : "run");
    const config::FlowOptions options = cli::load_options(call.file, common);
    cli::ResultFolder folder(options.out, cli::run_identity(call.file, common), common);
    const report::RunReport report =
        simulate_only ? flow::simulate_flow(options) : flow::run_flow(options);
    folder.keep();
    for (const std::string& warning : report.warnings) cli::warn(warning);
    return std::pair{report::to_json(report), options.out.string()};
  });
}

py::dict arrays_of(const tile::CellView& view) {
  py::dict arrays;
  arrays["conductance"] = view.G;
  arrays["word_line_voltage"] = view.word_line_voltage;
  arrays["bit_line_voltage"] = view.bit_line_voltage;
  arrays["voltage_lost"] = view.lost;
  arrays["current"] = view.current;
  return arrays;
}

/// Name, vector, arrays by cell and, where asked, the same in ngspice.
py::tuple show(const FlowCall& call, const flow::ShowRequest& request) {
  const flow::ShownTile shown = interruptibly(
      [&] { return flow::show_tile(cli::load_options(call.file, call.common("show")), request); });
  py::object spice = py::none();
  if (shown.spice) spice = arrays_of(*shown.spice);
  return py::make_tuple(shown.name, shown.vector, arrays_of(shown.cells), spice);
}

/// N x C x H x W and their labels: N, or N x H x W where pixels are labelled.
py::tuple images(const FlowCall& call, bool calibration) {
  const network::Dataset data = interruptibly([&] {
    const config::FlowOptions options = cli::load_options(call.file, call.common("check"));
    return network::load_dataset(calibration ? options.data.calibration : options.data.test);
  });
  const py::array_t<float> pixels(data.images.shape, data.images.data.data());
  if (!data.labels_pixels()) {
    return py::make_tuple(pixels, py::array_t<int>(data.count(), data.labels.data()));
  }
  const network::Shape& shape = data.images.shape;
  return py::make_tuple(
      pixels, py::array_t<std::uint8_t>({shape[0], shape[2], shape[3]}, data.label_planes.data()));
}

int run_command_line(const std::vector<std::string>& arguments) {
  std::vector<const char*> words;
  for (const std::string& word : arguments) words.push_back(word.c_str());
  return cli::run_program(static_cast<int>(words.size()), words.data());
}

}  // namespace

void bind_flow(py::module_& module) {
  py::class_<FlowCall>(module, "FlowCall")
      .def(py::init([](std::string file,
                       std::vector<std::string> overrides,
                       std::string variant,
                       std::string out,
                       std::string seed,
                       int jobs,
                       bool progress,
                       bool trust) {
        return FlowCall{std::move(file),
                        std::move(variant),
                        std::move(out),
                        std::move(seed),
                        std::move(overrides),
                        jobs,
                        progress,
                        trust};
      }));
  module.def("find_flow", [](const std::string& typed) { return cli::find_flow(typed).string(); });
  module.def("check_flow", check);
  module.def("map_flow", map);
  module.def("run_flow", run);
  module.def("images", images);
  module.def("name_of_tile", flow::name_of_tile);
  module.def("show_tile",
             [](const FlowCall& call,
                std::string tile,
                int image,
                std::optional<int> vector,
                bool in_spice) {
               return show(call, {std::move(tile), image, vector, in_spice});
             });
  module.def("run_program", run_command_line);
}

}  // namespace memspice::python
