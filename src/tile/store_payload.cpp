#include "tile/store_payload.hpp"

#include <zlib.h>

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::tile {
namespace {

static_assert(std::endian::native == std::endian::little, "the store keeps little-endian doubles");

constexpr std::string_view npy_magic{"\x93NUMPY\x01\x00", 8};
constexpr std::size_t npy_prefix = npy_magic.size() + 2;  // and the header's length, two bytes
constexpr std::size_t npy_alignment = 64;                 // data starts at a multiple of it

/// Deflate's format cannot shrink bytes by more than 1032 : 1 (zlib's technical details).
constexpr std::size_t deflate_factor = 1032;

/// The whole .npy head of an n x m matrix; the same shape always gives the same bytes.
std::string npy_head(Eigen::Index n, Eigen::Index m) {
  std::string header = "{'descr': '<f8', 'fortran_order': True, 'shape': (" +
                       to_text(static_cast<long long>(n)) + ", " +
                       to_text(static_cast<long long>(m)) + "), }";
  const std::size_t used = npy_prefix + header.size() + 1;
  header.append((npy_alignment - used % npy_alignment) % npy_alignment, ' ');
  header += '\n';
  std::string head(npy_magic);
  head += static_cast<char>(header.size() & 0xff);
  head += static_cast<char>(header.size() >> 8);
  return head + header;
}

/// The two numbers of "'shape': (n, m)"; nothing when they are not there.
std::optional<std::pair<long long, long long>> npy_shape(std::string_view bytes) {
  constexpr std::string_view label = "'shape': (";
  const std::string_view head = bytes.substr(0, 256);
  const std::size_t start = head.find(label);
  if (start == std::string_view::npos) return std::nullopt;
  const std::string_view rest = head.substr(start + label.size());
  const std::size_t comma = rest.find(',');
  const std::size_t end = rest.find(')');
  if (comma == std::string_view::npos || end == std::string_view::npos || end < comma) {
    return std::nullopt;
  }
  const auto n = parse_integer(rest.substr(0, comma));
  const auto m = parse_integer(rest.substr(comma + 1, end - comma - 1));
  if (!n || !m || *n < 0 || *m < 0) return std::nullopt;
  return std::pair(*n, *m);
}

}  // namespace

std::string encode_npy(const Eigen::MatrixXd& matrix) {
  std::string bytes = npy_head(matrix.rows(), matrix.cols());
  bytes.append(reinterpret_cast<const char*>(matrix.data()),
               static_cast<std::size_t>(matrix.size()) * sizeof(double));
  return bytes;
}

std::optional<Eigen::MatrixXd> decode_npy(std::string_view bytes) {
  const auto shape = npy_shape(bytes);
  if (!shape) return std::nullopt;
  const auto [n, m] = *shape;
  constexpr long long max_side = 1 << 20;  // so that the product below cannot overflow
  if (n > max_side || m > max_side) return std::nullopt;
  const std::string head = npy_head(n, m);
  const std::size_t data_bytes = static_cast<std::size_t>(n * m) * sizeof(double);
  if (!bytes.starts_with(head) || bytes.size() != head.size() + data_bytes) return std::nullopt;
  Eigen::MatrixXd matrix(n, m);
  if (data_bytes > 0) std::memcpy(matrix.data(), bytes.data() + head.size(), data_bytes);
  return matrix;
}

bool is_npy(std::string_view bytes) noexcept {
  return bytes.starts_with(npy_magic);
}

std::string compress(std::string_view bytes) {
  const std::uint64_t size = bytes.size();
  z_stream stream{};
  constexpr int default_memory = 8;
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS, default_memory, Z_RLE) != Z_OK) {
    throw RunError("zlib could not compress a result (out of memory)");
  }
  std::string out(sizeof size + deflateBound(&stream, static_cast<uLong>(size)), '\0');
  std::memcpy(out.data(), &size, sizeof size);
  // zlib only reads its input; its interface is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(size);
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + sizeof size);
  stream.avail_out = static_cast<uInt>(out.size() - sizeof size);
  const int code = deflate(&stream, Z_FINISH);
  out.resize(sizeof size + stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw RunError("zlib could not compress a result");
  return out;
}

std::optional<std::string> decompress(std::string_view compressed) {
  std::uint64_t size = 0;
  if (compressed.size() < sizeof size) return std::nullopt;
  std::memcpy(&size, compressed.data(), sizeof size);
  compressed.remove_prefix(sizeof size);
  // A few bytes that claim a gigabyte shall not be given one.
  if (size > max_payload_bytes || size > deflate_factor * compressed.size()) return std::nullopt;
  std::string out(size, '\0');
  uLongf out_size = static_cast<uLongf>(size);
  const int code = uncompress(reinterpret_cast<Bytef*>(out.data()),
                              &out_size,
                              reinterpret_cast<const Bytef*>(compressed.data()),
                              static_cast<uLong>(compressed.size()));
  if (code != Z_OK || out_size != size) return std::nullopt;
  return out;
}

}  // namespace memspice::tile
