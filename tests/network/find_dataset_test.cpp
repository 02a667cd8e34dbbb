#include "network/find_dataset.hpp"

#include <catch2/catch.hpp>

#include "base/array_archive.hpp"
#include "base/error.hpp"
#include "base/files.hpp"

using namespace memspice;
using network::find_dataset;

namespace {

class DataFolder {
 public:
  explicit DataFolder(const std::vector<std::string>& files) {
    for (const std::string& file : files) write_file(path() / file, "x");
  }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("find_dataset takes MNIST's files by their names", "[network]") {
  const DataFolder folder({"t10k-images-idx3-ubyte.gz",
                           "t10k-labels-idx1-ubyte.gz",
                           "train-images-idx3-ubyte",
                           "train-labels-idx1-ubyte"});
  const auto found = find_dataset(folder.path(), "--data");
  CHECK(found.test.kind == "idx");
  CHECK(found.test.folder == folder.path());
  CHECK(found.test.images == "t10k-images-idx3-ubyte.gz");
  CHECK(found.test.labels == "t10k-labels-idx1-ubyte.gz");
  CHECK(found.calibration.images == "train-images-idx3-ubyte");
  CHECK(found.calibration.labels == "train-labels-idx1-ubyte");
}

TEST_CASE("find_dataset finds CIFAR-10 in its archive's folder", "[network]") {
  for (const std::string inner : {"", "cifar-10-batches-bin/"}) {
    const DataFolder folder({inner + "test_batch.bin", inner + "data_batch_1.bin"});
    const auto found = find_dataset(folder.path(), "--data");
    CHECK(found.test.kind == "cifar10");
    CHECK(found.test.images == "test_batch.bin");
    CHECK(found.calibration.images == "data_batch_1.bin");
  }
}

TEST_CASE("find_dataset scores the last fifth of numbered slices", "[network]") {
  std::vector<std::string> files{"images/notes.txt", "images/07.png", "images/99.png"};
  for (int n = 0; n < 10; ++n) {
    files.push_back("images/" + std::to_string(n) + ".png");
    files.push_back("labels/" + std::to_string(n) + ".png");
  }
  const DataFolder folder(files);  // 99 has no label, and 07 is not how slices are numbered
  const auto found = find_dataset(folder.path(), "--data");
  CHECK(found.test.kind == "image_pairs");
  CHECK(found.test.images == "images");
  CHECK(network::slices_text(found.test.slices) == "8-9");
  CHECK(network::slices_text(found.calibration.slices) == "0-7");
  CHECK(network::slices_text({1, 3, 4, 5, 9}) == "1, 3-5, 9");
}

TEST_CASE("find_dataset refuses folders that hold no data set", "[network]") {
  const DataFolder lone({"t10k-images-idx3-ubyte.gz"});  // neither labels nor training images
  CHECK_THROWS_WITH(find_dataset(lone.path(), "--data"),
                    Catch::Contains("--data: ") && Catch::Contains("holds no data set") &&
                        Catch::Contains("with its labels"));
  CHECK_THROWS_AS(find_dataset(lone.path() / "nowhere", "--data"), InputError);
  CHECK_THROWS_WITH(network::published_dataset("mnist", "--data"),
                    Catch::Contains("\"mnist\"") && Catch::Contains("idx, npy"));
}

TEST_CASE("find_dataset knows arrays by the names that people give them", "[network]") {
  const DataFolder arrays({"x_test.npy", "y_test.npy", "x_train.npy", "y_train.npy"});
  const auto found = find_dataset(arrays.path(), "--data");
  CHECK(found.test.kind == "npy");
  CHECK(found.test.images == "x_test.npy");
  CHECK(found.test.labels == "y_test.npy");
  CHECK(found.calibration.images == "x_train.npy");

  const float value = 1.0F;
  ArrayArchive archive;
  for (const char* name : {"train_images", "train_labels", "test_images", "test_labels"}) {
    archive.add(name, {1}, std::span(&value, 1));
  }
  const DataFolder packed({"notes.txt"});
  write_file(packed.path() / "all.npz", archive.bytes());
  const auto archived = find_dataset(packed.path(), "--data");
  CHECK(archived.test.kind == "npz");
  CHECK(archived.test.labels == "all.npz:test_labels");
  CHECK(archived.calibration.images == "all.npz:train_images");
}

TEST_CASE("find_dataset takes tables and folders of classes", "[network]") {
  const DataFolder tables({"mnist_test.csv", "mnist_train.csv"});
  CHECK(find_dataset(tables.path(), "--data").test.kind == "csv");
  CHECK(find_dataset(tables.path(), "--data").calibration.images == "mnist_train.csv");
  const DataFolder classes(
      {"test/cat/1.png", "test/dog/1.png", "train/cat/2.png", "train/dog/2.png"});
  CHECK(find_dataset(classes.path(), "--data").test.kind == "folder");
  CHECK(find_dataset(classes.path(), "--data").calibration.images == "train");
  const DataFolder cifar({"cifar-100-binary/test.bin", "cifar-100-binary/train.bin"});
  CHECK(find_dataset(cifar.path(), "--data").test.kind == "cifar100");
}

TEST_CASE("half of a data set is none", "[network]") {
  const DataFolder half({"x_test.npy", "y_test.npy", "x_train.npy"});
  CHECK_THROWS_AS(find_dataset(half.path(), "--data"), InputError);
  const DataFolder damaged({"data.npz"});
  CHECK_THROWS_AS(find_dataset(damaged.path(), "--data"), InputError);
}
