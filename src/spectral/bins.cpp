#include "spectral/bins.hpp"

#include <cassert>

namespace memspice::spectral {
namespace {

int columns_of(int size, Storage storage) noexcept {
  return storage == Storage::Full ? size : size / 2 + 1;
}

/// Index of a bin that is known to be kept.
int index_of(const Bin& bin, int size, Storage storage) noexcept {
  return (bin.ky + size / 2) * columns_of(size, storage) + bin.kx + size / 2;
}

}  // namespace

std::vector<Bin> bins_of(int size, Storage storage) {
  std::vector<Bin> bins;
  const int low = -(size / 2);
  const int columns = columns_of(size, storage);
  for (int ky = low; ky < low + size; ++ky) {
    for (int kx = low; kx < low + columns; ++kx) bins.push_back({ky, kx});
  }
  return bins;
}

int bin_count(int size, Storage storage) noexcept {
  return size * columns_of(size, storage);
}

int dc_bin(int size, Storage storage) noexcept {
  return index_of({0, 0}, size, storage);
}

std::vector<int> central_bins(int from, int size, Storage storage) {
  assert(size >= 1 && size <= from);
  std::vector<int> indices;
  for (const Bin& bin : bins_of(size, storage)) indices.push_back(index_of(bin, from, storage));
  return indices;
}

}  // namespace memspice::spectral
