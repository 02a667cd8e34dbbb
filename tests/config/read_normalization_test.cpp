#include <catch2/catch.hpp>

#include "config/flow_file.hpp"

using namespace memspice;
using testing::FlowFile;

TEST_CASE("[data] scale, mean and std hold for test and calibration images", "[config]") {
  const auto options = FlowFile("mean = [0.485, 0.456, 0.406]\nstd = 0.25\n").load();
  for (const auto* data : {&options.data.test, &options.data.calibration}) {
    CHECK(data->normalization.mean == std::vector<double>{0.485, 0.456, 0.406});
    CHECK(data->normalization.deviation == std::vector<double>{0.25});
    CHECK(data->normalization.scale.empty());
  }
  CHECK(FlowFile("").load().data.test.normalization.is_identity());
  CHECK(FlowFile("").load({"data.scale=255"}).data.test.normalization.scale ==
        std::vector<double>{255.0});
}

TEST_CASE("a normalisation of image pairs holds for both kinds of slices", "[config]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "flow.toml",
             "[network]\nfile = \"net.onnx\"\n[data]\nkind = \"image_pairs\"\nmean = 0.5\n"
             "slices = \"1-2\"\ncalibration_slices = \"0\"\n");
  const auto options = config::load_flow(folder.path() / "flow.toml");
  CHECK(options.data.test.normalization.mean == std::vector<double>{0.5});
  CHECK(options.data.calibration.normalization.mean == std::vector<double>{0.5});
}

TEST_CASE("a normalisation that divides by zero or keeps nothing is refused", "[config]") {
  const FlowFile flow("");
  flow.tells("data.std=0", "must be above zero");
  flow.tells("data.std=[0.2, -0.2]", "must be above zero");
  flow.tells("data.scale=0", "must not be zero");
  flow.tells("data.mean=[]", "must not be empty");
  flow.tells("data.mean=\"grey\"", "mean");
}

TEST_CASE("[network] expected_accuracy is a share", "[config]") {
  CHECK(FlowFile("").load().expected_accuracy == 0.0);
  CHECK(FlowFile("").load({"network.expected_accuracy=0.918"}).expected_accuracy == 0.918);
  const FlowFile flow("");
  flow.tells("network.expected_accuracy=91.8", "0.918");
  flow.tells("network.expected_accuracy=0", "is a share");
  flow.tells("network.expected_accuracy=-1", "is a share");
}

TEST_CASE("calibration images are not the test images by another path", "[config]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "test.idx", "images");
  write_file(folder.path() / "other.idx", "images");
  std::filesystem::create_symlink("test.idx", folder.path() / "link.idx");
  std::filesystem::create_hard_link(folder.path() / "test.idx", folder.path() / "twin.idx");
  const auto message = [&](const std::string& calibration) {
    return FlowFile("").message({"data.folder=" + folder.path().string(),
                                 "data.images=test.idx",
                                 "data.calibration_images=" + calibration});
  };
  for (const std::string same : {"test.idx", "./test.idx", "link.idx", "twin.idx"}) {
    INFO(same);
    CHECK(message(same).find("must not be the images that are scored") != std::string::npos);
  }
  CHECK(message((folder.path() / "test.idx").string()).find("must not be") != std::string::npos);
  CHECK(message("other.idx") == "accepted");
  CHECK(message("missing.idx") == "accepted");  // found out when the data is opened
}
