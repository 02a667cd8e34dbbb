// Convolution, deconvolution and fully connected layers as circuits, against the network's own
// arithmetic and against each other.

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "circuit/rule_check.hpp"
#include "network/apply.hpp"
#include "support/block_run.hpp"
#include "synthesis/convolution_circuit.hpp"
#include "synthesis/deconvolution_circuit.hpp"

namespace memspice::synthesis {
namespace {

using network::Convolution;
using network::Deconvolution;
using network::Shape;
using network::Tensor;
using network::Window;

// Op-amp offsets of 0.1 mV through a noise gain of 2 to 4, and a loop gain of some thousands.
constexpr double kCircuitError = 0.01;  // of full scale
// float32 sums of some tens of terms of order 1, against double.
constexpr double kFloatError = 1e-5;

const device::AnalogFigures& layer_card() {
  return test::analog_figures();
}

Tensor random_tensor(const Shape& shape, const std::string& purpose) {
  RandomStream stream(7, purpose);
  Tensor tensor(shape);
  for (float& value : tensor.data) value = static_cast<float>(stream.uniform(-1, 1));
  return tensor;
}

Convolution convolution(const Shape& weight, const Window& window, int groups = 1) {
  return {random_tensor(weight, "weight"), random_tensor({weight[0]}, "bias"), window, groups};
}

Deconvolution deconvolution(const Shape& weight,
                            const Window& window,
                            std::array<int, 2> output_padding,
                            int groups = 1) {
  return {random_tensor(weight, "weight"),
          random_tensor({weight[1] * groups}, "bias"),
          window,
          output_padding,
          groups};
}

Eigen::VectorXd as_vector(const Tensor& tensor) {
  return Eigen::Map<const Eigen::VectorXf>(tensor.data.data(), tensor.size()).cast<double>();
}

Shape shape_of(const Plane& plane) {
  return {1, plane.channels, plane.height, plane.width};
}

template <typename Layer>
Eigen::VectorXd apply_to(const Layer& layer, const Plane& in, const Tensor& x) {
  return as_vector(network::apply(layer, x, shape_of(output_plane(layer, in, "layer"))));
}

/// What the layer makes of x, in volts behind the circuit's gain.
template <typename Layer>
Eigen::VectorXd expected(const Layer& layer, const Plane& in, const Tensor& x, double gain) {
  return gain * layer_card().signal.value * apply_to(layer, in, x);
}

void check_circuit(const LayerCircuit& circuit, const Tensor& x, const Eigen::VectorXd& volts) {
  CHECK(circuit::check_rules(*circuit.block.body).empty());
  const Eigen::VectorXd in = as_vector(x) * layer_card().signal.value;
  CHECK((circuit.block.ideal(in) - volts).cwiseAbs().maxCoeff() < kFloatError);
  const Eigen::VectorXd out = test::run_block(circuit.block, in);
  CHECK((out - volts).cwiseAbs().maxCoeff() < kCircuitError * circuit.block.full_scale);
  CHECK(volts.cwiseAbs().maxCoeff() > 0.1 * circuit.block.full_scale);
  CHECK(volts.cwiseAbs().maxCoeff() <= circuit.block.full_scale);
}

const Window kStride2{.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1, 1, 1}};

}  // namespace

TEST_CASE("layer matrices are the layers", "[synthesis][layer]") {
  const Plane in{4, 5, 6};
  const Tensor x = random_tensor(shape_of(in), "x");
  const std::vector<Window> windows = {
      {.kernel = {3, 3}},
      kStride2,
      {.kernel = {2, 3}, .stride = {3, 1}, .dilation = {2, 2}, .padding = {0, 2, 3, 1}},
      {.kernel = {1, 1}},
      {.kernel = {4, 4}, .stride = {5, 5}, .padding = {3, 3, 0, 0}}};
  for (const Window& window : windows) {
    for (const int groups : {1, 2, 4}) {
      const Convolution layer =
          convolution({8, 4 / groups, window.kernel[0], window.kernel[1]}, window, groups);
      const LayerMatrix matrix = unrolled(layer, in, "layer");
      const Eigen::VectorXd y = matrix.W.transpose() * as_vector(x) + matrix.bias;
      CHECK((y - apply_to(layer, in, x)).cwiseAbs().maxCoeff() < kFloatError);
      const LayerMatrix one = at_one_window(layer);
      const Eigen::MatrixXd slots = window_slots(layer, in, as_vector(x));
      const Eigen::MatrixXd outputs = (one.W.transpose() * slots).colwise() + one.bias;
      CHECK((plane_of_slots(outputs) - y).cwiseAbs().maxCoeff() < 1e-12);
    }
  }
}

