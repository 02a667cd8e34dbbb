// Products of two computed matrices.

#include <Eigen/Core>

#include "network/apply.hpp"

namespace memspice::network {
namespace {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMap = Eigen::Map<const RowMatrix>;

/// The matrix of a tensor that matrix `k` of the result of shape `out` is made of.
std::int64_t matrix_of(const Shape& shape, const Shape& out, std::int64_t k) {
  std::int64_t place = 0, step = 1;
  for (std::size_t axis = out.size() - 2; axis-- > 0;) {
    if (shape[axis] > 1) place += k % out[axis] * step;
    step *= shape[axis];
    k /= out[axis];
  }
  return place;
}

}  // namespace

Tensor multiply(const Tensor& a, const Tensor& b, const Shape& out) {
  Tensor y(out);
  const auto rows = out[out.size() - 2], columns = out.back(), inner = a.shape.back();
  for (std::int64_t k = 0; k < y.size() / (rows * columns); ++k) {
    const float* left = a.data.data() + matrix_of(a.shape, out, k) * rows * inner;
    const float* right = b.data.data() + matrix_of(b.shape, out, k) * inner * columns;
    Eigen::Map<RowMatrix>(y.data.data() + k * rows * columns, rows, columns).noalias() =
        ConstMap(left, rows, inner) * ConstMap(right, inner, columns);
  }
  return y;
}

}  // namespace memspice::network
