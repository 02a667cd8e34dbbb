// Zip archives of .npy files, through libzip.

#include <zip.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/array_file.hpp"
#include "network/byte_stream.hpp"

namespace memspice::network {
namespace {

namespace fs = std::filesystem;

struct CloseArchive {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;

Archive open_archive(const fs::path& path) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (archive) return archive;
  throw InputError({.place = path.string(),
                    .value = {},
                    .rule = "is no .npz archive, or damaged",
                    .remedy = "save it with numpy.savez or numpy.savez_compressed"});
}

/// Of its arrays, without ".npy".
std::vector<std::string> array_names(zip_t* archive) {
  std::vector<std::string> names;
  const auto count = zip_get_num_entries(archive, 0);
  for (zip_int64_t k = 0; k < count; ++k) {
    const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(k), 0);
    const std::string text = name == nullptr ? "" : name;
    if (text.ends_with(".npy")) names.push_back(text.substr(0, text.size() - 4));
  }
  return names;
}

/// One array of an archive.
class ArchivedArray : public ByteSource {
 public:
  ArchivedArray(zip_t* archive, const fs::path& path, const std::string& array)
      : name_(path.string() + ':' + array), file_(zip_fopen(archive, (array + ".npy").c_str(), 0)) {
    if (!file_) reject({}, "cannot be unpacked", "save it with numpy.savez, without a password");
  }

  std::vector<unsigned char> read(std::size_t count) override {
    constexpr std::size_t kPiece = std::size_t{1} << 20;
    std::vector<unsigned char> bytes;
    while (bytes.size() < count) {
      const std::size_t done = bytes.size();
      bytes.resize(done + std::min(kPiece, count - done));
      const auto got = zip_fread(file_.get(), bytes.data() + done, bytes.size() - done);
      if (got < 0) reject({}, "is damaged: its compressed bytes cannot be read");
      bytes.resize(done + static_cast<std::size_t>(got));
      if (got == 0) break;
    }
    return bytes;
  }
  std::string name() const override { return name_; }

 private:
  std::string name_;
  std::unique_ptr<zip_file_t, CloseEntry> file_;
};

std::string chosen_array(const fs::path& path,
                         const std::vector<std::string>& names,
                         const std::string& wanted) {
  const bool is_there = std::ranges::find(names, wanted) != names.end();
  if (is_there) return wanted;
  if (wanted.empty() && names.size() == 1) return names.front();
  const std::string all =
      names.empty() ? "holds no array" : "holds the arrays " + join(names, ", ");
  throw InputError({.place = path.string(),
                    .value = wanted.empty() ? "" : '"' + wanted + '"',
                    .rule = all,
                    .remedy = names.empty() ? "save it with numpy.savez"
                                            : "write " + path.filename().string() + ':' +
                                                  names.front() + ", or another of them"});
}

void require_file(const fs::path& path, const std::string& remedy) {
  std::error_code ec;
  const bool exists = fs::exists(path, ec);
  if (exists && fs::is_regular_file(path, ec)) return;
  throw InputError({.place = path.string(),
                    .value = {},
                    .rule = exists ? "is not a regular file" : "no such file",
                    .remedy = remedy});
}

}  // namespace

std::vector<std::string> arrays_in(const fs::path& path) {
  int code = 0;
  const Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
  return archive ? array_names(archive.get()) : std::vector<std::string>{};
}

NumberArray read_array_file(const fs::path& folder,
                            const std::string& file,
                            const std::string& remedy,
                            std::int64_t most_rows) {
  const auto extension = file.rfind(".npz");
  const bool is_archive = extension != std::string::npos &&
                          (extension + 4 == file.size() || file[extension + 4] == ':');
  if (!is_archive) {
    ByteStream stream(folder / file, remedy);
    return read_npy(stream, most_rows);
  }
  const fs::path path = folder / file.substr(0, extension + 4);
  require_file(path, remedy);
  const Archive archive = open_archive(path);
  const std::string wanted = extension + 4 == file.size() ? "" : file.substr(extension + 5);
  const std::string array = chosen_array(path, array_names(archive.get()), wanted);
  ArchivedArray source(archive.get(), path, array);
  return read_npy(source, most_rows);
}

}  // namespace memspice::network