TEST_CASE("deconvolution matrices are the layers, and transposes", "[synthesis][layer]") {
  const Plane small{4, 3, 2};
  const Tensor y = random_tensor(shape_of(small), "y");
  const std::vector<std::pair<Window, std::array<int, 2>>> cases = {
      {{.kernel = {3, 3}}, {0, 0}},
      {kStride2, {1, 0}},
      {{.kernel = {2, 2}, .stride = {3, 2}}, {2, 1}},  // the stride leaves gaps
      {{.kernel = {2, 3}, .stride = {1, 2}, .dilation = {2, 1}, .padding = {0, 1, 2, 0}}, {0, 1}}};
  for (const auto& [window, extra] : cases) {
    for (const int groups : {1, 2}) {
      Deconvolution layer =
          deconvolution({4, 6 / groups, window.kernel[0], window.kernel[1]}, window, extra, groups);
      const LayerMatrix matrix = unrolled(layer, small, "layer");
      const Eigen::VectorXd x = matrix.W.transpose() * as_vector(y) + matrix.bias;
      CHECK((x - apply_to(layer, small, y)).cwiseAbs().maxCoeff() < kFloatError);
      // <y, conv x'> = <conv^T y, x'>: the same weights read as a convolution of the large plane.
      layer.bias = {};
      const Convolution forward{layer.weight, {}, window, groups};
      const Plane large = output_plane(layer, small, "layer");
      const Tensor other = random_tensor(shape_of(large), "other");
      const Plane back = output_plane(forward, large, "layer");
      REQUIRE(back.size() == small.size());
      const double left = as_vector(y).dot(apply_to(forward, large, other));
      const double right = apply_to(layer, small, y).dot(as_vector(other));
      CHECK(left == Approx(right).margin(20 * kFloatError));
      CHECK(std::abs(left) > 0.01);
    }
  }
}

TEST_CASE("layers that do not fit are refused by name", "[synthesis][layer]") {
  const auto fails = [](const auto& layer, const Plane& in) {
    CHECK_THROWS_WITH(output_plane(layer, in, "up2"), Catch::Contains("up2"));
    CHECK_THROWS_AS(unrolled(layer, in, "up2"), InputError);
  };
  const Plane in{2, 3, 3};
  fails(convolution({1, 2, 5, 5}, {.kernel = {5, 5}}), in);                    // larger than x
  fails(convolution({1, 3, 1, 1}, {.kernel = {1, 1}}), in);                    // channels
  fails(convolution({1, 2, 1, 1}, {.kernel = {1, 1}, .stride = {0, 1}}), in);  // stride
  fails(deconvolution({2, 1, 3, 3}, kStride2, {2, 0}), in);                    // output padding
  fails(deconvolution({2, 1, 3, 3}, kStride2, {-1, 0}), in);
  fails(deconvolution({2, 1, 1, 1}, {.kernel = {1, 1}, .padding = {2, 0, 1, 0}}, {0, 0}), in);
  fails(deconvolution({3, 1, 1, 1}, {.kernel = {1, 1}}, {0, 0}), in);
}

TEST_CASE("convolution circuits run in ngspice", "[synthesis][layer]") {
  const Plane in{2, 4, 3};
  const Tensor x = random_tensor(shape_of(in), "x");
  const Convolution layer = convolution({2, 2, 3, 3}, kStride2);
  const LayerCircuit all = build_unrolled_convolution("conv", layer, in, {}, layer_card());
  check_circuit(all, x, expected(layer, in, x, all.gain));
  // Two outputs a side: rows 2 and 3 of 3 kernel rows meet the plane, and so on: 2 x 5 x 5 taps.
  // 3 resistors and 2 op-amps an output, 2 and 1 for the bias line.
  const int outputs = 2 * 2 * 2;
  CHECK(all.block.devices == DeviceCount{.memristors = 2 * (2 * 2 * (5 * 4) + outputs),
                                         .resistors = 3 * outputs + 2,
                                         .op_amps = 2 * outputs + 1});
  const LayerCircuit one = build_sliding_convolution("slide", layer, {}, layer_card());
  CHECK(one.block.devices == DeviceCount{.memristors = 2 * (2 * 2 * 9 + 2),
                                         .resistors = 3 * 2 + 2,
                                         .op_amps = 2 * 2 + 1});
  const Eigen::MatrixXd slots = window_slots(layer, in, as_vector(x)) * layer_card().signal.value;
  const Eigen::VectorXd out = plane_of_slots(test::run_block(one.block, slots));
  CHECK((out - expected(layer, in, x, one.gain)).cwiseAbs().maxCoeff() <
        kCircuitError * one.block.full_scale);
}

