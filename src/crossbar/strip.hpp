#pragma once
// The smallest sub-arrays: a few cells of one word line, one strip per SIMD lane.

#include <vector>

#include "crossbar/front.hpp"
#include "crossbar/grid.hpp"
#include "crossbar/lane.hpp"

namespace memspice::crossbar {

/// One sub-array to reduce and where its admittance goes.
struct SubarrayTask {
  const Grid* grid = nullptr;
  Region region;
  /// Receives the lower triangle of 2(p + q) rows, column-major: ports left, right, top, bottom.
  /// At the array's right and bottom edge the port is the terminal beyond the edge (its entries
  /// are 0 where there is none).
  double* admittance = nullptr;
};

/// Writes the admittance of strips that stand at one place of each task's region.
class StripReducer {
 public:
  using Number = Lane;

  /// At most Lane::width tasks; they must outlive their use.
  void set_tasks(const SubarrayTask* tasks, int n_tasks) {
    tasks_ = tasks;
    n_tasks_ = n_tasks;
  }

  /// region: the strip within the tasks' regions, p = 1. `last`: it is their last word line, so
  /// that in some lanes it may be the array's; then the front's first q rows are the bit-line nodes
  /// to eliminate where that is so, and unit pivots where it is not. The front is clear.
  void write(const Front<Number>& front, const Region& region, bool last);

 private:
  void eliminate_word_line(const Region& region);
  void add_right_end(const Region& region, const Number* coupling, const Number& held);
  void write_inner_strip(const Front<Number>& front, int q) const;
  void write_last_strip(const Front<Number>& front, const Region& region) const;
  void add_bit_line_segments(const Front<Number>& front, const Region& region, bool last) const;

  /// Gathers one number per lane from its grid and absolute position; idle lanes repeat lane 0.
  template <class Function>
  Number gather(const Function& function) const;
  Number at_bottom_edge(const Region& region) const;
  Number& strip(int row, int column) { return strip_[column * strip_size_ + row]; }
  const Number& strip(int row, int column) const { return strip_[column * strip_size_ + row]; }

  const SubarrayTask* tasks_ = nullptr;
  int n_tasks_ = 0;
  std::vector<Number> strip_;  ///< admittance of one word line: left, right, its bit-line nodes
  int strip_size_ = 0;
};

}  // namespace memspice::crossbar
