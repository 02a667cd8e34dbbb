#pragma once
// Bytes of a file that may be gzipped, read in order and never more than the file really holds.

#include <filesystem>
#include <memory>

#include "network/byte_source.hpp"

namespace memspice::network {

class ByteStream : public ByteSource {
 public:
  /// Throws InputError when the file is missing, no regular file or unreadable; `remedy` says what
  /// to do then.
  ByteStream(std::filesystem::path path, const std::string& remedy);
  ~ByteStream() override;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  std::vector<unsigned char> read(std::size_t count) override;
  std::string name() const override { return path_.string(); }

 private:
  struct Impl;
  std::filesystem::path path_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace memspice::network
