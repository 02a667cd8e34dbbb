#include "study/layer_path.hpp"

#include <catch2/catch.hpp>

using memspice::study::LayerPath;
using memspice::study::Paths;

TEST_CASE("a layer that is not named takes the default path", "[study]") {
  CHECK(Paths{}.on_crossbars("any"));
  const Paths paths{.standard = LayerPath::Float, .layers = {{"fc1", LayerPath::Bitstream}}};
  CHECK(paths.of("fc1") == LayerPath::Bitstream);
  CHECK(paths.of("fc2") == LayerPath::Float);
  CHECK_FALSE(paths.on_crossbars("fc2"));
  CHECK(paths.has(LayerPath::Bitstream));
  CHECK(paths.has(LayerPath::Float));
  CHECK_FALSE(paths.has(LayerPath::Crossbar));
}

TEST_CASE("paths go by the words of a flow", "[study]") {
  CHECK(to_text(LayerPath::Crossbar) == "crossbar");
  CHECK(to_text(LayerPath::Float) == "float");
  for (std::size_t k = 0; k < memspice::study::path_words().size(); ++k) {
    CHECK(memspice::study::path_words()[k] == to_text(static_cast<LayerPath>(k)));
  }
}
