// LSTM, GRU and RNN nodes against the equations of ONNX's text, written out here step by step in
// double precision, in every direction, layout and form of the first state.

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "network/model_builder.hpp"
#include "network/ranges.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// Some dozen float32 sums and functions of size 1, a few steps deep.
constexpr double kStepsDeep = 1e-5;

std::vector<float> scattered(std::int64_t count, int seed) {
  std::vector<float> values;
  for (std::int64_t k = 0; k < count; ++k) {
    values.push_back(static_cast<float>((k * 29 + seed * 13) % 31 - 15) / 20.0F);
  }
  return values;
}

double sigmoid_of(double v) {
  return 1.0 / (1.0 + std::exp(-v));
}

/// One node: sizes and weights, all as the file holds them.
struct Node {
  std::string op;
  std::int64_t gates, directions = 1, inputs = 3, n = 4, steps = 5, sequences = 1;
  bool is_reverse = false, resets_behind = false;
  std::vector<float> W, R, B, h, c, P;

  explicit Node(std::string name, std::int64_t d = 1) : op(std::move(name)), directions(d) {
    gates = op == "LSTM" ? 4 : op == "GRU" ? 3 : 1;
    W = scattered(d * gates * n * inputs, 1);
    R = scattered(d * gates * n * n, 2);
    B = scattered(d * 2 * gates * n, 3);
  }
  void give_states() {
    h = scattered(directions * sequences * n, 4);
    c = scattered(directions * sequences * n, 5);
  }
};

using Vector = std::vector<double>;

/// W x + b_W and R h + b_R of one gate.
double sum_of(const Node& node,
              const std::vector<float>& M,
              std::int64_t width,
              std::int64_t d,
              std::int64_t row,
              const Vector& v) {
  double sum = 0.0;
  for (std::int64_t k = 0; k < width; ++k) {
    const auto at = (d * node.gates * node.n + row) * width + k;
    sum += static_cast<double>(M[static_cast<std::size_t>(at)]) * v[static_cast<std::size_t>(k)];
  }
  return sum;
}

double bias_of(const Node& node, std::int64_t d, std::int64_t row) {
  if (node.B.empty()) return 0.0;
  return static_cast<double>(node.B[static_cast<std::size_t>(d * 2 * node.gates * node.n + row)]);
}

/// One step of one direction; h and c are advanced.
void step(const Node& node, std::int64_t d, const Vector& x, Vector& h, Vector& c) {
  const auto n = node.n;
  const auto input = [&](std::int64_t gate, std::int64_t k) {
    return sum_of(node, node.W, node.inputs, d, gate * n + k, x) + bias_of(node, d, gate * n + k);
  };
  const auto own_bias = [&](std::int64_t gate, std::int64_t k) {
    return bias_of(node, d, (node.gates + gate) * n + k);
  };
  const auto own = [&](std::int64_t gate, std::int64_t k, const Vector& state) {
    return sum_of(node, node.R, n, d, gate * n + k, state) + own_bias(gate, k);
  };
  const auto peephole = [&](std::int64_t gate, std::int64_t k) {
    const auto at = static_cast<std::size_t>((d * 3 + gate) * n + k);
    return node.P.empty() ? 0.0 : static_cast<double>(node.P[at]);
  };
  Vector next = h;
  Vector reset(h.size());
  for (std::int64_t k = 0; k < n && node.op == "GRU"; ++k) {
    const auto at = static_cast<std::size_t>(k);
    reset[at] = sigmoid_of(input(1, k) + own(1, k, h)) * h[at];
  }
  for (std::int64_t k = 0; k < n; ++k) {
    const auto at = static_cast<std::size_t>(k);
    if (node.op == "RNN") next[at] = std::tanh(input(0, k) + own(0, k, h));
    if (node.op == "GRU") {
      const double z = sigmoid_of(input(0, k) + own(0, k, h));
      const double r = sigmoid_of(input(1, k) + own(1, k, h));
      const double s = node.resets_behind ? r * own(2, k, h) : own(2, k, reset);
      next[at] = (1.0 - z) * std::tanh(input(2, k) + s) + z * h[at];
    }
    if (node.op == "LSTM") {
      const double i = sigmoid_of(input(0, k) + own(0, k, h) + peephole(0, k) * c[at]);
      const double f = sigmoid_of(input(2, k) + own(2, k, h) + peephole(2, k) * c[at]);
      c[at] = f * c[at] + i * std::tanh(input(3, k) + own(3, k, h));
      const double o = sigmoid_of(input(1, k) + own(1, k, h) + peephole(1, k) * c[at]);
      next[at] = o * std::tanh(c[at]);
    }
  }
  h = next;
}

