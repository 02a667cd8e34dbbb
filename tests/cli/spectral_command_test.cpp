#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "program_run.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::run_memspice;
using Json = nlohmann::json;

namespace {

const std::string kLenet = std::string(MEMSPICE_ROOT_DIR) + "/flows/lenet5_fashion.toml";

/// LeNet-5's spectral shape, and whatever else the table says.
class Shape {
 public:
  explicit Shape(const std::string& more = "") : file_(folder_.path() / "shape.toml") {
    write_file(file_,
               "[spectral]\nimage = 28\nsizes = [28, 14]\npooled = [14, 7]\ndepths = [6, 16]\n"
               "classifier = [120, 84, 10]\n" +
                   more);
  }
  std::string path() const { return file_.string(); }
  std::filesystem::path folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  std::filesystem::path file_;
};

Json cost_of(const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"spectral", "cost"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  all.push_back("--json");
  const auto run = run_memspice(all);
  INFO(run.err);
  REQUIRE(run.code == 0);
  return Json::parse(run.out);
}

/// METHODS section 7, by hand: M x M bins, C maps in, D out.
void check_layer(const Json& layer, long M, long C, long D) {
  CHECK(layer["size"] == M);
  CHECK(layer["channels_in"] == C);
  CHECK(layer["channels_out"] == D);
  CHECK(layer["real_multiplications"] == 4 * M * M * C * D);
  CHECK(layer["real_additions"] == 2 * M * M * C * D + 2 * M * M * (C - 1) * D);
  CHECK(layer["words_in"] == 2 * M * M * C);
  CHECK(layer["words_kernel"] == 2 * M * M * C * D);
  CHECK(layer["words_out"] == 2 * M * M * D);
}

}  // namespace

TEST_CASE("spectral cost counts a shape, fused and not", "[spectral_command]") {
  const Shape shape;
  const Json unfused = cost_of({shape.path(), "--unfused"});
  REQUIRE(unfused["layers"].size() == 2);
  check_layer(unfused["layers"][0], 28, 1, 6);
  check_layer(unfused["layers"][1], 14, 6, 16);
  const Json fused = cost_of({shape.path(), "--fused"});
  check_layer(fused["layers"][0], 14, 1, 6);
  check_layer(fused["layers"][1], 7, 6, 16);
  for (const char* key :
       {"real_multiplications", "real_additions", "words_in", "words_kernel", "words_out"}) {
    CHECK(fused["total"][key] ==
          fused["layers"][0][key].get<long>() + fused["layers"][1][key].get<long>());
  }
  CHECK(fused["transform"]["flops"] == Approx(5.0 * 784 * std::log2(784.0)));
  CHECK(fused["classifier"]["real_multiplications"] == 2 * 49 * 16 * 120 + 120 * 84 + 84 * 10);
}

TEST_CASE("half of the bins cost half where that is legal", "[spectral_command]") {
  const Shape shape("activation = \"modrelu\"\nstorage = \"half\"\n");
  // 14 x (14/2 + 1) of 14 x 14 bins.
  CHECK(cost_of({shape.path()})["layers"][0]["real_multiplications"] == 4 * 14 * 8 * 6);
  const auto refused =
      run_memspice({"spectral", "cost", shape.path(), "--set", "spectral.activation=clrelu"});
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Contains("needs the full spectrum") && Contains("storage"));
}

TEST_CASE("spectral cost reads an ordinary network as its twin", "[spectral_command]") {
  const Json twin = cost_of({kLenet, "--unfused"});
  check_layer(twin["layers"][0], 28, 1, 6);
  check_layer(twin["layers"][1], 14, 6, 16);
  const auto half = run_memspice({"spectral", "cost", kLenet, "--set", "spectral.storage=half"});
  CHECK(half.code == 2);
  CHECK_THAT(half.err, Contains("needs the full spectrum"));
}

TEST_CASE("spectral cost tells what is wrong with a shape", "[spectral_command]") {
  const Shape shape;
  const auto odd =
      run_memspice({"spectral", "cost", shape.path(), "--set", "spectral.pooled=[14, 15]"});
  CHECK(odd.code == 2);
  CHECK_THAT(odd.err, Contains("pooled") && Contains("1 to 14"));
  const TemporaryFolder folder;
  write_file(folder.path() / "flow.toml",
             "[spectral]\nimage = 30\npooling = [4]\ndepths = [6]\nclassifier = [10]\n");
  const auto divides = run_memspice({"spectral", "cost", (folder.path() / "flow.toml").string()});
  CHECK(divides.code == 2);
  CHECK_THAT(divides.err, Contains("flow.toml:3:") && Contains("4 does not divide the 30 bins"));
  write_file(folder.path() / "empty.toml", "[spectral]\nlanes = 4\n");
  CHECK(run_memspice({"spectral", "cost", (folder.path() / "empty.toml").string()}).code == 2);
  CHECK(run_memspice({"spectral", "cost", shape.path(), "--fused", "--unfused"}).code == 2);
}
