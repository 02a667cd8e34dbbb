#pragma once
// The lower phase of the nested dissection: small sub-arrays of one shape, one per SIMD lane.

#include <cstdlib>
#include <memory>
#include <vector>

#include "crossbar/front.hpp"
#include "crossbar/grid.hpp"
#include "crossbar/lane.hpp"

namespace memspice::crossbar {

/// One sub-array to reduce and where its admittance goes.
template <class Scalar>
struct SubarrayTask {
  const Grid* grid = nullptr;
  Region region;
  /// Receives the lower triangle of 2(p + q) rows, column-major: ports left, right, top, bottom.
  /// At the array's right and bottom edge the port is the terminal beyond the edge (its entries
  /// are 0 where there is none).
  Scalar* admittance = nullptr;
};

/// Reduces up to Lane<Scalar>::width sub-arrays of one shape at once. Holds its working memory,
/// which is kept between calls.
template <class Scalar>
class SubarrayReducer {
 public:
  /// All regions must have the same p and q.
  void reduce(const SubarrayTask<Scalar>* tasks, int n_tasks);

 private:
  using Number = Lane<Scalar>;

  Front<Number> reduce_region(const Region& region);
  Front<Number> reduce_strip(const Region& region);
  Front<Number> make_front(int n_shared, const std::array<int, 4>& size);
  void reserve(int p, int q);
  void eliminate_word_line(const Region& region);
  void add_right_end(const Region& region, const Number* coupling, const Number& diagonal);
  void write_inner_strip(const Front<Number>& front, int q) const;
  void write_last_strip(const Front<Number>& front, const Region& region) const;
  void add_bit_line_segments(const Front<Number>& front, const Region& region, bool last) const;
  void store(const Front<Number>& front) const;

  /// Gathers one number per lane from its grid and absolute position; idle lanes repeat lane 0.
  template <class Function>
  Number gather(const Function& function) const;
  Number at_bottom_edge(const Region& region) const;
  Number& strip(int row, int column) { return strip_[column * strip_size_ + row]; }
  const Number& strip(int row, int column) const { return strip_[column * strip_size_ + row]; }

  struct Free {
    void operator()(Number* memory) const { std::free(memory); }
  };

  const SubarrayTask<Scalar>* tasks_ = nullptr;
  int n_tasks_ = 0;
  std::vector<Number> strip_;  ///< admittance of one word line: left, right, its bit-line nodes
  int strip_size_ = 0;
  std::unique_ptr<Number[], Free> memory_;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
};

extern template class SubarrayReducer<double>;
extern template class SubarrayReducer<float>;

}  // namespace memspice::crossbar
