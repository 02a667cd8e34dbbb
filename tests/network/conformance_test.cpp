// The operator cases of Debian's libonnx-testdata. Every case whose operators are all supported
// runs, or is refused for a reason that conformance_refusals.hpp states; none is skipped in
// silence.

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <map>

#include "network/conformance_refusals.hpp"
#include "network/conformance_table.hpp"
#include "network/onnx_support.hpp"

using namespace memspice;
using namespace memspice::network;
namespace fs = std::filesystem;

namespace {

const fs::path kFolder = "/usr/share/libonnx-testdata/data";

/// The suite's own tolerance is 1e-3 relative; float32 sums in another order need far less.
constexpr double kRelative = 1e-5;
constexpr double kAbsolute = 1e-5;

/// Layers compute in float32; a result in half precision was rounded by half of its last place.
constexpr double kHalfPlace = 0x1p-11;

struct Case {
  std::string name;
  onnx::ModelProto model;
  std::vector<onnx::TensorProto> inputs;
  onnx::TensorProto output;

  const onnx::NodeProto& node() const { return model.graph().node(0); }
  bool is_single(std::initializer_list<const char*> operators) const {
    return model.graph().node_size() == 1 &&
           std::ranges::find(operators, node().op_type()) != operators.end();
  }
  bool ends_in_class() const { return is_single({"ArgMax", "TopK"}); }
  bool is_arithmetic() const {
    return is_single({"Add", "Sub", "Mul", "Div", "Max", "Min", "Pow", "PRelu"});
  }
  /// Any number of operands that broadcast.
  bool is_elementwise() const { return is_arithmetic() || is_single({"Mean", "Sum"}); }
};

bool is_covered(const onnx::ModelProto& model) {
  const auto known = supported_operators();
  return std::ranges::all_of(model.graph().node(), [&known](const onnx::NodeProto& node) {
    return std::ranges::find(known, node.op_type()) != known.end();
  });
}

Case read_case(const fs::path& folder, onnx::ModelProto model) {
  Case found{folder.filename().string(), std::move(model), {}, {}};
  const fs::path data = folder / "test_data_set_0";
  for (int k = 0; fs::exists(data / ("input_" + std::to_string(k) + ".pb")); ++k) {
    found.inputs.push_back(read_proto(data / ("input_" + std::to_string(k) + ".pb")));
  }
  found.output = read_proto(data / "output_0.pb");
  return found;
}

std::vector<Case> covered_cases() {
  std::vector<Case> cases;
  for (const char* group : {"node", "pytorch-converted", "pytorch-operator", "simple"}) {
    for (const auto& entry : fs::directory_iterator(kFolder / group)) {
      onnx::ModelProto model;
      if (!model.ParseFromString(read_file(entry.path() / "model.onnx"))) continue;
      if (is_covered(model)) cases.push_back(read_case(entry.path(), std::move(model)));
    }
  }
  std::ranges::sort(cases, {}, &Case::name);
  return cases;
}

/// A batch axis of 1 in front of the first operand: broadcasting is the same without it.
void add_batch_axis(Case& c) {
  auto& shape = *c.model.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type();
  onnx::TensorShapeProto longer;
  longer.add_dim()->set_dim_value(1);
  longer.MergeFrom(shape.shape());
  *shape.mutable_shape() = longer;
  for (auto* tensor : {&c.inputs[0], &c.output}) {
    const std::vector<std::int64_t> dims(tensor->dims().begin(), tensor->dims().end());
    tensor->clear_dims();
    tensor->add_dims(1);
    for (const auto n : dims) tensor->add_dims(n);
  }
}

/// For operators on constants: all operands are constants, and the result is added to an input of
/// zeros, so that the network's output is what was folded.
void fold_into_sum(Case& c) {
  auto& graph = *c.model.mutable_graph();
  for (std::size_t k = 0; k < c.inputs.size(); ++k) {
    auto& weight = *graph.add_initializer();
    weight = c.inputs[k];
    weight.set_name(graph.input(static_cast<int>(k)).name());
  }
  graph.clear_input();
  const std::string folded = graph.output(0).name();
  auto& input = *graph.add_input();
  input.set_name("zeros");
  auto& type = *input.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  type.mutable_shape()->add_dim()->set_dim_value(1);
  for (const auto n : c.output.dims()) type.mutable_shape()->add_dim()->set_dim_value(n);
  auto& sum = *graph.add_node();
  sum.set_op_type("Add");
  sum.add_input("zeros");
  sum.add_input(folded);
  sum.add_output("sum");
  graph.mutable_output(0)->set_name("sum");
}

bool folds(const Case& c) {
  // The other branches give lists.
  if (c.name == "test_if") return true;
  return c.is_single({"And",
                      "Concat",
                      "Constant",
                      "ConstantOfShape",
                      "Equal",
                      "Expand",
                      "Gather",
                      "Greater",
                      "GreaterOrEqual",
                      "Less",
                      "Not",
                      "Or",
                      "LessOrEqual",
                      "Pad",
                      "Reshape",
                      "Shape",
                      "Slice",
                      "Squeeze",
                      "Tile",
                      "Transpose",
                      "Where",
                      "Xor",
                      "Unsqueeze"});
}

/// A list of values is one image: its network has no axis for a batch.
void take_as_row(Case& c) {
  for (auto* tensor : {&c.inputs[0], &c.output}) {
    const auto count = tensor->dims(0);
    tensor->clear_dims();
    tensor->add_dims(1);
    tensor->add_dims(count);
  }
}

/// The sequences of a recurrent node whose steps come first are one image's.
void take_as_image(onnx::TensorProto& tensor) {
  const std::vector<std::int64_t> dims(tensor.dims().begin(), tensor.dims().end());
  tensor.clear_dims();
  tensor.add_dims(1);
  for (const auto n : dims) tensor.add_dims(n);
}

bool has_steps_first(const Case& c) {
  return c.is_single({"LSTM", "GRU", "RNN"}) &&
         std::ranges::none_of(c.node().attribute(),
                              [](const auto& attribute) { return attribute.name() == "layout"; });
}

/// memspice gives what integers stand for; at a scale of 1 these are the integers themselves.
void give_integers(Case& c) {
  auto& graph = *c.model.mutable_graph();
  auto& scale = *graph.add_initializer();
  scale.set_name("one");
  scale.set_data_type(onnx::TensorProto::FLOAT);
  scale.add_float_data(1.0F);
  auto& node = *graph.add_node();
  node.set_op_type("DequantizeLinear");
  node.add_input(graph.output(0).name());
  node.add_input("one");
  node.add_output("as_float");
  graph.mutable_output(0)->set_name("as_float");
}

/// A network as memspice takes it: operands after the first are weights, the first output counts.
void adapt(Case& c) {
  auto& graph = *c.model.mutable_graph();
  std::map<std::string, bool> is_weight;
  for (const auto& tensor : graph.initializer()) is_weight[tensor.name()] = true;
  for (std::size_t k = 1; k < c.inputs.size(); ++k) {
    const std::string& name = graph.input(static_cast<int>(k)).name();
    if (is_weight[name]) continue;
    *graph.add_initializer() = c.inputs[k];
    graph.mutable_initializer(graph.initializer_size() - 1)->set_name(name);
  }
  while (graph.output_size() > 1) graph.mutable_output()->RemoveLast();
  const bool numpy_rules = c.model.opset_import(0).version() >= 7;
  if (c.is_elementwise() && numpy_rules) add_batch_axis(c);
  const bool is_list =
      !c.inputs.empty() && graph.input(0).type().tensor_type().shape().dim_size() == 1;
  if (is_list) take_as_row(c);
  if (has_steps_first(c)) take_as_image(c.inputs[0]);
  if (c.output.data_type() == onnx::TensorProto::UINT8 ||
      c.output.data_type() == onnx::TensorProto::INT8) {
    give_integers(c);
  }
}

bool agrees(const Tensor& result, const Tensor& wanted, double relative = kRelative) {
  if (result.shape != wanted.shape) return false;
  for (std::size_t k = 0; k < wanted.data.size(); ++k) {
    const auto a = static_cast<double>(result.data[k]);
    const auto b = static_cast<double>(wanted.data[k]);
    if (!(std::abs(a - b) <= kAbsolute + relative * std::abs(b))) return false;
  }
  return true;
}

/// Joins and arithmetic of two computed tensors have no one-input network: the layer itself runs.
Layer layer_of_two(const Case& c) {
  Layer layer{"layer", Concatenation{}, {}};
  if (c.node().op_type() == "Concat") {
    layer.operation = Concatenation{static_cast<int>(c.node().attribute(0).i())};
    return layer;
  }
  if (c.node().op_type() == "MatMul") {
    layer.operation = MatrixProduct{};
    return layer;
  }
  Elementwise e;
  const std::map<std::string, Elementwise::Kind> kinds{{"Add", Elementwise::Kind::Add},
                                                       {"Sub", Elementwise::Kind::Sub},
                                                       {"Mul", Elementwise::Kind::Mul},
                                                       {"Div", Elementwise::Kind::Div},
                                                       {"Max", Elementwise::Kind::Max},
                                                       {"Min", Elementwise::Kind::Min},
                                                       {"Pow", Elementwise::Kind::Pow},
                                                       {"PRelu", Elementwise::Kind::PRelu}};
  e.kind = kinds.at(c.node().op_type());
  layer.operation = e;
  return layer;
}

/// A product of two computed tensors; that of two matrices is one of the batch with a weight.
bool is_stack_of_products(const Case& c) {
  return c.is_single({"MatMul"}) && c.inputs[0].dims_size() > 2;
}

bool has_two_float_operands(const Case& c) {
  const auto is_float = [](const onnx::TensorProto& t) {
    return t.data_type() == onnx::TensorProto::FLOAT;
  };
  return c.inputs.size() == 2 && c.model.opset_import(0).version() >= 7 &&
         std::ranges::all_of(c.inputs, is_float) &&
         (c.is_arithmetic() || c.is_single({"Concat"}) || is_stack_of_products(c));
}

bool layer_agrees(const Case& c) {
  const Tensor a = to_float_tensor(c.inputs[0]);
  const Tensor b = to_float_tensor(c.inputs[1]);
  const std::vector<const Tensor*> operands{&a, &b};
  return agrees(apply_layer(layer_of_two(c), operands), to_float_tensor(c.output));
}

/// The network's result on `input`, or the message of the refusal in `refusal`.
Tensor run_network(const onnx::ModelProto& model,
                   const onnx::TensorProto& input,
                   std::string& refusal) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "case.onnx";
  write_quickly(file, model.SerializeAsString());
  try {
    const Graph graph = load_onnx(file);
    return run_graph(graph, to_float_tensor(input));
  } catch (const Error& error) {
    refusal = error.what();
    return {};
  }
}

