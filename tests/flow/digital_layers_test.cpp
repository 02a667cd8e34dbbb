// Layers without a circuit in a whole run.
#include <catch2/catch.hpp>

#include "flow/run_flow.hpp"
#include "support/small_flow.hpp"

using namespace memspice;

namespace {

/// Output c is pixel c behind `activation`, on images whose brightest pixel is the label.
test::SmallFlow brightest_pixel(const std::string& activation) {
  test::SmallNetwork network;
  std::vector<test::Pixels> images;
  std::vector<unsigned char> labels;
  for (std::size_t c = 0; c < 3; ++c) {
    network.W.emplace_back(12, 0.0F);
    network.W.back()[c] = 2.0F;
  }
  network.b = {-1.0F, -1.0F, -1.0F};
  network.activation = activation;
  for (unsigned char k = 0; k < 12; ++k) {
    images.emplace_back(12, static_cast<unsigned char>(20 + k));
    images.back()[k % 3U] = 250;
    labels.push_back(k % 3U);
  }
  return test::SmallFlow(network, images, labels);
}

std::string note_about_digital(const report::RunReport& report) {
  for (const std::string& note : report.notes) {
    if (note.starts_with("digital,")) return note;
  }
  return "none";
}

}  // namespace

TEST_CASE("a run tells of layers that are in neither circuits nor cost", "[flow][digital]") {
  // Each keeps the order of the scores.
  for (const std::string activation : {"Elu", "Softsign", "Mish", "Exp"}) {
    const test::SmallFlow small = brightest_pixel(activation);
    const auto report = flow::run_flow(small.load({"fidelity.default=mesh"}));
    CHECK(report.accuracy.of("float") == 1.0);
    CHECK(report.accuracy.of("ideal") == 1.0);
    CHECK(report.accuracy.of("mesh") == 1.0);
    CHECK(note_about_digital(report) == "digital, in neither circuits nor cost: 1 x Function " +
                                            activation + " (3 values an image)");
  }
  const test::SmallFlow plain = brightest_pixel("Relu");
  CHECK(note_about_digital(flow::run_flow(plain.load())) == "none");
}

TEST_CASE("scores as logarithms of probabilities are judged like scores", "[flow][digital]") {
  const test::SmallFlow small = brightest_pixel("LogSoftmax");
  const auto report = flow::run_flow(small.load({"fidelity.default=mesh"}));
  CHECK(report.accuracy.of("float") == 1.0);
  CHECK(report.accuracy.of("mesh") == 1.0);
}
