// Slices whose pixels are labelled, through a small SE-FCN: on crossbars and kernel first.

#include <png.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/flow_options.hpp"
#include "config/read_variants.hpp"
#include "flow/run_flow.hpp"

using namespace memspice;
using Catch::Matchers::Contains;

namespace {

constexpr int kSide = 16;

std::string png(const std::string& values) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = kSide;
  image.format = PNG_FORMAT_GRAY;
  std::string bytes(10'000, '\0');
  png_alloc_size_t size = bytes.size();
  REQUIRE(png_image_write_to_memory(&image, bytes.data(), &size, 0, values.data(), 0, nullptr) !=
          0);
  bytes.resize(size);
  return bytes;
}

constexpr long kDark = 102;  // 0.4 of 255: what is darker is labelled 0, the rest 255

/// Waves of grey, other ones in each slice.
void write_slice(const std::filesystem::path& folder, int slice) {
  std::string grey, label;
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const double level = 0.5 + 0.5 * std::sin(0.5 * x + slice) * std::cos(0.4 * y - 0.7 * slice);
      const long value = std::lround(255.0 * level);
      grey += static_cast<char>(value);
      label += value < kDark ? '\x00' : '\xff';
    }
  }
  const std::string name = std::to_string(slice) + ".png";
  write_file(folder / "image" / name, png(grey));
  write_file(folder / "label" / name, png(label));
}

class Study {
 public:
  Study() {
    for (int slice = 0; slice < 7; ++slice) write_slice(folder_.path(), slice);
    write_file(folder_.path() / "flow.toml",
               "[network]\nfile = \"" + std::string(MEMSPICE_TEST_DIR) +
                   "/scenario/data/segmentation_16x16.onnx\"\n"
                   "[data]\nkind = \"image_pairs\"\nslices = \"4-6\"\n"
                   "calibration_slices = \"0-3\"\n[fidelity]\ndefault = \"mesh\"\n");
  }

  config::FlowOptions options(const config::Overrides& overrides = {}) const {
    config::Overrides all = {"data.folder=" + folder_.path().string()};
    all.insert(all.end(), overrides.begin(), overrides.end());
    config::FlowOptions options = config::load_flow(folder_.path() / "flow.toml", all);
    options.out = folder_.path() / "out";
    return options;
  }
  report::RunReport run(const config::Overrides& overrides = {}) const {
    return flow::run_flow(options(overrides));
  }
  std::string refusal(const config::Overrides& overrides) const {
    try {
      run(overrides);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  }
  nlohmann::json results() const {
    return nlohmann::json::parse(read_file(folder_.path() / "out" / "results.json"));
  }

 private:
  TemporaryFolder folder_;
};

const config::Overrides kKernelFirst{"mapping.scheme=kernel_first", "mapping.rows=32"};

}  // namespace

TEST_CASE("a segmentation network is scored by pixels and Dice", "[scenario]") {
  const Study study;
  const report::RunReport report = study.run();
  REQUIRE(report.segmentation);
  const report::SegmentationReport& found = *report.segmentation;
  // The labels are a threshold on grey: the baseline finds it, and the network nearly.
  CHECK(found.threshold == kDark);
  CHECK(found.threshold_dice == 1.0);
  CHECK(*report.accuracy.of("float") > 0.9);
  CHECK(*found.dice.of("float") > 0.85);
  CHECK(std::abs(*found.dice.of("ideal") - *found.dice.of("float")) < 0.1);
  REQUIRE(found.dice.of("mesh"));
  CHECK_FALSE(found.dice.of("calibrated"));
  CHECK(report.images == 3);
  const auto json = study.results();
  CHECK(json["segmentation"]["dice"]["mesh"] == found.dice.of("mesh")->value);
  CHECK(json["segmentation"]["threshold"]["grey"] == kDark);
  CHECK_THAT(report::to_terminal(report), Contains("Dice") && Contains("threshold"));
  CHECK_THAT(report::to_html(report), Contains("Dice of the pixels labelled 0"));
}

