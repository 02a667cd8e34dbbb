#include "spectral/real_transform.hpp"

#include <kissfft/kiss_fftr.h>

#include <cassert>

namespace memspice::spectral {
namespace {

using Complex = std::complex<float>;
static_assert(sizeof(Complex) == sizeof(kiss_fft_cpx), "both are two floats");

struct Free {
  void operator()(void* plan) const noexcept { kiss_fft_free(plan); }
};
using RowPlan = std::unique_ptr<kiss_fftr_state, Free>;
using ColumnPlan = std::unique_ptr<kiss_fft_state, Free>;

kiss_fft_cpx* as_kiss(Complex* values) {
  return reinterpret_cast<kiss_fft_cpx*>(values);
}
const kiss_fft_cpx* as_kiss(const Complex* values) {
  return reinterpret_cast<const kiss_fft_cpx*>(values);
}

}  // namespace

struct RealTransform::Plans {
  RowPlan rows, rows_back;
  ColumnPlan columns, columns_back;

  explicit Plans(int n)
      : rows(kiss_fftr_alloc(n, 0, nullptr, nullptr)),
        rows_back(kiss_fftr_alloc(n, 1, nullptr, nullptr)),
        columns(kiss_fft_alloc(n, 0, nullptr, nullptr)),
        columns_back(kiss_fft_alloc(n, 1, nullptr, nullptr)) {}
};

RealTransform::RealTransform(int size)
    : size_(size),
      plans_(std::make_unique<Plans>(size)),
      column_(static_cast<std::size_t>(size)),
      bins_(static_cast<std::size_t>(size * (size / 2 + 1))) {
  assert(size >= 2 && size % 2 == 0);
}

RealTransform::~RealTransform() = default;

void RealTransform::forward(const float* pixels, Complex* bins) {
  for (int y = 0; y < size_; ++y) {
    kiss_fftr(plans_->rows.get(), pixels + y * size_, as_kiss(bins + y * columns()));
  }
  for (int x = 0; x < columns(); ++x) {
    kiss_fft_stride(plans_->columns.get(), as_kiss(bins + x), as_kiss(column_.data()), columns());
    for (int y = 0; y < size_; ++y) bins[y * columns() + x] = column_[static_cast<std::size_t>(y)];
  }
}

void RealTransform::backward(const Complex* bins, float* pixels) {
  for (int x = 0; x < columns(); ++x) {
    kiss_fft_stride(
        plans_->columns_back.get(), as_kiss(bins + x), as_kiss(column_.data()), columns());
    for (int y = 0; y < size_; ++y) {
      bins_[static_cast<std::size_t>(y * columns() + x)] = column_[static_cast<std::size_t>(y)];
    }
  }
  for (int y = 0; y < size_; ++y) {
    kiss_fftri(plans_->rows_back.get(), as_kiss(bins_.data() + y * columns()), pixels + y * size_);
  }
}

}  // namespace memspice::spectral
