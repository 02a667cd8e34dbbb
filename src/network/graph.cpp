#include "network/graph.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <cassert>
#include <cctype>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

struct Vertex {
  Layer layer;
  std::vector<LayerId> inputs;
};

/// Vertex 0 is the network's input, vertex k + 1 is layer k; an edge leads from producer to
/// consumer.
using Adjacency = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, Vertex>;

bool is_safe_name(const std::string& name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_allowed = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && is_letter(name[0]) && std::ranges::all_of(name, is_allowed);
}

}  // namespace

struct Graph::Impl {
  Adjacency adjacency{1};
  Shape input_shape;
  std::optional<CodeRange> input_codes;
  std::vector<LayerId> order;
  std::map<std::string, LayerId, std::less<>> by_name;
  LayerId output = kInput;

  int count() const { return static_cast<int>(boost::num_vertices(adjacency)) - 1; }
  static Adjacency::vertex_descriptor vertex_of(LayerId id) {
    return static_cast<Adjacency::vertex_descriptor>(id.value + 1);
  }
  const Vertex& vertex(LayerId id) const {
    assert(id.value >= -1 && id.value < count());
    return adjacency[vertex_of(id)];
  }

  void check_new(const Layer& layer, const std::vector<LayerId>& inputs) const {
    const auto reject = [&layer](const std::string& value, const std::string& rule) {
      throw InputError(
          {.place = "layer " + layer.name, .value = value, .rule = rule, .remedy = {}});
    };
    if (!is_safe_name(layer.name))
      reject({}, "a layer's name is a letter, then letters, digits, _");
    if (by_name.contains(layer.name)) reject({}, "two layers have this name");
    if (input_shape.empty()) reject({}, "the network's input shape is not known yet");
    for (const LayerId id : inputs) {
      if (id.value < -1 || id.value >= count()) {
        reject("input " + std::to_string(id.value), "there is no such layer");
      }
    }
  }
};

Graph::Graph() : impl_(std::make_unique<Impl>()) {}
Graph::~Graph() = default;
Graph::Graph(Graph&&) noexcept = default;
Graph& Graph::operator=(Graph&&) noexcept = default;

void Graph::set_input_shape(Shape shape) {
  assert(layer_count() == 0 && "layers already rely on the input shape");
  const bool positive = std::ranges::all_of(shape, [](auto n) { return n >= 1; });
  if (shape.empty() || shape[0] != 1 || !positive) {
    throw InputError({.place = "network input",
                      .value = to_text(shape),
                      .rule = "the input shape is 1 (the batch), then positive dimensions",
                      .remedy = "give the shape of one image, e.g. 1x1x28x28"});
  }
  element_count(shape);
  impl_->input_shape = std::move(shape);
}

const Shape& Graph::input_shape() const noexcept {
  return impl_->input_shape;
}

void Graph::set_input_codes(std::optional<CodeRange> codes) {
  impl_->input_codes = codes;
}

const std::optional<CodeRange>& Graph::input_codes() const noexcept {
  return impl_->input_codes;
}

LayerId Graph::add(Layer layer, std::vector<LayerId> inputs) {
  impl_->check_new(layer, inputs);
  const std::string place = "layer " + layer.name;
  std::vector<Shape> shapes;
  for (const LayerId id : inputs) shapes.push_back(shape_of(id));
  require_finite(layer.operation, place);
  layer.output_shape = infer_shape(layer.operation, shapes, place);
  require_batch_safe(layer.operation, shapes, place);

  const LayerId id{impl_->count()};
  impl_->by_name.emplace(layer.name, id);
  auto& adjacency = impl_->adjacency;
  boost::add_vertex(Vertex{std::move(layer), inputs}, adjacency);
  for (const LayerId producer : inputs) {
    boost::add_edge(Impl::vertex_of(producer), Impl::vertex_of(id), adjacency);
  }
  // A layer is fed by layers that exist, so the order of arrival is a topological order.
  impl_->order.push_back(id);
  impl_->output = id;
  return id;
}

int Graph::layer_count() const noexcept {
  return impl_->count();
}

const Layer& Graph::layer(LayerId id) const {
  assert(id != kInput);
  return impl_->vertex(id).layer;
}

std::span<const LayerId> Graph::inputs(LayerId id) const {
  return impl_->vertex(id).inputs;
}

std::vector<LayerId> Graph::consumers(LayerId id) const {
  std::vector<LayerId> found;
  const auto [begin, end] = boost::out_edges(Impl::vertex_of(id), impl_->adjacency);
  for (auto edge = begin; edge != end; ++edge) {
    const LayerId consumer{static_cast<int>(boost::target(*edge, impl_->adjacency)) - 1};
    if (found.empty() || found.back() != consumer) found.push_back(consumer);
  }
  return found;
}

const Shape& Graph::shape_of(LayerId id) const {
  return id == kInput ? impl_->input_shape : layer(id).output_shape;
}

std::span<const LayerId> Graph::topological_order() const {
  return impl_->order;
}

LayerId Graph::output() const noexcept {
  return impl_->output;
}

void Graph::set_output(LayerId id) {
  if (id.value < -1 || id.value >= layer_count()) {
    throw InputError({.place = "network output",
                      .value = std::to_string(id.value),
                      .rule = "there is no such layer",
                      .remedy = {}});
  }
  impl_->output = id;
}

LayerId Graph::find(std::string_view name) const {
  const auto found = impl_->by_name.find(name);
  if (found != impl_->by_name.end()) return found->second;
  std::vector<std::string> names;
  for (const LayerId id : impl_->order) names.push_back(layer(id).name);
  throw InputError({.place = "layer",
                    .value = "\"" + std::string(name) + "\"",
                    .rule = "the network has no layer of this name",
                    .remedy = suggest(name, names)});
}

}  // namespace memspice::network
