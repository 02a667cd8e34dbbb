#pragma once
// Bytes of a file that may be gzipped, read in order and never more than the file really holds.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace memspice::network {

class ByteStream {
 public:
  /// Throws InputError when the file is missing, no regular file or unreadable; `remedy` says what
  /// to do then.
  ByteStream(std::filesystem::path path, const std::string& remedy);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// Up to `count` bytes; fewer at the end. Memory grows with what is there, not with `count`.
  /// Throws InputError for a damaged or truncated gzip file.
  std::vector<unsigned char> read(std::size_t count);

  /// Exactly `count` bytes; throws InputError ("truncated") when there are fewer.
  std::vector<unsigned char> read_exactly(std::size_t count);

  bool at_end();
  [[noreturn]] void reject(const std::string& value, const std::string& rule) const;

 private:
  struct Impl;
  std::filesystem::path path_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace memspice::network
