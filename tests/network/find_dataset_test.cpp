#include "network/find_dataset.hpp"

#include <catch2/catch.hpp>

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
                    Catch::Contains("\"mnist\"") && Catch::Contains("idx, cifar10"));
}
