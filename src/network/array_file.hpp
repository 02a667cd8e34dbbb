#pragma once
// Arrays as NumPy saves them: .npy files, alone or packed as .npz.

#include <filesystem>

#include "network/byte_source.hpp"
#include "network/tensor.hpp"

namespace memspice::network {

/// An array of numbers in C order.
struct NumberArray {
  Shape shape;
  std::vector<float> values;
  bool is_bytes = false;    ///< unsigned bytes, as pixels are stored
  bool is_integer = false;  ///< whole numbers of any width, bytes too
};

/// Reads one .npy. Takes booleans, integers of 1 to 8 bytes and floats of 2 to 8 bytes, little
/// endian, C order. Throws InputError for a damaged or truncated file, big-endian numbers, columns
/// first, records, text and Python objects (which are never unpickled), with what to save instead.
/// most_rows: the first entries along the first axis only; 0: all. rows: of the whole array.
NumberArray read_npy(ByteSource& source, std::int64_t most_rows = 0);

/// FILE.npy or FILE.npz:ARRAY; ":ARRAY" may be left out where the archive holds one. Throws
/// InputError as read_npy does, and for an archive without that array, naming those that it has.
NumberArray read_array_file(const std::filesystem::path& folder,
                            const std::string& file,
                            const std::string& remedy,
                            std::int64_t most_rows = 0);

/// Names of an archive's arrays; none where it is no archive.
std::vector<std::string> arrays_in(const std::filesystem::path& archive);

}  // namespace memspice::network
