// Networks at each fidelity: images per second, one and two threads, batches of 100. LeNet-5 runs
// on Fashion-MNIST with the tiles of flows/lenet5_fashion.toml, ResNet-20 on drawn images with
// those of flows/subimage_resnet20.toml; the calibrated models carry the series of sinh, so that no
// ngspice run is needed to time them.
#include <benchmark/benchmark.h>

#include "base/blas.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "config/flow_options.hpp"
#include "flow/plan.hpp"
#include "study/machine.hpp"

namespace {

using namespace memspice;
using simulate::Fidelity;

struct Setting {
  config::FlowOptions options;
  flow::Inputs inputs;
  study::Mapped mapped;
  flow::Responses responses;
  tile::CalibrationResult models;
  study::Bench bench;  ///< of all these
};

/// Images of drawn pixels: how long a network takes does not depend on what they show.
network::Dataset drawn_images(network::Shape shape, int count) {
  shape.front() = count;
  network::Dataset images{.images = network::Tensor(shape), .labels = {}};
  RandomStream random(1, "benchmark images");
  for (float& pixel : images.images.data) pixel = static_cast<float>(random.uniform());
  images.labels.assign(static_cast<std::size_t>(count), 0);
  return images;
}

flow::Inputs draw_inputs(const config::FlowOptions& options) {
  flow::LoadedNetwork network = flow::load_network(options.network_file, options.network_options);
  const network::Shape shape = network.graph.input_shape();
  return {.graph = std::move(network.graph),
          .spectral = {},
          .choices = {},
          .test = drawn_images(shape, 1000),
          .calibration = drawn_images(shape, 100)};
}

std::unique_ptr<const Setting> open_setting(const std::string& flow, const std::string& variant) {
  pin_blas_to_one_thread();
  auto s = std::make_unique<Setting>();
  s->options = config::load_flow(MEMSPICE_ROOT_DIR "/flows/" + flow, {}, variant);
  s->inputs = s->options.data.test.kind == "cifar10" ? draw_inputs(s->options)
                                                     : flow::open_inputs(s->options);
  s->mapped = flow::map_inputs(s->options, s->inputs);
  s->bench = flow::start_bench(s->options, s->inputs, s->mapped);
  s->responses = flow::solve_responses(s->bench, nullptr);
  const double z = s->options.device.alpha * s->options.array.read_voltage;
  for (const mapping::LayerPlan& layer : s->mapped.plan.layers) {
    s->models.layers.push_back(
        {.layer = layer.name,
         .calibration = {.read_voltage = s->options.array.read_voltage,
                         .coefficients = Eigen::Vector2d(z * z / 6.0, z * z * z * z / 120.0)},
         .fitted = {},
         .held_out_vectors = {},
         .held_out_tiles = {}});
  }
  s->bench.responses = &s->responses.G_eff;
  s->bench.models = &s->models;
  return s;
}

void simulate_at(benchmark::State& state, const Setting& setting, Fidelity fidelity) {
  const int jobs = static_cast<int>(state.range(0));
  const simulate::Machine machine = study::build_machine(
      setting.bench, {.name = std::string(simulate::to_text(fidelity)), .fidelity = fidelity});
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        simulate::simulate(machine, setting.inputs.test, {.jobs = jobs}).accuracy);
  }
  state.SetItemsProcessed(state.iterations() * setting.inputs.test.count());
}

void lenet5(benchmark::State& state, Fidelity fidelity) {
  static const auto setting = open_setting("lenet5_fashion.toml", "");
  simulate_at(state, *setting, fidelity);
}

void resnet20(benchmark::State& state, Fidelity fidelity) {
  static const auto setting = open_setting("subimage_resnet20.toml", "ratio 0, 128");
  simulate_at(state, *setting, fidelity);
}

BENCHMARK_CAPTURE(lenet5, float, Fidelity::Float)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(lenet5, ideal, Fidelity::Ideal)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(lenet5, mesh, Fidelity::Mesh)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(lenet5, calibrated, Fidelity::Calibrated)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(resnet20, float, Fidelity::Float)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(resnet20, ideal, Fidelity::Ideal)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(resnet20, mesh, Fidelity::Mesh)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(resnet20, calibrated, Fidelity::Calibrated)->Arg(1)->Arg(2)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
