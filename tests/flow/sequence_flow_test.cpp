// A recurrent network in a whole run: its two products on crossbars, its gates counted apart.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "flow/run_flow.hpp"
#include "network/model_builder.hpp"
#include "support/small_flow.hpp"

using namespace memspice;

namespace {

constexpr unsigned kImages = 12;

/// h' = relu(h + the first three of a row's four pixels): the sums of an image's columns.
network::Model column_sums() {
  network::Model model({1, 1, 3, 4});
  model.integers("one", {1});
  model.integers("zero", {0});
  model.node("Squeeze", {"x", "one"}, "rows");
  network::set_integers(model.node("Transpose", {"rows"}, "steps"), "perm", {1, 0, 2});
  model.weight("W", {1, 3, 4}, {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0});
  model.weight("R", {1, 3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1});
  auto& node = model.node("RNN", {"steps", "W", "R"}, "all");
  node.add_output("last");
  network::set_integer(node, "hidden_size", 3);
  auto& functions = *node.add_attribute();
  functions.set_name("activations");
  functions.set_type(onnx::AttributeProto::STRINGS);
  functions.add_strings("Relu");
  model.node("Squeeze", {"last", "zero"});
  return model;
}

/// Images whose brightest column is the label, through the network above.
class ColumnFlow {
 public:
  ColumnFlow() { small_.write("net.onnx", column_sums().proto().SerializeAsString()); }
  config::FlowOptions load(const config::Overrides& overrides = {}) const {
    return small_.load(overrides);
  }

 private:
  static std::vector<test::Pixels> images() {
    std::vector<test::Pixels> images;
    for (unsigned k = 0; k < kImages; ++k) {
      images.emplace_back(12, static_cast<unsigned char>(20 + k));
      for (unsigned row = 0; row < 3; ++row) images.back()[row * 4 + k % 3] = 250;
    }
    return images;
  }
  static std::vector<unsigned char> labels() {
    std::vector<unsigned char> labels;
    for (unsigned k = 0; k < kImages; ++k) labels.push_back(static_cast<unsigned char>(k % 3));
    return labels;
  }
  static test::SmallNetwork replaced() {
    test::SmallNetwork network;
    network.W = {std::vector<float>(12, 1.0F)};
    network.b = {0.0F};
    return network;
  }

  test::SmallFlow small_{replaced(), images(), labels()};
};

const report::LayerReport& layer_called(const report::RunReport& report, const std::string& name) {
  for (const report::LayerReport& layer : report.layers) {
    if (layer.name == name) return layer;
  }
  FAIL("no layer " << name);
  return report.layers.front();
}

}  // namespace

TEST_CASE("a recurrent network runs on crossbars, its gates apart", "[flow][recurrent]") {
  const ColumnFlow small;
  const auto report = flow::run_flow(small.load({"fidelity.default=mesh"}));
  for (const char* pass : {"float", "ideal", "mesh"}) CHECK(report.accuracy.of(pass) == 1.0);
  CHECK(layer_called(report, "the_RNN_input").vectors_per_image == 3);
  CHECK(layer_called(report, "the_RNN_state").vectors_per_image == 3);
  CHECK(layer_called(report, "the_RNN_state").kind == "recurrent 3 x 1");
  CHECK(layer_called(report, "the_RNN_state").array_energy > 0.0);
  const auto json = report::results_json(report);
  // Three steps of three units: one sum and one function each.
  CHECK(json["sequence_digital"]["multiplications"] == 0);
  CHECK(json["sequence_digital"]["additions"] == 9);
  CHECK(json["sequence_digital"]["functions"] == 9);
  CHECK(json["sequence_digital"]["energy_joule"] > 0.0);
  CHECK(json["sequence_digital"]["layers"][0]["operation"] == "Recurrence Plain");
}

TEST_CASE("check and map count gates, and a state on bitstreams is refused", "[flow][recurrent]") {
  const ColumnFlow small;
  const auto lines = flow::check_flow(small.load());
  CHECK(std::ranges::any_of(lines, [](const std::string& line) {
    return line.starts_with("gates and attention, an image: 0 multiplications, 9 additions");
  }));
  CHECK(flow::report_map(small.load()).sequences->functions == 9);
  CHECK_THROWS_WITH(
      flow::check_flow(small.load({"path.the_RNN_state=\"bitstream\""})),
      Catch::Matchers::Contains("the_RNN_state") && Catch::Matchers::Contains("bitstreams"));
}
