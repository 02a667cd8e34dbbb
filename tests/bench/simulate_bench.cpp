// LeNet-5 on Fashion-MNIST at each fidelity: images per second, one and two threads, batches of
// 100. Tiles are those of flows/lenet5_fashion.toml; the calibrated models carry the series of
// sinh, so that no ngspice run is needed to time them.
#include <benchmark/benchmark.h>

#include "base/blas.hpp"
#include "base/parallel.hpp"
#include "config/flow_options.hpp"
#include "flow/machine.hpp"
#include "flow/stages.hpp"

namespace {

using namespace memspice;
using simulate::Fidelity;

struct Setting {
  config::FlowOptions options;
  flow::Inputs inputs;
  flow::Mapped mapped;
  flow::Responses responses;
  flow::Calibrated calibrated;
};

Setting open_setting() {
  pin_blas_to_one_thread();
  Setting s{.options = config::load_flow(MEMSPICE_ROOT_DIR "/flows/lenet5_fashion.toml"),
            .inputs = {},
            .mapped = {},
            .responses = {},
            .calibrated = {}};
  s.inputs = flow::open_inputs(s.options);
  s.mapped = flow::map_inputs(s.options, s.inputs);
  s.responses = flow::solve_responses(s.options, s.mapped.plan, nullptr);
  const double z = s.options.device.alpha * s.options.array.read_voltage;
  for (const mapping::LayerPlan& layer : s.mapped.plan.layers) {
    s.calibrated.result.layers.push_back(
        {.layer = layer.name,
         .calibration = {.read_voltage = s.options.array.read_voltage,
                         .coefficients = Eigen::Vector2d(z * z / 6.0, z * z * z * z / 120.0)},
         .fitted = {},
         .held_out_vectors = {},
         .held_out_tiles = {}});
  }
  return s;
}

void simulate_at(benchmark::State& state, Fidelity fidelity) {
  static const Setting setting = open_setting();
  const int jobs = static_cast<int>(state.range(0));
  const flow::Parts parts{.inputs = &setting.inputs,
                          .mapped = &setting.mapped,
                          .responses = &setting.responses,
                          .calibrated = &setting.calibrated,
                          .engine = nullptr};
  const simulate::Machine machine = flow::build_machine(
      setting.options, parts, {std::string(simulate::to_text(fidelity)), fidelity, false});
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        simulate::simulate(machine, setting.inputs.test, {.jobs = jobs}).accuracy);
  }
  state.SetItemsProcessed(state.iterations() * setting.inputs.test.count());
}

BENCHMARK_CAPTURE(simulate_at, float, Fidelity::Float)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(simulate_at, ideal, Fidelity::Ideal)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(simulate_at, mesh, Fidelity::Mesh)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(simulate_at, calibrated, Fidelity::Calibrated)->Arg(1)->Arg(2)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
