// Statistics over all pairs against a plain double loop over simulated streams.
#include "stochastic/error_table.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "stochastic/vector_unit.hpp"

using namespace memspice;
using namespace memspice::stochastic;

namespace {

/// One product of a baseline, stream bit by stream bit.
double baseline_product(Form form, int bits, const Sequences& s, int x, int w) {
  const int length = 1 << bits;
  const int half = length / 2;
  double count = 0.0;
  for (std::size_t t = 0; t < s.activation.size(); ++t) {
    const auto below = [](std::uint32_t r, int code) { return static_cast<int>(r) < code; };
    if (form == Form::Signed) {
      // Bipolar: a one in (x + 2^(N-1)) / 2^N of the cycles; XNOR multiplies.
      count += below(s.activation[t], x + half) == below(s.weight[t], w + half) ? 1.0 : 0.0;
    } else if (form == Form::Unsigned) {
      count += below(s.activation[t], x) && below(s.weight[t], w) ? 1.0 : 0.0;
    } else {
      count += below(s.activation[t], x) && below(s.weight[t], 2 * std::abs(w)) ? 1.0 : 0.0;
    }
  }
  if (form == Form::Signed) return count - half;
  if (form == Form::Unsigned) return count;
  return (w < 0 ? -0.5 : 0.5) * count;
}

ErrorStatistics by_hand(Form form, int bits, Generator generator) {
  const CodeRange xs = activation_range(form, bits);
  const CodeRange ws = weight_range(form, bits);
  const Sequences sequences =
      generator == Generator::Bisc ? Sequences{} : make_sequences(generator, bits);
  std::vector<double> errors;
  double latency = 0.0;
  for (int w = ws.low; w <= ws.high; ++w) {
    latency += generator == Generator::Bisc ? std::abs(w) : 1 << bits;
    for (int x = xs.low; x <= xs.high; ++x) {
      const double result = generator == Generator::Bisc
                                ? multiply(form, bits, x, w)
                                : baseline_product(form, bits, sequences, x, w);
      errors.push_back(result - exact_product(form, bits, x, w));
    }
  }
  ErrorStatistics s{.pairs = static_cast<long long>(errors.size())};
  const auto n = static_cast<double>(errors.size());
  for (const double e : errors) s.mean += e / n;
  for (const double e : errors) s.mean_abs += std::abs(e) / n;
  for (const double e : errors) s.std += (e - s.mean) * (e - s.mean) / n;
  s.std = std::sqrt(s.std);
  s.max = *std::max_element(errors.begin(), errors.end());
  s.min = *std::min_element(errors.begin(), errors.end());
  s.mean_latency = latency / (ws.high - ws.low + 1);
  return s;
}

}  // namespace

TEST_CASE("The table equals a plain loop over all pairs", "[stochastic]") {
  const auto form = GENERATE(Form::Unsigned, Form::Signed, Form::Mixed);
  const auto generator =
      GENERATE(Generator::Bisc, Generator::Lfsr, Generator::Halton, Generator::Sobol);
  for (const int bits : {2, 3, 5, 6}) {
    const ErrorStatistics table = tabulate_errors(form, bits, generator);
    const ErrorStatistics loop = by_hand(form, bits, generator);
    constexpr double kRounding = 1e-9;  // sums of up to 4096 doubles of some units
    INFO(to_text(form) << ' ' << to_text(generator) << ' ' << bits);
    CHECK(table.pairs == loop.pairs);
    CHECK(table.mean == Approx(loop.mean).margin(kRounding));
    CHECK(table.mean_abs == Approx(loop.mean_abs).margin(kRounding));
    CHECK(table.std == Approx(loop.std).margin(kRounding));
    CHECK(table.max == Approx(loop.max).margin(kRounding));
    CHECK(table.min == Approx(loop.min).margin(kRounding));
    CHECK(table.mean_latency == Approx(loop.mean_latency).margin(kRounding));
  }
}

