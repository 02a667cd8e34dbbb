// The closed form of bitstream products three ways on LeNet-5's second convolution (16 outputs, 150
// inputs) and first fully connected layer (120 outputs, 400 inputs): products per second.
//
//   sliced    memspice's: bit planes of many vectors, saturating after each product
//   table     P_W(U) looked up per vector, saturating after each product
//   popcount  planes of many inputs in 64-bit words, sum_i,m 2^m popcount(x_i & c_m,i); the sums
//             cannot saturate on the way, which the circuit does
#include <benchmark/benchmark.h>

#include <algorithm>
#include <bit>
#include <cstdint>

#include "base/random.hpp"
#include "stochastic/dot.hpp"

namespace {

using namespace memspice;
using namespace memspice::stochastic;

struct Layer {
  LayerCodes codes;
  CodeMatrix X;
  const GroupCodes& group() const { return codes.groups.front(); }
  std::int64_t products() const { return group().W.size() * X.cols(); }
};

/// Weights as trained ones are: normal, clipped at 2.5 deviations; half of the activations zero.
Layer make_layer(int bits, int outputs, int inputs, int vectors) {
  RandomStream random(1, "bench");
  Layer layer{.codes = {.precision = {.bits = bits, .weight_bits = bits}},
              .X = CodeMatrix(inputs, vectors)};
  const int most = (1 << (bits - 1)) - 1;
  GroupCodes group{.W = CodeMatrix(outputs, inputs), .bias = Eigen::VectorXd::Zero(outputs)};
  for (int& w : group.W.reshaped()) {
    w = static_cast<int>(std::clamp(random.normal() / 2.5, -1.0, 1.0) * most);
  }
  const auto codes = static_cast<std::uint64_t>(1 << bits);
  for (int& x : layer.X.reshaped())
    x = random.chance(0.5) ? 0 : static_cast<int>(random.below(codes));
  layer.codes.groups.push_back(std::move(group));
  return layer;
}

void run_table(const Layer& layer, const std::vector<std::int16_t>& table, SumMatrix& Y) {
  const CodeMatrix& W = layer.group().W;
  const CodeRange rails = layer.codes.stream_rails();
  const int codes = 1 << layer.codes.precision.bits;
  Y.setZero(W.rows(), layer.X.cols());
  std::vector<std::int32_t> sums(static_cast<std::size_t>(layer.X.cols()));
  for (Eigen::Index o = 0; o < W.rows(); ++o) {
    std::fill(sums.begin(), sums.end(), 0);
    for (Eigen::Index i = 0; i < W.cols(); ++i) {
      const int w = W(o, i);
      const std::int16_t* row = table.data() + std::abs(w) * codes;
      const std::int32_t* x = layer.X.row(i).data();
      const int sign = w < 0 ? -1 : 1;
      for (std::size_t v = 0; v < sums.size(); ++v) {
        sums[v] = std::clamp(sums[v] + sign * row[x[v]], rails.low, rails.high);
      }
    }
    for (std::size_t v = 0; v < sums.size(); ++v) Y(o, static_cast<Eigen::Index>(v)) = sums[v];
  }
}

/// Bits of numbers across inputs: plane b of vector v is words[(v * planes + b) * width ...].
struct Planes {
  int count = 0;
  std::size_t width = 0;
  std::vector<std::uint64_t> words;

  Planes(Eigen::Index rows, int planes, Eigen::Index inputs)
      : count(planes),
        width(static_cast<std::size_t>((inputs + 63) / 64)),
        words(static_cast<std::size_t>(rows * planes) * width, 0) {}
  std::uint64_t* at(Eigen::Index row, int plane) {
    return words.data() + static_cast<std::size_t>(row * count + plane) * width;
  }
  void set(Eigen::Index row, int plane, Eigen::Index input) {
    at(row, plane)[input / 64] |= std::uint64_t{1} << (input % 64);
  }
};

/// Planes of the positive and of the negative weights' coefficients: (stream bit i, power m).
struct WeightPlanes {
  int bits;
  Planes positive, negative;

