#pragma once
// Seeded random streams. Each purpose ("device_to_device", "layer/conv1/tile/3") has a stream of
// its own, so that the same seed gives the same numbers whatever the order or number of jobs.

#include <cstdint>
#include <random>
#include <string_view>

namespace memspice {

/// A reproducible stream of random numbers; the same (seed, purpose) gives the same sequence on
/// every platform (the distributions are Boost's, whose algorithms are fixed).
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view purpose);

  /// An independent stream, named by this stream's name and `purpose`; does not advance this one.
  RandomStream fork(std::string_view purpose) const;
  RandomStream fork(std::uint64_t index) const;

  double uniform();                          ///< in [0, 1)
  double uniform(double low, double high);   ///< in [low, high)
  double normal();                           ///< mean 0, standard deviation 1
  std::uint64_t below(std::uint64_t bound);  ///< uniform in 0 .. bound-1; bound > 0
  bool chance(double probability) { return uniform() < probability; }

 private:
  explicit RandomStream(std::uint64_t key);

  std::uint64_t key_;
  std::mt19937_64 engine_;
};

}  // namespace memspice
