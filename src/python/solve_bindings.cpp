#include <pybind11/eigen.h>
#include <pybind11/stl.h>

#include "cli/solve_checks.hpp"
#include "cli/solve_command.hpp"
#include "python/bindings.hpp"

namespace memspice::python {
namespace {

namespace py = pybind11;
using cli::SolveAnswer;
using cli::SolveTask;

/// Wires and terminals of one array [Ohm] and its cells' curvature [1/V].
struct ArrayFigures {
  double wire_row, wire_column, driver, sense, alpha;
};

SolveTask task_of(const Eigen::MatrixXd& G, const ArrayFigures& figures) {
  SolveTask task;
  task.G = G;
  task.bench.wiring.row = figures.wire_row;
  task.bench.wiring.column = figures.wire_column;
  task.bench.wiring.driver = figures.driver;
  task.bench.wiring.sense = figures.sense;
  task.bench.wiring.validate("solve");
  task.bench.alpha = figures.alpha;
  task.bench.spice.failed_deck_folder.clear();
  return task;
}

SolveAnswer answer_to(const SolveTask& task, const std::string& engine, bool certificate) {
  cli::require_solvable(task, {"G", "V", engine});
  SolveAnswer answer = interruptibly([&] {
    return certificate           ? cli::solve_with_certificate(task)
           : engine == "ngspice" ? cli::solve_by_ngspice(task)
                                 : cli::solve_by_mesh(task);
  });
  cli::require_finite(task, answer);
  return answer;
}

py::dict facts_of(const SolveAnswer& answer) {
  py::dict facts;
  facts["engine"] = answer.engine;
  facts["method"] = answer.method;
  facts["seconds"] = answer.seconds;
  facts["iterations"] = answer.iterations;
  facts["residual"] = answer.residual ? py::object(py::float_(*answer.residual)) : py::none();
  facts["bound"] =
      answer.certificate ? py::object(py::float_(answer.certificate->bound)) : py::none();
  return facts;
}

/// currents (vectors x bit lines [A]), power per vector [W] or none, node voltages per vector (none
/// unless asked), facts.
py::tuple solve(const Eigen::MatrixXd& G,
                const Eigen::MatrixXd& V,
                const ArrayFigures& figures,
                const std::string& engine,
                bool certificate,
                bool node_voltages) {
  SolveTask task = task_of(G, figures);
  task.V = V.transpose();
  task.node_voltages = node_voltages;
  SolveAnswer answer = answer_to(task, engine, certificate);
  py::dict facts = facts_of(answer);
  return py::make_tuple(std::move(answer.values),
                        std::move(answer.operation.power),
                        std::move(answer.operation.word_line_voltage),
                        std::move(answer.operation.bit_line_voltage),
                        std::move(facts));
}

Eigen::MatrixXd response(const Eigen::MatrixXd& G, const ArrayFigures& figures) {
  SolveTask task = task_of(G, figures);
  task.response = true;
  return std::move(answer_to(task, "mesh", false).values);
}

}  // namespace

void bind_solve(py::module_& module) {
  py::class_<ArrayFigures>(module, "ArrayFigures")
      .def(py::init(
               [](double wire_row, double wire_column, double driver, double sense, double alpha) {
                 return ArrayFigures{wire_row, wire_column, driver, sense, alpha};
               }),
           py::arg("wire_row"),
           py::arg("wire_column"),
           py::arg("driver"),
           py::arg("sense"),
           py::arg("alpha"));
  module.def("solve", solve);
  module.def("response", response);
}

}  // namespace memspice::python