/// Y of one image, steps x directions x sequences x n; and the last cells, directions x sequences x
/// n. x: steps x sequences x inputs.
struct Expected {
  Vector Y, cells;
};
Expected evaluate(const Node& node, const float* x) {
  const auto n = node.n, B = node.sequences;
  Expected found;
  found.Y.resize(static_cast<std::size_t>(node.steps * node.directions * B * n));
  for (std::int64_t d = 0; d < node.directions; ++d) {
    for (std::int64_t b = 0; b < B; ++b) {
      Vector h(static_cast<std::size_t>(n)), c(h);
      for (std::int64_t k = 0; k < n && !node.h.empty(); ++k) {
        const auto at = static_cast<std::size_t>((d * B + b) * n + k);
        h[static_cast<std::size_t>(k)] = static_cast<double>(node.h[at]);
        c[static_cast<std::size_t>(k)] = static_cast<double>(node.c[at]);
      }
      for (std::int64_t t = 0; t < node.steps; ++t) {
        const auto at = d == 1 || node.is_reverse ? node.steps - 1 - t : t;
        const float* from = x + (at * B + b) * node.inputs;
        step(node, d, Vector(from, from + node.inputs), h, c);
        for (std::int64_t k = 0; k < n; ++k) {
          found.Y[static_cast<std::size_t>(((at * node.directions + d) * B + b) * n + k)] =
              h[static_cast<std::size_t>(k)];
        }
      }
      found.cells.insert(found.cells.end(), c.begin(), c.end());
    }
  }
  return found;
}

/// The node on "steps" of shape steps x sequences x inputs; outputs Y, Y_h, Y_c.
onnx::NodeProto& add_node(Model& model, const Node& node, const std::string& input) {
  const auto d = node.directions, g = node.gates, n = node.n;
  model.weight("W", {d, g * n, node.inputs}, node.W);
  model.weight("R", {d, g * n, n}, node.R);
  std::vector<std::string> operands{input, "W", "R"};
  operands.push_back(node.B.empty() ? "" : "B");
  if (!node.B.empty()) model.weight("B", {d, 2 * g * n}, node.B);
  operands.push_back("");
  operands.push_back(node.h.empty() ? "" : "h");
  if (!node.h.empty()) model.weight("h", {d, node.sequences, n}, node.h);
  if (node.op == "LSTM") {
    operands.push_back(node.c.empty() ? "" : "c");
    if (!node.c.empty()) model.weight("c", {d, node.sequences, n}, node.c);
    if (!node.P.empty()) operands.push_back("P");
    if (!node.P.empty()) model.weight("P", {d, 3 * n}, node.P);
  }
  auto& added = model.node(node.op, operands, "Y");
  added.add_output("Y_h");
  if (node.op == "LSTM") added.add_output("Y_c");
  set_integer(added, "hidden_size", n);
  if (d == 2) set_text(added, "direction", "bidirectional");
  if (node.is_reverse) set_text(added, "direction", "reverse");
  if (node.resets_behind) set_integer(added, "linear_before_reset", 1);
  return added;
}

/// The largest difference of Y, for three images whose file has its steps first.
double difference_of(const Node& node) {
  Model model({node.steps, node.sequences, node.inputs});
  add_node(model, node, "x");
  model.graph().mutable_output(0)->set_name("Y");
  const Graph graph = model.load();
  constexpr std::int64_t kImages = 3;
  const Shape image{kImages, node.steps, node.sequences, node.inputs};
  REQUIRE(graph.input_shape() == Shape{1, node.steps, node.sequences, node.inputs});
  const Tensor x(image, scattered(element_count(image), 7));
  const Tensor y = run_graph(graph, x);
  REQUIRE(y.shape == Shape{kImages, node.steps, node.directions, node.sequences, node.n});
  double largest = 0.0;
  const auto each = static_cast<std::size_t>(y.size() / kImages);
  for (std::size_t image_at = 0; image_at < kImages; ++image_at) {
    const auto wanted = evaluate(node, x.data.data() + image_at * x.data.size() / kImages).Y;
    for (std::size_t k = 0; k < each; ++k) {
      largest =
          std::max(largest, std::abs(static_cast<double>(y.data[image_at * each + k]) - wanted[k]));
    }
  }
  return largest;
}

}  // namespace

