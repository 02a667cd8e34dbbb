#include "tile/spice_time.hpp"

#include <catch2/catch.hpp>

using memspice::tile::forecast_seconds;

TEST_CASE("forecast_seconds gives the measured times of linear arrays", "[tile]") {
  const auto first = [](Eigen::Index side) {
    return forecast_seconds({.cells = side * side, .vectors = 1, .is_linear = true});
  };
  // The table of spice_time.hpp.
  CHECK(first(16) == Approx(0.04));
  CHECK(first(32) == Approx(0.15));
  CHECK(first(64) == Approx(5.0));
  CHECK(first(128) == Approx(93.0));
  CHECK(first(1) < 0.04);
  CHECK(first(48) > first(32));
  CHECK(first(48) < first(64));
  // Each further vector 0.35 s at 64 x 64.
  CHECK(forecast_seconds({.cells = 64 * 64, .vectors = 11, .is_linear = true}) - first(64) ==
        Approx(10 * 5.0 / 14.0));
}

TEST_CASE("the time of a pinned tile grows with its cells alone", "[tile]") {
  const auto pinned = [](Eigen::Index side) {
    return forecast_seconds({.cells = side * side, .vectors = 24, .is_pinned = true});
  };
  CHECK(pinned(128) == Approx(4.0 * pinned(64)));
  // Measured: 1.2 s and 5.7 s.
  CHECK(pinned(64) == Approx(1.2).epsilon(0.3));
  CHECK(pinned(128) == Approx(5.7).epsilon(0.3));
  const auto unknown =
      forecast_seconds({.cells = 64 * 64, .vectors = 24, .is_pinned = true, .has_law = false});
  CHECK(unknown > 2.0 * pinned(64));
  CHECK(unknown < 4.0 * pinned(64));
}

TEST_CASE("forecast_seconds knows what costs nothing and what costs more", "[tile]") {
  const double wired = forecast_seconds({.cells = 64 * 64, .vectors = 24});
  CHECK(wired > forecast_seconds({.cells = 64 * 64, .vectors = 24, .is_linear = true}));
  CHECK(forecast_seconds({.cells = 64 * 64, .vectors = 24, .has_wires = false}) < 0.2 * wired);
  // LeNet-5's ten tiles: two each of 26 x 12, 64 x 32, 64 x 64, 64 x 64 and 64 x 20, 24 vectors; 84
  // s were measured on two cores.
  double seconds = 0.0;
  for (const int cells : {26 * 12, 64 * 32, 64 * 64, 64 * 64, 64 * 20}) {
    seconds += 2.0 * forecast_seconds({.cells = cells, .vectors = 24});
  }
  CHECK(seconds / 2.0 > 84.0 / 3.0);
  CHECK(seconds / 2.0 < 84.0 * 3.0);
}
