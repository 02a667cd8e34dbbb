// Layers, blocks and networks whose weights have a pair each, as decks: what ngspice answers is
// what the simulator gives for the same images, pairs and drivers.

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "flow/plan.hpp"
#include "flow/run_flow.hpp"
#include "flow/tiny_flow.hpp"
#include "simulate/kernel_first_kernel.hpp"
#include "simulate/simulate.hpp"
#include "support/batch_ngspice.hpp"
#include "synthesis/network_circuit.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

constexpr int kSide = 16, kImages = 2;
/// Behavioural readouts have a gain of 1e4, whose loss R_f sum(G) / 1e4 grows with a summer's
/// pairs.
constexpr double kSimulator = 1e-2;

/// The images of a test set in another order: no input is beyond the ranges that they set.
std::string reordered_images(int count, int side) {
  std::string bytes = testing::idx_file(count, side, 3, 1);
  const auto first = bytes.begin() + 16;  // behind the header
  std::rotate(first, first + side * side, bytes.end());
  return bytes;
}

/// A small SE-FCN, half of its inner weights pruned, with its images.
class SegmentationFlow {
 public:
  SegmentationFlow() {
    write_file(folder() / "images", testing::idx_file(4, kSide, 3, 1));
    write_file(folder() / "labels", testing::idx_file(4, 0, 3, 1));
    write_file(folder() / "ranges", reordered_images(4, kSide));
    write_file(folder() / "flow.toml",
               "[network]\nfile = \"" + std::string(MEMSPICE_TEST_DIR) +
                   "/scenario/data/segmentation_16x16.onnx\"\n"
                   "[data]\nimages = \"images\"\nlabels = \"labels\"\n"
                   "calibration_images = \"ranges\"\ncalibration_labels = \"labels\"\n"
                   "[device]\ng_min = \"2 uS\"\ng_max = \"50 uS\"\nlevels = 32\nalpha = 0\n"
                   "[array]\nwire = \"5 Ohm\"\ndriver = \"300 Ohm\"\nsense = \"50 Ohm\"\n"
                   "[mapping]\nscheme = \"kernel_first\"\nrows = 8\n"
                   "[converters]\ndac_bits = 0\nadc_bits = 0\ndac_percentile = 100\n");
  }
  const std::filesystem::path& folder() const { return folder_.path(); }
  config::FlowOptions load(const config::Overrides& settings = {}) const {
    config::FlowOptions options = config::load_flow(folder() / "flow.toml", settings);
    options.out = folder() / "out";
    return options;
  }

 private:
  TemporaryFolder folder_;
};

struct Exported {
  Json manifest;
  Eigen::MatrixXd V;  ///< of the output's nets, outputs x stimuli [V]
};

Exported run_export(const config::FlowOptions& options, flow::ExportRequest request) {
  const TemporaryFolder folder;
  request.folder = folder.path().string();
  request.images = kImages;
  Exported found;
  netlist::Deck deck;
  for (const std::string& file : flow::export_flow(options, request).files) {
    if (file.ends_with(".json")) found.manifest = Json::parse(read_file(file));
    if (file.ends_with(".cir")) deck.text = read_file(file);
  }
  for (const Json& net : found.manifest["output_nets"]) deck.vectors.push_back(net);
  found.V = test::run_batch_ngspice(deck).transpose();
  return found;
}

/// What the layers named give in the simulator, drivers and summers included, each behind float
/// layers before the first of them. Elements x images.
Eigen::MatrixXd simulate_layers(const config::FlowOptions& options,
                                const std::vector<std::string>& names) {
  const flow::Inputs inputs = flow::open_inputs(options);
  const study::Mapped mapped = flow::map_inputs(options, inputs);
  simulate::Machine machine{.graph = &inputs.graph, .kernels = {}};
  for (const mapping::LayerPlan& layer : mapped.plan.layers) {
    if (std::ranges::count(names, layer.name) == 0) continue;
    const auto G = tile::layer_responses(flow::array_of(options), layer, 1);
    machine.kernels[layer.layer.value] =
        simulate::make_kernel_first_kernel({.graph = &inputs.graph,
                                            .plan = &mapped.plan,
                                            .layer = &layer,
                                            .g = simulate::pair_conductances(G)},
                                           {});
  }
  Eigen::MatrixXd Y;
  const network::LayerId last = inputs.graph.find(names.back());
  simulate::run_batch(machine,
                      inputs.test.batch(0, kImages),
                      0,
                      [&](network::LayerId layer, const network::Tensor& output) {
                        if (layer != last) return;
                        Y = Eigen::Map<const Eigen::MatrixXf>(
                                output.data.data(), output.size() / kImages, kImages)
                                .cast<double>();
                      });
  REQUIRE(Y.size() > 0);
  return Y;
}

