#include "config/read_spectral.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/files.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using config::load_flow;

namespace {

/// A flow of [spectral] alone.
class SpectralFile {
 public:
  explicit SpectralFile(const std::string& keys) : path_(folder_.path() / "flow.toml") {
    write_file(path_, "[spectral]\n" + keys);
  }
  config::FlowOptions load(const config::Overrides& overrides = {}) const {
    return load_flow(path_, overrides);
  }
  std::string message(const config::Overrides& overrides = {}) const {
    try {
      load(overrides);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path path_;
};

constexpr const char* kLenet =
    "sizes = [28, 14]\npooled = [14, 7]\ndepths = [6, 16]\nclassifier = [120, 84, 10]\n";

}  // namespace

TEST_CASE("a shape in [spectral] needs no network file", "[read_spectral]") {
  const auto shape =
      SpectralFile(std::string(kLenet) + "activation = \"crelu\"\n").load().spectral.shape;
  REQUIRE(shape);
  REQUIRE(shape->layers.size() == 2);
  CHECK(shape->image == 28);
  CHECK(shape->layers[0] ==
        spectral::LayerShape{.size = 28, .pooled = 14, .channels_in = 1, .channels_out = 6});
  CHECK(shape->layers[1] ==
        spectral::LayerShape{.size = 14, .pooled = 7, .channels_in = 6, .channels_out = 16});
  CHECK(shape->classifier == std::vector{120, 84, 10});
  CHECK(shape->activation.kind == spectral::Activation::Kind::CRelu);
  CHECK(shape->storage == spectral::Storage::Full);
}

TEST_CASE("pooling factors and pooled sizes say the same", "[read_spectral]") {
  const SpectralFile factors("pooling = [2, 2]\ndepths = [6, 16]\nclassifier = [10]\n");
  const SpectralFile sizes("pooled = [14, 7]\ndepths = [6, 16]\nclassifier = [10]\n");
  CHECK(factors.load().spectral.shape->layers == sizes.load().spectral.shape->layers);
}

TEST_CASE("a size that does not divide is told at its key", "[read_spectral]") {
  const SpectralFile flow("image = 28\npooling = [2, 4]\ndepths = [6, 16]\nclassifier = [10]\n");
  CHECK_THAT(
      flow.message(),
      Contains("flow.toml:3:") && Contains("4 does not divide the 14 bins a side of layer 2"));
  const SpectralFile seven("pooled = [14, 7, 3]\npooling = [2]\ndepths = [6]\nclassifier = [10]\n");
  CHECK_THAT(seven.message(), Contains("pooling"));
}

TEST_CASE("an activation that needs the full spectrum is refused under half storage",
          "[read_spectral]") {
  const SpectralFile flow(std::string(kLenet) + "activation = \"clrelu\"\nstorage = \"half\"\n");
  CHECK_THAT(flow.message(),
             Contains("flow.toml:7:") && Contains("clrelu needs the full spectrum"));
  CHECK(flow.message({"spectral.activation=modrelu"}) == "accepted");
  CHECK_THAT(flow.message({"spectral.storage=quarter"}), Contains("full, half"));
}

TEST_CASE("shapes that do not follow each other are refused", "[read_spectral]") {
  const SpectralFile flow(kLenet);
  CHECK_THAT(flow.message({"spectral.sizes=[28, 20]"}),
             Contains("sizes") && Contains("1 to 14 bins a side"));
  CHECK_THAT(flow.message({"spectral.pooled=[14, 15]"}), Contains("1 to 14 bins a side"));
  CHECK_THAT(flow.message({"spectral.pooled=[14]"}), Contains("one for each layer"));
  CHECK_THAT(flow.message({"spectral.depths=[6.5, 16]"}), Contains("whole number"));
  CHECK_THAT(flow.message({"spectral.activation=softmax"}), Contains("clrelu"));
  CHECK_THAT(SpectralFile("sizes = [28]\n").message(), Contains("give depths"));
  CHECK_THAT(SpectralFile("pooled = [7]\ndepths = [6]\n").message(), Contains("has no classifier"));
}

TEST_CASE("the optimiser's keys have bounds", "[read_spectral]") {
  const SpectralFile flow(kLenet);
  CHECK_THAT(flow.message({"spectral.max_accuracy_loss=3"}), Contains("0.03"));
  CHECK_THAT(flow.message({"spectral.factors=[0.5, 1.5]"}), Contains("above 0, at most 1"));
  CHECK_THAT(flow.message({"spectral.trained=nets/lenet.onnx"}), Contains("needs a *"));
  CHECK_THAT(flow.message({"spectral.lanes=0"}), Contains("lanes"));
}

TEST_CASE("the digital card states figures with sources", "[read_spectral]") {
  const spectral::DigitalCard card = config::load_digital_card("float32_45nm");
  // Horowitz, ISSCC 2014: 3.7 pJ and 0.9 pJ for 32-bit floating point.
  CHECK(card.multiply.value == Approx(3.7e-12));
  CHECK(card.add.value == Approx(0.9e-12));
  CHECK_THAT(card.multiply.source, Contains("Horowitz"));
  CHECK_THAT(SpectralFile(kLenet).message({"spectral.digital=no_such_card"}),
             Contains("no_such_card"));
}
