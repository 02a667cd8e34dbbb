// What a report calls a run and says of its settings.

#include <catch2/catch.hpp>

#include "base/files.hpp"
#include "flow/build_report.hpp"
#include "flow/run_flow.hpp"

using namespace memspice;
using Settings = std::map<std::string, std::string>;

namespace {

const tile::Array kArray({.wiring = {.row = 1.0, .column = 2.5, .driver = 100.0, .sense = 2e3},
                          .alpha = 2.0,
                          .read_voltage = 0.2});

}  // namespace

TEST_CASE("settings tell what shaped a run, with units", "[flow][report]") {
  const Settings found = flow::settings_of({.rows = 32, .columns = 16},
                                           {.dac_bits = 6, .adc_bits = 0},
                                           {.g_min = 2e-6, .g_max = 50e-6, .levels = 16},
                                           kArray);
  const Settings expected{{"tile", "32 x 16"},
                          {"scheme", "im2col"},
                          {"weight scale", "one per layer"},
                          {"bias", "a word line"},
                          {"wire", "1 Ohm row, 2.5 Ohm column"},
                          {"driver", "100 Ohm"},
                          {"sense", "2 kOhm"},
                          {"read voltage", "200 mV"},
                          {"window", "2 uS to 50 uS"},
                          {"levels", "16"},
                          {"alpha", "2 1/V"},
                          {"DAC", "6 bits"},
                          {"ADC", "ideal, calibrated range"},
                          {"gain", "nominal"}};
  CHECK(found == expected);
}

TEST_CASE("settings name what is not the ordinary", "[flow][report]") {
  const Settings found = flow::settings_of({.rows = 8,
                                            .scheme = mapping::Scheme::KernelFirst,
                                            .weight_scale = mapping::WeightScale::Output,
                                            .bias = mapping::Bias::Digital},
                                           {.gain = mapping::Gain::Calibrated},
                                           {.levels = 0},
                                           kArray);
  CHECK(found.at("tile") == "a summer of 8 pairs");
  CHECK(found.at("weight scale") == "one per output");
  CHECK(found.at("bias") == "digital");
  CHECK(found.at("levels") == "continuous");
  CHECK(found.at("gain") == "calibrated");
}

TEST_CASE("a variant's title names it", "[flow][report]") {
  CHECK(flow::title_of("resnet20", "") == "resnet20");
  CHECK(flow::title_of("resnet20", "half pruned") == "resnet20: half pruned");
}

TEST_CASE("data are called by their file, pairs by their folder", "[flow][report]") {
  network::DatasetOptions data;
  data.kind = "idx";
  data.folder = "/data/mnist";
  data.images = "/data/mnist/t10k-images.gz";
  CHECK(flow::name_of(data) == "t10k-images.gz");
  data.kind = "image_pairs";
  data.folder = "/data/em-membrane";
  data.images = "image";
  CHECK(flow::name_of(data) == "em-membrane/image");
}

TEST_CASE("a characterization leaves a run's page alone", "[flow][report]") {
  const TemporaryFolder folder;
  CHECK(flow::characterization_page(folder.path()) == folder.path() / "report.html");
  write_file(folder.path() / "results.json", "{}");
  CHECK(flow::characterization_page(folder.path()) == folder.path() / "characterization.html");
}
