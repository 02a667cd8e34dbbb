#pragma once
// Two neighbouring sub-arrays joined into one front.

#include <array>

#include "crossbar/front.hpp"

namespace memspice::crossbar {

/// Operations to eliminate n of a symmetric front's n + ports unknowns.
inline double front_operations(double n, double ports) {
  return n * ports * ports + n * n * ports + n * n * n / 3.0;
}

/// The sides of two neighbours joined along one edge.
struct Join {
  int n_shared = 0;
  std::array<int, 4> size{};          ///< of the result
  bool stacked = false;               ///< second below first; else second to the right
  std::array<int, 4> first_offset{};  ///< where the first part's ports start within a side
  std::array<int, 4> second_offset{};
};

/// first, second: the sizes of their sides.
Join join_sides(const std::array<int, 4>& first, const std::array<int, 4>& second, bool stacked);

/// Where the two parts of a join stand in its front.
template <class Element>
std::array<Place, 2> places(const Front<Element>& front, const Join& join) {
  std::array<Place, 2> places;
  for (int side = 0; side < 4; ++side) {
    places[0].row[side] = front.first[side] + join.first_offset[side];
    places[1].row[side] = front.first[side] + join.second_offset[side];
  }
  places[0].row[join.stacked ? BottomSide : RightSide] = 0;
  const Side facing = join.stacked ? TopSide : LeftSide;
  places[1].row[facing] = 0;
  places[1].is_taken[facing] = true;
  return places;
}

/// Assembles the two parts into a front that is laid out for `join`. Rows that belong to neither
/// part are left alone.
template <class Element>
void assemble(const Front<Element>& front,
              const Join& join,
              const Admittance<Element>& first,
              const Admittance<Element>& second) {
  const auto [one, other] = places(front, join);
  put(front, first, one);
  put(front, second, other);
  // Nothing lies between ports of the one and ports of the other.
  for (int s = 0; s < 4; ++s) {
    for (int t = 0; t < 4; ++t) {
      if (other.is_taken[t] || s == (join.stacked ? BottomSide : RightSide)) continue;
      const bool is_lower = other.row[t] >= one.row[s];
      if (is_lower) {
        clear(front, other.row[t], second.size[t], one.row[s], first.size[s]);
      } else {
        clear(front, one.row[s], first.size[s], other.row[t], second.size[t]);
      }
    }
  }
}

}  // namespace memspice::crossbar
