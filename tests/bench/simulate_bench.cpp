// LeNet-5 on Fashion-MNIST at each fidelity: images per second, one and two threads, batches of
// 100. Tiles are those of flows/lenet5_fashion.toml; the calibrated models carry the series of
// sinh, so that no ngspice run is needed to time them.
#include <benchmark/benchmark.h>

#include "base/blas.hpp"
#include "base/parallel.hpp"
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

std::unique_ptr<const Setting> open_setting() {
  pin_blas_to_one_thread();
  auto s = std::make_unique<Setting>();
  s->options = config::load_flow(MEMSPICE_ROOT_DIR "/flows/lenet5_fashion.toml");
  s->inputs = flow::open_inputs(s->options);
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

void simulate_at(benchmark::State& state, Fidelity fidelity) {
  static const std::unique_ptr<const Setting> setting = open_setting();
  const int jobs = static_cast<int>(state.range(0));
  const simulate::Machine machine = study::build_machine(
      setting->bench, {.name = std::string(simulate::to_text(fidelity)), .fidelity = fidelity});
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        simulate::simulate(machine, setting->inputs.test, {.jobs = jobs}).accuracy);
  }
  state.SetItemsProcessed(state.iterations() * setting->inputs.test.count());
}

BENCHMARK_CAPTURE(simulate_at, float, Fidelity::Float)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(simulate_at, ideal, Fidelity::Ideal)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(simulate_at, mesh, Fidelity::Mesh)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(simulate_at, calibrated, Fidelity::Calibrated)->Arg(1)->Arg(2)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