TEST_CASE("recurrent nodes follow ONNX's equations in every direction", "[network][recurrent]") {
  for (const std::string op : {"LSTM", "GRU", "RNN"}) {
    CAPTURE(op);
    for (const std::int64_t directions : {1, 2}) {
      Node node(op, directions);
      CHECK(difference_of(node) < kStepsDeep);
      node.give_states();
      CHECK(difference_of(node) < kStepsDeep);
      node.B.clear();
      CHECK(difference_of(node) < kStepsDeep);
    }
    Node reverse(op);
    reverse.is_reverse = true;
    CHECK(difference_of(reverse) < kStepsDeep);
    Node several(op, 2);
    several.sequences = 3;
    several.give_states();
    CHECK(difference_of(several) < kStepsDeep);
  }
}

TEST_CASE("a GRU resets before or behind its product", "[network][recurrent]") {
  Node node("GRU", 2);
  node.resets_behind = true;
  CHECK(difference_of(node) < kStepsDeep);
  node.give_states();
  CHECK(difference_of(node) < kStepsDeep);
}

TEST_CASE("an LSTM's peepholes see its cell", "[network][recurrent]") {
  Node node("LSTM", 2);
  node.P = scattered(2 * 3 * node.n, 9);
  CHECK(difference_of(node) < kStepsDeep);
}

TEST_CASE("the last states and cells are those of the last step taken", "[network][recurrent]") {
  const Node node("LSTM", 2);
  Model model({node.steps, 1, node.inputs});
  add_node(model, node, "x");
  set_integer(model.node("Concat", {"Y_h", "Y_c"}), "axis", 0);
  const Tensor x({1, node.steps, 1, node.inputs}, scattered(node.steps * node.inputs, 7));
  const Tensor y = run_graph(model.load(), x);
  REQUIRE(y.shape == Shape{1, 4, 1, node.n});
  const Expected wanted = evaluate(node, x.data.data());
  const auto n = static_cast<std::size_t>(node.n);
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t last = static_cast<std::size_t>(node.steps - 1) * 2 * n + k;
    CHECK(static_cast<double>(y.data[k]) == Approx(wanted.Y[last]).margin(kStepsDeep));
    CHECK(static_cast<double>(y.data[n + k]) == Approx(wanted.Y[n + k]).margin(kStepsDeep));
    CHECK(static_cast<double>(y.data[2 * n + k]) == Approx(wanted.cells[k]).margin(kStepsDeep));
    CHECK(static_cast<double>(y.data[3 * n + k]) == Approx(wanted.cells[n + k]).margin(kStepsDeep));
  }
}

TEST_CASE("a network with its batch first gives scores of the last step", "[network][recurrent]") {
  // As PyTorch exports an LSTM with batch_first and a linear layer on its last output.
  const Node node("LSTM");
  Model model({1, node.steps, node.inputs});
  set_integers(model.node("Transpose", {"x"}, "steps"), "perm", {1, 0, 2});
  add_node(model, node, "steps");
  set_integers(model.node("Squeeze", {"Y"}, "all"), "axes", {1});
  model.proto().mutable_opset_import(0)->set_version(11);
  set_integers(model.node("Transpose", {"all"}, "first"), "perm", {1, 0, 2});
  model.integers("last", {-1});
  set_integer(model.node("Gather", {"first", "last"}, "end"), "axis", 1);
  set_integers(model.node("Squeeze", {"end"}, "row"), "axes", {1});
  model.weight("fc.weight", {2, node.n}, scattered(2 * node.n, 8));
  model.weight("fc.bias", {2}, {0.5F, -0.5F});
  set_integer(model.node("Gemm", {"row", "fc.weight", "fc.bias"}), "transB", 1);
  const Graph graph = model.load();
  CHECK(graph.input_shape() == Shape{1, node.steps, node.inputs});
  CHECK(graph.shape_of(graph.output()) == Shape{1, 2});
  const Tensor x({1, node.steps, node.inputs}, scattered(node.steps * node.inputs, 7));
  const Tensor y = run_graph(graph, x);
  const Expected wanted = evaluate(node, x.data.data());
  for (std::size_t o = 0; o < 2; ++o) {
    double sum = o == 0 ? 0.5 : -0.5;
    for (std::size_t k = 0; k < 4; ++k) {
      sum += static_cast<double>(scattered(8, 8)[o * 4 + k]) * wanted.Y[4 * 4 + k];
    }
    CHECK(static_cast<double>(y.data[o]) == Approx(sum).margin(kStepsDeep));
  }
  // One product of the whole sequence, one of the states, one of the scores; and what cuts out the
  // last step.
  CHECK(graph.layer(graph.find("the_LSTM_input")).has_weights());
  const Layer& states = graph.layer(graph.find("the_LSTM_state"));
  CHECK(states.has_weights());
  CHECK_FALSE(std::get<Recurrence>(states.operation).gives_cell);  // nothing reads Y_c
}

