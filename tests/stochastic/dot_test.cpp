// Many vectors at a time against the circuit one vector at a time.
#include "stochastic/dot.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/vectors.hpp"
#include "stochastic/faults.hpp"

using namespace memspice;
using namespace memspice::stochastic;

namespace {

struct Sample {
  LayerCodes codes;
  CodeMatrix X;
  const GroupCodes& group() const { return codes.groups.front(); }
};

/// Random operands over their whole ranges, the extremes and zeros among them.
Sample draw_sample(const Precision& precision, int outputs, int inputs, int vectors) {
  RandomStream random(3, "dot");
  Sample sample{.codes = {.precision = precision}, .X = CodeMatrix(inputs, vectors)};
  const int w_max = (1 << (precision.weight_bits - 1)) - 1;
  const CodeRange xs = activation_range(precision.form, precision.bits);
  const auto draw = [&](CodeRange range) {
    if (random.chance(0.1)) return 0;
    if (random.chance(0.1)) return random.chance(0.5) ? range.low : range.high;
    const auto span = static_cast<std::uint64_t>(range.high - range.low + 1);
    return range.low + static_cast<int>(random.below(span));
  };
  GroupCodes group{.W = CodeMatrix(outputs, inputs), .bias = Eigen::VectorXd(outputs)};
  for (int o = 0; o < outputs; ++o) {
    group.bias[o] = random.uniform(-1.0, 1.0) * std::ldexp(1.0, 2 * precision.bits);
    for (int i = 0; i < inputs; ++i) group.W(o, i) = draw({-w_max, w_max});
  }
  for (int i = 0; i < inputs; ++i) {
    for (int v = 0; v < vectors; ++v) sample.X(i, v) = draw(xs);
  }
  sample.codes.groups.push_back(std::move(group));
  return sample;
}

/// The circuit's order: products one after the other, saturating.
SumMatrix sums_by_hand(const Sample& sample, bool streams) {
  const Precision& p = sample.codes.precision;
  const std::int64_t half = std::int64_t{1} << (p.bits + p.guard_bits - 1);
  const std::int64_t unit = streams ? 1 : std::int64_t{1} << p.scale_bits();
  const GroupCodes& group = sample.group();
  SumMatrix Y(group.W.rows(), sample.X.cols());
  for (Eigen::Index o = 0; o < Y.rows(); ++o) {
    for (Eigen::Index v = 0; v < Y.cols(); ++v) {
      const double bias = group.bias[o] / (streams ? std::ldexp(1.0, p.scale_bits()) : 1.0);
      auto sum =
          std::clamp(static_cast<std::int64_t>(std::round(bias)), -half * unit, half * unit - 1);
      for (Eigen::Index i = 0; i < group.W.cols(); ++i) {
        const std::int64_t product = streams
                                         ? multiply(p.form, p.bits, sample.X(i, v), group.W(o, i))
                                         : std::int64_t{sample.X(i, v)} * group.W(o, i);
        sum = std::clamp(sum + product, -half * unit, half * unit - 1);
      }
      Y(o, v) = sum;
    }
  }
  return Y;
}

/// Short products one after the other, saturating at the bitstream's rails.
SumMatrix short_sums_by_hand(const Sample& sample, const ProductRule& rule) {
  const CodeRange rails = sample.codes.stream_rails();
  const GroupCodes& group = sample.group();
  SumMatrix Y(group.W.rows(), sample.X.cols());
  for (Eigen::Index o = 0; o < Y.rows(); ++o) {
    for (Eigen::Index v = 0; v < Y.cols(); ++v) {
      const double bias = std::round(std::ldexp(group.bias[o], -rule.shift));
      auto sum = static_cast<std::int64_t>(std::clamp<double>(bias, rails.low, rails.high));
      for (Eigen::Index i = 0; i < group.W.cols(); ++i) {
        sum += multiply_words(rule, sample.X(i, v), group.W(o, i));
        sum = std::clamp<std::int64_t>(sum, rails.low, rails.high);
      }
      Y(o, v) = sum;
    }
  }
  return Y;
}

Precision precision_of(Form form, int bits, int weight_bits, int guard_bits) {
  return {.form = form, .bits = bits, .weight_bits = weight_bits, .guard_bits = guard_bits};
}

double rms(const SumMatrix& difference) {
  return std::sqrt(difference.cast<double>().squaredNorm() /
                   static_cast<double>(difference.size()));
}

}  // namespace