/// The scores that a network gives for the number of a class, and that number.
bool agrees_on_class(const Tensor& scores, const Tensor& wanted) {
  const auto images = static_cast<std::size_t>(scores.shape[0]);
  const auto classes = static_cast<std::ptrdiff_t>(scores.data.size() / images);
  if (wanted.data.size() != images) return false;
  for (std::size_t n = 0; n < images; ++n) {
    const auto first = scores.data.begin() + static_cast<std::ptrdiff_t>(n) * classes;
    const auto largest = std::max_element(first, first + classes) - first;
    if (static_cast<float>(largest) != wanted.data[n]) return false;
  }
  return true;
}

/// The group that lists a case; null: none does.
const Refusals* find_group(const std::vector<Refusals>& groups, const std::string& name) {
  const auto found = std::ranges::find_if(groups, [&name](const Refusals& group) {
    return std::ranges::find(group.cases, name) != group.cases.end();
  });
  return found == groups.end() ? nullptr : &*found;
}

/// Empty when the case runs and agrees, else the refusal.
std::string run_case(Case c) {
  adapt(c);
  std::string refusal;
  const Tensor result =
      run_network(c.model, c.inputs.empty() ? onnx::TensorProto() : c.inputs[0], refusal);
  if (!refusal.empty()) return refusal;
  const bool is_half = c.output.data_type() == onnx::TensorProto::FLOAT16;
  const Tensor wanted = to_float_tensor(c.output);
  const bool is_right = c.ends_in_class()
                            ? agrees_on_class(result, wanted)
                            : agrees(result, wanted, is_half ? kHalfPlace : kRelative);
  CHECK(is_right == (find_group(kOtherResults, c.name) == nullptr));
  return {};
}

