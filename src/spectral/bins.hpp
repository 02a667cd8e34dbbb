#pragma once
// The bins of a two-dimensional spectrum that a layer keeps.
//
// An M x M spectrum keeps the central frequencies k = -floor(M/2) .. ceil(M/2) - 1 along each axis,
// row by row from the lowest; the mean (DC) is (0, 0). The M' < M central bins of it are then those
// of a spectrum of size M', which is what spectral pooling keeps.

#include <vector>

#include "base/names.hpp"

namespace memspice::spectral {

/// Which half of the plane is stored.
enum class Storage {
  Full,  ///< M x M bins
  Half,  ///< kx <= 0 only, M x (floor(M/2) + 1) bins: enough while the signal stays real
};
inline constexpr Names<2> kStorageNames{"full", "half"};

/// One frequency, in periods per image.
struct Bin {
  int ky = 0, kx = 0;
  friend bool operator==(const Bin&, const Bin&) = default;
};

/// The bins of size M >= 1 in their order of storage.
std::vector<Bin> bins_of(int size, Storage storage);
int bin_count(int size, Storage storage) noexcept;
/// Where the mean lies.
int dc_bin(int size, Storage storage) noexcept;
/// For each bin of `size` its index among the bins of `from`; size <= from.
std::vector<int> central_bins(int from, int size, Storage storage);

}  // namespace memspice::spectral
