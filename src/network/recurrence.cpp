#include "network/recurrence.hpp"

#include <Eigen/Core>
#include <algorithm>

#include "network/apply.hpp"

namespace memspice::network {
namespace {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMap = Eigen::Map<const RowMatrix>;
using Map = Eigen::Map<RowMatrix>;
using Array = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One recurrence while it runs: rows are all sequences of all images.
class Run {
 public:
  Run(const Recurrence& r, std::span<const Tensor* const> inputs, const StateProduct& product)
      : r_(r),
        product_(product),
        x_(*inputs[0]),
        n_(r.size()),
        steps_(x_.shape[x_.shape.size() - 2]),
        rows_(x_.size() / (steps_ * r.gates() * n_)) {
    std::size_t next = 1;
    h_ = first(r.takes_state ? inputs[next++] : nullptr, r.first_state);
    c_ = first(r.takes_cell ? inputs[next] : nullptr, r.first_cell);
  }

  Tensor run() {
    Shape shape = x_.shape;
    shape.back() = r_.gives_cell ? 2 * n_ : n_;
    Tensor output(shape);
    for (std::int64_t k = 0; k < steps_; ++k) {
      const std::int64_t step = r_.is_reverse ? steps_ - 1 - k : k;
      advance(k, step);
      auto behind = rows_of(output, step, shape.back());
      behind.leftCols(n_) = h_;
      if (r_.gives_cell) behind.rightCols(n_) = c_;
    }
    return output;
  }

 private:
  using Strided = Eigen::Map<RowMatrix, 0, Eigen::OuterStride<>>;

  Array first(const Tensor* given, const Tensor& constant) const {
    if (given != nullptr) return ConstMap(given->data.data(), rows_, n_);
    if (constant.size() == 0) return Array::Zero(rows_, n_);
    const std::int64_t each = constant.size() / n_;  // rows of an image
    return ConstMap(constant.data.data(), each, n_).replicate(rows_ / each, 1);
  }

  /// All rows of one step: rows x width.
  Strided rows_of(Tensor& tensor, std::int64_t step, std::int64_t width) const {
    return {tensor.data.data() + step * width, rows_, width, Eigen::OuterStride<>(steps_ * width)};
  }
  /// What the step's input gives gate `gate`.
  Array x_of(std::int64_t step, std::int64_t gate) const {
    const std::int64_t width = r_.gates() * n_;
    const Eigen::Map<const RowMatrix, 0, Eigen::OuterStride<>> all(
        x_.data.data() + step * width, rows_, width, Eigen::OuterStride<>(steps_ * width));
    return all.middleCols(gate * n_, n_);
  }
  Array multiply(const Array& states, std::int64_t product) const {
    Tensor rows({rows_, n_});
    Map(rows.data.data(), rows_, n_) = states;
    const Tensor sums = product_(rows, product);
    return ConstMap(sums.data.data(), rows_, r_.gates() * n_);
  }
  Array gate(const Array& s, std::int64_t index) const { return s.middleCols(index * n_, n_); }

  Array apply_function(std::size_t which, Array values) const {
    if (r_.clip > 0.0F) values = values.max(-r_.clip).min(r_.clip);
    Tensor y({rows_, n_});
    Map(y.data.data(), rows_, n_) = values;
    const GateFunction& f = r_.functions[which];
    y = f.function.entry != nullptr ? apply(f.function, y, y.shape)
                                    : apply(f.activation, y, y.shape);
    return ConstMap(y.data.data(), rows_, n_);
  }

  void advance(std::int64_t k, std::int64_t step) {
    switch (r_.cell) {
      case Recurrence::Cell::Plain:
        h_ = apply_function(0, x_of(step, 0) + multiply(h_, k));
        break;
      case Recurrence::Cell::Gru:
        advance_gru(k * r_.products_per_step(), step);
        break;
      case Recurrence::Cell::Lstm:
        advance_lstm(k, step);
        break;
    }
  }

  /// Gates z, r, n.
  void advance_gru(std::int64_t product, std::int64_t step) {
    const Array s = multiply(h_, product);
    const Array z = apply_function(0, x_of(step, 0) + gate(s, 0));
    const Array r = apply_function(0, x_of(step, 1) + gate(s, 1));
    const Array s_n =
        r_.resets_before_product ? gate(multiply(r * h_, product + 1), 2) : Array(r * gate(s, 2));
    const Array n = apply_function(1, x_of(step, 2) + s_n);
    h_ = (1.0F - z) * n + z * h_;
  }

  /// Gates i, o, f, c.
  void advance_lstm(std::int64_t product, std::int64_t step) {
    const Array s = multiply(h_, product);
    const auto sum = [&](std::int64_t index) -> Array {
      return x_of(step, index) + gate(s, index);
    };
    const Array i = apply_function(0, sum(0) + seen_through(0, c_));
    const Array f =
        r_.couples_gates ? Array(1.0F - i) : apply_function(0, sum(2) + seen_through(2, c_));
    c_ = f * c_ + i * apply_function(1, sum(3));
    const Array o = apply_function(0, sum(1) + seen_through(1, c_));
    h_ = o * apply_function(2, c_);
  }

  /// What a gate sees of the cell through its peepholes.
  Array seen_through(std::int64_t index, const Array& c) const {
    if (r_.peepholes.size() == 0) return Array::Zero(rows_, n_);
    const Eigen::Map<const Eigen::RowVectorXf> p(r_.peepholes.data.data() + index * n_, n_);
    return c.rowwise() * p.array();
  }

  const Recurrence& r_;
  const StateProduct& product_;
  const Tensor& x_;
  std::int64_t n_, steps_, rows_;
  Array h_, c_;
};

}  // namespace

Tensor multiply_states(const Recurrence& recurrence, const Tensor& states) {
  const FullyConnected product{.weight = recurrence.weight, .bias = recurrence.bias};
  return apply(product, states, {states.shape[0], recurrence.weight.shape[0]});
}

Tensor run_recurrence(const Recurrence& recurrence,
                      std::span<const Tensor* const> inputs,
                      const StateProduct& product) {
  return Run(recurrence, inputs, product).run();
}

Tensor states_of(const Recurrence& recurrence, std::span<const Tensor* const> inputs) {
  const Shape& x = inputs[0]->shape;
  const std::int64_t images = x[0], n = recurrence.size(), steps = x[x.size() - 2];
  const std::int64_t rows = inputs[0]->size() / (images * steps * recurrence.gates() * n);
  const std::int64_t products = steps * recurrence.products_per_step();
  Tensor seen({images, products, rows, n});
  run_recurrence(recurrence, inputs, [&](const Tensor& states, std::int64_t product) {
    for (std::int64_t image = 0; image < images; ++image) {
      std::copy_n(states.data.begin() + image * rows * n,
                  rows * n,
                  seen.data.begin() + (image * products + product) * rows * n);
    }
    return multiply_states(recurrence, states);
  });
  return seen;
}

}  // namespace memspice::network
