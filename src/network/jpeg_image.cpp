// Through TurboJPEG's interface, whose errors are codes: no jump leaves it.

#include "network/jpeg_image.hpp"

#include <turbojpeg.h>

#include <memory>

#include "base/error.hpp"
#include "base/files.hpp"
#include "network/tensor.hpp"

namespace memspice::network {
namespace {

namespace fs = std::filesystem;

struct Destroy {
  void operator()(void* decoder) const noexcept { tjDestroy(decoder); }
};

[[noreturn]] void reject_jpeg(const fs::path& path,
                              const std::string& value,
                              const std::string& rule,
                              const std::string& remedy = "get the file again or leave it out") {
  throw InputError({.place = path.string(), .value = value, .rule = rule, .remedy = remedy});
}

}  // namespace

PixelImage read_jpeg(const fs::path& path) {
  constexpr std::size_t kLargest = std::size_t{1} << 30;
  const std::string bytes = read_file(path, kLargest);
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const std::unique_ptr<void, Destroy> decoder(tjInitDecompress());
  if (!decoder) throw RunError("TurboJPEG cannot be started");
  int width = 0, height = 0, sampling = 0, space = 0;
  if (tjDecompressHeader3(decoder.get(), data, bytes.size(), &width, &height, &sampling, &space) !=
      0) {
    reject_jpeg(path, tjGetErrorStr2(decoder.get()), "is no JPEG image that can be read");
  }
  if (space == TJCS_CMYK || space == TJCS_YCCK) {
    reject_jpeg(path, "CMYK", "grey and RGB images can be read", "convert it to RGB");
  }
  const std::string size = std::to_string(width) + " x " + std::to_string(height);
  if (static_cast<std::int64_t>(width) * height > kMaxElements / 3) {
    reject_jpeg(path, size, "is more pixels than a tensor may have");
  }
  PixelImage image{
      .height = height, .width = width, .channels = space == TJCS_GRAY ? 1 : 3, .pixels = {}};
  image.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                      static_cast<std::size_t>(image.channels));
  const int format = image.channels == 1 ? TJPF_GRAY : TJPF_RGB;
  // A warning (bytes that are missing or wrong) is as bad as an error.
  if (tjDecompress2(decoder.get(),
                    data,
                    bytes.size(),
                    image.pixels.data(),
                    width,
                    0,
                    height,
                    format,
                    TJFLAG_ACCURATEDCT) != 0) {
    reject_jpeg(path, tjGetErrorStr2(decoder.get()), "is a damaged or truncated JPEG image");
  }
  return image;
}

}  // namespace memspice::network
