#pragma once
// The lower phase of the nested dissection: small sub-arrays of one shape, one per SIMD lane.

#include <array>
#include <cstdlib>
#include <memory>

#include "crossbar/strip.hpp"

namespace memspice::crossbar {

/// Floating-point operations (a multiplication and its addition are two) to reduce p x q cells.
double subarray_operations(int p, int q);

/// Reduces up to Lane::width sub-arrays of one shape at once. Holds its working memory,
/// which is kept between calls.
class SubarrayReducer {
 public:
  /// All regions must have the same p and q. Where all end at an edge of the array without
  /// terminals, the ports there are left out and their rows of the admittance not written.
  void reduce(const SubarrayTask* tasks, int n_tasks);

 private:
  using Number = Lane;

  Front<Number> reduce_region(const Region& region);
  Front<Number> reduce_strip(const Region& region);
  Front<Number> make_front(int n_shared, const std::array<int, 4>& size);
  void reserve(int p, int q);
  void find_edges();
  std::array<int, 4> sides_of(const Region& region) const;
  void store(const Front<Number>& front) const;

  struct Free {
    void operator()(Number* memory) const { std::free(memory); }
  };

  const SubarrayTask* tasks_ = nullptr;
  int n_tasks_ = 0;
  bool no_right_ports_ = false;   ///< at the right end of the tasks' regions
  bool no_bottom_ports_ = false;  ///< at their bottom end
  StripReducer strip_;
  std::unique_ptr<Number[], Free> memory_;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
};

}  // namespace memspice::crossbar