TEST_CASE("Sliced streams and words equal the circuit's sums, saturation included",
          "[stochastic]") {
  const auto form = GENERATE(Form::Mixed, Form::Signed);
  for (int bits = kLeastBits; bits <= kMostBits; ++bits) {
    for (const int guard_bits : {0, 2, 6}) {
      for (const int weight_bits : {bits, std::max(2, bits - 2)}) {
        const Sample sample =
            draw_sample(precision_of(form, bits, weight_bits, guard_bits), 3, 19, 131);
        SumMatrix Y;
        INFO(to_text(form) << ' ' << bits << ' ' << weight_bits << ' ' << guard_bits);
        accumulate_streams(sample.group(), sample.codes, sample.X, Y);
        CHECK(Y == sums_by_hand(sample, true));
        accumulate_words(sample.group(), sample.codes, sample.X, Y);
        CHECK(Y == sums_by_hand(sample, false));
      }
    }
  }
}

TEST_CASE("Products that lose bits add up as the circuit's do", "[stochastic]") {
  const auto form = GENERATE(Form::Mixed, Form::Signed);
  const auto product = GENERATE(Product::Cut, Product::Truncated, Product::FixedWidth);
  for (const int bits : {2, 5, 8, 12, 15}) {
    for (const int weight_bits : {bits, std::max(2, bits - 2)}) {
      const Precision precision = precision_of(form, bits, weight_bits, 1);
      const Sample sample = draw_sample(precision, 3, 19, 131);
      SumMatrix Y;
      accumulate_short_words(sample.group(), sample.codes, product, sample.X, Y);
      const ProductRule rule = product_rule(product, precision.scale_bits(), weight_bits);
      INFO(to_text(form) << ' ' << name_of(kProductNames, product) << ' ' << bits);
      CHECK(Y == short_sums_by_hand(sample, rule));
    }
  }
}

TEST_CASE("Every instruction set gives the same sums", "[stochastic]") {
  const std::vector<std::string> sets = vector_sets();
  // Sums that fit into 16 bits and sums that do not.
  for (const Precision& precision :
       {precision_of(Form::Mixed, 8, 8, 4), precision_of(Form::Mixed, 12, 12, 6)}) {
    const Sample sample = draw_sample(precision, 5, 37, 131);
    for (const std::string& set : sets) {
      INFO(set << ", " << precision.bits << " bits");
      limit_vectors(set, "test");
      SumMatrix streams, words;
      accumulate_streams(sample.group(), sample.codes, sample.X, streams);
      accumulate_words(sample.group(), sample.codes, sample.X, words);
      CHECK(streams == sums_by_hand(sample, true));
      CHECK(words == sums_by_hand(sample, false));
    }
  }
  limit_vectors(sets.front(), "test");
}

TEST_CASE("One input, one output, one vector, and weights that are all zero", "[stochastic]") {
  Sample sample = draw_sample(precision_of(Form::Mixed, 8, 8, 2), 1, 1, 1);
  SumMatrix Y;
  accumulate_streams(sample.group(), sample.codes, sample.X, Y);
  CHECK(Y == sums_by_hand(sample, true));
  sample.codes.groups.front().W.setZero();
  sample.codes.groups.front().bias.setConstant(3.0 * 256.0);
  accumulate_streams(sample.group(), sample.codes, sample.X, Y);
  CHECK(Y(0, 0) == 3);
}

TEST_CASE("The vector unit gives the same dot product", "[stochastic]") {
  const Sample sample = draw_sample(precision_of(Form::Mixed, 6, 6, 1), 2, 40, 5);
  SumMatrix Y;
  GroupCodes group = sample.group();
  group.bias.setZero();
  accumulate_streams(group, sample.codes, sample.X, Y);
  for (Eigen::Index o = 0; o < 2; ++o) {
    VectorUnit unit({.form = Form::Mixed, .bits = 6, .guard_bits = 1, .lanes = 5, .parallel = 4});
    long cycles = 0;
    for (Eigen::Index i = 0; i < 40; ++i) {
      const std::vector<int> activations(sample.X.row(i).begin(), sample.X.row(i).end());
      unit.accumulate(group.W(o, i), activations);
      cycles += std::max(1, (std::abs(group.W(o, i)) + 3) / 4);
    }
    for (int v = 0; v < 5; ++v) CHECK(unit.accumulators()[static_cast<std::size_t>(v)] == Y(o, v));
    CHECK(unit.cycles() == cycles);
  }
}

