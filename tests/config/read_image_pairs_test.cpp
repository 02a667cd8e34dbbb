#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/flow_options.hpp"

using namespace memspice;
using namespace memspice::config;
using Catch::Matchers::Contains;

namespace {

const std::string kBefore =
    "[network]\nfile = \"net.onnx\"\n[data]\nkind = \"image_pairs\"\nfolder = \"/slices\"\n";
const std::string kSlices = "slices = \"24-29\"\ncalibration_slices = \"0-23\"\n";

FlowOptions load(const std::string& data, const Overrides& overrides = {}) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "flow.toml";
  write_file(file, kBefore + data);
  return load_flow(file, overrides);
}

std::string refusal(const std::string& data, const Overrides& overrides = {}) {
  try {
    load(data, overrides);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("[data] image_pairs names slices and the foreground", "[config]") {
  const DataOptions data = load(kSlices).data;
  CHECK(data.test.images == "image");
  CHECK(data.test.labels == "label");
  CHECK(data.test.slices == std::vector<int>{24, 25, 26, 27, 28, 29});
  CHECK(data.test.foreground == 0);
  CHECK(data.calibration.slices.size() == 24);
  CHECK(data.calibration.images == "image");
  CHECK(data.calibration.limit == 4);
}

TEST_CASE("[data] slices are a number, a list, or text with ranges", "[config]") {
  const std::string rest = "calibration_slices = 0\nforeground = 255\nlimit = 2\n";
  CHECK(load("slices = [3, 1]\n" + rest).data.test.slices == std::vector<int>{3, 1});
  CHECK(load("slices = 5\n" + rest).data.test.slices == std::vector<int>{5});
  CHECK(load("slices = \" 8 , 4-6\"\n" + rest).data.test.slices == std::vector<int>{8, 4, 5, 6});
  const DataOptions data = load("slices = 5\n" + rest, {"data.slices=6-7"}).data;
  CHECK(data.test.slices == std::vector<int>{6, 7});
  CHECK(data.test.foreground == 255);
  CHECK(data.test.limit == 2);
}

TEST_CASE("[data] slices that make no sense are refused with their place", "[config]") {
  const std::string rest = "calibration_slices = 0\n";
  CHECK_THAT(refusal("slices = \"6-4\"\n" + rest),
             Contains("flow.toml:6:") && Contains("backwards"));
  CHECK_THAT(refusal("slices = \"a-4\"\n" + rest), Contains("0 to 999999"));
  CHECK_THAT(refusal("slices = \"0-999999, 0-999999\"\n" + rest), Contains("twice"));
  CHECK_THAT(refusal("slices = \"-4\"\n" + rest), Contains("0 to 999999"));
  CHECK_THAT(refusal("slices = \"1,\"\n" + rest), Contains("0 to 999999"));
  CHECK_THAT(refusal("slices = 1.5\n" + rest), Contains("0 to 999999"));
  CHECK_THAT(refusal("slices = []\n" + rest), Contains("names no slice"));
  CHECK_THAT(refusal("slices = \"1-3, 2\"\n" + rest), Contains("twice"));
  CHECK_THAT(refusal("slices = \"0-3\"\n" + rest), Contains("slices that are scored: 0"));
  CHECK_THAT(refusal(rest), Contains("slices") && Contains("24-29"));
  CHECK_THAT(refusal("slices = 1\n"), Contains("calibration_slices"));
  CHECK_THAT(refusal(kSlices + "foreground = 256\n"), Contains("0 to 255"));
  CHECK_THAT(refusal(kSlices + "calibration_images = \"x\"\n"), Contains("calibration_images"));
}
