// Reductions over axes, and normalisations by statistics of the image itself.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "network/apply.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

using Values = std::span<const float>;

template <auto f>
double sum_of(Values values) {
  double sum = 0.0;
  for (const float v : values) sum += f(static_cast<double>(v));
  return sum;
}
constexpr auto kItself = [](double v) { return v; };
constexpr auto kSquare = [](double v) { return v * v; };
constexpr auto kSize = [](double v) { return std::abs(v); };

/// log(sum exp x), shifted by the largest.
double log_sum_exp(Values values) {
  const auto largest = static_cast<double>(*std::ranges::max_element(values));
  double sum = 0.0;
  for (const float v : values) sum += std::exp(static_cast<double>(v) - largest);
  return largest + std::log(sum);
}

double product_of(Values values) {
  return std::accumulate(values.begin(), values.end(), 1.0, [](double a, float b) {
    return a * static_cast<double>(b);
  });
}

/// Every reduction, in alphabetical order. A line adds one.
constexpr std::array kReductions{
    ReductionEntry{"ReduceL1", sum_of<kSize>},
    ReductionEntry{"ReduceL2", [](Values v) { return std::sqrt(sum_of<kSquare>(v)); }},
    ReductionEntry{"ReduceLogSum", [](Values v) { return std::log(sum_of<kItself>(v)); }},
    ReductionEntry{"ReduceLogSumExp", log_sum_exp},
    ReductionEntry{"ReduceMax",
                   [](Values v) { return static_cast<double>(*std::ranges::max_element(v)); }},
    ReductionEntry{"ReduceMin",
                   [](Values v) { return static_cast<double>(*std::ranges::min_element(v)); }},
    ReductionEntry{"ReduceProd", product_of},
    ReductionEntry{"ReduceSum", sum_of<kItself>},
    ReductionEntry{"ReduceSumSquare", sum_of<kSquare>},
};

/// A tensor with some axes moved behind the others: a row holds what lies along them.
struct Rows {
  Transposition order;  ///< from the tensor to `moved`
  Tensor moved;
  std::size_t length = 1;

  Rows(const Tensor& x, std::span<const int> axes) {
    const auto rank = x.shape.size();
    std::vector<bool> is_behind(rank, false);
    for (const int axis : axes) {
      is_behind[static_cast<std::size_t>(normal_axis(axis, rank, "axes"))] = true;
    }
    Shape shape;
    for (const bool behind : {false, true}) {
      for (std::size_t k = 0; k < rank; ++k) {
        if (is_behind[k] != behind) continue;
        order.axes.push_back(static_cast<int>(k));
        shape.push_back(x.shape[k]);
        if (behind) length *= static_cast<std::size_t>(x.shape[k]);
      }
    }
    moved = apply(order, x, shape);
  }
  std::span<float> row(std::size_t k) { return std::span(moved.data).subspan(k * length, length); }
  std::size_t count() const { return moved.data.size() / length; }
};

void standardize(std::span<float> row, double epsilon) {
  const auto n = static_cast<double>(row.size());
  const double mean = sum_of<kItself>(row) / n;
  double squares = 0.0;
  for (const float v : row) squares += kSquare(static_cast<double>(v) - mean);
  const double factor = 1.0 / std::sqrt(squares / n + epsilon);
  for (float& v : row) v = static_cast<float>((static_cast<double>(v) - mean) * factor);
}

}  // namespace

const ReductionEntry* find_reduction(std::string_view name) noexcept {
  const auto* found = std::ranges::find(kReductions, name, &ReductionEntry::name);
  return found == kReductions.end() ? nullptr : found;
}

std::vector<std::string_view> reduction_names() {
  std::vector<std::string_view> names;
  for (const ReductionEntry& entry : kReductions) names.push_back(entry.name);
  return names;
}

Tensor apply(const Reduction& reduction, const Tensor& x, const Shape& out) {
  Rows rows(x, reduction.axes);
  Tensor y(out);
  for (std::size_t k = 0; k < rows.count(); ++k) {
    y.data[k] = static_cast<float>(reduction.entry->apply(rows.row(k)));
  }
  return y;
}

Tensor apply(const Standardization& standardization, const Tensor& x, const Shape& out) {
  Rows rows(x, standardization.axes);
  for (std::size_t k = 0; k < rows.count(); ++k) standardize(rows.row(k), standardization.epsilon);
  Transposition back{std::vector<int>(out.size())};
  for (std::size_t k = 0; k < out.size(); ++k) {
    back.axes[static_cast<std::size_t>(rows.order.axes[k])] = static_cast<int>(k);
  }
  return apply(back, rows.moved, out);
}

Tensor apply(const LocalResponse& response, const Tensor& x, const Shape& out) {
  Tensor y(out);
  const std::int64_t channels = out[1];
  const std::int64_t plane = x.size() / (out[0] * channels);
  const std::int64_t before = (response.size - 1) / 2, behind = response.size - 1 - before;
  for (std::int64_t k = 0; k < x.size(); ++k) {
    const std::int64_t c = k / plane % channels;
    double sum = 0.0;
    for (auto j = std::max<std::int64_t>(0, c - before); j <= std::min(channels - 1, c + behind);
         ++j) {
      sum += kSquare(static_cast<double>(x.data[static_cast<std::size_t>(k + (j - c) * plane)]));
    }
    const double base = static_cast<double>(response.bias) +
                        static_cast<double>(response.alpha) / response.size * sum;
    const auto at = static_cast<std::size_t>(k);
    y.data[at] = static_cast<float>(static_cast<double>(x.data[at]) /
                                    std::pow(base, static_cast<double>(response.beta)));
  }
  return y;
}

}  // namespace memspice::network
