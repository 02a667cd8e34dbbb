#include "crossbar/strip.hpp"

#include <algorithm>

namespace memspice::crossbar {

template <class Function>
Lane StripReducer::gather(const Function& function) const {
  Number number;
  for (int l = 0; l < Number::width; ++l) {
    const SubarrayTask& task = tasks_[l < n_tasks_ ? l : 0];
    number.value[l] = (function(*task.grid, task.region));
  }
  return number;
}

void StripReducer::eliminate_word_line(const Region& region) {
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

void StripReducer::add_right_end(const Region& region, const Number* coupling, const Number& held) {
  // Inside the array the last node is the right port; at the edge it is eliminated in favour of
  // the terminal there. Each lane picks by its factors.
  const auto edge = [&](const Grid& grid, const Region& at) {
    return at.j + region.j + region.q == grid.G.cols();
  };
  Number inverse;
  Number share;
  Number own;
  for (int l = 0; l < Number::width; ++l) {
    const SubarrayTask& task = tasks_[l < n_tasks_ ? l : 0];
    const bool on_edge = edge(*task.grid, task.region);
    const auto g = on_edge ? (task.grid->g_right[task.region.i + region.i]) : 0.0;
    const double total = held.value[l] + g;
    inverse.value[l] = on_edge ? 1.0 / total : 0.0;
    share.value[l] = on_edge ? g / total : 1.0;
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

Lane StripReducer::at_bottom_edge(const Region& region) const {
  return gather([&](const Grid& grid, const Region& at) {
    return at.i + region.i + 1 == grid.G.rows() ? 1 : 0;
  });
}

void StripReducer::write_inner_strip(const Front<Number>& front, int q) const {
  // Strip rows: left, right, bit-line nodes. A missing right port's row is left out.
  const auto row = [&](int k) {
    return k < 2 ? front.first[k == 0 ? LeftSide : RightSide] : front.first[BottomSide] + k - 2;
  };
  const bool no_right = front.size[RightSide] == 0;
  for (int c = 0; c < q + 2; ++c) {
    for (int r = c; r < q + 2; ++r) {
      if (no_right && (r == 1 || c == 1)) continue;
      front.at(row(r), row(c)) = strip(r, c);
    }
  }
}

void StripReducer::write_last_strip(const Front<Number>& front, const Region& region) const {
  // Inside the array the bit-line nodes are the bottom ports; at the edge they are the eliminated
  // rows. A lane has zeros in the place that is not its own, and a unit pivot there.
  const Number on_edge = at_bottom_edge(region);
  const Number inside = Number::all(1) - on_edge;
  const int left = front.first[LeftSide];
  const int bottom = front.first[BottomSide];
  const bool no_right = front.size[RightSide] == 0;
  const bool no_bottom = front.size[BottomSide] == 0;
  for (int c = 0; c < region.q + 2; ++c) {
    for (int r = c; r < region.q + 2; ++r) {
      if (no_right && (r == 1 || c == 1)) continue;
      const Number& value = strip(r, c);
      if (r < 2) {
        front.at(left + r, left + c) = value;
        continue;
      }
      front.at(c < 2 ? left + c : r - 2, c < 2 ? r - 2 : c - 2) = on_edge * value;
      if (no_bottom) continue;
      front.at(bottom + r - 2, c < 2 ? left + c : bottom + c - 2) = inside * value;
    }
  }
  for (int j = 0; j < region.q; ++j) front.at(j, j) += inside;
}

void StripReducer::add_bit_line_segments(const Front<Number>& front,
                                         const Region& region,
                                         bool last) const {
  const Number on_edge = last ? at_bottom_edge(region) : Number::all(0);
  const Number inside = Number::all(1) - on_edge;
  const bool has_bottom = front.size[BottomSide] > 0;
  for (int j = 0; j < region.q; ++j) {
    const int top = front.first[TopSide] + j;
    const int bottom = front.first[BottomSide] + j;
    const Number above = gather([&](const Grid& grid, const Region& at) {
      return at.i + region.i == 0 ? grid.g_top[at.j + region.j + j] : grid.g_column;
    });
    front.at(top, top) += above;
    if (has_bottom) {
      front.at(bottom, bottom) += inside * above;
      front.at(bottom, top) -= inside * above;
    }
    if (!last) continue;
    const Number below = on_edge * gather([&](const Grid& grid, const Region& at) {
                           return grid.g_bottom[at.j + region.j + j];
                         });
    front.at(j, j) += on_edge * above + below;
    front.at(top, j) -= on_edge * above;
    if (!has_bottom) continue;
    front.at(bottom, j) -= below;
    front.at(bottom, bottom) += below;
  }
}

void StripReducer::write(const Front<Number>& front, const Region& region, bool last) {
  eliminate_word_line(region);
  if (last) {
    write_last_strip(front, region);
  } else {
    write_inner_strip(front, region.q);
  }
  add_bit_line_segments(front, region, last);
}

}  // namespace memspice::crossbar
