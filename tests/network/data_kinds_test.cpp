// The same images as NumPy arrays, archives, tables and folders of pictures are the same data set.
#include <png.h>
#include <turbojpeg.h>
#include <zip.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>

#include "base/error.hpp"
#include "base/files.hpp"
#include "network/dataset.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// A .npy file, version 1: magic, length of the header, the header, the values.
std::string npy(const std::string& type,
                const std::string& shape,
                const std::string& values,
                const std::string& order = "False") {
  std::string header =
      "{'descr': " + type + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string bytes{"\x93NUMPY\x01\x00", 8};
  bytes += static_cast<char>(header.size() % 256);
  bytes += static_cast<char>(header.size() / 256);
  return bytes + header + values;
}

template <typename Stored>
std::string as_bytes(const std::vector<Stored>& values) {
  std::string bytes(values.size() * sizeof(Stored), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// Six images of 2 x 3 pixels, pixel k of image n is 40 n + 5 k; labels 0, 1, 2, 0, 1, 2.
std::vector<std::uint8_t> six_images() {
  std::vector<std::uint8_t> pixels;
  for (int n = 0; n < 6; ++n) {
    for (int k = 0; k < 6; ++k) pixels.push_back(static_cast<std::uint8_t>(40 * n + 5 * k));
  }
  return pixels;
}
const std::vector<std::int64_t> kSixLabels{0, 1, 2, 0, 1, 2};

class DataFolder {
 public:
  DataFolder() {
    write("x.npy", npy("'|u1'", "(6, 2, 3)", as_bytes(six_images())));
    write("y.npy", npy("'<i8'", "(6,)", as_bytes(kSixLabels)));
  }
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
  void write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(path(name).parent_path());
    write_file(path(name), content);
  }
  DatasetOptions options(const std::string& kind,
                         const std::string& images,
                         const std::string& labels = "") const {
    return {.kind = kind, .images = images, .labels = labels, .folder = folder_.path()};
  }
  Dataset load(const std::string& kind,
               const std::string& images,
               const std::string& labels = "",
               int limit = 0) const {
    DatasetOptions wanted = options(kind, images, labels);
    wanted.limit = limit;
    return load_dataset(wanted);
  }
  Dataset arrays() const { return load("npy", "x.npy", "y.npy"); }
  std::string refusal(const std::string& kind,
                      const std::string& images,
                      const std::string& labels = "") const {
    try {
      load(kind, images, labels);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  }

  void write_archive(const std::string& name,
                     const std::vector<std::pair<std::string, std::string>>& entries) const {
    int code = 0;
    zip_t* archive = zip_open(path(name).c_str(), ZIP_CREATE, &code);
    REQUIRE(archive != nullptr);
    for (const auto& [entry, content] : entries) {
      zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
      REQUIRE(zip_file_add(archive, entry.c_str(), source, 0) >= 0);
    }
    REQUIRE(zip_close(archive) == 0);
  }

 private:
  TemporaryFolder folder_;
};

std::string png_file(int width, int height, png_uint_32 format, const std::uint8_t* pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = format;
  std::string bytes(10'000, '\0');
  png_alloc_size_t size = bytes.size();
  REQUIRE(png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels, 0, nullptr) != 0);
  return bytes.substr(0, size);
}

std::string jpeg_file(int width, int height, int channels, const std::uint8_t* pixels) {
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  tjhandle encoder = tjInitCompress();
  REQUIRE(tjCompress2(encoder,
                      pixels,
                      width,
                      0,
                      height,
                      channels == 1 ? TJPF_GRAY : TJPF_RGB,
                      &bytes,
                      &size,
                      channels == 1 ? TJSAMP_GRAY : TJSAMP_444,
                      100,
                      TJFLAG_ACCURATEDCT) == 0);
  std::string file(reinterpret_cast<const char*>(bytes), size);
  tjFree(bytes);
  tjDestroy(encoder);
  return file;
}

void check_same(const Dataset& a, const Dataset& b) {
  CHECK(a.images.shape == b.images.shape);
  CHECK(a.images.data == b.images.data);
  CHECK(a.labels == b.labels);
  CHECK(a.largest_label == b.largest_label);
}

}  // namespace

TEST_CASE("bytes of an array are pixels, other numbers stay as they are", "[network][data]") {
  const DataFolder folder;
  const Dataset bytes = folder.arrays();
  CHECK(bytes.images.shape == Shape{6, 1, 2, 3});
  CHECK(bytes.images.data[7] == 45.0F / 255.0F);
  CHECK(bytes.labels == std::vector<int>{0, 1, 2, 0, 1, 2});
  CHECK(bytes.largest_label == 2);
  folder.write("f8.npy", npy("'<f8'", "(2, 3)", as_bytes<double>({-1.5, 0, 2, 3, 4, 1e3})));
  folder.write("i2.npy", npy("'<i2'", "(2, 1, 3)", as_bytes<std::int16_t>({-1, 0, 2, 3, 4, 9})));
  folder.write("f2.npy", npy("'<f2'", "(2, 1)", as_bytes<std::uint16_t>({0x3C00, 0xC000})));
  folder.write("y2.npy", npy("'<f4'", "(2, 1)", as_bytes<float>({1, 0})));
  const Dataset doubles = folder.load("npy", "f8.npy", "y2.npy");
  CHECK(doubles.images.shape == Shape{2, 1, 1, 3});
  CHECK(doubles.images.data == std::vector<float>{-1.5F, 0, 2, 3, 4, 1e3F});
  CHECK(doubles.labels == std::vector<int>{1, 0});
  CHECK(folder.load("npy", "i2.npy", "y2.npy").images.data ==
        std::vector<float>{-1, 0, 2, 3, 4, 9});
  CHECK(folder.load("npy", "f2.npy", "y2.npy").images.data == std::vector<float>{1, -2});
}

TEST_CASE("archives hold arrays by name", "[network][data]") {
  const DataFolder folder;
  const std::string x = npy("'|u1'", "(6, 2, 3)", as_bytes(six_images()));
  const std::string y = npy("'<i8'", "(6,)", as_bytes(kSixLabels));
  folder.write_archive("all.npz", {{"x_test.npy", x}, {"y_test.npy", y}});
  folder.write_archive("x.npz", {{"arr_0.npy", x}});
  check_same(folder.load("npz", "all.npz:x_test", "all.npz:y_test"), folder.arrays());
  check_same(folder.load("npz", "x.npz", "all.npz:y_test"), folder.arrays());
  check_same(folder.load("npz", "x.npz", "y.npy"), folder.arrays());
  CHECK_THAT(folder.refusal("npz", "all.npz", "y.npy"),
             Contains("x_test, y_test") && Contains("all.npz:x_test"));
  CHECK_THAT(folder.refusal("npz", "all.npz:z", "y.npy"), Contains("\"z\""));
  folder.write("broken.npz", "PK nothing");
  CHECK_THAT(folder.refusal("npz", "broken.npz", "y.npy"), Contains("is no .npz archive"));
  CHECK_THAT(folder.refusal("npz", "none.npz", "y.npy"), Contains("no such file"));
  const std::string packed = read_file(folder.path("all.npz"));
  std::string damaged = packed;
  for (std::size_t k = 60; k < 90; ++k) damaged[k] = static_cast<char>(damaged[k] ^ 0x55);
  folder.write("damaged.npz", damaged);
  CHECK(folder.refusal("npz", "damaged.npz:x_test", "y.npy") != "accepted");
}

TEST_CASE("tables hold rows of numbers, and labels in a column", "[network][data]") {
  const DataFolder folder;
  std::string named = "label,p0,p1,p2,p3,p4,p5\n", plain,
              classes = "p0;p1;p2;p3;p4;p5;\"kind\"\r\n";
  const char* names[] = {"ant", "bee", "\"cat; a\""};
  const auto pixels = six_images();
  for (std::size_t n = 0; n < 6; ++n) {
    std::string row, semicolons;
    for (std::size_t k = 0; k < 6; ++k) {
      row += ',' + std::to_string(pixels[6 * n + k]);
      semicolons += std::to_string(pixels[6 * n + k]) + " ; ";
    }
    named += std::to_string(kSixLabels[n]) + row + '\n';
    plain += row.substr(1) + ',' + std::to_string(kSixLabels[n]) + "\n\n";
    classes += semicolons + names[n % 3] + "\r\n";
  }
  folder.write("named.csv", "\xef\xbb\xbf" + named);
  folder.write("plain.csv", plain);
  folder.write("classes.csv", classes);
  Dataset wanted = folder.arrays();
  wanted.images.shape = {6, 1, 1, 6};
  DatasetOptions options = folder.options("csv", "named.csv");
  options.normalization.scale = {1.0 / 255.0};
  const auto check_table = [&] {
    const Dataset found = load_dataset(options);
    CHECK(found.images.shape == wanted.images.shape);
    CHECK(found.labels == wanted.labels);
    for (std::size_t k = 0; k < 36; ++k) {
      CHECK(found.images.data[k] == Approx(wanted.images.data[k]).epsilon(1e-6));
    }
  };
  check_table();
  options.images = "plain.csv";
  options.label_column = "7";
  check_table();
  options.images = "classes.csv";
  options.label_column = "kind";
  check_table();
  CHECK_THAT(folder.refusal("csv", "plain.csv"), Contains("7 columns") && Contains("label_column"));
  CHECK_THAT(folder.refusal("csv", "classes.csv"), Contains("kind"));
  folder.write("y.csv", "0\n1\n2\n0\n1\n2\n");
  folder.write("x.csv", "1,2\n3,4\n5,6\n7,8\n9,10\n-11,1e1\n");
  const Dataset apart = folder.load("csv", "x.csv", "y.csv", 2);
  CHECK(apart.images.data == std::vector<float>{1, 2, 3, 4});
  CHECK(apart.labels == std::vector<int>{0, 1});
  CHECK(apart.largest_label == 2);
}

TEST_CASE("broken tables name the line", "[network][data]") {
  const DataFolder folder;
  const auto told = [&](const std::string& text) {
    folder.write("t.csv", text);
    return folder.refusal("csv", "t.csv");
  };
  CHECK_THAT(told("label,a\n0,1\n1,2,3\n"), Contains("line 3") && Contains("3 values"));
  CHECK_THAT(told("label,a\n0,1\n1,two\n"), Contains("line 3") && Contains("\"two\""));
  CHECK_THAT(told("label,a\n0,1\n1,nan\n"), Contains("line 3") && Contains("finite"));
  CHECK_THAT(told("label,a\n0.5,1\n"), Contains("whole numbers"));
  CHECK_THAT(told("label,a\nant,1\n3,2\n"), Contains("all names or all numbers"));
  CHECK_THAT(told("label,a\n"), Contains("no rows"));
  CHECK_THAT(told(""), Contains("is empty"));
}

TEST_CASE("a folder of each class holds its pictures", "[network][data]") {
  const DataFolder folder;
  const auto pixels = six_images();
  const char* names[] = {"ant", "bee", "cat"};
  for (std::size_t n = 0; n < 6; ++n) {
    folder.write("set/" + std::string(names[n % 3]) + '/' + std::to_string(n) + ".png",
                 png_file(3, 2, PNG_FORMAT_GRAY, &pixels[6 * n]));
  }
  folder.write("set/LICENSE", "free");
  folder.write("set/ant/.hidden", "");
  check_same(folder.load("folder", "set"), folder.arrays());
  CHECK(folder.load("folder", "set", "", 2).labels == std::vector<int>{0, 1});
  folder.write("set/bee/rgb.PNG", png_file(3, 2, PNG_FORMAT_RGB, six_images().data()));
  CHECK_THAT(folder.refusal("folder", "set"),
             Contains("rgb.PNG") && Contains("3 x 2 RGB") && Contains("3 x 2 grey"));
  std::filesystem::remove(folder.path("set/bee/rgb.PNG"));
  folder.write("set/bee/7.png", png_file(2, 3, PNG_FORMAT_GRAY, six_images().data()));
  CHECK_THAT(folder.refusal("folder", "set"), Contains("7.png") && Contains("2 x 3 grey"));
  folder.write("set/bee/7.png", "no picture");
  CHECK_THAT(folder.refusal("folder", "set"), Contains("7.png") && Contains("is no PNG image"));
  folder.write("set/bee/7.gif", "GIF89a");
  CHECK_THAT(folder.refusal("folder", "set"), Contains("7.gif") && Contains("no PNG or JPEG"));
  CHECK_THAT(folder.refusal("folder", "nowhere"), Contains("no such folder"));
}

TEST_CASE("JPEG pictures, grey and in colour", "[network][data]") {
  const DataFolder folder;
  // One grey, and one colour, over whole blocks: what JPEG stores almost exactly.
  const std::vector<std::uint8_t> grey(16 * 8, 97);
  std::vector<std::uint8_t> red;
  for (int k = 0; k < 16 * 8; ++k) red.insert(red.end(), {200, 30, 60});
  folder.write("g/a/1.jpg", jpeg_file(16, 8, 1, grey.data()));
  folder.write("c/a/1.jpeg", jpeg_file(16, 8, 3, red.data()));
  const Dataset one = folder.load("folder", "g"), other = folder.load("folder", "c");
  CHECK(one.images.shape == Shape{1, 1, 8, 16});
  CHECK(other.images.shape == Shape{1, 3, 8, 16});
  // The change of colour space rounds to whole numbers twice.
  CHECK(one.images.data[5] == Approx(97.0 / 255.0).margin(0.5 / 255.0));
  CHECK(other.images.data[5] == Approx(200.0 / 255.0).margin(2.0 / 255.0));
  CHECK(other.images.data[128 + 5] == Approx(30.0 / 255.0).margin(2.0 / 255.0));
  CHECK(other.images.data[256 + 5] == Approx(60.0 / 255.0).margin(2.0 / 255.0));
  const std::string whole = read_file(folder.path("c/a/1.jpeg"));
  folder.write("t/a/1.jpg", whole.substr(0, whole.size() / 2));
  CHECK_THAT(folder.refusal("folder", "t"), Contains("JPEG"));
  folder.write("t/a/1.jpg", "no picture at all");
  CHECK_THAT(folder.refusal("folder", "t"), Contains("is no JPEG image"));
}

TEST_CASE("arrays that cannot be taken say why", "[network][data]") {
  const DataFolder folder;
  const std::string six = as_bytes(six_images());
  const auto told = [&](const std::string& file) {
    folder.write("bad.npy", file);
    return folder.refusal("npy", "bad.npy", "y.npy");
  };
  CHECK_THAT(told(npy("'|O'", "(6,)", "\x80\x04")), Contains("Python objects"));
  CHECK_THAT(told("\x80\x04\x95"), Contains("pickle"));
  CHECK_THAT(told("\x80\x04\x95 and more"), Contains("pickle"));
  CHECK_THAT(told(npy("'|u1'", "(6, 2, 3)", six, "True")), Contains("Fortran"));
  CHECK_THAT(told(npy("'>f4'", "(6, 1)", six)), Contains("big-endian"));
  CHECK_THAT(told(npy("'<c8'", "(6, 1)", six)), Contains("<c8"));
  CHECK_THAT(told(npy("'<U3'", "(6, 1)", six)), Contains("<U3"));
  CHECK_THAT(told(npy("[('a', '<f4')]", "(6,)", six)), Contains("records"));
  CHECK_THAT(told(npy("'|u1'", "(6, 2, 3)", six.substr(1))), Contains("truncated"));
  CHECK_THAT(told(npy("'|u1'", "(6, 2, 3)", six + "x")), Contains("longer"));
  CHECK_THAT(told(npy("'|u1'", "(6,)", six.substr(0, 6))), Contains("2 to 4 axes"));
  CHECK_THAT(told(npy("'|u1'", "(0, 3)", "")), Contains("no values"));
  CHECK_THAT(told(npy("'|u1'", "(99999999, 99999999)", "")), Contains("too many values"));
  CHECK_THAT(told(npy("'<f4'", "(1, 1)", as_bytes<float>({NAN}))), Contains("nan"));
  CHECK_THAT(told(npy("'|u1'", "(5, 2, 3)", six.substr(0, 30))), Contains("6 labels for 5 images"));
  CHECK_THAT(told("\x93NUMPY"), Contains("no .npy"));
  folder.write("hot.npy", npy("'|u1'", "(6, 3)", six.substr(0, 18)));
  CHECK_THAT(folder.refusal("npy", "x.npy", "hot.npy"), Contains("one whole number"));
}

TEST_CASE("CIFAR-100 keeps the fine label of two", "[network][data]") {
  const DataFolder folder;
  std::string record(3074, '\x10');
  record[0] = '\x05';
  record[1] = '\x63';
  folder.write("cifar-100-binary/test.bin", record);
  const Dataset found = folder.load("cifar100", "");
  CHECK(found.labels == std::vector<int>{99});
  CHECK(found.images.shape == Shape{1, 3, 32, 32});
  CHECK(found.images.data[0] == 16.0F / 255.0F);
  record[1] = '\x64';
  folder.write("cifar-100-binary/test.bin", record);
  CHECK_THAT(folder.refusal("cifar100", ""), Contains("label 100"));
}

TEST_CASE("a split parts one file in two", "[network][data]") {
  const DataFolder folder;
  DatasetOptions options = folder.options("npy", "x.npy", "y.npy");
  options.split = {.share = 0.3, .takes_share = false};
  const Dataset scored = load_dataset(options);
  options.split.takes_share = true;
  const Dataset kept = load_dataset(options);
  CHECK(scored.count() == 4);
  CHECK(kept.count() == 2);  // 1.8, rounded up
  std::vector<float> firsts;
  for (const Dataset* part : {&scored, &kept}) {
    for (int k = 0; k < part->count(); ++k) {
      firsts.push_back(part->images.data[static_cast<std::size_t>(6 * k)] * 255.0F);
      const auto n = std::lround(firsts.back() / 40.0F);
      CHECK(part->labels[static_cast<std::size_t>(k)] == n % 3);
    }
  }
  std::ranges::sort(firsts);
  for (int n = 0; n < 6; ++n) CHECK(firsts[static_cast<std::size_t>(n)] == Approx(40.0 * n));
  options.split = {.share = 0.99, .takes_share = false};
  CHECK_THROWS_WITH(load_dataset(options), Contains("data.split"));
}

TEST_CASE("channels may be last", "[network][data]") {
  const DataFolder folder;
  folder.write("last.npy", npy("'<f4'", "(1, 2, 1, 3)", as_bytes<float>({1, 2, 3, 4, 5, 6})));
  folder.write("one.npy", npy("'|u1'", "(1,)", std::string(1, '\0')));
  DatasetOptions options = folder.options("npy", "last.npy", "one.npy");
  options.normalization.mean = {1, 2, 3};
  CHECK(load_dataset(options).images.data == std::vector<float>{0, 0, 0, 3, 3, 3});
}
