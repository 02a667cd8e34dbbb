// Attention against its definition (Vaswani et al. 2017), written out in double precision: products
// of two computed tensors, the softmax between them, and the moves of axes around them.

#include <catch2/catch.hpp>
#include <cmath>

#include "network/digital_work.hpp"
#include "network/model_builder.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// Float32 sums of some dozen products of size 1.
constexpr double kAttention = 1e-5;

constexpr std::size_t kSteps = 5, kWidth = 6, kHeads = 2, kEach = kWidth / kHeads;

std::vector<float> spread(std::size_t count, std::size_t seed) {
  std::vector<float> values;
  for (std::size_t k = 0; k < count; ++k) {
    values.push_back(static_cast<float>((k * 17 + seed * 5) % 29) / 14.0F - 1.0F);
  }
  return values;
}

using Rows = std::vector<std::vector<double>>;

/// x (steps x width) times W (width x width).
Rows project(const float* x, const std::vector<float>& W) {
  Rows y(kSteps, std::vector<double>(kWidth));
  for (std::size_t t = 0; t < kSteps; ++t) {
    for (std::size_t o = 0; o < kWidth; ++o) {
      for (std::size_t i = 0; i < kWidth; ++i) {
        y[t][o] += static_cast<double>(x[t * kWidth + i]) * static_cast<double>(W[i * kWidth + o]);
      }
    }
  }
  return y;
}

/// softmax(Q K^T / sqrt(d)) V of each head, heads side by side.
Rows attend(const Rows& Q, const Rows& K, const Rows& V) {
  Rows y(kSteps, std::vector<double>(kWidth));
  for (std::size_t h = 0; h < kHeads; ++h) {
    for (std::size_t t = 0; t < kSteps; ++t) {
      std::vector<double> weights(kSteps);
      double sum = 0.0;
      for (std::size_t s = 0; s < kSteps; ++s) {
        double score = 0.0;
        for (std::size_t k = h * kEach; k < (h + 1) * kEach; ++k) score += Q[t][k] * K[s][k];
        weights[s] = std::exp(score / std::sqrt(static_cast<double>(kEach)));
        sum += weights[s];
      }
      for (std::size_t k = h * kEach; k < (h + 1) * kEach; ++k) {
        for (std::size_t s = 0; s < kSteps; ++s) y[t][k] += weights[s] / sum * V[s][k];
      }
    }
  }
  return y;
}

void turn_axes(Model& model,
               const std::string& from,
               const std::string& to,
               const std::vector<std::int64_t>& order) {
  set_integers(model.node("Transpose", {from}, to), "perm", order);
}

/// Q, K and V of "rows", each with its matrix.
void add_projections(Model& model, const std::string& rows) {
  for (const std::string name : {"q", "k", "v"}) {
    model.weight("w" + name, {6, 6}, spread(36, static_cast<std::size_t>(name[0])));
    model.node("MatMul", {rows, "w" + name}, name);
  }
}

void add_products(Model& model, const std::string& turned_keys) {
  model.weight("root", {}, {std::sqrt(3.0F)});
  model.node("MatMul", {"q_heads", turned_keys}, "products").set_name("scores");
  model.node("Div", {"products", "root"}, "scaled");
  set_integer(model.node("Softmax", {"scaled"}, "weights"), "axis", -1);
  model.node("MatMul", {"weights", "v_heads"}, "heads").set_name("values");
}

/// Heads as an axis of their own behind the batch: N x heads x steps x each.
Model batch_first() {
  Model model({1, 5, 6});
  add_projections(model, "x");
  model.integers("apart", {0, 5, 2, 3});
  model.integers("joined", {0, 5, 6});
  for (const std::string name : {"q", "k", "v"}) {
    model.node("Reshape", {name, "apart"}, name + "_apart");
    turn_axes(model, name + "_apart", name + "_heads", {0, 2, 1, 3});
  }
  turn_axes(model, "k_heads", "k_turned", {0, 1, 3, 2});
  add_products(model, "k_turned");
  turn_axes(model, "heads", "side_by_side", {0, 2, 1, 3});
  model.node("Reshape", {"side_by_side", "joined"});
  return model;
}

/// As nn.MultiheadAttention is exported: steps first, and heads take the place of the batch.
Model heads_as_batch() {
  Model model({1, 5, 6});
  turn_axes(model, "x", "steps", {1, 0, 2});
  add_projections(model, "steps");
  model.integers("apart", {5, 2, 3});
  model.integers("joined", {5, 1, 6});
  for (const std::string name : {"q", "k", "v"}) {
    model.node("Reshape", {name, "apart"}, name + "_apart");
    turn_axes(model, name + "_apart", name + "_heads", {1, 0, 2});
  }
  turn_axes(model, "k_heads", "k_turned", {0, 2, 1});
  add_products(model, "k_turned");
  turn_axes(model, "heads", "side_by_side", {1, 0, 2});
  model.node("Reshape", {"side_by_side", "joined"}, "result");
  turn_axes(model, "result", "y", {1, 0, 2});
  return model;
}

std::int64_t sum_of_work(const Graph& graph, std::int64_t DigitalWork::*count) {
  std::int64_t sum = 0;
  for (const LayerId id : graph.topological_order()) {
    if (const auto work = digital_work(graph, id)) sum += (*work).*count;
  }
  return sum;
}

}  // namespace

