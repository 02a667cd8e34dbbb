#include "network/dataset.hpp"

#include <zlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "base/error.hpp"
#include "base/files.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

std::string big_endian(std::uint32_t n) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((n >> shift) & 0xFFU);
  return bytes;
}

/// An IDX file of unsigned bytes, or of another type.
std::string idx(const std::vector<std::uint32_t>& shape,
                const std::string& values,
                char type = '\x08') {
  std::string bytes{'\0', '\0', type, static_cast<char>(shape.size())};
  for (const auto n : shape) bytes += big_endian(n);
  return bytes + values;
}

/// Three images of 2 x 2 pixels with the values 0 .. 11, labels 7, 8, 9.
const std::string kPixels{"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b", 12};
const std::string kImages = idx({3, 2, 2}, kPixels);
const std::string kLabels = idx({3}, "\x07\x08\x09");

class Folder {
 public:
  void write(const std::string& name, const std::string& content) const {
    write_file(folder_.path() / name, content);
  }
  void write_gzipped(const std::string& name, const std::string& content) const {
    gzFile file = gzopen((folder_.path() / name).c_str(), "wb");
    REQUIRE(gzwrite(file, content.data(), static_cast<unsigned>(content.size())) > 0);
    REQUIRE(gzclose(file) == Z_OK);
  }
  std::string read(const std::string& name) const { return read_file(folder_.path() / name); }
  Dataset load(int limit = 0, const std::string& kind = "idx") const {
    return load_dataset({kind, "images", "labels", folder_.path(), limit});
  }
  Dataset load_with(const Normalization& normalization) const {
    return load_dataset({.images = "images",
                         .labels = "labels",
                         .folder = folder_.path(),
                         .normalization = normalization});
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("load_dataset reads IDX, plain and gzipped", "[network]") {
  const Folder folder;
  const bool gzipped = GENERATE(false, true);
  if (gzipped) {
    folder.write_gzipped("images", kImages);
    folder.write_gzipped("labels", kLabels);
  } else {
    folder.write("images", kImages);
    folder.write("labels", kLabels);
  }
  const Dataset dataset = folder.load();
  CHECK(dataset.images.shape == Shape{3, 1, 2, 2});
  CHECK(dataset.images.data[11] == 11.0F / 255.0F);
  CHECK(dataset.labels == std::vector<int>{7, 8, 9});

  const Tensor batch = dataset.batch(1, 2);
  CHECK(batch.shape == Shape{2, 1, 2, 2});
  CHECK(batch.data.front() == 4.0F / 255.0F);
  CHECK(batch.data.back() == 11.0F / 255.0F);
}

TEST_CASE("load_dataset keeps the first images of a limit", "[network]") {
  const Folder folder;
  folder.write("images", kImages);
  folder.write("labels", kLabels);
  CHECK(folder.load(2).labels == std::vector<int>{7, 8});
  CHECK(folder.load(2).images.shape == Shape{2, 1, 2, 2});
  CHECK(folder.load(99).count() == 3);
  CHECK_THROWS_WITH(folder.load(-1), Contains("data.limit: -1"));
}

TEST_CASE("rows of values are images of one row", "[network]") {
  const Folder folder;
  folder.write("images", idx({3, 4}, kPixels));
  folder.write("labels", kLabels);
  const Dataset rows = folder.load();
  CHECK(rows.images.shape == Shape{3, 1, 1, 4});
  CHECK(rows.images.data[5] == Approx(5.0 / 255.0));
}

TEST_CASE("IDX values that are no unsigned bytes are taken as they are", "[network]") {
  const Folder folder;
  // 1, -2.5 and 2^-3 by IEEE 754; -2, 300 and 7 in two's complement.
  const std::string floats =
      big_endian(0x3F800000) + big_endian(0xC0200000) + big_endian(0x3E000000);
  const std::string doubles = big_endian(0x3FF00000) + big_endian(0) + big_endian(0xC0040000) +
                              big_endian(0) + big_endian(0x3FC00000) + big_endian(0);
  const std::string integers = big_endian(0xFFFFFFFE) + big_endian(300) + big_endian(7);
  const std::string shorts{"\xff\xfe\x01\x2c\x00\x07", 6};
  folder.write("labels", idx({3}, big_endian(0) + big_endian(999) + big_endian(70000), '\x0c'));
  const auto values = [&](const std::string& content, char type) {
    folder.write("images", idx({3, 1}, content, type));
    return folder.load().images.data;
  };
  CHECK(values(floats, '\x0d') == std::vector<float>{1.0F, -2.5F, 0.125F});
  CHECK(values(doubles, '\x0e') == std::vector<float>{1.0F, -2.5F, 0.125F});
  CHECK(values(integers, '\x0c') == std::vector<float>{-2.0F, 300.0F, 7.0F});
  CHECK(values(shorts, '\x0b') == std::vector<float>{-2.0F, 300.0F, 7.0F});
  CHECK(values("\xfe\x7f\x07", '\x09') == std::vector<float>{-2.0F, 127.0F, 7.0F});
  CHECK(folder.load().labels == std::vector<int>{0, 999, 70000});
  CHECK(folder.load(2).largest_label == 70000);
}

TEST_CASE("labels are whole numbers from 0", "[network]") {
  const Folder folder;
  folder.write("images", kImages);
  folder.write("labels", idx({3}, "\x01\xff\x02", '\x09'));
  CHECK_THROWS_WITH(folder.load(), Contains("-1") && Contains("labels count from 0"));
  folder.write("labels", idx({3}, kPixels, '\x0d'));
  CHECK_THROWS_WITH(folder.load(), Contains("labels are whole numbers"));
}

TEST_CASE("load_dataset names what is wrong with an IDX file", "[network]") {
  const Folder folder;
  folder.write("labels", kLabels);
  struct Case {
    std::string content;
    std::string message;
  };
  const auto bad = GENERATE(values<Case>({
      {kImages.substr(0, 20), "truncated"},
      {kImages.substr(0, 3), "truncated"},
      {kImages + "x", "longer than its header says"},
      {"P5 2 2 255 some other format", "is not an IDX file"},
      {std::string("\0\0\x0a\x03", 4) + kImages.substr(4), "type 10"},
      // Floats of the size that their header says are four times as many bytes.
      {std::string("\0\0\x0d\x03", 4) + kImages.substr(4), "truncated"},
      {kLabels, "1 axes"},
      {idx({3, 0, 2}, ""), "a dimension is 0"},
      {idx({2, 2, 2}, kPixels.substr(0, 8)), "3 labels for 2 images"},
      // A header that claims 3 x 65536 x 65536 pixels, and one whose product overflows 64 bits.
      {idx({3, 65536, 65536}, "x"), "holds too many values"},
      {idx({3, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, "x"), "holds too many values"},
      // 3 x 8192 x 8192 is allowed, but the file does not hold it; nothing that large is taken.
      {idx({3, 8192, 8192}, "x"), "truncated"},
  }));
  folder.write("images", bad.content);
  CHECK_THROWS_AS(folder.load(), InputError);
  CHECK_THROWS_WITH(folder.load(), Contains("/memspice-") && Contains(bad.message));
}

TEST_CASE("load_dataset reports missing, empty and damaged files", "[network]") {
  const Folder folder;
  CHECK_THROWS_WITH(folder.load(), Contains("no such file") && Contains("data.folder"));
  folder.write("images", "");
  CHECK_THROWS_WITH(folder.load(), Contains("is empty"));
  folder.write_gzipped("images", kImages);
  const std::string whole = folder.read("images");
  folder.write("labels", kLabels);
  folder.write("images", whole.substr(0, whole.size() - 9));
  CHECK_THROWS_WITH(folder.load(), Contains("truncated"));
  CHECK_THROWS_WITH(load_dataset({"idx", "", "labels", "", 0}), Contains("data.images"));
}

TEST_CASE("load_dataset says where to get what is missing, and where it goes", "[network]") {
  const Folder folder;
  CHECK_THROWS_WITH(folder.load(), Contains("Fashion-MNIST") && Contains("MEMSPICE_DATA"));
  CHECK_THROWS_WITH(folder.load(0, "cifar10"),
                    Contains("no such file") && Contains("cs.toronto.edu/~kriz/cifar.html") &&
                        Contains("cifar-10-batches-bin") && Contains("MEMSPICE_DATA"));
}

TEST_CASE("load_dataset names the formats it knows", "[network]") {
  const Folder folder;
  CHECK_THROWS_WITH(folder.load(0, "tiff_pairs"), Contains("tiff_pairs") && Contains("idx"));
  CHECK_THROWS_WITH(folder.load(0, "cifar-10"), Contains("did you mean \"cifar10\""));
}

TEST_CASE("load_dataset reads CIFAR-10 batches", "[network]") {
  const Folder folder;
  std::string record(3073, '\xff');
  record[0] = 4;
  std::string second(3073, '\0');
  second[0] = 9;
  second[1 + 1024] = '\x33';  // first pixel of the green plane
  folder.write("images", record + second);
  const Dataset dataset = folder.load(0, "cifar10");
  CHECK(dataset.images.shape == Shape{2, 3, 32, 32});
  CHECK(dataset.labels == std::vector<int>{4, 9});
  CHECK(dataset.images.data[0] == 1.0F);
  CHECK(dataset.batch(1, 1).data[1024] == 0.2F);
  CHECK(folder.load(1, "cifar10").count() == 1);

  folder.write("images", record + second.substr(0, 100));
  CHECK_THROWS_WITH(folder.load(0, "cifar10"), Contains("truncated"));
  record[0] = 10;
  folder.write("images", record);
  CHECK_THROWS_WITH(folder.load(0, "cifar10"), Contains("label 10"));
}

TEST_CASE("load_dataset normalises as training does", "[network][normalization]") {
  const Folder folder;
  // Two images of 2 channels, 1 x 2 pixels: bytes 0, 51, 255, 102; 51 / 255 is 0.2.
  folder.write("images", idx({2, 2, 1, 2}, std::string("\x00\x33\xff\x66\x33\x00\x66\xff", 8)));
  folder.write("labels", idx({2}, std::string("\x00\x01", 2)));
  const auto load = [&](const Normalization& normalization) {
    return folder.load_with(normalization).images.data;
  };
  // (p - mean) / std, one per channel: (0.2 - 0.1) / 0.5 = 0.2, (0.4 - 0.2) / 0.25 = 0.8.
  const auto standard = load({.mean = {0.1, 0.2}, .deviation = {0.5, 0.25}});
  // A pixel is a float, so that each value keeps the rounding of one, of its full scale.
  const auto check = [](const std::vector<float>& got, const std::vector<double>& wanted) {
    REQUIRE(got.size() == wanted.size());
    const double scale = std::abs(*std::ranges::max_element(wanted));
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      CHECK(got[k] == Approx(wanted[k]).margin(1e-6 * scale));
    }
  };
  check(standard, {-0.2, 0.2, 3.2, 0.8, 0.2, -0.2, 0.8, 3.2});
  // Raw bytes, and bytes around zero.
  check(load({.scale = {255.0}}), {0, 51, 255, 102, 51, 0, 102, 255});
  check(load({.scale = {255.0}, .mean = {51.0}}), {-51, 0, 204, 51, 0, -51, 51, 204});
  CHECK(load({}) == folder.load().images.data);
}

TEST_CASE("load_dataset names a normalisation of other channels", "[network][normalization]") {
  const Folder folder;
  folder.write("images", kImages);
  folder.write("labels", kLabels);
  CHECK_THROWS_WITH(folder.load_with({.mean = {0.5, 0.4, 0.3}}),
                    Contains("data.mean: 3 values") && Contains("1 channel"));
  CHECK_THROWS_WITH(folder.load_with({.deviation = {0.5, 0.4}}), Contains("data.std: 2 values"));
  CHECK_THROWS_WITH(folder.load_with({.scale = {1.0, 2.0}}), Contains("data.scale: 2 values"));
}

TEST_CASE("load_dataset knows the largest label behind the limit", "[network]") {
  const Folder folder;
  folder.write("images", kImages);
  folder.write("labels", kLabels);
  CHECK(folder.load(1).labels == std::vector<int>{7});
  CHECK(folder.load(1).largest_label == 9);
}