TEST_CASE("Flips: none at rate 0, every bit at rate 1, the rate's share between", "[stochastic]") {
  FlipSequence never(0.0, RandomStream(1, "flips"));
  CHECK(never.distance() > 1'000'000'000'000);
  FlipSequence always(1.0, RandomStream(1, "flips"));
  for (int k = 0; k < 10; ++k) {
    CHECK(always.distance() == 0);
    always.pass_flip();
  }
  for (const double rate : {0.5, 0.1, 1e-3}) {
    FlipSequence flips(rate, RandomStream(1, "flips"));
    constexpr int kFlips = 20000;
    double bits = 0.0;
    for (int k = 0; k < kFlips; ++k) {
      bits += static_cast<double>(flips.distance()) + 1.0;
      flips.pass_flip();
    }
    // The mean of 20,000 geometric gaps is within 1 / sqrt(20000) = 0.7 %; five deviations.
    CHECK(kFlips / bits == Approx(rate).epsilon(0.036));
  }
}

TEST_CASE("Every stream bit flipped complements the stream", "[stochastic]") {
  // All |w| bits inverted: |w| - P in place of P, or the negative in the signed form.
  for (const Form form : {Form::Mixed, Form::Signed}) {
    Sample sample = draw_sample(precision_of(form, 6, 6, 8), 3, 7, 4);
    sample.codes.groups.front().bias.setZero();
    SumMatrix clean, flipped;
    accumulate_streams(sample.group(), sample.codes, sample.X, clean);
    flipped = clean;
    FlipSequence flips(1.0, RandomStream(1, "flips"));
    flip_streams(sample.group(), sample.codes, sample.X, {0, 4}, flips, flipped);
    for (Eigen::Index o = 0; o < 3; ++o) {
      const std::int64_t weights = sample.group().W.row(o).sum();
      for (Eigen::Index v = 0; v < 4; ++v) {
        CHECK(flipped(o, v) == (form == Form::Signed ? -clean(o, v) : weights - clean(o, v)));
      }
    }
  }
}

TEST_CASE("Every word bit flipped complements the product", "[stochastic]") {
  // ~p = -p - 1 for each of the seven products.
  Sample sample = draw_sample(precision_of(Form::Mixed, 6, 6, 8), 3, 7, 4);
  sample.codes.groups.front().bias.setZero();
  SumMatrix clean, flipped;
  accumulate_words(sample.group(), sample.codes, sample.X, clean);
  flipped = clean;
  FlipSequence flips(1.0, RandomStream(1, "flips"));
  flip_words(sample.group(), sample.codes, sample.X, {0, 4}, flips, flipped);
  CHECK(flipped == (-clean.array() - 7).matrix());
}

TEST_CASE("Flips err as their statistics say, and repeat with their seed", "[stochastic]") {
  const double rate = 0.01;
  const Sample sample = draw_sample(precision_of(Form::Mixed, 8, 8, 10), 4, 60, 400);
  const GroupCodes& group = sample.group();
  SumMatrix clean, streams, words;
  accumulate_streams(group, sample.codes, sample.X, clean);
  streams = clean;
  FlipSequence flips(rate, RandomStream(9, "flips"));
  flip_streams(group, sample.codes, sample.X, {0, 400}, flips, streams);
  // Each of sum |w| bits moves the sum by +-1 with probability r: a second moment of r sum |w| plus
  // the square of a mean of at most r sum |w|.
  const double bits = group.W.cwiseAbs().cast<double>().rowwise().sum().mean();
  const double deviation = rms(streams - clean);
  CHECK(deviation > 0.8 * std::sqrt(rate * (1.0 - rate) * bits));
  CHECK(deviation < 1.2 * std::sqrt(rate * bits + rate * rate * bits * bits));
  SumMatrix again = clean;
  FlipSequence repeated(rate, RandomStream(9, "flips"));
  flip_streams(group, sample.codes, sample.X, {0, 400}, repeated, again);
  CHECK(again == streams);

  SumMatrix exact;
  accumulate_words(group, sample.codes, sample.X, exact);
  words = exact;
  FlipSequence word_flips(rate, RandomStream(9, "words"));
  flip_words(group, sample.codes, sample.X, {0, 400}, word_flips, words);
  // 60 words of 16 bits: sum over q of r 4^q = r (4^16 - 1) / 3 per word.
  const double expected = std::sqrt(60.0 * rate * (std::ldexp(1.0, 32) - 1.0) / 3.0);
  CHECK(rms(words - exact) == Approx(expected).epsilon(0.15));
}
