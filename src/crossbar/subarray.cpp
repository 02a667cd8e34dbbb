#include "crossbar/subarray.hpp"

#include <new>

namespace memspice::crossbar {
namespace {

/// Bit lines of a strip, the smallest sub-array: measured best between 6 and 11.
constexpr int widest_strip = 11;

bool is_strip(const Region& region) {
  return region.p == 1 && region.q <= widest_strip;
}

Halves halve(const Region& region) {
  const bool across_bit_lines = region.q > widest_strip && region.q >= region.p;
  return across_bit_lines || region.p == 1 ? halve_bit_lines(region) : halve_word_lines(region);
}

std::array<int, 4> sides_of(const Region& region) {
  return {region.p, region.p, region.q, region.q};
}

std::size_t front_size(int n_shared, const std::array<int, 4>& size) {
  const int ports = size[0] + size[1] + size[2] + size[3];
  const auto rows = static_cast<std::size_t>(round_to_block(round_to_block(n_shared) + ports));
  return rows * rows;
}

int shared_ports(const Halves& halves) {
  return halves.stacked ? halves.first.q : halves.first.p;
}

std::size_t front_size(const Region& region) {
  // A strip may have to eliminate its own bit-line nodes; see reduce_strip.
  const int n_shared = is_strip(region) ? region.q : shared_ports(halve(region));
  return front_size(n_shared, sides_of(region));
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

template <class Scalar>
template <class Function>
Lane<Scalar> SubarrayReducer<Scalar>::gather(const Function& function) const {
  Number number;
  for (int l = 0; l < Number::width; ++l) {
    const SubarrayTask<Scalar>& task = tasks_[l < n_tasks_ ? l : 0];
    number.value[l] = static_cast<Scalar>(function(*task.grid, task.region));
  }
  return number;
}

template <class Scalar>
void SubarrayReducer<Scalar>::reserve(int p, int q) {
  const std::size_t needed = memory_for({0, 0, p, q});
  used_ = 0;
  if (needed <= capacity_) return;
  memory_.reset(static_cast<Number*>(std::aligned_alloc(64, needed * sizeof(Number))));
  if (!memory_) throw std::bad_alloc();
  capacity_ = needed;
}

template <class Scalar>
Front<Lane<Scalar>> SubarrayReducer<Scalar>::make_front(int n_shared,
                                                        const std::array<int, 4>& size) {
  Front<Number> front;
  const int rows = lay_out(front, round_to_block(n_shared), size);
  front.stride = round_to_block(rows);
  front.data = memory_.get() + used_;
  used_ += front_size(n_shared, size);
  clear(front, front.stride);
  // Rows that only fill the last block are eliminated as if they were isolated unit conductances.
  for (int k = n_shared; k < front.n_eliminated; ++k) front.at(k, k) = Number::all(1);
  return front;
}

template <class Scalar>
void SubarrayReducer<Scalar>::eliminate_word_line(const Region& region) {
  // The word line is eliminated node by node from the left. `coupling` is what the present node
  // has to the left port and to the bit-line nodes so far, `held` its conductance to all of them.
  const int q = region.q;
  strip_size_ = q + 2;
  strip_.assign(static_cast<std::size_t>(strip_size_ * strip_size_), Number::all(0));
  std::vector<Number> coupling(static_cast<std::size_t>(strip_size_), Number::all(0));
  const Number g_row = gather([](const Grid& grid, const Region&) { return grid.g_row; });
  Number held = gather([&](const Grid& grid, const Region& at) {
    return at.j + region.j == 0 ? grid.g_left[at.i + region.i] : grid.g_row;
  });
  coupling[0] = held;
  strip(0, 0) = held;
  for (int j = 0; j < q; ++j) {
    const Number cell = gather([&](const Grid& grid, const Region& at) {
      return grid.G(at.i + region.i, at.j + region.j + j);
    });
    strip(2 + j, 2 + j) = cell;
    coupling[2 + j] = cell;
    held += cell;
    if (j == q - 1) break;
    const Number inverse = Number::all(1) / (held + g_row);
    const Number carried = g_row * inverse;
    for (int c = 0; c <= 2 + j; ++c) {
      const Number scaled = coupling[c] * inverse;
      for (int r = c; r <= 2 + j; ++r) strip(r, c) -= coupling[r] * scaled;
    }
    for (int c = 0; c <= 2 + j; ++c) coupling[c] = coupling[c] * carried;
    held = held * carried;  // g - g^2 / (held + g), without its cancellation
  }
  add_right_end(region, coupling.data(), held);
}

template <class Scalar>
void SubarrayReducer<Scalar>::add_right_end(const Region& region,
                                            const Number* coupling,
                                            const Number& held) {
  // Inside the array the last node is the right port; at the edge it is eliminated in favour of
  // the terminal there. Each lane picks by its factors.
  const auto edge = [&](const Grid& grid, const Region& at) {
    return at.j + region.j + region.q == grid.G.cols();
  };
  Number inverse;
  Number share;
  Number own;
  for (int l = 0; l < Number::width; ++l) {
    const SubarrayTask<Scalar>& task = tasks_[l < n_tasks_ ? l : 0];
    const bool on_edge = edge(*task.grid, task.region);
    const auto g =
        on_edge ? static_cast<Scalar>(task.grid->g_right[task.region.i + region.i]) : Scalar(0);
    const Scalar total = held.value[l] + g;
    inverse.value[l] = on_edge ? Scalar(1) / total : Scalar(0);
    share.value[l] = on_edge ? g / total : Scalar(1);
    own.value[l] = held.value[l] * share.value[l];
  }
  for (int c = 0; c < strip_size_; ++c) {
    if (c == 1) continue;
    const Number scaled = coupling[c] * inverse;
    for (int r = c; r < strip_size_; ++r) {
      if (r != 1) strip(r, c) -= coupling[r] * scaled;
    }
    strip(std::max(c, 1), std::min(c, 1)) = -(coupling[c] * share);
  }
  strip(1, 1) = own;
}

template <class Scalar>
Lane<Scalar> SubarrayReducer<Scalar>::at_bottom_edge(const Region& region) const {
  return gather([&](const Grid& grid, const Region& at) {
    return at.i + region.i + 1 == grid.G.rows() ? 1 : 0;
  });
}

template <class Scalar>
void SubarrayReducer<Scalar>::write_inner_strip(const Front<Number>& front, int q) const {
  const int left = front.first[LeftSide];
  const int bottom = front.first[BottomSide];
  const auto row = [&](int k) { return k < 2 ? left + k : bottom + k - 2; };
  for (int c = 0; c < q + 2; ++c) {
    for (int r = c; r < q + 2; ++r) front.at(row(r), row(c)) = strip(r, c);
  }
}

template <class Scalar>
void SubarrayReducer<Scalar>::write_last_strip(const Front<Number>& front,
                                               const Region& region) const {
  // Inside the array the bit-line nodes are the bottom ports; at the edge they are the eliminated
  // rows. A lane has zeros in the place that is not its own, and a unit pivot there.
  const Number on_edge = at_bottom_edge(region);
  const Number inside = Number::all(1) - on_edge;
  const int left = front.first[LeftSide];
  const int bottom = front.first[BottomSide];
  for (int c = 0; c < region.q + 2; ++c) {
    for (int r = c; r < region.q + 2; ++r) {
      const Number& value = strip(r, c);
      if (r < 2) {
        front.at(left + r, left + c) = value;
      } else if (c < 2) {
        front.at(bottom + r - 2, left + c) = inside * value;
        front.at(left + c, r - 2) = on_edge * value;
      } else {
        front.at(bottom + r - 2, bottom + c - 2) = inside * value;
        front.at(r - 2, c - 2) = on_edge * value;
      }
    }
  }
  for (int j = 0; j < region.q; ++j) front.at(j, j) += inside;
}

template <class Scalar>
void SubarrayReducer<Scalar>::add_bit_line_segments(const Front<Number>& front,
                                                    const Region& region,
                                                    bool last) const {
  const Number on_edge = last ? at_bottom_edge(region) : Number::all(0);
  const Number inside = Number::all(1) - on_edge;
  for (int j = 0; j < region.q; ++j) {
    const int top = front.first[TopSide] + j;
    const int bottom = front.first[BottomSide] + j;
    const Number above = gather([&](const Grid& grid, const Region& at) {
      return at.i + region.i == 0 ? grid.g_top[at.j + region.j + j] : grid.g_column;
    });
    front.at(top, top) += above;
    front.at(bottom, bottom) += inside * above;
    front.at(bottom, top) -= inside * above;
    if (!last) continue;
    const Number below = on_edge * gather([&](const Grid& grid, const Region& at) {
                           return grid.g_bottom[at.j + region.j + j];
                         });
    front.at(j, j) += on_edge * above + below;
    front.at(top, j) -= on_edge * above;
    front.at(bottom, j) -= below;
    front.at(bottom, bottom) += below;
  }
}

template <class Scalar>
Front<Lane<Scalar>> SubarrayReducer<Scalar>::reduce_strip(const Region& region) {
  eliminate_word_line(region);
  const bool last = region.i + 1 == tasks_->region.p;
  const Front<Number> front = make_front(last ? region.q : 0, sides_of(region));
  if (last) {
    write_last_strip(front, region);
  } else {
    write_inner_strip(front, region.q);
  }
  add_bit_line_segments(front, region, last);
  if (last) eliminate_lanes(front.data, front.stride, front.n_eliminated);
  return front;
}

template <class Scalar>
Front<Lane<Scalar>> SubarrayReducer<Scalar>::reduce_region(const Region& region) {
  if (is_strip(region)) return reduce_strip(region);
  const Halves halves = halve(region);
  const Front<Number> front = make_front(shared_ports(halves), sides_of(region));
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

template <class Scalar>
void SubarrayReducer<Scalar>::store(const Front<Number>& front) const {
  const int ports = 2 * (tasks_->region.p + tasks_->region.q);
  for (int c = 0; c < ports; ++c) {
    const Number* from = &front.at(front.n_eliminated + c, front.n_eliminated + c);
    for (int l = 0; l < n_tasks_; ++l) {
      Scalar* to = tasks_[l].admittance + static_cast<std::size_t>(c) * ports + c;
      for (int r = 0; r < ports - c; ++r) to[r] = from[r].value[l];
    }
  }
}

template <class Scalar>
void SubarrayReducer<Scalar>::reduce(const SubarrayTask<Scalar>* tasks, int n_tasks) {
  tasks_ = tasks;
  n_tasks_ = n_tasks;
  reserve(tasks->region.p, tasks->region.q);
  store(reduce_region({0, 0, tasks->region.p, tasks->region.q}));
}

template class SubarrayReducer<double>;
template class SubarrayReducer<float>;

}  // namespace memspice::crossbar