TEST_CASE("kernel first runs a pruned SE-FCN, calibrated, and counts what it saves", "[scenario]") {
  const Study study;
  config::Overrides overrides = kKernelFirst;
  overrides.insert(overrides.end(), {"fidelity.default=calibrated", "characterize.vectors=8"});
  const report::RunReport report = study.run(overrides);
  REQUIRE(report.segmentation);
  REQUIRE(report.kernel_first);
  const report::SegmentationReport& found = *report.segmentation;
  CHECK(std::abs(*found.dice.of("ideal") - *found.dice.of("float")) < 0.1);
  CHECK(std::abs(*found.dice.of("calibrated") - *found.dice.of("ideal")) < 0.1);
  // bottom_conv1: 8 x 4 x 9 weights on 8 x 8 positions; rise_deconv: 8 x 4 x 4 on 8 x 8 inputs.
  // What is smaller than the median is pruned: half of them less one.
  const auto layer = [&](const std::string& name) {
    for (const auto& row : report.kernel_first->layers) {
      if (row.name == name) return row;
    }
    FAIL("no layer " << name);
    return report::KernelFirstLayerReport{};
  };
  CHECK(layer("bottom_conv1").weights == 288);
  CHECK(layer("bottom_conv1").kept == 145);
  CHECK(layer("bottom_conv1").computations() == 145 * 64);
  CHECK(layer("rise_deconv").kept == 65);
  CHECK(layer("rise_deconv").plane == 64);
  CHECK(report.kernel_first->saved() > 0.1);
  REQUIRE(report.kernel_first->power());
  CHECK(report.kernel_first->power()->power_at_g_min > report.kernel_first->power()->power);
  CHECK(layer("bottom_conv1").power->power_at_g_min > layer("bottom_conv1").power->power);
  CHECK(layer("down_conv1").power->power_at_g_min == layer("down_conv1").power->power);
  CHECK(report.calibration->held_out.of("calibrated").nrmse < 0.01);
  const auto json = study.results();
  CHECK(json["kernel_first"]["computations"] == report.kernel_first->computations());
  CHECK(json["settings"]["scheme"] == "kernel_first");
  CHECK(json["memristors"] == report.memristors);

  const flow::MapReport map = flow::report_map(study.options(overrides));
  REQUIRE(map.kernel_first);
  CHECK(map.kernel_first->computations() == report.kernel_first->computations());
  CHECK_FALSE(map.kernel_first->power());
}

TEST_CASE("kernel first and crossbars agree where neither wires nor ADCs act", "[scenario]") {
  const Study study;
  const config::Overrides ideal{"fidelity.default=ideal", "converters.adc_bits=0"};
  config::Overrides pairs = kKernelFirst;
  pairs.insert(pairs.end(), ideal.begin(), ideal.end());
  const report::RunReport crossbars = study.run(ideal);
  const report::RunReport kernel_first = study.run(pairs);
  // The same levels and DACs: rounding may move a pixel at the threshold, of 768.
  CHECK(std::abs(*crossbars.accuracy.of("ideal") - *kernel_first.accuracy.of("ideal")) <=
        1.0 / 768);
  CHECK(kernel_first.memristors < crossbars.memristors);
  CHECK(kernel_first.array_energy < crossbars.array_energy);
}

TEST_CASE("squeeze-and-excitation and deconvolution take their measured circuits", "[scenario]") {
  const Study study;
  config::Overrides overrides = kKernelFirst;
  overrides.insert(overrides.end(), {"periphery.in_network=all", "periphery.points=21"});
  const report::RunReport report = study.run(overrides);
  REQUIRE(report.periphery);
  // Two stages with a block each, one rise, one head: 8 layers with weights, 6 rectifiers and 2
  // sigmoids of the blocks and the head's, a pooling and 2 squeezes, 2 products.
  const std::map<std::string, int> layers{
      {"converters", 8}, {"readout", 8}, {"activation", 8}, {"pooling", 3}, {"multiplier", 2}};
  CHECK(report.periphery->parts.size() == layers.size());
  for (const report::PeripheryCost& part : report.periphery->parts) {
    CAPTURE(part.part);
    CHECK(part.layers == layers.at(part.part));
    CHECK(std::abs(part.alone - report.periphery->base) < 0.1);
  }
  CHECK(report.periphery->exact.empty());
  REQUIRE(report.segmentation->dice.of("periphery"));
  CHECK(std::abs(*report.segmentation->dice.of("periphery") -
                 *report.segmentation->dice.of("mesh")) < 0.1);
  const auto has_circuit = [&](const std::string& layer) {
    return std::any_of(report.periphery->circuits.begin(),
                       report.periphery->circuits.end(),
                       [&](const auto& circuit) { return circuit.layer == layer; });
  };
  for (const char* layer :
       {"down_se_squeeze", "down_se_reduce", "down_se_sigmoid", "down_se_scale", "rise_deconv"}) {
    CAPTURE(layer);
    CHECK(has_circuit(layer));
  }
}

namespace {

/// Kernel first with effects, behind ideal converters.
config::Overrides imperfect(std::vector<std::string> effects) {
  config::Overrides all = kKernelFirst;
  const config::Overrides ideal{"fidelity.default=ideal",
                                "converters.dac_bits=0",
                                "converters.adc_bits=0",
                                "monte_carlo.samples=3"};
  all.insert(all.end(), ideal.begin(), ideal.end());
  all.insert(all.end(), effects.begin(), effects.end());
  return all;
}

}  // namespace

