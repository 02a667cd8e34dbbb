#include "crossbar/subarray.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "crossbar/join.hpp"

namespace memspice::crossbar {
namespace {

/// Bit lines of a strip, the smallest sub-array: widths from 6 to 11 remain when lines are halved,
/// 8 for powers of two, and fill the blocks of the lane kernels.
constexpr int widest_strip = 11;

bool is_strip(const Region& region) {
  return region.p == 1 && region.q <= widest_strip;
}

Halves halve(const Region& region) {
  const bool across_bit_lines = region.q > widest_strip && region.q >= region.p;
  return across_bit_lines || region.p == 1 ? halve_bit_lines(region) : halve_word_lines(region);
}

std::array<int, 4> all_sides(const Region& region) {
  return {region.p, region.p, region.q, region.q};
}

std::size_t front_size(int n_shared, const std::array<int, 4>& size) {
  const int ports = size[0] + size[1] + size[2] + size[3];
  const auto rows = static_cast<std::size_t>(round_to_block(round_to_block(n_shared) + ports));
  return rows * rows;
}

/// Rows that only fill the last block, after the shared ports and after all: nothing else meets
/// them, and the former are eliminated as if they were isolated unit conductances.
void isolate_padding(const Front<Lane>& front, int n_shared) {
  const int end = front.first[BottomSide] + front.size[BottomSide];
  for (const auto& [from, to] :
       {std::pair{n_shared, front.n_eliminated}, std::pair{end, front.stride}}) {
    clear(front, from, to - from, 0, from);
    clear(front, from, front.stride - from, from, to - from);
  }
  for (int k = n_shared; k < front.n_eliminated; ++k) front.at(k, k) = Lane::all(1);
}

int shared_ports(const Halves& halves) {
  return halves.stacked ? halves.first.q : halves.first.p;
}

std::size_t front_size(const Region& region) {
  // A strip may have to eliminate its own bit-line nodes; see reduce_strip.
  const int n_shared = is_strip(region) ? region.q : shared_ports(halve(region));
  return front_size(n_shared, all_sides(region));
}

/// Working memory of reduce_region: the result stays below what its halves need.
std::size_t memory_for(const Region& region) {
  const std::size_t own = front_size(region);
  if (is_strip(region)) return own;
  const Halves halves = halve(region);
  return own +
         std::max(memory_for(halves.first), front_size(halves.first) + memory_for(halves.second));
}

}  // namespace

double subarray_operations(int p, int q) {
  const Region region{0, 0, p, q};
  // The word line of a strip is eliminated node by node: a growing set of couplings, squared.
  if (is_strip(region)) return q * (q + 1.0) * (2.0 * q + 1.0) / 6.0;
  const Halves halves = halve(region);
  return subarray_operations(halves.first.p, halves.first.q) +
         subarray_operations(halves.second.p, halves.second.q) +
         front_operations(shared_ports(halves), 2.0 * (p + q));
}

void SubarrayReducer::reserve(int p, int q) {
  const std::size_t needed = memory_for({0, 0, p, q});
  used_ = 0;
  if (needed <= capacity_) return;
  memory_.reset(static_cast<Number*>(std::aligned_alloc(64, needed * sizeof(Number))));
  if (!memory_) throw std::bad_alloc();
  capacity_ = needed;
}

Front<Lane> SubarrayReducer::make_front(int n_shared, const std::array<int, 4>& size) {
  Front<Number> front;
  front.stride = round_to_block(lay_out(front, round_to_block(n_shared), size));
  front.data = memory_.get() + used_;
  used_ += front_size(n_shared, size);
  return front;
}

Front<Lane> SubarrayReducer::reduce_strip(const Region& region) {
  const bool last = region.i + 1 == tasks_->region.p;
  const int n_shared = last ? region.q : 0;
  const Front<Number> front = make_front(n_shared, sides_of(region));
  clear(front, 0, front.stride, 0, front.stride);
  isolate_padding(front, n_shared);
  strip_.write(front, region, last);
  if (last) eliminate_lanes(front.data, front.stride, front.n_eliminated);
  return front;
}

Front<Lane> SubarrayReducer::reduce_region(const Region& region) {
  if (is_strip(region)) return reduce_strip(region);
  const Halves halves = halve(region);
  const Front<Number> front = make_front(shared_ports(halves), sides_of(region));
  isolate_padding(front, shared_ports(halves));
  const std::size_t kept = used_;
  const Front<Number> first = reduce_region(halves.first);
  used_ = static_cast<std::size_t>(first.data - memory_.get()) + front_size(halves.first);
  const Front<Number> second = reduce_region(halves.second);
  const Join join = join_sides(sides_of(halves.first), sides_of(halves.second), halves.stacked);
  assemble(front, join, first.result(), second.result());
  eliminate_lanes(front.data, front.stride, front.n_eliminated);
  used_ = kept;
  return front;
}

void SubarrayReducer::store(const Front<Number>& front) const {
  const auto [i, j, p, q] = tasks_->region;
  const int ports = 2 * (p + q);
  const std::array<int, 4> first = {0, p, 2 * p, 2 * p + q};
  for (int s = 0; s < 4; ++s) {
    for (int c = 0; c < front.size[s]; ++c) {
      for (int t = s; t < 4; ++t) {
        const int start = s == t ? c : 0;
        const Number* from = &front.at(front.first[t], front.first[s] + c);
        for (int l = 0; l < n_tasks_; ++l) {
          double* to = tasks_[l].admittance + static_cast<std::size_t>(first[s] + c) * ports;
          for (int r = start; r < front.size[t]; ++r) to[first[t] + r] = from[r].value[l];
        }
      }
    }
  }
}

void SubarrayReducer::find_edges() {
  no_right_ports_ = no_bottom_ports_ = true;
  for (int l = 0; l < n_tasks_; ++l) {
    const auto [i, j, p, q] = tasks_[l].region;
    const Grid& grid = *tasks_[l].grid;
    no_right_ports_ = no_right_ports_ && !grid.driven_right && j + q == grid.G.cols();
    no_bottom_ports_ = no_bottom_ports_ && !grid.sensed_bottom && i + p == grid.G.rows();
  }
}

std::array<int, 4> SubarrayReducer::sides_of(const Region& region) const {
  const bool at_right = region.j + region.q == tasks_->region.q;
  const bool at_bottom = region.i + region.p == tasks_->region.p;
  return {region.p,
          no_right_ports_ && at_right ? 0 : region.p,
          region.q,
          no_bottom_ports_ && at_bottom ? 0 : region.q};
}

void SubarrayReducer::reduce(const SubarrayTask* tasks, int n_tasks) {
  tasks_ = tasks;
  n_tasks_ = n_tasks;
  strip_.set_tasks(tasks, n_tasks);
  find_edges();
  reserve(tasks->region.p, tasks->region.q);
  store(reduce_region({0, 0, tasks->region.p, tasks->region.q}));
}

}  // namespace memspice::crossbar