double scale_of(const Json& manifest, const std::string& name) {
  for (const Json& layer : manifest["layers"]) {
    if (layer["layer"] == name) return layer["volts_per_unit"];
  }
  return 0.0;
}

void check_close(const Eigen::MatrixXd& found, const Eigen::MatrixXd& wanted) {
  REQUIRE(found.rows() == wanted.rows());
  REQUIRE(found.cols() == wanted.cols());
  const double error = (found - wanted).cwiseAbs().maxCoeff() / wanted.cwiseAbs().maxCoeff();
  INFO("largest error " << error);
  CHECK(wanted.cwiseAbs().maxCoeff() > 0.0);
  CHECK(error < kSimulator);
}

/// Values of a layer at the positions that an export names, image after image: channels x slots.
Eigen::MatrixXd at_positions(const Eigen::MatrixXd& Y, const Json& positions, int channels) {
  const Eigen::Index pixels = Y.rows() / channels;
  const auto side = static_cast<Eigen::Index>(std::lround(std::sqrt(static_cast<double>(pixels))));
  const auto slots = static_cast<Eigen::Index>(positions.size());
  Eigen::MatrixXd chosen(channels, slots * Y.cols());
  for (Eigen::Index n = 0; n < Y.cols(); ++n) {
    for (Eigen::Index slot = 0; slot < slots; ++slot) {
      const Json& at = positions[static_cast<std::size_t>(slot)];
      for (Eigen::Index c = 0; c < channels; ++c) {
        chosen(c, n * slots + slot) =
            Y(c * pixels + at[0].get<Eigen::Index>() * side + at[1].get<Eigen::Index>(), n);
      }
    }
  }
  return chosen;
}

/// Kept weights of a layer and the biases on word lines, two memristors each.
long memristors_of(const config::FlowOptions& options, const std::vector<std::string>& names) {
  const flow::Inputs inputs = flow::open_inputs(options);
  const study::Mapped mapped = flow::map_inputs(options, inputs);
  long count = 0;
  for (const std::string& name : names) {
    const mapping::LayerPlan& layer = mapped.plan.layer(name);
    for (const auto& block : layer.blocks) {
      for (const auto& tile : block.tiles) count += tile.G.size();
    }
  }
  return count;
}

}  // namespace

TEST_CASE("a convolution kernel first slides through its summers", "[flow][export]") {
  const SegmentationFlow flow;
  const config::FlowOptions options = flow.load();
  const Exported found = run_export(options, {.what = "layer:bottom_conv1", .positions = 9});
  const Json& positions = found.manifest["window_positions"];
  REQUIRE(positions.size() == 9);
  const Eigen::MatrixXd Y = simulate_layers(options, {"bottom_conv1"});
  check_close(found.V / scale_of(found.manifest, "bottom_conv1"), at_positions(Y, positions, 8));
  CHECK(found.manifest["devices"]["memristors"] == memristors_of(options, {"bottom_conv1"}));
  // Pairs have no lines between them.
  CHECK(found.manifest["wiring_ohm"]["row"] == 0.0);
  CHECK(found.manifest["wiring_ohm"]["driver"] == 300.0);
  CHECK(found.manifest["tiles"].size() > 8);  // up to 19 kept weights an output, 8 a summer
}

TEST_CASE("a transposed convolution kernel first is its taps at one pixel", "[flow][export]") {
  const SegmentationFlow flow;
  const config::FlowOptions options = flow.load();
  const Exported found = run_export(options, {.what = "layer:rise_deconv"});
  const Json& positions = found.manifest["window_positions"];
  REQUIRE(positions.size() == 64);
  CHECK(found.manifest["crossbars"][0]["pixel_of"] == "input");
  const Eigen::MatrixXd Y = simulate_layers(options, {"rise_deconv"});
  // Tap (u, v) of channel c at pixel (y, x) is output (2 y + u, 2 x + v): 4 x 16 x 16.
  Eigen::MatrixXd taps(16, 64 * kImages);
  for (int n = 0; n < kImages; ++n) {
    for (int slot = 0; slot < 64; ++slot) {
      const int y = positions[slot][0], x = positions[slot][1];
      for (int k = 0; k < 16; ++k) {
        const int row = 2 * y + k % 4 / 2, column = 2 * x + k % 2;
        taps(k, n * 64 + slot) = Y((k / 4 * kSide + row) * kSide + column, n);
      }
    }
  }
  check_close(found.V / scale_of(found.manifest, "rise_deconv"), taps);
  CHECK(found.manifest["devices"]["memristors"] == memristors_of(options, {"rise_deconv"}));
}