TEST_CASE("a first state may be computed", "[network][recurrent]") {
  // The second node takes over the state of the first, as a decoder does.
  const Node node("GRU");
  Model model({node.steps, 1, node.inputs});
  add_node(model, node, "x");
  auto& second = model.node("GRU", {"x", "W", "R", "B", "", "Y_h"}, "Z");
  set_integer(second, "hidden_size", node.n);
  model.graph().mutable_output(0)->set_name("Z");
  const Tensor x({2, node.steps, 1, node.inputs}, scattered(2 * node.steps * node.inputs, 7));
  const Tensor z = run_graph(model.load(), x);
  for (std::size_t image = 0; image < 2; ++image) {
    const float* from = x.data.data() + image * 15;
    Node again = node;
    const Vector first = evaluate(node, from).Y;
    again.h.assign(first.end() - 4, first.end());
    again.c = again.h;
    const Vector wanted = evaluate(again, from).Y;
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      CHECK(static_cast<double>(z.data[image * wanted.size() + k]) ==
            Approx(wanted[k]).margin(kStepsDeep));
    }
  }
}

TEST_CASE("what drives a recurrence is its states", "[network][recurrent]") {
  Node node("RNN");
  node.give_states();
  Model model({node.steps, 1, node.inputs});
  add_node(model, node, "x");
  model.graph().mutable_output(0)->set_name("Y");
  const Graph graph = model.load();
  const LayerId id = graph.find("the_RNN_state");
  const Tensor x({2, node.steps, 1, node.inputs}, scattered(2 * node.steps * node.inputs, 7));
  const Activations found = record_activations(graph, x, 100.0);
  const Tensor& states = found.layer_inputs.at(id.value);
  REQUIRE(states.shape == Shape{2, node.steps, 1, node.n});
  const Tensor y = run_graph(graph, x);
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(states.data[k] == node.h[k]);      // the first step sees the first state
    CHECK(states.data[4 + k] == y.data[k]);  // the second what the first gave
  }
  const ActivationRange range = found.ranges.of_inputs(graph, id);
  CHECK(range.low == *std::ranges::min_element(states.data));
  CHECK(range.high == *std::ranges::max_element(states.data));
}

TEST_CASE("what recurrent nodes are not read for is told", "[network][recurrent]") {
  const Node node("LSTM");
  const auto told = [&](const std::function<void(onnx::NodeProto&)>& change) {
    Model model({node.steps, 1, node.inputs});
    change(add_node(model, node, "x"));
    model.integers("short", {3});
    model.graph().mutable_output(0)->set_name("Y");
    return refusal(model);
  };
  CHECK(told([](auto&) {}) == "accepted");
  CHECK_THAT(told([](auto& added) { added.set_input(4, "short"); }),
             Contains("(LSTM)") && Contains("sequence_lens 3") && Contains("all 5 steps"));
  const auto name_functions = [](auto& added) {
    auto& attribute = *added.add_attribute();
    attribute.set_name("activations");
    attribute.set_type(onnx::AttributeProto::STRINGS);
    for (const char* name : {"Sigmoid", "ScaledTanh", "Tanh"}) attribute.add_strings(name);
  };
  CHECK_THAT(told(name_functions), Contains("activation ScaledTanh") && Contains("HardSigmoid"));
  CHECK_THAT(told([](auto& added) { added.add_input("W"); }),
             Contains("operand 7 of 1x16x3") && Contains("1x12"));
  CHECK_THAT(told([](auto& added) { set_text(added, "direction", "bidirectional"); }),
             Contains("direction bidirectional with 1"));
}