/// The same with all operands constant.
std::string run_folded(Case c) {
  fold_into_sum(c);
  Tensor wanted = to_float_tensor(c.output);
  wanted.shape.insert(wanted.shape.begin(), 1);
  onnx::TensorProto zeros;
  zeros.set_data_type(onnx::TensorProto::FLOAT);
  for (const auto n : wanted.shape) zeros.add_dims(n);
  for (std::size_t k = 0; k < wanted.data.size(); ++k) zeros.add_float_data(0.0F);
  std::string refusal;
  const Tensor result = run_network(c.model, zeros, refusal);
  if (refusal.empty()) CHECK(agrees(result, wanted));
  return refusal;
}

struct Counts {
  int networks = 0;  ///< ran as a network of one input
  int layers = 0;    ///< ran as a layer on two computed operands
  int folded = 0;    ///< ran on constants, folded on import
  int refused = 0;
};

/// Runs a case in every way that applies; the refusal if it could not run in any.
std::string run_every_way(const Case& c, Counts& counts) {
  bool ran = false;
  if (has_two_float_operands(c)) {
    CHECK(layer_agrees(c));
    ++counts.layers;
    ran = true;
  }
  if (folds(c) && run_folded(c).empty()) {
    ++counts.folded;
    ran = true;
  }
  // A type that the comparison cannot read is one that the import refuses.
  const std::string refusal = run_case(c);
  if (refusal.empty()) ++counts.networks;
  if (refusal.empty() || ran) return {};
  ++counts.refused;
  return refusal;
}