TEST_CASE("a layer that steps over pixels, and one without weights", "[synthesis][layer]") {
  const Plane in{1, 1, 4};
  const Tensor x = random_tensor(shape_of(in), "x");
  Convolution layer = convolution({1, 1, 1, 1}, {.kernel = {1, 1}, .stride = {1, 3}});
  const LayerCircuit circuit = build_unrolled_convolution("step", layer, in, {}, layer_card());
  CHECK(circuit.block.devices.resistors == 2 + 3 * 2 + 2);  // pixels 1 and 2 are not read
  check_circuit(circuit, x, expected(layer, in, x, circuit.gain));
  layer.weight.data = {0};
  layer.bias = {};
  const LayerCircuit none =
      build_unrolled_convolution("none", layer, in, {.drops_zeros = true}, layer_card());
  CHECK(none.block.devices.memristors == 0);
  CHECK(circuit::check_rules(*none.block.body).empty());
  const Eigen::VectorXd out = test::run_block(none.block, as_vector(x) * layer_card().signal.value);
  CHECK(out.cwiseAbs().maxCoeff() < 1e-3);
}

TEST_CASE("depthwise, pointwise and fully connected circuits", "[synthesis][layer]") {
  const Plane in{2, 3, 2};
  const Tensor x = random_tensor(shape_of(in), "x");
  const Convolution depthwise = convolution({2, 1, 2, 2}, {.kernel = {2, 2}}, 2);
  const LayerCircuit slide = build_sliding_convolution("depthwise", depthwise, {}, layer_card());
  CHECK(slide.block.devices.memristors == 2 * (2 * 4 + 2));  // METHODS section 5, and the bias
  const Eigen::MatrixXd slots =
      window_slots(depthwise, in, as_vector(x)) * layer_card().signal.value;
  const Eigen::VectorXd out = plane_of_slots(test::run_block(slide.block, slots));
  CHECK((out - expected(depthwise, in, x, slide.gain)).cwiseAbs().maxCoeff() <
        kCircuitError * slide.block.full_scale);

  const Convolution pointwise = convolution({3, 2, 1, 1}, {.kernel = {1, 1}});
  const LayerCircuit points =
      build_unrolled_convolution("pointwise", pointwise, in, {}, layer_card());
  check_circuit(points, x, expected(pointwise, in, x, points.gain));

  const network::FullyConnected dense{random_tensor({3, 12}, "fc"), random_tensor({3}, "bias")};
  const LayerCircuit full = build_fully_connected("fc", dense, {.levels = 0}, layer_card());
  const Tensor flat({1, 12}, x.data);
  const Eigen::VectorXd y = as_vector(network::apply(dense, flat, {1, 3}));
  check_circuit(full, flat, full.gain * layer_card().signal.value * y);
  CHECK(full.block.devices.memristors == 2 * (12 * 3 + 3));
}

TEST_CASE("both deconvolution circuits give the same output", "[synthesis][layer]") {
  const Plane in{2, 2, 2};
  const Tensor x = random_tensor(shape_of(in), "x");
  Deconvolution layer = deconvolution({2, 2, 3, 3}, kStride2, {1, 0});
  for (const std::size_t pruned : {3U, 4U, 30U}) layer.weight.data[pruned] = 0;
  const WeightArrayOptions options{.drops_zeros = true};
  const Plane out = output_plane(layer, in, "up");
  const LayerCircuit toeplitz =
      build_toeplitz_deconvolution("up", layer, in, options, layer_card());
  const Eigen::VectorXd volts = expected(layer, in, x, toeplitz.gain);
  check_circuit(toeplitz, x, volts);

  const auto kernel = build_kernel_first_deconvolution("up", layer, in, options, layer_card());
  CHECK(kernel.gain == toeplitz.gain);
  CHECK(kernel.slots == 4);
  CHECK(circuit::check_rules(*kernel.taps.block.body).empty());
  CHECK(circuit::check_rules(*kernel.summer.body).empty());
  // One pair per kernel weight that is left; none for the pruned ones.
  CHECK(kernel.taps.block.devices.memristors == 2 * (2 * 2 * 9 - 3));
  CHECK(kernel.summer.devices.op_amps == out.size());
  // A resistor per held tap, for each falls on one output; feedback and bias for each output.
  CHECK(kernel.summer.devices.resistors == static_cast<int>(kernel.held.size()) + 2 * out.size());
  const Eigen::MatrixXd slots = pixel_slots(in, as_vector(x)) * layer_card().signal.value;
  const Eigen::VectorXd held = held_taps(kernel, test::run_block(kernel.taps.block, slots));
  const Eigen::VectorXd y = test::run_block(kernel.summer, held);
  const double full_scale = toeplitz.block.full_scale;
  CHECK(kernel.summer.full_scale == full_scale);
  CHECK((y - volts).cwiseAbs().maxCoeff() < kCircuitError * full_scale);
  CHECK((kernel.summer.ideal(held) - y).cwiseAbs().maxCoeff() < kCircuitError * full_scale);
}

