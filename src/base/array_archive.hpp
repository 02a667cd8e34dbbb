#pragma once
// Arrays of numbers for other programs: NumPy's .npz, a zip archive of .npy files.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memspice {

/// What numpy.load opens: little-endian arrays in C order. Arrays of the same contents make the
/// same bytes.
class ArrayArchive {
 public:
  /// Adds NAME.npy; `values` has the product of `shape`.
  void add(std::string_view name,
           const std::vector<std::int64_t>& shape,
           std::span<const float> values);
  void add(std::string_view name,
           const std::vector<std::int64_t>& shape,
           std::span<const double> values);
  void add(std::string_view name,
           const std::vector<std::int64_t>& shape,
           std::span<const std::int32_t> values);

  /// The whole archive, for write_file. Throws RunError where it cannot be packed.
  std::string bytes() const;

 private:
  struct Entry {
    std::string file, bytes;
  };
  void add_bytes(std::string_view name,
                 std::string_view type,
                 const std::vector<std::int64_t>& shape,
                 std::span<const std::byte> values);

  std::vector<Entry> entries_;
};

}  // namespace memspice
