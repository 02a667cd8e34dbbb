// The crossbar solver by size, on one core, beside sparse Cholesky and the processor's DGEMM peak.
// Ends with a table of ratios; `--benchmark_filter=` narrows the run.

#include <benchmark/benchmark.h>

#include <Eigen/SparseCholesky>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "base/blas.hpp"
#include "base/random.hpp"
#include "crossbar/crossbar.hpp"
#include "crossbar/dissection.hpp"

#ifdef MEMSPICE_CHOLMOD
#include <Eigen/CholmodSupport>
#endif

namespace {

using namespace memspice;
using namespace memspice::crossbar;
using SparseMatrix = Eigen::SparseMatrix<double>;

const Wiring wiring{.row = 1.0, .column = 1.0};

/// Log-uniform from 1e-6 to 1e-4 S.
Eigen::MatrixXd cells(Eigen::Index n, std::uint64_t seed = 1) {
  RandomStream stream(seed, "bench/cells");
  Eigen::MatrixXd G(n, n);
  for (Eigen::Index k = 0; k < G.size(); ++k) G(k) = 1e-6 * std::pow(100.0, stream.uniform());
  return G;
}

Eigen::MatrixXd inputs(Eigen::Index n, Eigen::Index vectors) {
  RandomStream stream(2, "bench/inputs");
  Eigen::MatrixXd V(n, vectors);
  for (Eigen::Index k = 0; k < V.size(); ++k) V(k) = stream.uniform(-0.2, 0.2);
  return V;
}

/// The nodal matrix of the array and the right-hand side of one input vector.
struct NodalSystem {
  SparseMatrix matrix;
  Eigen::VectorXd right_side;
};

NodalSystem nodal_system(const Eigen::MatrixXd& G, const Eigen::VectorXd& V) {
  const auto n = static_cast<int>(G.rows());
  std::vector<Eigen::Triplet<double>> entries;
  const auto add = [&entries](int a, int b, double g) {
    entries.emplace_back(a, a, g);
    if (b < 0) return;
    entries.emplace_back(b, b, g);
    entries.emplace_back(a, b, -g);
    entries.emplace_back(b, a, -g);
  };
  NodalSystem system{SparseMatrix(2 * n * n, 2 * n * n), Eigen::VectorXd::Zero(2 * n * n)};
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      const int word = i * n + j;
      const int bit = n * n + word;
      add(word, bit, G(i, j));
      add(word, j > 0 ? word - 1 : -1, 1.0 / wiring.row);
      add(bit, i + 1 < n ? bit + n : -1, 1.0 / wiring.column);
    }
    system.right_side[i * n] = V[i] / wiring.row;
  }
  system.matrix.setFromTriplets(entries.begin(), entries.end());
  return system;
}

template <class Solver>
void sparse_vector(benchmark::State& state) {
  const NodalSystem system = nodal_system(cells(state.range(0)), inputs(state.range(0), 1));
  for (auto _ : state) {
    Solver solver;
    solver.compute(system.matrix);  // order and factor
    benchmark::DoNotOptimize(Eigen::VectorXd(solver.solve(system.right_side)));
  }
}

