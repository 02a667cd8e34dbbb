#pragma once
// Sub-arrays seen from their edges, and how two neighbours join into one.
//
// A sub-array of p word lines and q bit lines touches the rest of the array only through 2p + 2q
// ports: the word-line nodes left of its first column and of its last column, the bit-line nodes
// above its first row and of its last row. (The wire segment to the left and above belongs to the
// sub-array.) Two neighbours share p (or q) ports; eliminating these from the sum of their
// admittances leaves the admittance of the joined sub-array: one front of the multifrontal method.

#include <array>
#include <cstddef>
#include <cstring>

#include "crossbar/lane.hpp"

namespace memspice::crossbar {

enum Side { LeftSide, RightSide, TopSide, BottomSide };

/// The admittance of a sub-array between its ports: the lower triangle of a column-major matrix
/// with `stride` rows. Port k of a side is row `first[side] + k`. A side of size 0 is absent.
template <class Element>
struct Admittance {
  const Element* data = nullptr;
  int stride = 0;
  std::array<int, 4> first{};
  std::array<int, 4> size{};
};

/// The front in which two sub-arrays are joined: shared ports first, then the sides of the result.
template <class Element>
struct Front {
  Element* data = nullptr;
  int stride = 0;
  int n_eliminated = 0;  ///< rows before the result's ports
  std::array<int, 4> first{};
  std::array<int, 4> size{};

  Element& at(int row, int column) const {
    return data[static_cast<std::size_t>(column) * static_cast<std::size_t>(stride) + row];
  }
  Admittance<Element> result() const { return {data, stride, first, size}; }
};

/// Lays out the sides of a front after its first n_eliminated rows; returns the rows used.
template <class Element>
int lay_out(Front<Element>& front, int n_eliminated, const std::array<int, 4>& size) {
  front.n_eliminated = n_eliminated;
  front.size = size;
  int row = n_eliminated;
  for (int side = 0; side < 4; ++side) {
    front.first[side] = row;
    row += size[side];
  }
  return row;
}

/// to[k] <- to[k] + from[k]; lanes have their own (lane.hpp).
template <class Element>
void add_numbers(const Element* from, Element* to, int count) {
  for (int k = 0; k < count; ++k) to[k] += from[k];
}

/// Adds the admittance of a sub-array to a front; `position[side]` is the front's row of the
/// side's first port.
template <class Element>
void add_to_front(const Front<Element>& front,
                  const Admittance<Element>& part,
                  const std::array<int, 4>& position) {
  for (int s = 0; s < 4; ++s) {
    for (int t = s; t < 4; ++t) {
      const bool stays_lower = position[t] >= position[s];
      for (int c = 0; c < part.size[s]; ++c) {
        const Element* from =
            part.data + static_cast<std::size_t>(part.first[s] + c) * part.stride + part.first[t];
        const int start = s == t ? c : 0;
        if (stays_lower) {
          Element* to = &front.at(position[t], position[s] + c);
          add_numbers(from + start, to + start, part.size[t] - start);
        } else {
          for (int r = start; r < part.size[t]; ++r) {
            front.at(position[s] + c, position[t] + r) += from[r];
          }
        }
      }
    }
  }
}

/// Sets the lower triangle to zero.
template <class Element>
void clear(const Front<Element>& front, int size) {
  for (int c = 0; c < size; ++c) {
    // All bits zero is the number 0; memset is the fastest way to it.
    std::memset(static_cast<void*>(&front.at(c, c)),
                0,
                static_cast<std::size_t>(size - c) * sizeof(Element));
  }
}

}  // namespace memspice::crossbar
