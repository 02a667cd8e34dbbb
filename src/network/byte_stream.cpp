#include "network/byte_stream.hpp"

#include <zlib.h>

#include <algorithm>

#include "base/error.hpp"

namespace memspice::network {
namespace fs = std::filesystem;

struct ByteStream::Impl {
  gzFile file = nullptr;
};

ByteStream::ByteStream(fs::path path, const std::string& remedy)
    : path_(std::move(path)), impl_(std::make_unique<Impl>()) {
  const auto fail = [&](const std::string& rule) {
    throw InputError({.place = path_.string(), .value = {}, .rule = rule, .remedy = remedy});
  };
  std::error_code ec;
  if (!fs::exists(path_, ec)) fail("no such file");
  if (!fs::is_regular_file(path_, ec)) fail("is not a regular file");
  if (fs::file_size(path_, ec) == 0) fail("is empty");
  impl_->file = gzopen(path_.c_str(), "rb");
  if (impl_->file == nullptr) fail("cannot be read");
}

ByteStream::~ByteStream() {
  if (impl_->file != nullptr) gzclose(impl_->file);
}

std::vector<unsigned char> ByteStream::read(std::size_t count) {
  constexpr std::size_t kChunk = std::size_t{1} << 20;
  std::vector<unsigned char> bytes;
  while (bytes.size() < count) {
    const std::size_t done = bytes.size();
    const std::size_t wanted = std::min(kChunk, count - done);
    bytes.resize(done + wanted);
    const int got = gzread(impl_->file, bytes.data() + done, static_cast<unsigned>(wanted));
    int code = Z_OK;
    gzerror(impl_->file, &code);
    if (got < 0 || code != Z_OK) reject({}, "is a damaged or truncated gzip file");
    bytes.resize(done + static_cast<std::size_t>(got));
    if (got == 0) break;
  }
  return bytes;
}

}  // namespace memspice::network
