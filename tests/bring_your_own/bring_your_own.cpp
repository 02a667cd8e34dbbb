// A network's outputs on given tensors: the float reference against another engine's, then ideal
// arrays and arrays with wires against the float reference.
//
//   bring_your_own FLOW.toml INPUT OUTPUT [TOLERANCE]
//
// INPUT: images of the flow's [network] input_shape, OUTPUT: the other engine's outputs for them;
// raw float32. Exit code 1 when the float reference differs by more than TOLERANCE, else 1e-4, of
// the output's range, or ideal arrays whose cells and converters do not round do by more than that
// and 1e-4.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/units.hpp"
#include "flow/plan.hpp"
#include "study/machine.hpp"

using namespace memspice;

namespace {

/// Largest difference over the range of the outputs.
constexpr double kTolerance = 1e-4;

std::vector<float> read_floats(const std::string& path) {
  const std::string bytes = read_file(path);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

network::Tensor read_images(const std::string& path, network::Shape shape) {
  auto values = read_floats(path);
  shape[0] = static_cast<std::int64_t>(values.size()) / network::element_count(shape);
  return {shape, std::move(values)};
}

struct Difference {
  double largest = 0.0;           ///< over the range of `wanted`
  double root_mean_square = 0.0;  ///< likewise
};

Difference compare(const std::vector<float>& got, const std::vector<float>& wanted) {
  if (got.size() != wanted.size()) {
    throw InputError("the outputs have " + std::to_string(got.size()) + " values, the reference " +
                     std::to_string(wanted.size()));
  }
  const auto [low, high] = std::minmax_element(wanted.begin(), wanted.end());
  const double range = static_cast<double>(*high) - static_cast<double>(*low);
  if (!(range > 0.0)) throw InputError("all outputs of the reference are alike: they show nothing");
  Difference difference;
  for (std::size_t k = 0; k < got.size(); ++k) {
    const double d = std::abs(static_cast<double>(got[k]) - static_cast<double>(wanted[k])) / range;
    // A NaN must not pass.
    difference.largest = d <= difference.largest ? difference.largest : d;
    difference.root_mean_square += d * d / static_cast<double>(got.size());
  }
  difference.root_mean_square = std::sqrt(difference.root_mean_square);
  return difference;
}

void print(const char* what, const Difference& difference) {
  std::printf("%-40s largest %8.2e  rms %8.2e of the range\n",
              what,
              difference.largest,
              difference.root_mean_square);
}

/// Images that calibrate converters are those that are run: the figures show what arrays do at
/// their best. Returns the largest difference of ideal arrays that round to nothing or finely, else
/// 0.
double simulate_on_arrays(const config::FlowOptions& options,
                          const flow::Inputs& inputs,
                          const std::vector<float>& reference) {
  const study::Mapped mapped = flow::map_inputs(options, inputs);
  std::printf("%d layers on %ld crossbars, %ld memristors\n",
              static_cast<int>(mapped.plan.layers.size()),
              mapped.plan.crossbar_count(),
              mapped.plan.memristor_count());
  study::Bench bench = flow::start_bench(options, inputs, mapped);
  const flow::Responses responses = flow::solve_responses(bench, nullptr);
  bench.responses = &responses.G_eff;
  const int levels = options.device.window.levels;
  const int bits = std::min(options.converters.dac_bits, options.converters.adc_bits);
  const bool is_fine = (levels == 0 && bits == 0) || (levels >= 65536 && bits >= 16);
  double of_ideal = 0.0;
  for (const auto fidelity : {simulate::Fidelity::Ideal, simulate::Fidelity::Mesh}) {
    const auto machine = study::build_machine(bench, {.name = "pass", .fidelity = fidelity});
    const auto output = simulate::run_batch(machine, inputs.test.images);
    const std::string what = std::string(simulate::to_text(fidelity)) + " arrays to float";
    const Difference difference = compare(output.data, reference);
    print(what.c_str(), difference);
    if (is_fine && fidelity == simulate::Fidelity::Ideal) of_ideal = difference.largest;
  }
  return of_ideal;
}

int check(const std::vector<std::string>& arguments) {
  if (arguments.size() != 3 && arguments.size() != 4) {
    throw InputError("usage: bring_your_own FLOW.toml INPUT OUTPUT [TOLERANCE]");
  }
  const double tolerance =
      arguments.size() == 4 ? parse_quantity(arguments[3], Unit::None, "TOLERANCE") : kTolerance;
  const config::FlowOptions options = config::load_flow(arguments[0]);
  flow::Inputs inputs{.graph = network::load_onnx(options.network_file, options.network_options),
                      .spectral = {},
                      .choices = {},
                      .test = {},
                      .calibration = {}};
  inputs.test.images = read_images(arguments[1], inputs.graph.input_shape());
  inputs.test.labels.resize(static_cast<std::size_t>(inputs.test.images.shape[0]));
  inputs.calibration = inputs.test;
  const auto output = network::run_graph(inputs.graph, inputs.test.images).data;
  const Difference difference = compare(output, read_floats(arguments[2]));
  print("float reference to the other engine", difference);
  const double of_ideal = simulate_on_arrays(options, inputs, output);
  const double tolerance_of_ideal = std::max(tolerance, kTolerance);
  if (difference.largest <= tolerance && of_ideal <= tolerance_of_ideal) return 0;
  std::printf("the outputs differ by more than %.0e of their range, or ideal arrays by %.0e\n",
              tolerance,
              tolerance_of_ideal);
  return 1;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return check({arguments + 1, arguments + count});
  } catch (const Error& error) {
    std::fprintf(stderr, "bring_your_own: %s\n", error.what());
    return 2;
  }
}
