#include "network/onnx_draft.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "network/shapes.hpp"

namespace memspice::network {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// `wish` with everything but [A-Za-z0-9_] as '_', without '_' at either end, a letter in front.
std::string safe_name(const std::string& wish) {
  std::string name;
  for (const char c : wish) {
    const bool allowed = is_letter(c) || (c >= '0' && c <= '9');
    const char kept = allowed ? c : '_';
    if (kept == '_' && (name.empty() || name.back() == '_')) continue;
    name += kept;
  }
  if (!name.empty() && name.back() == '_') name.pop_back();
  constexpr std::size_t kLongest = 64;  // names go into SPICE decks and file names
  if (name.size() > kLongest) name.resize(kLongest);
  if (name.empty()) return "layer";
  return is_letter(name[0]) ? name : "layer_" + name;
}

class Names {
 public:
  std::string unique(const std::string& wish) {
    const std::string base = safe_name(wish);
    std::string name = base;
    for (int k = next_[base] + 1; !used_.insert(name).second; ++k) {
      name = base + "_" + std::to_string(k + 1);
      next_[base] = k;
    }
    return name;
  }

 private:
  std::set<std::string> used_;
  std::map<std::string, int> next_;  ///< numbers already given per base: long runs stay fast
};

std::vector<bool> needed_layers(const Draft& draft) {
  std::vector<bool> needed(draft.layers.size(), false);
  const auto mark = [&needed](int layer) {
    if (layer != kDraftInput) needed[static_cast<std::size_t>(layer)] = true;
  };
  mark(draft.output);
  for (std::size_t k = draft.layers.size(); k-- > 0;) {
    if (needed[k]) std::ranges::for_each(draft.layers[k].inputs, mark);
  }
  return needed;
}

}  // namespace

const Shape& Draft::shape_of(int layer) const {
  return layer == kDraftInput ? input_shape : layers[static_cast<std::size_t>(layer)].shape;
}

int Draft::add(DraftLayer layer) {
  std::vector<Shape> shapes;
  for (const int input : layer.inputs) shapes.push_back(shape_of(input));
  require_finite(layer.operation, layer.place);
  layer.shape = infer_shape(layer.operation, shapes, layer.place);
  require_batch_safe(layer.operation, shapes, layer.place);
  layers.push_back(std::move(layer));
  return static_cast<int>(layers.size()) - 1;
}

std::vector<int> Draft::use_counts() const {
  std::vector<int> counts(layers.size(), 0);
  const auto count = [&counts](int layer) {
    if (layer != kDraftInput) ++counts[static_cast<std::size_t>(layer)];
  };
  const auto needed = needed_layers(*this);
  for (std::size_t k = 0; k < layers.size(); ++k) {
    if (needed[k]) std::ranges::for_each(layers[k].inputs, count);
  }
  count(output);
  return counts;
}

ImportedGraph to_graph(Draft draft) {
  ImportedGraph imported;
  Graph& graph = imported.graph;
  graph.set_input_shape(draft.input_shape);
  graph.set_input_codes(draft.input_codes);
  const auto needed = needed_layers(draft);
  std::vector<LayerId> ids(draft.layers.size(), Graph::kInput);
  const auto id_of = [&ids](int layer) {
    return layer == kDraftInput ? Graph::kInput : ids[static_cast<std::size_t>(layer)];
  };
  Names names;
  for (std::size_t k = 0; k < draft.layers.size(); ++k) {
    if (!needed[k]) continue;
    DraftLayer& layer = draft.layers[k];
    std::vector<LayerId> inputs;
    for (const int input : layer.inputs) inputs.push_back(id_of(input));
    ids[k] = graph.add({names.unique(layer.name), std::move(layer.operation), {}}, inputs);
    imported.tensors.push_back(std::move(layer.tensor));
  }
  graph.set_output(id_of(draft.output));
  return imported;
}

}  // namespace memspice::network