TEST_CASE("Mean latency equals mean weight magnitude", "[stochastic]") {
  // Unsigned: mean of 0 .. 255. Signed: mean |w| of -128 .. 127 is 64. Mixed: 127 * 128 / 255.
  CHECK(tabulate_errors(Form::Unsigned, 8, Generator::Bisc).mean_latency == 127.5);
  CHECK(tabulate_errors(Form::Signed, 8, Generator::Bisc).mean_latency == 64.0);
  CHECK(tabulate_errors(Form::Mixed, 8, Generator::Bisc).mean_latency ==
        Approx(127.0 * 128.0 / 255.0));
  // Eight bits per cycle: |w| = 1 .. 8 take one cycle, ..., 121 .. 128 take 16.
  const double eighth = tabulate_errors(Form::Signed, 8, Generator::Bisc, 8).mean_latency;
  double cycles = 0.0;
  for (int w = -128; w <= 127; ++w) cycles += (std::abs(w) + 7) / 8;
  CHECK(eighth == Approx(cycles / 256.0));
  CHECK(tabulate_errors(Form::Unsigned, 8, Generator::Lfsr).mean_latency == 256.0);
}

TEST_CASE("The deterministic multiplier is nearer than the baselines at 8 bits", "[stochastic]") {
  const auto start = std::chrono::steady_clock::now();
  for (const Form form : {Form::Unsigned, Form::Signed}) {
    const double bisc = tabulate_errors(form, 8, Generator::Bisc).mean_abs;
    for (const Generator generator : {Generator::Lfsr, Generator::Halton}) {
      CHECK(bisc < tabulate_errors(form, 8, generator).mean_abs);
    }
  }
  // Six exhaustive tables; one is promised in under a second.
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(6));
}

TEST_CASE("Sequences visit every number as often as comparators need", "[stochastic]") {
  for (int bits = kLeastBits; bits <= kMostBits; ++bits) {
    const Sequences registers = make_sequences(Generator::Lfsr, bits);
    for (const auto* sequence : {&registers.activation, &registers.weight}) {
      // A maximal register visits 2^N - 1 states, here 0 .. 2^N - 2, and one of them again.
      const std::set<std::uint32_t> seen(sequence->begin(), sequence->end());
      CHECK(seen.size() == sequence->size() - 1);
      CHECK(*seen.rbegin() == sequence->size() - 2);
    }
    const Sequences sobol = make_sequences(Generator::Sobol, bits);
    for (const auto* sequence : {&sobol.activation, &sobol.weight}) {
      CHECK(std::set<std::uint32_t>(sequence->begin(), sequence->end()).size() == sequence->size());
    }
  }
  const Sequences halton = make_sequences(Generator::Halton, 4);
  // Radical inverses of 0 .. 5: base 2: 0 1/2 1/4 3/4 1/8 5/8; base 3: 0 1/3 2/3 1/9 4/9 7/9.
  const std::vector<std::uint32_t> base_2{0, 8, 4, 12, 2, 10}, base_3{0, 5, 10, 1, 7, 12};
  CHECK(std::equal(base_2.begin(), base_2.end(), halton.activation.begin()));
  CHECK(std::equal(base_3.begin(), base_3.end(), halton.weight.begin()));
}

TEST_CASE("Unknown generators and impossible widths are refused", "[stochastic]") {
  CHECK(parse_generator("sobol", "--generator") == Generator::Sobol);
  CHECK_THROWS_WITH(parse_generator("lsfr", "--generator"),
                    Catch::Contains("bisc, lfsr, halton, sobol"));
  CHECK_THROWS_AS(tabulate_errors(Form::Mixed, 1, Generator::Bisc), InputError);
  CHECK_THROWS_AS(tabulate_errors(Form::Mixed, 17, Generator::Sobol), InputError);
  CHECK_THROWS_AS(tabulate_errors(Form::Mixed, 8, Generator::Bisc, 5), InputError);
}
