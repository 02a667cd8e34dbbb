#pragma once
// How results lie in the store: matrices as NumPy .npy files, compressed by zlib.

#include <Eigen/Core>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace memspice::tile {

/// NPY format 1.0 (NumPy Enhancement Proposal 1): little-endian doubles in column order. Bit for
/// bit the matrix, NaN and signed zeros included; `numpy.load` reads it.
std::string encode_npy(const Eigen::MatrixXd& matrix);

/// What encode_npy wrote; nothing when the bytes are anything else.
std::optional<Eigen::MatrixXd> decode_npy(std::string_view bytes);

/// True when `bytes` start as an .npy file does.
bool is_npy(std::string_view bytes) noexcept;

/// SQLite holds values of at most 1e9 bytes; the rest is for zlib's worst case.
constexpr std::size_t max_payload_bytes = 990'000'000;

/// The bytes' length and their zlib stream, for at most max_payload_bytes. Run-length strategy:
/// results are noise to zlib in all but sign and exponent, and looking for repeats takes three
/// times as long for the same 5 % (64 x 64 response: 0.53 ms against 0.19 ms, both to 0.95 of its
/// size).
std::string compress(std::string_view bytes);

/// What compress was given; nothing when the bytes are no such stream.
std::optional<std::string> decompress(std::string_view compressed);

}  // namespace memspice::tile
