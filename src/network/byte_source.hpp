#pragma once
// Bytes in order, wherever they come from.

#include <cstddef>
#include <string>
#include <vector>

namespace memspice::network {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Up to `count` bytes; fewer at the end. Memory grows with what is there, not with `count`.
  /// Throws InputError for damaged or truncated compressed data.
  virtual std::vector<unsigned char> read(std::size_t count) = 0;
  /// What the bytes are called in messages.
  virtual std::string name() const = 0;

  /// Exactly `count` bytes; throws InputError ("truncated") when there are fewer.
  std::vector<unsigned char> read_exactly(std::size_t count);
  bool at_end() { return read(1).empty(); }
  [[noreturn]] void reject(const std::string& value,
                           const std::string& rule,
                           const std::string& remedy = "get the file again or name another") const;
};

}  // namespace memspice::network
