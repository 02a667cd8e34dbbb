// Element-wise arithmetic with NumPy broadcasting, concatenation, reshape.

#include <algorithm>
#include <array>
#include <cmath>

#include "network/apply.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// Values that lie `step` apart, 0 where one is taken again and again.
struct Operand {
  const float* first;
  std::int64_t step;
};

/// to[k] = f(a[k], b[k]).
template <auto f>
void combine_row(Operand a, Operand b, float* to, std::int64_t count) {
  for (std::int64_t k = 0; k < count; ++k) to[k] = f(a.first[k * a.step], b.first[k * b.step]);
}

struct Arithmetic {
  std::string_view name;
  void (*combine_row)(Operand a, Operand b, float* to, std::int64_t count);
};

/// Every operation on two values, in the order of Elementwise::Kind.
constexpr std::array kArithmetic{
    Arithmetic{"Add", combine_row<[](float a, float b) { return a + b; }>},
    Arithmetic{"Mul", combine_row<[](float a, float b) { return a * b; }>},
    Arithmetic{"Div", combine_row<[](float a, float b) { return a / b; }>},
    Arithmetic{"Sub", combine_row<[](float a, float b) { return a - b; }>},
    Arithmetic{"Max", combine_row<[](float a, float b) { return std::max(a, b); }>},
    Arithmetic{"Min", combine_row<[](float a, float b) { return std::min(a, b); }>},
    Arithmetic{"Pow", combine_row<[](float a, float b) { return std::pow(a, b); }>},
    Arithmetic{"PRelu", combine_row<[](float a, float b) { return a < 0 ? b * a : a; }>},
};

const Arithmetic& arithmetic_of(Elementwise::Kind kind) {
  return kArithmetic[static_cast<std::size_t>(kind)];
}

/// Steps through `operand` for each axis of `out`: 0 where the operand is broadcast.
std::vector<std::int64_t> broadcast_strides(const Shape& operand, const Shape& out) {
  std::vector<std::int64_t> strides(out.size(), 0);
  std::int64_t stride = 1;
  for (std::size_t back = 1; back <= operand.size(); ++back) {
    const auto n = operand[operand.size() - back];
    if (n != 1) strides[out.size() - back] = stride;
    stride *= n;
  }
  return strides;
}

/// Walks the rows (last axis) of `out` and keeps each operand's offset.
class RowWalk {
 public:
  RowWalk(const Shape& out, const Shape& a, const Shape& b)
      : out_(out),
        a_(broadcast_strides(a, out)),
        b_(broadcast_strides(b, out)),
        index_(out.size(), 0) {}
  std::int64_t offset_a = 0;
  std::int64_t offset_b = 0;
  std::int64_t step_a() const { return a_.back(); }
  std::int64_t step_b() const { return b_.back(); }
  void next_row() {
    for (std::size_t axis = out_.size() - 1; axis-- > 0;) {
      offset_a += a_[axis];
      offset_b += b_[axis];
      if (++index_[axis] < out_[axis]) return;
      offset_a -= a_[axis] * out_[axis];
      offset_b -= b_[axis] * out_[axis];
      index_[axis] = 0;
    }
  }

 private:
  const Shape& out_;
  std::vector<std::int64_t> a_, b_;
  std::vector<std::int64_t> index_;
};

}  // namespace

std::string_view to_text(Elementwise::Kind kind) noexcept {
  return arithmetic_of(kind).name;
}

Tensor combine(Elementwise::Kind kind, const Tensor& a, const Tensor& b, const Shape& out) {
  Tensor y(out);
  const auto combine_row = arithmetic_of(kind).combine_row;
  if (out.empty()) {
    combine_row({a.data.data(), 1}, {b.data.data(), 1}, y.data.data(), 1);
    return y;
  }
  RowWalk walk(out, a.shape, b.shape);
  const auto length = out.back();
  for (std::int64_t start = 0; start < y.size(); start += length, walk.next_row()) {
    combine_row({a.data.data() + walk.offset_a, walk.step_a()},
                {b.data.data() + walk.offset_b, walk.step_b()},
                y.data.data() + start,
                length);
  }
  return y;
}

Tensor concatenate(int axis_as_given, std::span<const Tensor* const> inputs, const Shape& out) {
  Tensor y(out);
  const auto axis =
      static_cast<std::size_t>(normal_axis(axis_as_given, out.size(), "concatenation"));
  std::int64_t outer = 1;
  for (std::size_t k = 0; k < axis; ++k) outer *= out[k];
  float* to = y.data.data();
  for (std::int64_t block = 0; block < outer; ++block) {
    for (const Tensor* input : inputs) {
      const auto count = input->size() / outer;
      to = std::copy_n(input->data.data() + block * count, count, to);
    }
  }
  return y;
}

Tensor apply(const Reshape& /*reshape*/, const Tensor& x, const Shape& out) {
  return Tensor(out, x.data);
}

}  // namespace memspice::network
