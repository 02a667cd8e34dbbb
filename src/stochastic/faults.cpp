#include "stochastic/faults.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace memspice::stochastic {
namespace {

constexpr std::int64_t kNever = std::int64_t{1} << 62;

/// One product whose stream holds the flips that come within its cycles.
int flipped_product(int weight, int code, const Precision& precision, FlipSequence& flips) {
  const int cycles = std::abs(weight);
  int ones = ones_after(cycles, code, precision.bits);
  std::int64_t passed = 0;
  while (flips.distance() < cycles - passed) {
    passed += flips.distance() + 1;
    ones += stream_bit(static_cast<int>(passed), code, precision.bits) ? -1 : 1;
    flips.pass_flip();
  }
  flips.pass(cycles - passed);
  const int counted = precision.form == Form::Signed ? 2 * ones - cycles : ones;
  return weight < 0 ? -counted : counted;
}

/// One product word of `width` bits whose flips come within it.
std::int64_t flipped_word(std::int64_t product, int width, FlipSequence& flips) {
  std::int64_t passed = 0;
  auto word = static_cast<std::uint64_t>(product);
  while (flips.distance() < width - passed) {
    passed += flips.distance() + 1;
    word ^= std::uint64_t{1} << (passed - 1);
    flips.pass_flip();
  }
  flips.pass(width - passed);
  return static_cast<std::int64_t>(word << (64 - width)) >> (64 - width);
}

/// Adds product(i) for all inputs of one output, saturating after each.
template <typename Product>
std::int64_t add_up(std::int64_t sum, Eigen::Index inputs, WordRange rails, Product product) {
  for (Eigen::Index i = 0; i < inputs; ++i) {
    sum = std::clamp(sum + product(i), rails.low, rails.high);
  }
  return sum;
}

/// Calls recompute(output, vector) where a flip comes within bits(output); else passes them.
template <typename Bits, typename Recompute>
void for_each_hit(
    Eigen::Index outputs, VectorSpan vectors, FlipSequence& flips, Bits bits, Recompute recompute) {
  for (Eigen::Index v = vectors.first; v < vectors.first + vectors.count; ++v) {
    for (Eigen::Index o = 0; o < outputs; ++o) {
      if (flips.distance() >= bits(o)) {
        flips.pass(bits(o));
      } else {
        recompute(o, v);
      }
    }
  }
}

}  // namespace

FlipSequence::FlipSequence(double rate, RandomStream random)
    : rate_(rate), scale_(1.0 / std::log1p(-rate)), random_(std::move(random)) {
  distance_ = draw_gap();
}

std::int64_t FlipSequence::draw_gap() {
  if (rate_ <= 0.0) return kNever;
  if (rate_ >= 1.0) return 0;
  const double gap = std::floor(std::log1p(-random_.uniform()) * scale_);
  return gap < static_cast<double>(kNever) ? static_cast<std::int64_t>(gap) : kNever;
}

void FlipSequence::pass_flip() {
  distance_ = draw_gap();
}

void flip_streams(const GroupCodes& group,
                  const LayerCodes& codes,
                  const CodeMatrix& X,
                  VectorSpan vectors,
                  FlipSequence& flips,
                  SumMatrix& Y) {
  const Precision& precision = codes.precision;
  const CodeRange counter = codes.stream_rails();
  const WordRange rails{counter.low, counter.high};
  const auto start = starting_values(group, precision.scale_bits(), rails);
  const Eigen::Matrix<std::int64_t, Eigen::Dynamic, 1> cycles =
      group.W.cast<std::int64_t>().cwiseAbs().rowwise().sum();
  for_each_hit(
      group.W.rows(),
      vectors,
      flips,
      [&](Eigen::Index o) { return cycles[o]; },
      [&](Eigen::Index o, Eigen::Index v) {
        Y(o, v) = add_up(start[o], group.W.cols(), rails, [&](Eigen::Index i) -> std::int64_t {
          if (group.W(o, i) == 0) return 0;
          const int code = stream_code(precision.form, X(i, v), precision.bits);
          return flipped_product(group.W(o, i), code, precision, flips);
        });
      });
}

void flip_words(const GroupCodes& group,
                const LayerCodes& codes,
                const CodeMatrix& X,
                VectorSpan vectors,
                FlipSequence& flips,
                SumMatrix& Y) {
  const WordRange rails = word_rails(codes);
  const auto start = starting_values(group, 0, rails);
  const int width = codes.precision.bits + codes.precision.weight_bits;
  for_each_hit(
      group.W.rows(),
      vectors,
      flips,
      [&](Eigen::Index) { return static_cast<std::int64_t>(width) * group.W.cols(); },
      [&](Eigen::Index o, Eigen::Index v) {
        Y(o, v) = add_up(start[o], group.W.cols(), rails, [&](Eigen::Index i) {
          return flipped_word(std::int64_t{group.W(o, i)} * X(i, v), width, flips);
        });
      });
}

}  // namespace memspice::stochastic
