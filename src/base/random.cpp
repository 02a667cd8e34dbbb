#include "base/random.hpp"

#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <boost/random/uniform_int_distribution.hpp>

namespace memspice {
namespace {

/// SplitMix64's finaliser (Steele, Lea, Flood 2014): decorrelates neighbouring keys.
std::uint64_t mix(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// FNV-1a, 64 bit.
std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return h;
}

}  // namespace

RandomStream::RandomStream(std::uint64_t key) : key_(key), engine_(mix(key)) {}

RandomStream::RandomStream(std::uint64_t seed, std::string_view purpose)
    : RandomStream(mix(seed) ^ hash(purpose)) {}

RandomStream RandomStream::fork(std::string_view purpose) const {
  return RandomStream(mix(key_) ^ hash(purpose));
}

RandomStream RandomStream::fork(std::uint64_t index) const {
  return RandomStream(mix(mix(key_) + index));
}

double RandomStream::uniform() {
  return boost::random::uniform_01<double>{}(engine_);
}

double RandomStream::uniform(double low, double high) {
  return low + (high - low) * uniform();
}

double RandomStream::normal() {
  return boost::random::normal_distribution<double>{}(engine_);
}

std::uint64_t RandomStream::below(std::uint64_t bound) {
  return boost::random::uniform_int_distribution<std::uint64_t>{0, bound - 1}(engine_);
}

}  // namespace memspice