// Not run by itself: some minutes of ngspice. synthesis_test "[full]"
TEST_CASE("a deconvolution of 4 channels, 3x3, stride 2", "[.][full][layer]") {
  const Plane in{4, 3, 3};
  const Deconvolution layer = deconvolution({4, 4, 3, 3}, kStride2, {1, 1});
  const LayerCircuit toeplitz = build_toeplitz_deconvolution("up", layer, in, {}, layer_card());
  const double error = test::largest_error(toeplitz.block, test::scatter(toeplitz.block, 20));
  WARN("Toeplitz: largest error " << error << " of full scale; op-amps "
                                  << toeplitz.block.devices.op_amps << ", memristors "
                                  << toeplitz.block.devices.memristors);
  CHECK(error < kCircuitError);
  const auto kernel = build_kernel_first_deconvolution("up", layer, in, {}, layer_card());
  const Tensor x = random_tensor(shape_of(in), "x");
  const Eigen::MatrixXd slots = pixel_slots(in, as_vector(x)) * layer_card().signal.value;
  const Eigen::VectorXd held = held_taps(kernel, test::run_block(kernel.taps.block, slots));
  const Eigen::VectorXd y = test::run_block(kernel.summer, held);
  const double other =
      (y - expected(layer, in, x, kernel.gain)).cwiseAbs().maxCoeff() / kernel.summer.full_scale;
  WARN("kernel first: largest error "
       << other << " of full scale; op-amps " << kernel.taps.block.devices.op_amps << " + "
       << kernel.summer.devices.op_amps << ", memristors " << kernel.taps.block.devices.memristors);
  CHECK(other < kCircuitError);
}

TEST_CASE("arrays with line resistance, levels and odd weights", "[synthesis][layer]") {
  const Plane in{1, 1, 3};
  const Tensor x = random_tensor(shape_of(in), "x");
  network::FullyConnected dense{Tensor({2, 3}), {}};
  dense.weight.data = {0.5F, -1.0F, 0.25F, 0.0F, 0.0F, 0.0F};  // the second output is 0
  const WeightArrayOptions options{
      .levels = 5, .wiring = {.row = 2.0, .column = 2.0}, .drops_zeros = true};
  const LayerCircuit circuit = build_fully_connected("fc", dense, options, layer_card());
  CHECK(circuit::check_rules(*circuit.block.body).empty());
  const Eigen::VectorXd in_volts = as_vector(x) * layer_card().signal.value;
  const Eigen::VectorXd out = test::run_block(circuit.block, in_volts);
  // Wire of some Ohm in series with 20 kOhm: 1e-3; the rest as elsewhere.
  CHECK((out - circuit.block.ideal(in_volts)).cwiseAbs().maxCoeff() <
        kCircuitError * circuit.block.full_scale);
  CHECK(std::abs(out[1]) < 1e-3);
  // 0.25 of w_max is level 1 of 0 .. 4 of the window: quantization is exact here.
  const Eigen::MatrixXd G = pair_conductances(unrolled(dense), {.levels = 5});
  CHECK(G(2, 0) == Approx(1e-6 + 0.25 * 49e-6).epsilon(1e-12));
  CHECK(G(1, 1) == Approx(50e-6).epsilon(1e-12));
  CHECK(G(1, 0) == Approx(1e-6).epsilon(1e-12));
  CHECK_THROWS_AS(build_fully_connected("fc", dense, {.g_min = 1, .g_max = 1}, layer_card()),
                  InputError);
  CHECK_THROWS_AS(build_fully_connected("fc", dense, {.levels = 1}, layer_card()), InputError);
}

}  // namespace memspice::synthesis
