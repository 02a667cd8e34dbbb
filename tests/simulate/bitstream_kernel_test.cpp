// Layers on bitstream multipliers against a plain sum over closed-form products, and against float.
#include "simulate/bitstream_kernel.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "simulate/simulate.hpp"
#include "stochastic/dot.hpp"

using namespace memspice;
using namespace memspice::stochastic;
using network::Tensor;
using simulate::Arithmetic;

namespace {

Tensor random_tensor(network::Shape shape, std::string_view purpose, double low, double high) {
  RandomStream random(7, purpose);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(low, high));
  return tensor;
}

/// A graph of one layer fed by the network's input.
network::Graph graph_of(network::Shape input, network::Operation operation) {
  network::Graph graph;
  graph.set_input_shape(std::move(input));
  const network::LayerId id =
      graph.add({.name = "layer", .operation = std::move(operation), .output_shape = {}},
                {network::Graph::kInput});
  graph.set_output(id);
  return graph;
}

Precision precision_of(int bits, Form form = Form::Mixed, int guard_bits = 8) {
  return {.form = form, .bits = bits, .weight_bits = bits, .guard_bits = guard_bits};
}

Tensor run(const network::Graph& graph,
           const Tensor& batch,
           const Precision& precision,
           Arithmetic arithmetic,
           std::optional<simulate::BitFaults> faults = std::nullopt) {
  const network::Layer& layer = graph.layer(graph.output());
  const float low = precision.form == Form::Signed ? -1.0F : 0.0F;
  const auto codes =
      std::make_shared<const LayerCodes>(encode_layer(layer, precision, {low, 1.0F}));
  simulate::Machine machine{.graph = &graph, .kernels = {}};
  machine.kernels[graph.output().value] =
      simulate::make_bitstream_kernel(layer, codes, arithmetic, std::move(faults));
  return simulate::run_batch(machine, batch, 0);
}

double worst(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape == b.shape);
  double largest = 0.0;
  for (std::size_t k = 0; k < a.data.size(); ++k) {
    largest = std::max(largest, std::abs(static_cast<double>(a.data[k]) - b.data[k]));
  }
  return largest;
}

struct Case {
  std::string name;
  network::Graph graph;
  double fan_in = 1.0;  ///< products per output
};

network::Convolution convolution(network::Shape weight, network::Window window, int groups) {
  const std::int64_t outputs = weight[0];
  return {.weight = random_tensor(std::move(weight), "w", -0.5, 0.5),
          .bias = random_tensor({outputs}, "b", -0.3, 0.3),
          .window = window,
          .groups = groups};
}

std::vector<Case> all_kinds() {
  const network::Window three{.kernel = {3, 3}, .stride = {2, 1}, .padding = {1, 1, 0, 1}};
  const network::Window two{.kernel = {2, 2}, .stride = {2, 2}};
  std::vector<Case> cases;
  cases.push_back({"conv", graph_of({1, 4, 9, 7}, convolution({6, 4, 3, 3}, three, 1)), 36});
  cases.push_back({"grouped", graph_of({1, 4, 9, 7}, convolution({6, 2, 3, 3}, three, 2)), 18});
  cases.push_back({"depthwise", graph_of({1, 4, 9, 7}, convolution({4, 1, 3, 3}, three, 4)), 9});
  cases.push_back(
      {"deconvolution",
       graph_of({1, 4, 5, 3},
                network::Deconvolution{.weight = random_tensor({4, 3, 2, 2}, "w", -1, 1),
                                       .bias = random_tensor({3}, "b", -1, 1),
                                       .window = two}),
       16});
  cases.push_back({"fully connected",
                   graph_of({1, 17},
                            network::FullyConnected{.weight = random_tensor({5, 17}, "w", -1, 1),
                                                    .bias = random_tensor({5}, "b", -1, 1)}),
                   17});
  return cases;
}

}  // namespace

TEST_CASE("Every kind of layer comes near float with 16 bits", "[bitstream]") {
  for (const Case& c : all_kinds()) {
    for (const Form form : {Form::Mixed, Form::Signed}) {
      network::Shape shape = c.graph.input_shape();
      shape.front() = 3;
      const Tensor batch =
          random_tensor(std::move(shape), "x", form == Form::Signed ? -1.0 : 0.0, 1.0);
      const Tensor exact = network::run_graph(c.graph, batch);
      INFO(c.name << ' ' << to_text(form));
      // Per product: half a step of weight and of activation (2^-15 each at least), and up to N / 2
      // counts of 2^-15 (twice that signed) for streams; weights and activations are at most 1.
      const double step = std::ldexp(1.0, -15);
      CHECK(worst(run(c.graph, batch, precision_of(14, form, 14), Arithmetic::FixedPoint), exact) <
            c.fan_in * 4.0 * step);
      CHECK(worst(run(c.graph, batch, precision_of(16, form, 10), Arithmetic::Bitstream), exact) <
            c.fan_in * 20.0 * step);
    }
  }
}

TEST_CASE("Products that lose bits come near float, or are the bitstream's", "[bitstream]") {
  for (const Case& c : all_kinds()) {
    network::Shape shape = c.graph.input_shape();
    shape.front() = 3;
    const Tensor batch = random_tensor(std::move(shape), "x", 0.0, 1.0);
    const Tensor exact = network::run_graph(c.graph, batch);
    const Precision precision = precision_of(12, Form::Mixed, 10);
    INFO(c.name);
    CHECK(worst(run(c.graph, batch, precision, Arithmetic::FixedWidth),
                run(c.graph, batch, precision, Arithmetic::Bitstream)) == 0.0);
    // Per product half a step of weight and of activation, and of the sum half a step where it is
    // rounded, at most three where columns are missing: 2^-11 each.
    const double step = std::ldexp(1.0, -11);
    CHECK(worst(run(c.graph, batch, precision, Arithmetic::Cut), exact) < c.fan_in * 2.0 * step);
    CHECK(worst(run(c.graph, batch, precision, Arithmetic::Truncated), exact) <
          c.fan_in * 4.0 * step);
  }
}

