#pragma once
// A stretch of inputs in a child process, so that a crash, a hang or a flood of memory ends the
// child alone and names the input that it came from.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "command.hpp"
#include "target.hpp"

namespace memspice::fuzz {

/// An input that the program did not bear.
struct Failure {
  std::uint64_t index = 0;  ///< of the input
  std::string what;         ///< "signal 11 (Segmentation fault)"
  std::string printed;      ///< the end of what the child printed
};

struct SliceOptions {
  std::uint64_t seed = 1;
  std::uint64_t first = 0;       ///< the first input
  std::uint64_t most = 1 << 20;  ///< inputs at most
  double seconds = 1.0;          ///< no input begins after these
  Limits limits = {};
  /// Instead of inputs that are made: this one, once.
  std::optional<std::string> input = {};
};

struct Slice {
  std::uint64_t next = 0;  ///< the input that follows
  std::optional<Failure> failure;
};

Slice run_slice(const Target& target, const SliceOptions& options);

}  // namespace memspice::fuzz