TEST_CASE("attention of several heads follows its definition", "[network][attention]") {
  const auto W = [](char name) { return spread(36, static_cast<std::size_t>(name)); };
  for (const Model& model : {batch_first(), heads_as_batch()}) {
    const Graph graph = model.load();
    REQUIRE(graph.shape_of(graph.output()) == Shape{1, 5, 6});
    const Tensor x({2, 5, 6}, spread(60, 1));
    const Tensor y = run_graph(graph, x);
    REQUIRE(y.shape == Shape{2, 5, 6});
    for (std::size_t n = 0; n < 2; ++n) {
      const float* from = x.data.data() + n * kSteps * kWidth;
      const Rows wanted =
          attend(project(from, W('q')), project(from, W('k')), project(from, W('v')));
      for (std::size_t k = 0; k < kSteps * kWidth; ++k) {
        CHECK(static_cast<double>(y.data[n * kSteps * kWidth + k]) ==
              Approx(wanted[k / kWidth][k % kWidth]).margin(kAttention));
      }
    }
  }
}

TEST_CASE("projections are layers with weights, products of computed tensors digital",
          "[network][attention]") {
  const Graph graph = heads_as_batch().load();
  int with_weights = 0, products = 0;
  for (const LayerId id : graph.topological_order()) {
    with_weights += graph.layer(id).has_weights() ? 1 : 0;
    const bool is_product = std::holds_alternative<MatrixProduct>(graph.layer(id).operation);
    products += is_product ? 1 : 0;
    if (is_product) CHECK(is_digital(graph.layer(id).operation));
  }
  CHECK(with_weights == 3);
  CHECK(products == 2);
  CHECK(has_sequence_work(graph));
  // Two products of heads x steps x steps x each; the softmax takes its inverse sum times each.
  const std::int64_t scores = 2 * 5 * 5;
  CHECK(sum_of_work(graph, &DigitalWork::multiplications) == 2 * scores * 3 + scores);
  CHECK(sum_of_work(graph, &DigitalWork::additions) == 2 * scores * 3 + 2 * scores);
  CHECK(sum_of_work(graph, &DigitalWork::functions) == scores);
}

TEST_CASE("a product of computed tensors broadcasts the axes in front", "[network][attention]") {
  const Layer layer{"product", MatrixProduct{}, {}};
  const Tensor a({2, 1, 2, 3}, spread(12, 1)), b({2, 4, 3, 2}, spread(48, 2));
  const std::vector<const Tensor*> operands{&a, &b};
  const Tensor y = apply_layer(layer, operands);
  REQUIRE(y.shape == Shape{2, 4, 2, 2});
  for (std::size_t k = 0; k < y.data.size(); ++k) {
    const std::size_t n = k / 16, m = k / 4 % 4, i = k / 2 % 2, j = k % 2;
    double sum = 0.0;
    for (std::size_t c = 0; c < 3; ++c) {
      sum += static_cast<double>(a.data[(n * 2 + i) * 3 + c]) *
             static_cast<double>(b.data[((n * 4 + m) * 3 + c) * 2 + j]);
    }
    CHECK(static_cast<double>(y.data[k]) == Approx(sum).margin(kAttention));
  }
  const Tensor narrow({2, 4, 2, 2});
  const std::vector<const Tensor*> odd{&a, &narrow};
  CHECK_THROWS_WITH(apply_layer(layer, odd), Contains("2x1x2x3 and 2x4x2x2"));
}

TEST_CASE("a stored batch that attention mixes is told", "[network][attention]") {
  Model model({3, 5, 6});
  turn_axes(model, "x", "steps", {1, 0, 2});
  model.node("MatMul", {"x", "steps"});
  CHECK_THAT(refusal(model),
             Contains("(Transpose)") && Contains("a batch of 3") &&
                 Contains("export the network with a batch of 1"));
}

TEST_CASE("a recurrence's gates are counted", "[network][recurrent]") {
  const auto work = [](Recurrence r, std::int64_t gates) {
    Graph graph;
    graph.set_input_shape({1, 4, gates * 3});
    r.weight = Tensor({gates * 3, 3}, 1.0F);
    const LayerId id = graph.add({"cell", std::move(r), {}}, {Graph::kInput});
    return digital_work(graph, id).value();
  };
  constexpr std::int64_t kStates = 4 * 3;  // steps x units
  const DigitalWork plain = work({.cell = Recurrence::Cell::Plain, .weight = {}}, 1);
  CHECK(plain.multiplications == 0);
  CHECK(plain.additions == kStates);  // x + s
  CHECK(plain.functions == kStates);
  const DigitalWork gru = work({.cell = Recurrence::Cell::Gru, .weight = {}}, 3);
  CHECK(gru.multiplications == 3 * kStates);  // r s, (1 - z) n, z h
  CHECK(gru.additions == 5 * kStates);        // three sums, 1 - z, and the sum of both
  CHECK(gru.functions == 3 * kStates);
  const DigitalWork lstm = work({.cell = Recurrence::Cell::Lstm, .weight = {}}, 4);
  CHECK(lstm.multiplications == 3 * kStates);  // f c, i g, o h(c)
  CHECK(lstm.additions == 5 * kStates);        // four sums, and f c + i g
  CHECK(lstm.functions == 5 * kStates);
  // Sums of input and state in, states out.
  CHECK(lstm.words_in == 2 * 4 * kStates);
  CHECK(lstm.words_out == kStates);
}
