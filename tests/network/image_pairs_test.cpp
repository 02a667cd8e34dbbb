#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>

#include "base/error.hpp"
#include "base/files.hpp"
#include "network/dataset.hpp"
#include "network/png_image.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// A PNG file of `values`, row by row, in one of libpng's simple formats.
std::string png(int width, int height, const std::string& values, png_uint_32 format) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = format;
  const unsigned char palette[] = {0, 0, 0, 255, 0, 0, 0, 255, 0};
  image.colormap_entries = (format & PNG_FORMAT_FLAG_COLORMAP) != 0 ? 3 : 0;
  REQUIRE(PNG_IMAGE_SIZE(image) <= values.size());
  std::string bytes(100'000, '\0');
  png_alloc_size_t size = bytes.size();
  REQUIRE(png_image_write_to_memory(&image, bytes.data(), &size, 0, values.data(), 0, palette) !=
          0);
  bytes.resize(size);
  return bytes;
}

std::string grey(int width, int height, const std::string& values) {
  return png(width, height, values, PNG_FORMAT_GRAY);
}

/// 3 x 2 pixels.
const std::string kGrey{"\x00\x33\x66\x99\xcc\xff", 6};
const std::string kLabel{"\xff\x00\xff\x00\x00\xff", 6};

class PairFolder {
 public:
  PairFolder() {
    write("image/7.png", grey(3, 2, kGrey));
    write("label/7.png", grey(3, 2, kLabel));
  }
  void write(const std::string& name, const std::string& content) const {
    write_file(folder_.path() / name, content);
  }
  Dataset load(std::vector<int> slices = {7}, int foreground = 0) const {
    return load_dataset({.kind = "image_pairs",
                         .images = "image",
                         .labels = "label",
                         .folder = folder_.path(),
                         .slices = std::move(slices),
                         .foreground = foreground});
  }
  std::string refusal(std::vector<int> slices = {7}) const {
    try {
      load(std::move(slices));
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  }
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("load_dataset reads pairs of PNG images and labels", "[network]") {
  const PairFolder folder;
  const Dataset dataset = folder.load();
  CHECK(dataset.images.shape == Shape{1, 1, 2, 3});
  // 0x33 is 51, a fifth of 255.
  const std::vector<float> expected{0.0F, 0.2F, 0.4F, 0.6F, 0.8F, 1.0F};
  for (std::size_t k = 0; k < expected.size(); ++k) {
    CHECK(dataset.images.data[k] == Approx(expected[k]));
  }
  CHECK(dataset.label_planes == std::vector<std::uint8_t>{0, 1, 0, 1, 1, 0});
  CHECK(dataset.count() == 1);
  CHECK(dataset.labels_pixels());
  CHECK(dataset.labels.empty());
}

TEST_CASE("image pairs: another label value is the foreground when asked for", "[network]") {
  const PairFolder folder;
  CHECK(folder.load({7}, 255).label_planes == std::vector<std::uint8_t>{1, 0, 1, 0, 0, 1});
  CHECK(folder.load({7}, 3).label_planes == std::vector<std::uint8_t>(6, 0));
}

TEST_CASE("image pairs come in the order asked for, and first_images keeps labels", "[network]") {
  const PairFolder folder;
  folder.write("image/11.png", grey(3, 2, std::string(6, '\x33')));
  folder.write("label/11.png", grey(3, 2, std::string(6, '\0')));
  const Dataset dataset = folder.load({11, 7});
  CHECK(dataset.count() == 2);
  CHECK(dataset.images.data[0] == Approx(0.2F));
  CHECK(dataset.images.data[6] == 0.0F);
  const Dataset first = dataset.first_images(1);
  CHECK(first.count() == 1);
  CHECK(first.label_planes == std::vector<std::uint8_t>(6, 1));
  CHECK(dataset.first_images(5).count() == 2);
}

TEST_CASE("image pairs: RGB images become three planes", "[network]") {
  const PairFolder folder;
  const std::string rgb{"\x00\x33\x66\x99\xcc\xff", 6};
  folder.write("image/1.png", png(1, 2, rgb, PNG_FORMAT_RGB));
  folder.write("label/1.png", grey(1, 2, kLabel));
  const Dataset dataset = folder.load({1});
  CHECK(dataset.images.shape == Shape{1, 3, 2, 1});
  const std::vector<float> planes{0.0F, 0.6F, 0.2F, 0.8F, 0.4F, 1.0F};
  for (std::size_t k = 0; k < planes.size(); ++k) {
    CHECK(dataset.images.data[k] == Approx(planes[k]));
  }
}

TEST_CASE("image pairs that do not fit each other are refused", "[network]") {
  const PairFolder folder;
  CHECK_THAT(folder.refusal({8}), Contains("8.png: no such file") && Contains("ISBI 2012"));
  CHECK_THAT(folder.refusal({}), Contains("data.slices"));
  folder.write("label/7.png", grey(2, 3, kLabel));
  CHECK_THAT(folder.refusal(), Contains("label/7.png: 2 x 3: its image has 3 x 2"));
  folder.write("label/7.png", png(1, 2, kLabel, PNG_FORMAT_RGB));
  CHECK_THAT(folder.refusal(), Contains("labels are grey"));
  folder.write("label/7.png", grey(3, 2, kLabel));
  folder.write("image/8.png", grey(2, 3, kGrey));
  folder.write("label/8.png", grey(2, 3, kLabel));
  CHECK_THAT(folder.refusal({7, 8}), Contains("8.png") && Contains("3 x 2 grey"));
}

TEST_CASE("PNG files of other kinds are refused, and say what to do", "[network]") {
  const PairFolder folder;
  const std::string values(64, '\1');
  folder.write("image/7.png", png(3, 2, values, PNG_FORMAT_RGB_COLORMAP));
  CHECK_THAT(folder.refusal(), Contains("palette") && Contains("8-bit grey or RGB"));
  folder.write("image/7.png", png(3, 2, values, PNG_FORMAT_GA));
  CHECK_THAT(folder.refusal(), Contains("transparency"));
  folder.write("image/7.png", png(3, 2, values, PNG_FORMAT_LINEAR_Y));
  CHECK_THAT(folder.refusal(), Contains("16 bits"));
  folder.write("image/7.png", "GIF89a, not a PNG");
  CHECK_THAT(folder.refusal(), Contains("7.png") && Contains("no PNG image"));
  folder.write("image/7.png", "");
  CHECK_THAT(folder.refusal(), Contains("7.png"));
}

TEST_CASE("a damaged PNG file is refused wherever it was cut or changed", "[network]") {
  const PairFolder folder;
  std::string noise;
  for (int k = 0; k < 24 * 24; ++k) noise += static_cast<char>(k * 37 + k / 7);
  const std::string whole = grey(24, 24, noise);
  const PixelImage expected = [&] {
    folder.write("whole.png", whole);
    return read_png(folder.path("whole.png"), {});
  }();
  REQUIRE(std::memcmp(expected.pixels.data(), noise.data(), noise.size()) == 0);
  const std::size_t iend = whole.size() - 12;  // the closing chunk tells nothing of the pixels
  for (std::size_t length = 0; length < iend; length += 5) {
    folder.write("cut.png", whole.substr(0, length));
    CHECK_THROWS_AS(read_png(folder.path("cut.png"), {}), InputError);
  }
  for (std::size_t at = 0; at < iend; at += 3) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    folder.write("changed.png", changed);
    try {
      // What is read in spite of the damage (in a chunk that pixels do not need) is right.
      const PixelImage image = read_png(folder.path("changed.png"), {});
      CHECK(image.pixels == expected.pixels);
    } catch (const InputError&) {
      SUCCEED("refused");
    }
  }
}

TEST_CASE("a PNG header may not claim more pixels than its file can hold", "[network]") {
  const PairFolder folder;
  // Width and height are bytes 16 .. 23; the header's checksum, bytes 29 .. 32, goes with them.
  std::string huge = grey(3, 2, kGrey);
  huge[17] = huge[21] = '\x01';  // 65539 x 65538
  const auto crc = crc32(0L, reinterpret_cast<const unsigned char*>(huge.data()) + 12, 17);
  for (int k = 0; k < 4; ++k)
    huge[29U + static_cast<unsigned>(k)] = static_cast<char>(crc >> (24 - 8 * k));
  folder.write("image/7.png", huge);
  CHECK_THAT(folder.refusal(), Contains("65539 x 65538"));
}
