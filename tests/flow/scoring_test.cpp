// What goes into a run and what is scored, on flows of a few numbers.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "flow/plan.hpp"
#include "flow/run_flow.hpp"
#include "flow/scoring.hpp"
#include "support/small_flow.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using test::Pixels;
using test::SmallFlow;
using test::SmallNetwork;

namespace {

/// Output c looks at pixel c alone, with this factor.
SmallNetwork pixel_network(int outputs, float factor = 1.0F, float bias = 0.0F) {
  SmallNetwork network;
  for (int c = 0; c < outputs; ++c) {
    std::vector<float> row(12, 0.0F);
    row[static_cast<std::size_t>(c)] = factor;
    network.W.push_back(row);
  }
  network.b.assign(static_cast<std::size_t>(outputs), bias);
  return network;
}

/// Images whose pixel c is bright, c = 0 .. classes-1 by turns; their labels say so.
struct Images {
  std::vector<Pixels> images;
  std::vector<unsigned char> labels;
};
Images bright_pixels(int classes, int count) {
  Images made;
  for (int k = 0; k < count; ++k) {
    Pixels image(12, static_cast<unsigned char>(k % 50));  // so that no two are alike
    image[static_cast<std::size_t>(k % classes)] = 255;
    made.images.push_back(image);
    made.labels.push_back(static_cast<unsigned char>(k % classes));
  }
  return made;
}

SmallFlow flow_of(const SmallNetwork& network, const Images& data) {
  return SmallFlow(network, data.images, data.labels);
}

/// One output that is above its threshold where pixel 0 is bright: class 1.
SmallNetwork binary(const std::string& activation) {
  SmallNetwork network = pixel_network(1, 4.0F, -2.0F);
  network.activation = activation;
  return network;
}

/// Pixel 0 bright in `ones` of `count` images, the first ones.
Images first_bright(int ones, int count) {
  Images made;
  for (int k = 0; k < count; ++k) {
    Pixels image(12, static_cast<unsigned char>(k));
    image[0] = k < ones ? 255 : 25;
    made.images.push_back(image);
    made.labels.push_back(k < ones ? 1 : 0);
  }
  return made;
}

std::string refusal(const config::FlowOptions& options) {
  try {
    flow::run_flow(options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string failure(const config::FlowOptions& options) {
  try {
    flow::run_flow(options);
  } catch (const RunError& error) {
    return error.what();
  }
  return "accepted";
}

bool has_note(const report::RunReport& report, const std::string& words) {
  for (const std::string& note : report.notes) {
    if (note.find(words) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("one output is a binary classifier in every path that scores", "[flow][scoring]") {
  for (const std::string activation : {"Sigmoid", ""}) {
    const SmallFlow small = flow_of(binary(activation), first_bright(12, 30));
    CHECK(flow::run_flow(small.load()).accuracy.of("float") == 1.0);
    const auto mesh = flow::run_flow(small.load({"fidelity.default=mesh"}));
    CHECK(mesh.accuracy.of("ideal") == 1.0);
    CHECK(mesh.accuracy.of("mesh") == 1.0);
    const auto bits = flow::run_flow(small.load({"path.default=bitstream"}));
    REQUIRE(bits.bitstream);
    CHECK(bits.bitstream->accuracy == 1.0);
    const auto chips = flow::run_flow(small.load({"fidelity.default=mesh",
                                                  "nonideality.device_to_device.sigma=0.01",
                                                  "monte_carlo.samples=2"}));
    REQUIRE(chips.variability);
    CHECK(chips.variability->programmed.mean == 1.0);
  }
}

TEST_CASE("labels and outputs that do not fit end a run at once", "[flow][scoring]") {
  // One output, labels up to 3.
  CHECK_THAT(refusal(flow_of(binary("Sigmoid"), bright_pixels(4, 12)).load()),
             Contains("labels.idx: label 3") && Contains("one output, for the classes 0 to 1"));
  // Labels beyond three outputs.
  CHECK_THAT(refusal(flow_of(pixel_network(3), bright_pixels(4, 12)).load()),
             Contains("label 3") && Contains("3 outputs, for the classes 0 to 2"));
  // Five outputs on ten classes, of which the limit takes the first five alone.
  CHECK_THAT(refusal(flow_of(pixel_network(5), bright_pixels(10, 20)).load({"data.limit=5"})),
             Contains("label 9") && Contains("5 outputs"));
  // -1 as an unsigned byte.
  Images minus = bright_pixels(3, 12);
  minus.labels[4] = 255;
  CHECK_THAT(refusal(flow_of(pixel_network(3), minus).load()), Contains("label 255"));
  CHECK_THAT(refusal(flow_of(binary("Tanh"), first_bright(5, 10)).load()),
             Contains("net.onnx") && Contains("Tanh") && Contains("no known threshold"));
  SmallNetwork map{.W = {{1}, {2}, {3}}, .b = {0, 0, 0}, .is_map = true};
  CHECK_THAT(refusal(flow_of(map, bright_pixels(3, 12)).load()),
             Contains("net.onnx: output of 3x3x4") && Contains("not a map"));
  CHECK_THROWS_AS(flow::check_flow(flow_of(map, bright_pixels(3, 12)).load()), InputError);
}

TEST_CASE("two outputs with labels 0 and 1 are two classes", "[flow][scoring]") {
  CHECK(
      flow::run_flow(flow_of(pixel_network(2), bright_pixels(2, 20)).load()).accuracy.of("float") ==
      1.0);
}

TEST_CASE("scores that are no numbers end the run by layer and image", "[flow][scoring]") {
  SmallNetwork network = pixel_network(3);
  network.divisor = {1.0F, 0.0F, 1.0F};
  const std::string told = failure(flow_of(network, bright_pixels(3, 12)).load());
  CHECK_THAT(told, Contains("layer the_Div (Elementwise Div)") && Contains("image 0"));
  // A sum of twelve products beyond float32, in the layer and on the crossbars before it.
  SmallNetwork large;
  large.W.assign(2, std::vector<float>(12, 2e38F));
  large.b = {0.0F, 0.0F};
  const SmallFlow overflow = flow_of(large, bright_pixels(2, 12));
  for (const std::string fidelity : {"float", "mesh"}) {
    const std::string message = failure(overflow.load({"fidelity.default=" + fidelity}));
    CHECK_THAT(message, Contains("layer the_Gemm (FullyConnected)") && Contains("image"));
    CHECK_THAT(message, !Contains("voltage"));
  }
}

TEST_CASE("predictions that hardly differ are a note everywhere", "[flow][scoring]") {
  SmallNetwork network = pixel_network(3);
  network.b = {0.0F, 9.0F, 0.0F};
  const SmallFlow small = flow_of(network, bright_pixels(3, 30));
  const auto report = flow::run_flow(small.load());
  CHECK(has_note(report, "float: predictions are nearly constant: class 1 for 100.00 %"));
  CHECK(has_note(report, "33.33 % are labelled so"));
  CHECK(has_note(report, "is near chance"));
  CHECK_THAT(report::to_terminal(report), Contains("nearly constant"));
  CHECK_THAT(read_file(small.folder() / "out" / "report.html"), Contains("nearly constant"));
  CHECK_THAT(read_file(small.folder() / "out" / "results.json"), Contains("nearly constant"));
  const auto good = flow::run_flow(flow_of(pixel_network(3), bright_pixels(3, 30)).load());
  CHECK(!has_note(good, "constant"));
  CHECK(!has_note(good, "chance"));
}

TEST_CASE("always answering with the most common label is near chance", "[flow][scoring]") {
  // 27 of 30 images are of class 0, and the network never says otherwise.
  const auto report =
      flow::run_flow(flow_of(pixel_network(1, 0.001F, -1.0F), first_bright(3, 30)).load());
  CHECK(report.accuracy.of("float") == 0.9);
  CHECK(has_note(report, "float accuracy 90.00 % is near chance"));
}

TEST_CASE("a network of more classes than the labels name is a note", "[flow][scoring]") {
  const auto few = flow::run_flow(flow_of(pixel_network(5), bright_pixels(3, 120)).load());
  CHECK(has_note(few, "labels run from 0 to 2, the network has outputs for 5 classes"));
  const auto all = flow::run_flow(flow_of(pixel_network(5), bright_pixels(5, 120)).load());
  CHECK(!has_note(all, "labels run"));
}

TEST_CASE("inputs go in as they were in training", "[flow][scoring]") {
  // The network wants (p - 0.5) / 0.25, -2 to 2: class 1 where pixel 0 is above one half.
  const SmallFlow small = flow_of(pixel_network(1, 4.0F), first_bright(12, 30));
  const auto raw = flow::run_flow(small.load({"network.expected_accuracy=0.98"}));
  CHECK(raw.accuracy.of("float") < 0.5);  // even a dark pixel, 0.1, is above 0
  CHECK(raw.settings.at("input values") == "0 to 1");
  CHECK(has_note(raw, "misses the expected 98.00 %"));
  CHECK(has_note(raw, "The network saw 0 to 1"));
}

TEST_CASE("a normalised run tells the range of its inputs", "[flow][scoring]") {
  const SmallFlow small = flow_of(pixel_network(1, 4.0F), first_bright(12, 30));
  const auto report = flow::run_flow(small.load({"data.mean=0.5",
                                                 "data.std=0.25",
                                                 "network.expected_accuracy=0.98",
                                                 "fidelity.default=mesh"}));
  CHECK(report.accuracy.of("float") == 1.0);
  CHECK(report.accuracy.of("mesh") == 1.0);
  CHECK(!has_note(report, "misses"));
  CHECK(report.settings.at("input values") == "-2 to 2");
  const auto json = nlohmann::json::parse(read_file(small.folder() / "out" / "results.json"));
  CHECK(json["settings"]["input values"] == "-2 to 2");
  CHECK_THAT(report::to_terminal(report), Contains("input values -2 to 2"));
}

TEST_CASE("calibration images are not the test images under another name", "[flow][scoring]") {
  const Images data = bright_pixels(3, 30);
  const SmallFlow small = flow_of(pixel_network(3), data);
  small.write("copy.idx", test::idx_images(data.images));
  small.write("copy_labels.idx", test::idx_labels(data.labels));
  const config::Overrides copy{"data.calibration_images=copy.idx",
                               "data.calibration_labels=copy_labels.idx"};
  CHECK_THAT(refusal(small.load(copy)), Contains("copy.idx") && Contains("images that are scored"));
  // Three of them among others are told.
  std::vector<Pixels> some;
  for (unsigned char k = 0; k < 20; ++k) some.push_back(Pixels(12, k));
  some.insert(some.end(), data.images.begin(), data.images.begin() + 3);
  small.write("copy.idx", test::idx_images(some));
  small.write("copy_labels.idx", test::idx_labels(std::vector<unsigned char>(23, 0)));
  CHECK(
      has_note(flow::run_flow(small.load(copy)), "3 of the 23 calibration images are test images"));
}

TEST_CASE("a network of n values takes images of n pixels", "[flow][scoring]") {
  SmallNetwork network = pixel_network(3);
  network.is_flat = true;
  const SmallFlow small = flow_of(network, bright_pixels(3, 30));
  CHECK(flow::run_flow(small.load()).accuracy.of("float") == 1.0);
  CHECK(flow::run_flow(small.load({"fidelity.default=mesh"})).accuracy.of("mesh") == 1.0);
}

TEST_CASE("a network of bytes asks for the bytes of the images", "[flow][scoring]") {
  SmallNetwork network = pixel_network(3);
  network.takes_bytes = true;
  const Images made = bright_pixels(3, 12);
  const SmallFlow flow(network, made.images, made.labels);
  // Pixels of 0 to 1 would all be rounded to black or white.
  CHECK_THROWS_WITH(
      flow::open_inputs(flow.load()),
      Contains("images.idx") && Contains("whole numbers 0 to 255") && Contains("data.scale = 255"));
  const auto inputs = flow::open_inputs(flow.load({"data.scale=255"}));
  CHECK(inputs.test.images.data[0] == 255.0F);
}
