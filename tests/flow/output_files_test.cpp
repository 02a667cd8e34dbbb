// [output] of a network whose scores are known by hand.
#include "flow/output_files.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "flow/run_flow.hpp"
#include "network/array_file.hpp"
#include "support/small_flow.hpp"

using namespace memspice;
using Catch::Matchers::Contains;

namespace {

/// Scores: the first pixel, the second one, and half the first less a half.
test::SmallFlow three_scores() {
  test::SmallNetwork network;
  network.W = std::vector<std::vector<float>>(3, std::vector<float>(12, 0.0F));
  network.W[0][0] = 1.0F;
  network.W[1][1] = 1.0F;
  network.W[2][0] = 0.5F;
  network.b = {0.0F, 0.0F, -0.5F};
  std::vector<test::Pixels> images(4, test::Pixels(12, 0));
  images[0][0] = 255;                 // 1, 0, 0
  images[1][1] = 51;                  // 0, 0.2, -0.5
  images[2][0] = images[2][1] = 255;  // 1, 1, 0: the first of equals
  images[3][1] = 255;                 // 0, 1, -0.5
  return {network, images, {0, 1, 1, 0}};
}

std::vector<float> read_npz(const std::filesystem::path& folder, const std::string& array) {
  return network::read_array_file(folder, array, "").values;
}

}  // namespace

TEST_CASE("predictions.csv has label, prediction and scores of every image", "[flow][output]") {
  const test::SmallFlow small = three_scores();
  const config::FlowOptions options = small.load({"output.predictions=true"});
  flow::run_flow(options);
  const std::string table = read_file(options.out / "predictions.csv");
  const std::vector<std::string> lines = split(table, '\n');
  CHECK(lines.at(0) == "image,label,prediction_float,score_float_0,score_float_1,score_float_2");
  CHECK(lines.at(1) == "0,0,0,1,0,0");
  CHECK(lines.at(2) == "1,1,1,0,0.2,-0.5");
  CHECK(lines.at(3) == "2,1,0,1,1,0");
  CHECK(lines.at(4) == "3,0,1,0,1,-0.5");
}

TEST_CASE("every pass has its arrays, equal to what it scored", "[flow][output]") {
  const test::SmallFlow small = three_scores();
  const config::FlowOptions options = small.load({"output.predictions=true",
                                                  "output.format=npz",
                                                  "fidelity.default=mesh",
                                                  "array.wire=0",
                                                  "device.levels=0"});
  const report::RunReport report = flow::run_flow(options);
  const auto label = read_npz(options.out, "predictions.npz:label");
  CHECK(label == std::vector<float>{0, 1, 1, 0});
  for (const std::string pass : {"float", "ideal", "mesh"}) {
    const auto taken = read_npz(options.out, "predictions.npz:prediction_" + pass);
    const auto scores = read_npz(options.out, "predictions.npz:scores_" + pass);
    REQUIRE(scores.size() == 12);
    int right = 0;
    for (std::size_t n = 0; n < 4; ++n) {
      const auto row = scores.begin() + static_cast<std::ptrdiff_t>(3 * n);
      CHECK(taken[n] == static_cast<float>(std::max_element(row, row + 3) - row));
      right += taken[n] == label[n] ? 1 : 0;
    }
    CHECK(report.accuracy.of(pass)->value == right / 4.0);
  }
}

TEST_CASE("activations are the outputs of layers, of the first images", "[flow][output]") {
  const test::SmallFlow small = three_scores();
  const auto layers = flow::run_flow(small.load()).layers;
  const config::FlowOptions options =
      small.load({"output.activations=[\"" + layers.front().name + "\"]", "output.images=2"});
  flow::run_flow(options);
  const auto array =
      network::read_array_file(options.out, "activations.npz:float/" + layers.front().name, "");
  CHECK(array.shape == network::Shape{2, 3});
  CHECK(array.values == std::vector<float>{1, 0, 0, 0, 0.2F, -0.5F});
}

TEST_CASE("a layer that is not there is named before the run", "[flow][output]") {
  const test::SmallFlow small = three_scores();
  CHECK_THROWS_WITH(flow::check_flow(small.load({"output.activations=nosuch"})),
                    Contains("[output] activations") && Contains("nosuch"));
}

TEST_CASE("results name the files they come of by their hashes", "[flow][output]") {
  const test::SmallFlow small = three_scores();
  const report::Provenance from = flow::run_flow(small.load()).provenance;
  std::vector<std::string> roles;
  for (const report::SourceFile& file : from.files) roles.push_back(file.role);
  CHECK(roles == std::vector<std::string>{"flow",
                                          "network",
                                          "images",
                                          "labels",
                                          "calibration images",
                                          "calibration labels",
                                          "device card",
                                          "technology card"});
  small.write(from.files[0].path.substr(from.files[0].path.rfind('/') + 1),
              read_file(from.files[0].path) + "# a word\n");
  const report::Provenance after = flow::run_flow(small.load()).provenance;
  CHECK(after.files[0].sha256 != from.files[0].sha256);
  CHECK(after.files[1].sha256 == from.files[1].sha256);
}