void count_case(const Case& c, bool is_refused, OperatorTable& table) {
  const bool is_single = c.model.graph().node_size() == 1;
  const std::string name = is_single ? c.node().op_type() : OperatorTable::kSeveral;
  const Refusals* group = find_group(is_refused ? kRefusals : kOtherResults, c.name);
  if (group == nullptr) return table.add_run(name);
  is_refused ? table.add_refused(name, group->because) : table.add_other(name, group->because);
}

void check_page(const OperatorTable& table) {
  const fs::path page = fs::path(MEMSPICE_ROOT_DIR) / "flows" / "networks" / "operators.md";
  if (std::getenv("MEMSPICE_BLESS") != nullptr) write_file(page, table.page());
  INFO("if the change is meant, run network_test \"[conformance]\" with MEMSPICE_BLESS=1");
  CHECK(table.page() == read_file(page));
}

}  // namespace

TEST_CASE("the operator cases of libonnx-testdata run or are refused for a stated reason",
          "[network][conformance]") {
  if (!fs::exists(kFolder / "node")) {
    FAIL("install the Debian package libonnx-testdata: " << kFolder.string() << " is missing");
  }
  std::map<std::string, std::string> refusals;
  for (const Refusals& group : kRefusals) {
    for (const std::string& name : group.cases) refusals.emplace(name, group.reason);
  }
  Counts counts;
  OperatorTable table;
  const auto cases = covered_cases();
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const std::string refusal = run_every_way(c, counts);
    count_case(c, !refusal.empty(), table);
    const auto expected = refusals.find(c.name);
    if (refusal.empty()) continue;
    INFO(refusal);
    if (expected == refusals.end()) {
      FAIL_CHECK("refused, and conformance_refusals.hpp does not say so");
      continue;
    }
    CHECK_THAT(refusal, Catch::Matchers::Contains(expected->second));
    refusals.erase(expected);
  }
  for (const auto& [name, reason] : refusals) FAIL_CHECK(name << " is listed but was not refused");
  std::cout << "libonnx-testdata: " << cases.size()
            << " cases of supported operators: " << static_cast<int>(cases.size()) - counts.refused
            << " ran (" << counts.networks << " as networks, " << counts.layers
            << " as layers on two operands, " << counts.folded << " folded as constants), "
            << counts.refused << " refused as listed\n";
  check_page(table);
  // libonnx-testdata 1.12 has that many; fewer would mean that the search went wrong.
  CHECK(counts.networks >= 430);
}
