#include "simulate/segmentation.hpp"

#include <catch2/catch.hpp>

#include "simulate/simulate.hpp"

using namespace memspice;
using namespace memspice::simulate;
using network::Dataset;
using network::Tensor;

namespace {

/// Two images of 1 x 4 pixels.
Dataset two_images(std::vector<float> pixels, std::vector<std::uint8_t> labels) {
  return {.images = Tensor({2, 1, 1, 4}, std::move(pixels)),
          .labels = {},
          .label_planes = std::move(labels)};
}

}  // namespace

TEST_CASE("count_pixels counts right pixels and overlap", "[simulate]") {
  const std::vector<float> probability{0.9F, 0.6F, 0.5F, 0.1F, 0.7F};
  const std::vector<std::uint8_t> labels{1, 0, 1, 0, 1};
  const PixelCounts counts = count_pixels(probability, labels);
  // 0.5 itself is not above the threshold. Right: pixels 0, 3, 4; taken: 0, 1, 4; class: 0, 2, 4.
  CHECK(counts.pixels == 5);
  CHECK(counts.right == 3);
  CHECK(counts.taken == 3);
  CHECK(counts.foreground == 3);
  CHECK(counts.overlap == 2);
  CHECK(counts.accuracy() == 0.6);
  CHECK(counts.dice() == Approx(2.0 * 2 / 6));
}

TEST_CASE("Dice of a class that is nowhere is 1 only if it is found nowhere", "[simulate]") {
  const std::vector<std::uint8_t> none{0, 0};
  CHECK(count_pixels(std::vector<float>{0.2F, 0.1F}, none).dice() == 1.0);
  CHECK(count_pixels(std::vector<float>{0.2F, 0.9F}, none).dice() == 0.0);
  CHECK(PixelCounts{}.accuracy() == 0.0);
}

TEST_CASE("the grey threshold is chosen on training and scored on test images", "[simulate]") {
  const auto level = [](int grey) { return static_cast<float>(grey) / 255.0F; };
  // Training: the class is 10 and 20, all else is 30 and lighter; 21 is the first perfect level.
  const Dataset training = two_images(
      {level(10), level(20), level(30), level(200), level(20), level(90), level(10), level(255)},
      {1, 1, 0, 0, 1, 0, 1, 0});
  // Test: 20 and 15 are found, the class's 40 is missed, the background's 5 is taken.
  const Dataset test = two_images(
      {level(20), level(40), level(5), level(99), level(15), level(99), level(21), level(99)},
      {1, 1, 0, 0, 1, 0, 0, 0});
  const GreyThreshold found = score_grey_threshold(training, test);
  CHECK(found.level == 21);
  CHECK(found.counts.accuracy() == 6.0 / 8.0);
  CHECK(found.counts.dice() == Approx(2.0 * 2 / (3 + 3)));
}

TEST_CASE("simulate scores pixels where these are labelled, for any batch", "[simulate]") {
  // A network that gives its input: probabilities are the images themselves.
  network::Graph graph;
  graph.set_input_shape({1, 1, 1, 4});
  graph.set_output(
      graph.add({.name = "same",
                 .operation = network::Activation{network::Activation::Kind::HardSigmoid, 1.0F},
                 .output_shape = {}},
                {network::Graph::kInput}));
  const Dataset images =
      two_images({0.9F, 0.6F, 0.5F, 0.1F, 0.7F, 0.2F, 0.2F, 0.2F}, {1, 0, 1, 0, 1, 0, 0, 0});
  const int batch = GENERATE(1, 2, 100);
  const int jobs = GENERATE(1, 2);
  const Outcome outcome = simulate::simulate(
      {.graph = &graph, .kernels = {}}, images, {.jobs = jobs, .batch = batch, .title = ""});
  CHECK(outcome.accuracy == 6.0 / 8.0);
  REQUIRE(outcome.dice);
  CHECK(*outcome.dice == Approx(2.0 * 2 / 6));
  CHECK(outcome.predictions.empty());
}
