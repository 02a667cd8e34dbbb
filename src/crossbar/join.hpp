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

/// Assembles the two parts into a cleared front that is laid out for `join`.
template <class Element>
void assemble(const Front<Element>& front,
              const Join& join,
              const Admittance<Element>& first,
              const Admittance<Element>& second) {
  std::array<int, 4> position{};
  for (int side = 0; side < 4; ++side) position[side] = front.first[side] + join.first_offset[side];
  position[join.stacked ? BottomSide : RightSide] = 0;
  add_to_front(front, first, position);
  for (int side = 0; side < 4; ++side) {
    position[side] = front.first[side] + join.second_offset[side];
  }
  position[join.stacked ? TopSide : LeftSide] = 0;
  add_to_front(front, second, position);
}

}  // namespace memspice::crossbar