TEST_CASE("a squeeze-and-excitation block is exported whole", "[flow][export]") {
  const SegmentationFlow flow;
  const config::FlowOptions options = flow.load();
  const bool transistors = GENERATE(false, true);
  const Exported found = run_export(
      options, {.what = "block:bottom_se_scale", .positions = 5, .transistors = transistors});
  const std::vector<std::string> layers{"bottom_se_reduce", "bottom_se_expand", "bottom_se_scale"};
  const Json& positions = found.manifest["window_positions"];
  REQUIRE(positions.size() == 5);
  const Eigen::MatrixXd Y = simulate_layers(options, layers);
  const Eigen::MatrixXd wanted = at_positions(Y, positions, 8);
  const Eigen::MatrixXd y = found.V / scale_of(found.manifest, "bottom_se_scale");
  if (transistors) {
    // Multipliers and neurons of transistors bend by some percent of full scale.
    CHECK((y - wanted).cwiseAbs().maxCoeff() < 0.1 * wanted.cwiseAbs().maxCoeff());
  } else {
    check_close(y, wanted);
  }
  CHECK(found.manifest["layers"].size() == 6);
  CHECK(found.manifest["devices"]["memristors"] ==
        memristors_of(options, {"bottom_se_reduce", "bottom_se_expand"}));
}

TEST_CASE("means over many pixels are joined in the open", "[flow][export]") {
  const SegmentationFlow flow;
  // 16 x 16 pixels: more than a subcircuit has ports for.
  const config::FlowOptions options = flow.load();
  const Exported found = run_export(options, {.what = "block:down_se_scale", .positions = 3});
  const Eigen::MatrixXd Y =
      simulate_layers(options, {"down_se_reduce", "down_se_expand", "down_se_scale"});
  check_close(found.V / scale_of(found.manifest, "down_se_scale"),
              at_positions(Y, found.manifest["window_positions"], 4));
}

TEST_CASE("a network kernel first is one circuit", "[flow][export]") {
  const testing::TinyFlow flow;
  write_file(flow.folder() / "train", reordered_images(8, 4));
  const config::FlowOptions options = flow.load({"mapping.scheme=kernel_first",
                                                 "mapping.rows=4",
                                                 "array.driver=200",
                                                 "array.sense=50",
                                                 "converters.dac_bits=0",
                                                 "converters.adc_bits=0",
                                                 "converters.dac_percentile=100"});
  const Exported found = run_export(options, {.what = "network"});
  const Eigen::MatrixXd Y = simulate_layers(options, {"conv", "fc"});
  check_close(found.V / scale_of(found.manifest, "fc"), Y);
  CHECK(found.manifest["devices"]["memristors"] == 4 * 2 * 10 * 2 + 2 * 9 * 3);
}

TEST_CASE("blocks and positions that there are not are refused", "[flow][export]") {
  const SegmentationFlow flow;
  const auto refused = [&](const std::string& what, const config::Overrides& settings = {}) {
    const TemporaryFolder folder;
    try {
      flow::export_flow(flow.load(settings),
                        {.what = what, .folder = folder.path().string(), .positions = 1});
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK_THAT(refused("block:rise_deconv"),
             Contains("rise_deconv") && Contains("layer:rise_deconv"));
  CHECK_THAT(refused("block:nothing"), Contains("nothing"));
  CHECK_THAT(refused("layer:rise_deconv", {"mapping.weight_scale=output"}),
             Contains("mapping.weight_scale"));
  CHECK_THAT(refused("layer:pool"), Contains("--positions") && Contains("drawn whole"));
  CHECK_THAT(refused("network"), Contains("--positions"));
  CHECK(refused("block:bottom_se_scale") == "accepted");
}
