// ngspice on linear tiles by size, beside memspice's own solver on the same tile and vectors: the
// first operating point of an analysis, and each further one of the same sweep. And on tiles whose
// cells bend: as one circuit, and with every node held. One worker.
#include <benchmark/benchmark.h>

#include <cmath>

#include "base/blas.hpp"
#include "base/random.hpp"
#include "crossbar/crossbar.hpp"
#include "engine/engine.hpp"
#include "netlist/deck.hpp"
#include "synthesis/tile_circuit.hpp"
#include "tile/array.hpp"
#include "tile/pinned_solver.hpp"

namespace {

using namespace memspice;

const crossbar::Wiring wiring{.row = 1.0, .column = 1.0, .driver = 100.0, .sense = 10.0};

/// Log-uniform from 1e-6 to 1e-4 S.
Eigen::MatrixXd cells(Eigen::Index n) {
  RandomStream stream(1, "bench/cells");
  Eigen::MatrixXd G(n, n);
  for (double& value : G.reshaped()) value = 1e-6 * std::pow(100.0, stream.uniform());
  return G;
}

Eigen::MatrixXd inputs(Eigen::Index n, Eigen::Index vectors) {
  RandomStream stream(2, "bench/inputs");
  Eigen::MatrixXd V(n, vectors);
  for (double& value : V.reshaped()) value = stream.uniform(0.0, 0.2);
  return V;
}

/// range(0): size, range(1): vectors in one analysis.
void ngspice(benchmark::State& state) {
  engine::Options options;
  options.workers = 1;
  const auto engine = engine::make_ngspice_engine(options);
  const auto bench = synthesis::build_tile_bench(
      {.name = "tile", .G = cells(state.range(0)), .alpha = 0.0, .wiring = wiring},
      inputs(state.range(0), state.range(1)));
  const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis);
  for (auto _ : state) {
    if (!engine->run(deck).ok()) state.SkipWithError("ngspice failed");
  }
}

void mesh(benchmark::State& state) {
  pin_blas_to_one_thread();
  const Eigen::MatrixXd G = cells(state.range(0));
  const Eigen::MatrixXd V = inputs(state.range(0), state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(crossbar::solve_vectors(G, wiring, V));
}

constexpr Eigen::Index kBentVectors = 24;

tile::Array bent_array() {
  return tile::Array({.wiring = wiring, .alpha = 2.5});
}

/// range(0): size.
void bent_direct(benchmark::State& state) {
  const auto engine = engine::make_ngspice_engine({.workers = 1});
  const auto bench =
      bent_array().bench("tile", cells(state.range(0)), inputs(state.range(0), kBentVectors));
  const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis);
  for (auto _ : state) {
    if (!engine->run(deck).ok()) state.SkipWithError("ngspice failed");
  }
}

/// Our own solution to start from, and reading the pieces, included.
void bent_pinned(benchmark::State& state) {
  pin_blas_to_one_thread();
  const auto engine = engine::make_ngspice_engine({.workers = 1});
  const Eigen::MatrixXd G = cells(state.range(0)), V = inputs(state.range(0), kBentVectors);
  for (auto _ : state) {
    const tile::PinnedProblem problem = bent_array().pinned_problem("tile", G, V);
    const auto solution = tile::solve_pinned({&problem, 1}, *engine, {.jobs = 1}).front();
    if (!solution.ok()) state.SkipWithError("ngspice failed");
    state.counters["bound"] = solution.certificate.relative;
  }
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  for (const int n : {16, 32, 64}) {
    for (const int vectors : {1, 17}) benchmark->Args({n, vectors});
  }
  benchmark->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK(ngspice)->Apply(sizes);
BENCHMARK(mesh)->Apply(sizes);
BENCHMARK(bent_direct)
    ->Arg(32)
    ->Arg(64)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(bent_pinned)
    ->Arg(32)
    ->Arg(64)
    ->Arg(128)
    ->Arg(256)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