TEST_CASE("A fully connected layer equals the sum of closed-form products", "[bitstream]") {
  const network::Graph graph = graph_of(
      {1, 40}, network::FullyConnected{.weight = random_tensor({3, 40}, "w", -1, 1), .bias = {}});
  const Tensor batch = random_tensor({4, 40}, "x", 0.0, 1.0);
  const LayerCodes codes = encode_layer(graph.layer(graph.output()), precision_of(6), {0.0F, 1.0F});
  const Tensor X = encode_activations(codes, batch);
  const Tensor Y = run(graph, batch, precision_of(6), Arithmetic::Bitstream);
  for (int n = 0; n < 4; ++n) {
    for (int o = 0; o < 3; ++o) {
      int sum = 0;
      for (int i = 0; i < 40; ++i) {
        const auto x = static_cast<int>(X.data[static_cast<std::size_t>(n * 40 + i)]);
        sum += multiply(Form::Mixed, 6, x, codes.groups[0].W(o, i));
      }
      CHECK(Y.data[static_cast<std::size_t>(n * 3 + o)] ==
            Approx(sum * codes.result_step()).epsilon(1e-6));
    }
  }
}

TEST_CASE("An image of zeros gives the bias alone in the mixed form", "[bitstream]") {
  for (const Case& c : all_kinds()) {
    network::Shape shape = c.graph.input_shape();
    const Tensor zeros(std::move(shape));
    const Tensor exact = network::run_graph(c.graph, zeros);
    const Tensor found = run(c.graph, zeros, precision_of(8), Arithmetic::Bitstream);
    // The bias is rounded to the accumulator's step, 2^8 steps of weight times activation.
    CHECK(worst(found, exact) <= 0.5001 * 256.0 / 127.0 / 255.0);
  }
}

TEST_CASE("Narrow accumulators saturate, wide ones do not", "[bitstream]") {
  network::FullyConnected layer{.weight = Tensor({1, 64}, 1.0F), .bias = {}};
  const network::Graph graph = graph_of({1, 64}, layer);
  const Tensor ones({1, 64}, 1.0F);
  // A product of 1 is 127 of the counts; N + A bits hold 2^A such products, here 4 and 256.
  const Tensor narrow = run(graph, ones, precision_of(8, Form::Mixed, 2), Arithmetic::Bitstream);
  CHECK(narrow.data[0] == Approx(4.0).epsilon(0.02));
  const Tensor wide = run(graph, ones, precision_of(8, Form::Mixed, 8), Arithmetic::Bitstream);
  CHECK(wide.data[0] == Approx(64.0).epsilon(0.02));
}

TEST_CASE("Flips repeat with their seed, whatever the batches", "[bitstream]") {
  const std::vector<Case> cases = all_kinds();
  const Case& c = cases[1];
  const Tensor batch = random_tensor({4, 4, 9, 7}, "x", 0.0, 1.0);
  for (const Arithmetic arithmetic : {Arithmetic::Bitstream, Arithmetic::FixedPoint}) {
    const simulate::BitFaults faults{.rate = 0.01, .random = RandomStream(1, "flips")};
    const Tensor all = run(c.graph, batch, precision_of(8), arithmetic, faults);
    CHECK(worst(all, run(c.graph, batch, precision_of(8), arithmetic)) > 0.0);
    CHECK(worst(all, run(c.graph, batch, precision_of(8), arithmetic, faults)) == 0.0);
    // The second pair of images on its own.
    const network::Layer& layer = c.graph.layer(c.graph.output());
    const auto codes =
        std::make_shared<const LayerCodes>(encode_layer(layer, precision_of(8), {0.0F, 1.0F}));
    const auto kernel = simulate::make_bitstream_kernel(layer, codes, arithmetic, faults);
    Tensor pair({2, 4, 9, 7});
    std::copy_n(batch.data.begin() + 2 * 252, 2 * 252, pair.data.begin());
    const Tensor* input = &pair;
    const Tensor found = kernel->apply({&input, 1}, 2);
    const std::size_t half = all.data.size() / 2;
    for (std::size_t k = 0; k < half; ++k) CHECK(found.data[k] == all.data[half + k]);
    const simulate::BitFaults none{.rate = 0.0, .random = RandomStream(1, "flips")};
    CHECK(worst(run(c.graph, batch, precision_of(8), arithmetic, none),
                run(c.graph, batch, precision_of(8), arithmetic)) == 0.0);
  }
}

TEST_CASE("The form follows the inputs, and mixed refuses negative ones", "[bitstream]") {
  CHECK(choose_form(FormChoice::Auto, {0.0F, 1.0F}, "layer") == Form::Mixed);
  CHECK(choose_form(FormChoice::Auto, {-0.1F, 1.0F}, "layer") == Form::Signed);
  CHECK(choose_form(FormChoice::Signed, {0.0F, 1.0F}, "layer") == Form::Signed);
  CHECK_THROWS_AS(choose_form(FormChoice::Mixed, {-0.1F, 1.0F}, "layer"), InputError);
}