void response(benchmark::State& state) {
  const Eigen::MatrixXd G = cells(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(solve_response(G, wiring));
  const auto n = static_cast<int>(state.range(0));
  state.counters["flops"] = benchmark::Counter(dissection_operations(n, n),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

void vector(benchmark::State& state) {
  const Eigen::MatrixXd G = cells(state.range(0));
  const Eigen::MatrixXd V = inputs(state.range(0), 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(solve_vectors(G, wiring, V, {.tolerance = 1e-10}));
  }
}

constexpr int vectors_together = 16;

void vectors(benchmark::State& state) {
  const Eigen::MatrixXd G = cells(state.range(0));
  const Eigen::MatrixXd V = inputs(state.range(0), vectors_together);
  for (auto _ : state) {
    benchmark::DoNotOptimize(solve_vectors(G, wiring, V, {.tolerance = 1e-10}));
  }
}

void newton(benchmark::State& state) {
  const Eigen::MatrixXd G = cells(state.range(0));
  const Eigen::MatrixXd V = inputs(state.range(0), 1);
  constexpr double alpha = 2.0;
  for (auto _ : state) benchmark::DoNotOptimize(solve_nonlinear(G, alpha, wiring, V));
}

void dgemm(benchmark::State& state) {
  const Eigen::Index n = state.range(0);
  const Eigen::MatrixXd A = Eigen::MatrixXd::Random(n, n);
  const Eigen::MatrixXd B = Eigen::MatrixXd::Random(n, n);
  Eigen::MatrixXd C(n, n);
  for (auto _ : state) {
    C.noalias() = A * B;
    benchmark::DoNotOptimize(C.data());
  }
}

using Simplicial = Eigen::SimplicialLLT<SparseMatrix>;
BENCHMARK(dgemm)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK(response)->RangeMultiplier(2)->Range(32, 1024)->Unit(benchmark::kMillisecond);
BENCHMARK(vector)->RangeMultiplier(2)->Range(32, 1024)->Unit(benchmark::kMillisecond);
BENCHMARK(vectors)->RangeMultiplier(2)->Range(32, 128)->Unit(benchmark::kMillisecond);
BENCHMARK(newton)->RangeMultiplier(2)->Range(32, 1024)->Unit(benchmark::kMillisecond);
BENCHMARK(sparse_vector<Simplicial>)
    ->Name("simplicial")
    ->RangeMultiplier(2)
    ->Range(32, 1024)
    ->Unit(benchmark::kMillisecond);
#ifdef MEMSPICE_CHOLMOD
BENCHMARK(sparse_vector<Eigen::CholmodSupernodalLLT<SparseMatrix>>)
    ->Name("supernodal")
    ->RangeMultiplier(2)
    ->Range(32, 1024)
    ->Unit(benchmark::kMillisecond);
#endif

/// Shows each run as it ends and keeps its CPU time for the table: on a busy machine the wall
/// clock measures the neighbours.
class Collector : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) milliseconds_[run.benchmark_name()] = run.GetAdjustedCPUTime();
    ConsoleReporter::ReportRuns(runs);
  }

  /// NaN for a benchmark that did not run.
  double milliseconds(const std::string& name, int n) const {
    const auto found = milliseconds_.find(name + "/" + std::to_string(n));
    return found == milliseconds_.end() ? std::nan("") : found->second;
  }

 private:
  std::map<std::string, double> milliseconds_;
};

void print_table(const Collector& times) {
  const double peak = 2.0 * std::pow(1024.0, 3) / times.milliseconds("dgemm", 1024) * 1e-6;
  std::printf(
      "\nDGEMM 1024: %.1f GFLOP/s. Times in ms of one core, cells 1e-6 to 1e-4 S, wire 1 Ohm.\n",
      peak);
  std::printf("        whole response            one vector\n");
  std::printf("%6s %9s %8s %6s %9s %9s %9s %8s %9s %8s\n",
              "size",
              "time",
              "GFLOP/s",
              "peak",
              "linear",
              "of 16",
              "sparse",
              "ratio",
              "superno.",
              "Newton");
  for (int n = 32; n <= 1024; n *= 2) {
    const double whole = times.milliseconds("response", n);
    const double rate = dissection_operations(n, n) / whole * 1e-6;
    const double one = times.milliseconds("vector", n);
    const double sparse = times.milliseconds("simplicial", n);
    std::printf("%6d %9.3g %8.1f %5.0f%% %9.3g %9.3g %9.3g %7.0fx %9.3g %8.3g\n",
                n,
                whole,
                rate,
                100.0 * rate / peak,
                one,
                times.milliseconds("vectors", n) / vectors_together,
                sparse,
                sparse / one,
                times.milliseconds("supernodal", n),
                times.milliseconds("newton", n));
  }
}

}  // namespace

int main(int argc, char** argv) {
  memspice::pin_blas_to_one_thread();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  Collector times;
  benchmark::RunSpecifiedBenchmarks(&times);
  print_table(times);
  return 0;
}
