#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include "base/error.hpp"
#include "flow/load_network.hpp"
#include "python/bindings.hpp"
#include "simulate/simulate.hpp"

namespace memspice::python {
namespace {

namespace py = pybind11;
using network::Graph;
using network::Shape;

/// A network file as layers.
class Network {
 public:
  explicit Network(const std::string& file)
      : graph_(interruptibly([&] { return flow::load_network(file, {}).graph; })) {}

  Shape input_shape() const { return graph_.input_shape(); }

  py::list layers() const {
    py::list layers;
    for (const network::LayerId id : graph_.topological_order()) {
      const network::Layer& layer = graph_.layer(id);
      py::dict dict;
      dict["name"] = layer.name;
      dict["operation"] = network::operation_name(layer.operation);
      dict["output_shape"] = layer.output_shape;
      dict["parameters"] = layer.parameter_count();
      dict["has_weights"] = layer.has_weights();
      layers.append(dict);
    }
    return layers;
  }

  /// images: N x ...; the float reference's outputs, N x ...
  py::array_t<float> run(const py::array_t<float, py::array::c_style>& images) const {
    const network::Tensor batch = tensor_of(images);
    const network::Tensor outputs = interruptibly([&] {
      return simulate::run_batch(simulate::Machine{.graph = &graph_, .kernels = {}}, batch);
    });
    return py::array_t<float>(outputs.shape, outputs.data.data());
  }

 private:
  network::Tensor tensor_of(const py::array_t<float, py::array::c_style>& images) const {
    const Shape shape(images.shape(), images.shape() + images.ndim());
    Shape wanted = graph_.input_shape();
    wanted.front() = shape.empty() ? 0 : shape.front();
    if (shape != wanted || wanted.front() == 0) {
      throw InputError({.place = "images",
                        .value = "of shape " + network::to_text(shape),
                        .rule = "the network takes N x " + network::to_text(graph_.input_shape()) +
                                " without its first axis",
                        .remedy = "give at least one image of that shape"});
    }
    return {shape, std::vector<float>(images.data(), images.data() + images.size())};
  }

  Graph graph_;
};

}  // namespace

void bind_network(py::module_& module) {
  py::class_<Network>(module, "Network")
      .def(py::init<const std::string&>())
      .def("input_shape", &Network::input_shape)
      .def("layers", &Network::layers)
      .def("run", &Network::run);
}

}  // namespace memspice::python