  explicit WeightPlanes(const Layer& layer)
      : bits(layer.codes.precision.bits),
        positive(layer.group().W.rows(), bits * bits, layer.group().W.cols()),
        negative(positive) {
    const CodeMatrix& W = layer.group().W;
    for (Eigen::Index o = 0; o < W.rows(); ++o) {
      for (Eigen::Index j = 0; j < W.cols(); ++j) set_weight(o, j, W(o, j));
    }
  }
  void set_weight(Eigen::Index o, Eigen::Index j, int w) {
    for (int i = 1; i <= bits; ++i) {
      const int c = (std::abs(w) + (1 << (i - 1))) >> i;
      for (int m = 0; m < bits; ++m) {
        if ((c >> m) & 1) (w < 0 ? negative : positive).set(o, (i - 1) * bits + m, j);
      }
    }
  }
};

__attribute__((target_clones("avx2", "popcnt", "default"))) std::int64_t count_common(
    const std::uint64_t* a, const std::uint64_t* b, std::size_t width) {
  std::int64_t count = 0;
  for (std::size_t k = 0; k < width; ++k) count += std::popcount(a[k] & b[k]);
  return count;
}

void run_popcount(const Layer& layer, WeightPlanes& weights, SumMatrix& Y) {
  const int bits = weights.bits;
  const CodeMatrix& X = layer.X;
  Planes x(X.cols(), bits, X.rows());
  for (Eigen::Index j = 0; j < X.rows(); ++j) {
    for (Eigen::Index v = 0; v < X.cols(); ++v) {
      for (int i = 0; i < bits; ++i) {
        if ((X(j, v) >> (bits - 1 - i)) & 1) x.set(v, i, j);
      }
    }
  }
  Y.setZero(layer.group().W.rows(), X.cols());
  for (Eigen::Index o = 0; o < Y.rows(); ++o) {
    for (Eigen::Index v = 0; v < Y.cols(); ++v) {
      std::int64_t sum = 0;
      for (int i = 0; i < bits; ++i) {
        for (int m = 0; m < bits - i; ++m) {
          const int plane = i * bits + m;
          sum += (count_common(x.at(v, i), weights.positive.at(o, plane), x.width) -
                  count_common(x.at(v, i), weights.negative.at(o, plane), x.width))
                 << m;
        }
      }
      Y(o, v) = sum;
    }
  }
}

/// Fails the benchmark where two ways disagree on a layer that cannot saturate.
void require_same(benchmark::State& state, Layer layer, const auto& run) {
  layer.codes.precision.guard_bits = 12;
  SumMatrix expected, found;
  accumulate_streams(layer.group(), layer.codes, layer.X, expected);
  run(layer, found);
  if (found != expected) state.SkipWithError("differs from the sliced sums");
}

Layer layer_of(const benchmark::State& state) {
  const int bits = static_cast<int>(state.range(1));
  return state.range(0) == 0 ? make_layer(bits, 16, 150, 1000) : make_layer(bits, 120, 400, 100);
}

void sliced(benchmark::State& state) {
  const Layer layer = layer_of(state);
  SumMatrix Y;
  for (auto _ : state) {
    accumulate_streams(layer.group(), layer.codes, layer.X, Y);
    benchmark::DoNotOptimize(Y.data());
  }
  state.SetItemsProcessed(state.iterations() * layer.products());
}

void table(benchmark::State& state) {
  const Layer layer = layer_of(state);
  const int bits = layer.codes.precision.bits;
  std::vector<std::int16_t> table;
  for (int k = 0; k <= 1 << (bits - 1); ++k) {
    for (int u = 0; u < 1 << bits; ++u) {
      table.push_back(static_cast<std::int16_t>(ones_after(k, u, bits)));
    }
  }
  require_same(state, layer, [&](const Layer& l, SumMatrix& Y) { run_table(l, table, Y); });
  SumMatrix Y;
  for (auto _ : state) {
    run_table(layer, table, Y);
    benchmark::DoNotOptimize(Y.data());
  }
  state.SetItemsProcessed(state.iterations() * layer.products());
}

void popcount(benchmark::State& state) {
  const Layer layer = layer_of(state);
  WeightPlanes weights(layer);
  require_same(state, layer, [&](const Layer& l, SumMatrix& Y) { run_popcount(l, weights, Y); });
  SumMatrix Y;
  for (auto _ : state) {
    run_popcount(layer, weights, Y);
    benchmark::DoNotOptimize(Y.data());
  }
  state.SetItemsProcessed(state.iterations() * layer.products());
}

void layers_and_bits(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"layer", "bits"});
  for (const int layer : {0, 1}) {
    for (const int bits : {4, 8, 10}) bench->Args({layer, bits});
  }
}

BENCHMARK(sliced)->Apply(layers_and_bits);
BENCHMARK(table)->Apply(layers_and_bits);
BENCHMARK(popcount)->Apply(layers_and_bits);

}  // namespace

BENCHMARK_MAIN();
