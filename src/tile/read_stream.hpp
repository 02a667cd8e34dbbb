#pragma once
// Random numbers that follow from a read's number alone: the same whichever batch and thread
// carries it.

#include <cstdint>
#include <limits>

namespace memspice::tile {

/// SplitMix64 (Steele, Lea, Flood 2014): a stream that costs nothing to open, one for each read.
/// A generator as boost::random takes it.
class ReadStream {
 public:
  using result_type = std::uint64_t;
  ReadStream(std::uint64_t key, std::uint64_t read) : state_(mix(key + mix(read))) {}
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
  result_type operator()() noexcept { return mix(state_ += 0x9e3779b97f4a7c15ULL); }

 private:
  static std::uint64_t mix(std::uint64_t z) noexcept {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

/// Which reads neighbouring vectors of a tile are; as tile::Request has it.
struct ReadNumbers {
  std::uint64_t first = 0;      ///< number of the first vector
  std::uint64_t of_image = 0;   ///< neighbours of one image; 0: all that it drives the tile with
  std::uint64_t per_image = 0;  ///< vectors that an image has in all

  std::uint64_t of(std::uint64_t vector) const noexcept {
    return first + (of_image == 0 ? vector : vector / of_image * per_image + vector % of_image);
  }
};

}  // namespace memspice::tile
