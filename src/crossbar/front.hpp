#pragma once
// Sub-arrays seen from their edges, and how two neighbours join into one.
//
// A sub-array of p word lines and q bit lines touches the rest of the array only through 2p + 2q
// ports: the word-line nodes left of its first column and of its last column, the bit-line nodes
// above its first row and of its last row. (The wire segment to the left and above belongs to the
// sub-array.) Two neighbours share p (or q) ports; eliminating these from the sum of their
// admittances leaves the admittance of the joined sub-array: one front of the multifrontal method.

#include <algorithm>
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

/// Where an admittance's sides start in a front, and which of them a neighbour has brought already.
struct Place {
  std::array<int, 4> row{};
  std::array<bool, 4> is_taken{};
};

/// Writes the admittance of a sub-array into a front, which need not be clear; what lies between
/// two taken sides is added.
template <class Element>
void put(const Front<Element>& front, const Admittance<Element>& part, const Place& place) {
  for (int s = 0; s < 4; ++s) {
    for (int t = s; t < 4; ++t) {
      const bool stays_lower = place.row[t] >= place.row[s];
      const bool adds = place.is_taken[s] && place.is_taken[t];
      for (int c = 0; c < part.size[s]; ++c) {
        const int start = s == t ? c : 0;
        const Element* from =
            part.data + static_cast<std::size_t>(part.first[s] + c) * part.stride + part.first[t];
        if (!stays_lower) {
          for (int r = 0; r < part.size[t]; ++r) {
            front.at(place.row[s] + c, place.row[t] + r) = from[r];
          }
          continue;
        }
        Element* to = &front.at(place.row[t], place.row[s] + c);
        if (adds) {
          for (int r = start; r < part.size[t]; ++r) to[r] += from[r];
        } else {
          std::copy(from + start, from + part.size[t], to + start);
        }
      }
    }
  }
}

/// Sets some rows of some columns to zero, where they lie in the lower triangle.
template <class Element>
void clear(const Front<Element>& front, int row, int n_rows, int column, int n_columns) {
  for (int c = column; c < column + n_columns; ++c) {
    const int first = std::max(row, c);
    if (first >= row + n_rows) return;
    // All bits zero is the number 0; memset is the fastest way to it.
    std::memset(static_cast<void*>(&front.at(first, c)),
                0,
                static_cast<std::size_t>(row + n_rows - first) * sizeof(Element));
  }
}

}  // namespace memspice::crossbar
