// What memspice writes for NumPy, read back by what reads NumPy's files.

#include "base/array_archive.hpp"

#include <catch2/catch.hpp>

#include "base/files.hpp"
#include "network/array_file.hpp"

using namespace memspice;

namespace {

network::NumberArray read_back(const ArrayArchive& archive, const std::string& name) {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.npz", archive.bytes());
  return network::read_array_file(folder.path(), "a.npz:" + name, "");
}

}  // namespace

TEST_CASE("an archive gives back its arrays, their shapes and types", "[network][npz]") {
  const std::vector<float> floats{1.5F, -2.0F, 0.25F, 8.0F, 0.0F, 1e-30F};
  const std::vector<double> doubles{1e-6, 3.0};
  const std::vector<std::int32_t> integers{-7, 0, 70000};
  ArrayArchive archive;
  archive.add("pass/conv1", {1, 3, 2}, std::span<const float>(floats));
  archive.add("G", {2, 1}, std::span<const double>(doubles));
  archive.add("label", {3}, std::span<const std::int32_t>(integers));

  const network::NumberArray of_floats = read_back(archive, "pass/conv1");
  CHECK(of_floats.shape == network::Shape{1, 3, 2});
  CHECK(of_floats.values == floats);
  CHECK_FALSE(of_floats.is_integer);
  CHECK(read_back(archive, "G").values == std::vector<float>{1e-6F, 3.0F});
  const network::NumberArray of_integers = read_back(archive, "label");
  CHECK(of_integers.is_integer);
  CHECK(of_integers.values == std::vector<float>{-7.0F, 0.0F, 70000.0F});
}

TEST_CASE("the same arrays make the same bytes", "[network][npz]") {
  const std::vector<double> values{1.0, 2.0};
  const auto bytes = [&] {
    ArrayArchive archive;
    archive.add("v", {2}, std::span<const double>(values));
    return archive.bytes();
  };
  CHECK(bytes() == bytes());
}
