#include "base/array_archive.hpp"

#include <zip.h>

#include <bit>
#include <memory>

#include "base/error.hpp"

namespace memspice {
namespace {

static_assert(std::endian::native == std::endian::little, ".npy headers here say little-endian");

/// Version 1.0 of NumPy's format (numpy.lib.format): magic, length, a Python dictionary padded with
/// spaces so that the values begin at a multiple of 64.
std::string npy_header(std::string_view type, const std::vector<std::int64_t>& shape) {
  std::string sizes;
  for (const std::int64_t size : shape) sizes += std::to_string(size) + ",";
  std::string text =
      "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
  constexpr std::size_t kPreamble = 10;
  text.append(63 - (kPreamble + text.size()) % 64, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 255U);
  header += static_cast<char>(text.size() >> 8U);
  return header + text;
}

[[noreturn]] void reject_zip(zip_error_t* error) {
  throw RunError({.place = "array archive",
                  .value = {},
                  .rule = std::string("cannot be packed: ") + zip_error_strerror(error),
                  .remedy = "free some memory, or write CSV"});
}

struct ReleaseSource {
  void operator()(zip_source_t* source) const noexcept { zip_source_free(source); }
};
struct DiscardArchive {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};

std::string read_all(zip_source_t* source) {
  zip_stat_t facts;
  zip_stat_init(&facts);
  if (zip_source_stat(source, &facts) < 0 || zip_source_open(source) < 0) {
    reject_zip(zip_source_error(source));
  }
  std::string bytes(facts.size, '\0');
  const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (read != static_cast<zip_int64_t>(bytes.size())) reject_zip(zip_source_error(source));
  return bytes;
}

}  // namespace

void ArrayArchive::add_bytes(std::string_view name,
                             std::string_view type,
                             const std::vector<std::int64_t>& shape,
                             std::span<const std::byte> values) {
  std::string bytes = npy_header(type, shape);
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size());
  entries_.push_back({std::string(name) + ".npy", std::move(bytes)});
}

void ArrayArchive::add(std::string_view name,
                       const std::vector<std::int64_t>& shape,
                       std::span<const float> values) {
  add_bytes(name, "<f4", shape, std::as_bytes(values));
}

void ArrayArchive::add(std::string_view name,
                       const std::vector<std::int64_t>& shape,
                       std::span<const double> values) {
  add_bytes(name, "<f8", shape, std::as_bytes(values));
}

void ArrayArchive::add(std::string_view name,
                       const std::vector<std::int64_t>& shape,
                       std::span<const std::int32_t> values) {
  add_bytes(name, "<i4", shape, std::as_bytes(values));
}

std::string ArrayArchive::bytes() const {
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_source_t, ReleaseSource> packed(
      zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!packed) reject_zip(&error);
  zip_source_keep(packed.get());  // the archive releases it once, we a second time
  std::unique_ptr<zip_t, DiscardArchive> archive(
      zip_open_from_source(packed.get(), ZIP_TRUNCATE, &error));
  if (!archive) {
    zip_source_free(packed.get());
    reject_zip(&error);
  }
  for (const Entry& entry : entries_) {
    zip_source_t* source =
        zip_source_buffer(archive.get(), entry.bytes.data(), entry.bytes.size(), 0);
    const zip_int64_t index =
        source == nullptr ? -1 : zip_file_add(archive.get(), entry.file.c_str(), source, 0);
    if (index < 0) {
      zip_source_free(source);
      reject_zip(zip_get_error(archive.get()));
    }
    // One date for all: the bytes tell what was computed, not when.
    zip_file_set_dostime(archive.get(), static_cast<zip_uint64_t>(index), 0, 33, 0);
  }
  if (zip_close(archive.get()) < 0) reject_zip(zip_get_error(archive.get()));
  archive.release();
  return read_all(packed.get());
}

}  // namespace memspice