TEST_CASE("chips whose pairs spread are scored by pixels and Dice", "[scenario]") {
  const Study study;
  const report::RunReport report = study.run(imperfect({"nonideality.device_to_device.sigma=0.3"}));
  REQUIRE(report.variability);
  REQUIRE(report.variability->dice);
  const report::SampledDice& dice = *report.variability->dice;
  CHECK(dice.nominal == *report.segmentation->dice.of("ideal"));
  REQUIRE(dice.samples.size() == 3);
  CHECK(dice.samples[0] != dice.samples[1]);
  CHECK(dice.programmed.mean == Approx((dice.samples[0] + dice.samples[1] + dice.samples[2]) / 3));
  CHECK(study.results()["monte_carlo"]["dice"]["values"].size() == 3);
}

TEST_CASE("pairs kernel first age, and a factor a layer makes up for it", "[scenario]") {
  const Study study;
  // All cells lose the same share, which one factor behind the ADCs takes back exactly.
  const std::vector<std::string> drift{"nonideality.drift.nu=0.1", "nonideality.drift.times=[1e4]"};
  const report::RunReport bare = study.run(imperfect(drift));
  REQUIRE(bare.variability->drift.size() == 1);
  std::vector<std::string> with = drift;
  with.push_back("nonideality.drift.compensation=layer");
  const report::RunReport compensated = study.run(imperfect(with));
  const double perfect = compensated.variability->programmed.mean;
  // Rounding may turn a pixel on the edge, of 3 x 256.
  CHECK(std::abs(compensated.variability->drift[0].accuracy.mean - perfect) < 2.0 / 768);
  CHECK(std::abs(bare.variability->drift[0].accuracy.mean - perfect) > 10.0 / 768);
}

TEST_CASE("reads of pairs kernel first are noisy", "[scenario]") {
  const Study study;
  const double quiet = study.run(imperfect({"nonideality.device_to_device.sigma=1e-9"}))
                           .variability->programmed.mean;
  const auto noisy = [&](const std::string& sigma) {
    return study.run(imperfect({"nonideality.read_noise.relative_sigma=" + sigma}))
        .variability->programmed.mean;
  };
  // Noise acts on products of gathered inputs, quiet pairs run in passes: the same network.
  CHECK(std::abs(noisy("1e-9") - quiet) < 2.0 / 768);
  CHECK(std::abs(noisy("0.5") - quiet) > 2.0 / 768);
}

TEST_CASE("what labelled pixels and kernel first cannot carry is refused", "[scenario]") {
  const Study study;
  CHECK_THAT(study.refusal({"fidelity.default=spice"}), Contains("labelled pixels"));
  CHECK_THAT(study.refusal({"data.slices=4-9"}),
             Contains("7.png: no such file") && Contains("ISBI 2012") && Contains("data.folder"));
  CHECK_THAT(study.refusal({"data.folder=/nowhere"}), Contains("MEMSPICE_DATA"));
  config::Overrides pulses = kKernelFirst;
  pulses.push_back("array.input=pulses");
  CHECK_THAT(study.refusal(pulses), Contains("kernel_first") && Contains("array.input"));
  const std::string classifier =
      std::string(MEMSPICE_ROOT_DIR) + "/flows/networks/lenet5_fashion.onnx";
  CHECK_THAT(study.refusal({"network.file=" + classifier}), Contains("one probability per pixel"));
}

TEST_CASE("the shipped study prunes computations by half and more, without any data",
          "[scenario]") {
  const config::VariantFlow flow = config::load_variants(
      std::string(MEMSPICE_ROOT_DIR) + "/flows/ckf_membranes.toml", {"data.folder=/nowhere"});
  REQUIRE(flow.variants.size() == 6);
  long before = 0;
  for (const config::Variant& variant : flow.variants) {
    CAPTURE(variant.name);
    const flow::MapReport map = flow::report_map(variant.options);
    REQUIRE(map.kernel_first);
    const report::KernelFirstReport& found = *map.kernel_first;
    REQUIRE(variant.x);
    // The first and the last layer, 120 of 86,664 weights, are not pruned.
    CHECK(found.weights() == 86'664);
    CHECK(found.pruned() == Approx(*variant.x).margin(0.005));
    CHECK((before == 0 || found.computations() < before));
    before = found.computations();
    if (variant.name == "pruned 60 %") CHECK(found.saved() > 0.5);
  }
  CHECK_THROWS_WITH(flow::run_flow(flow.variants[3].options),
                    Contains("24.png: no such file") && Contains("ISBI 2012"));
}
