// Through libpng's simplified interface, whose errors are messages: no jump leaves it.

#include "network/png_image.hpp"

#include <png.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "network/tensor.hpp"

namespace memspice::network {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void reject_image(const fs::path& path,
                               const std::string& value,
                               const std::string& rule,
                               const std::string& remedy = {}) {
  throw InputError({.place = path.string(), .value = value, .rule = rule, .remedy = remedy});
}

std::string read_bytes(const fs::path& path, const std::string& remedy) {
  std::error_code ec;
  if (!fs::exists(path, ec)) reject_image(path, {}, "no such file", remedy);
  constexpr std::size_t largest = std::size_t{1} << 30;
  return read_file(path, largest);
}

/// Frees what libpng holds on every way out.
class Decoder {
 public:
  Decoder() { image_.version = PNG_IMAGE_VERSION; }
  ~Decoder() { png_image_free(&image_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  png_image* get() noexcept { return &image_; }
  const png_image& image() const noexcept { return image_; }

 private:
  png_image image_{};
};

/// libpng would turn all of these into 8-bit grey or RGB, but not into the numbers that were
/// stored.
void require_plain(const fs::path& path, const png_image& image) {
  const char* remedy = "convert it to 8-bit grey or RGB";
  if ((image.format & PNG_FORMAT_FLAG_COLORMAP) != 0) {
    reject_image(path, {}, "has a palette, whose numbers are no brightness", remedy);
  }
  if ((image.format & PNG_FORMAT_FLAG_ALPHA) != 0)
    reject_image(path, {}, "has transparency", remedy);
  if ((image.format & PNG_FORMAT_FLAG_LINEAR) != 0) {
    reject_image(path, "16 bits a channel", "8 bits can be read", remedy);
  }
}

/// Memory must not grow with what a header claims: deflate packs at most 1032 bytes into one.
void require_size(const fs::path& path, const png_image& image, std::size_t file_bytes) {
  const auto pixels = static_cast<std::uint64_t>(image.width) * image.height;
  const std::string size = std::to_string(image.width) + " x " + std::to_string(image.height);
  if (pixels > static_cast<std::uint64_t>(kMaxElements)) {
    reject_image(path, size, "is more pixels than a tensor may have");
  }
  constexpr std::uint64_t most_packed = 1032;
  constexpr std::uint64_t bits = 8;  // grey of one bit a pixel takes the least
  if (pixels > most_packed * bits * file_bytes) {
    reject_image(path, size, "the file is too short for so many pixels: it is damaged");
  }
}

}  // namespace

PixelImage read_png(const fs::path& path, const std::string& remedy) {
  const std::string bytes = read_bytes(path, remedy);
  Decoder decoder;
  if (png_image_begin_read_from_memory(decoder.get(), bytes.data(), bytes.size()) == 0) {
    reject_image(path, decoder.image().message, "is no PNG image that can be read");
  }
  require_plain(path, decoder.image());
  require_size(path, decoder.image(), bytes.size());
  const bool is_rgb = (decoder.image().format & PNG_FORMAT_FLAG_COLOR) != 0;
  decoder.get()->format = is_rgb ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  PixelImage result{.height = static_cast<int>(decoder.image().height),
                    .width = static_cast<int>(decoder.image().width),
                    .channels = is_rgb ? 3 : 1,
                    .pixels = {}};
  result.pixels.resize(PNG_IMAGE_SIZE(decoder.image()));
  const int done = png_image_finish_read(decoder.get(), nullptr, result.pixels.data(), 0, nullptr);
  // A warning about pixels (a wrong checksum, missing rows) is as bad as an error.
  if (done == 0 || PNG_IMAGE_FAILED(decoder.image())) {
    reject_image(path, decoder.image().message, "is a damaged or truncated PNG image");
  }
  return result;
}

}  // namespace memspice::network
