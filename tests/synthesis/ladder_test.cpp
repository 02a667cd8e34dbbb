// Ladders and successive approximations, against nodal equations, the algorithm itself and ngspice.

#include "synthesis/ladder.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "support/block_run.hpp"
#include "synthesis/converter_circuit.hpp"

namespace memspice::synthesis {
namespace {

const device::AnalogFigures& figures() {
  return test::analog_figures();
}

/// What each bit alone puts on the last node of the ladder, by nodal equations.
Eigen::VectorXd nodal_weights(const LadderResistors& ladder) {
  const Eigen::Index n = ladder.legs.size();
  Eigen::MatrixXd A = Eigen::MatrixXd::Zero(n, n);
  A(0, 0) = 1 / ladder.end;
  for (Eigen::Index k = 0; k < n; ++k) A(k, k) += 1 / ladder.legs[k];
  for (Eigen::Index k = 0; k + 1 < n; ++k) {
    const double g = 1 / ladder.rungs[k];
    A(k, k) += g;
    A(k + 1, k + 1) += g;
    A(k, k + 1) -= g;
    A(k + 1, k) -= g;
  }
  return A.inverse().row(n - 1).transpose().cwiseQuotient(ladder.legs);
}

/// The code that is found bit by bit where code c is kept from `levels[c]` on.
int approximate(const Eigen::VectorXd& levels, int bits, double V) {
  int code = 0;
  for (int bit = bits - 1; bit >= 0; --bit) {
    if (V >= levels[code + (1 << bit)]) code += 1 << bit;
  }
  return code;
}

}  // namespace

TEST_CASE("a ladder's bits weigh what nodal equations say", "[synthesis][converter]") {
  for (const int bits : {1, 2, 5, 12}) {
    const LadderResistors exact = draw_ladder({.name = "d", .bits = bits}, 1e4);
    const Eigen::VectorXd weights = ladder_weights(exact);
    for (int k = 0; k < bits; ++k) {
      CHECK(weights[k] == Approx(std::ldexp(1.0, k - bits)).epsilon(1e-14));
    }
    const LadderResistors made =
        draw_ladder({.name = "d", .bits = bits, .mismatch = 0.1, .seed = 8}, 1e4);
    // Twelve nodes of about one size: the inverse is good to some 1e-15.
    CHECK((ladder_weights(made) - nodal_weights(made)).cwiseAbs().maxCoeff() < 1e-13);
  }
}

TEST_CASE("codes begin where a successive approximation first finds them",
          "[synthesis][converter]") {
  constexpr int kBits = 6;
  RandomStream random(5, "sar");
  int missing = 0;
  for (int converter = 0; converter < 10; ++converter) {
    // A tenth of mismatch in the weights: levels rise and fall, and codes are missing.
    Eigen::VectorXd levels = Eigen::VectorXd::Zero(1 << kBits);
    for (int k = 0; k < kBits; ++k) {
      const double weight = std::ldexp(1.0 + 0.1 * random.normal(), k);
      for (int code = 0; code < levels.size(); ++code) levels[code] += ((code >> k) & 1) * weight;
    }
    const Eigen::VectorXd begins = begins_of_codes(levels.tail(levels.size() - 1));
    for (Eigen::Index c = 0; c + 1 < begins.size(); ++c) {
      CHECK(begins[c] <= begins[c + 1]);
      missing += begins[c] == begins[c + 1] ? 1 : 0;
    }
    for (int k = 0; k < 4000; ++k) {
      const double V = random.uniform(-1.0, 1.1 * std::ldexp(1.0, kBits));
      const auto found = static_cast<int>((begins.array() <= V).count());
      REQUIRE(found == approximate(levels, kBits, V));
    }
  }
  CHECK(missing > 0);
}

TEST_CASE("solved DACs are their circuits in ngspice", "[synthesis][converter]") {
  // What is left out: open switches of 1e-7, and 200 Ohm / 1e4 under 20 uA, 0.4 uV, at the
  // reference and as much at the output; ngspice solves to 1e-6 of 0.2 V.
  constexpr double kTolerance = 1.2e-6;
  const ConverterSpec spec{.bits = 6, .mismatch = 0.05, .seed = 3};
  const AnalogBlock dac = build_dac(spec, figures());
  const Eigen::VectorXi codes = Eigen::VectorXi::LinSpaced(64, 0, 63);
  const Eigen::VectorXd found =
      test::run_block(dac, dac_inputs(6, codes, figures())).row(0).transpose();
  const Eigen::VectorXd solved = solve_dac(spec, figures());
  CHECK((found - solved).cwiseAbs().maxCoeff() < kTolerance);
  CHECK(linearity_of(solved).inl.cwiseAbs().maxCoeff() > 0.2);
}

TEST_CASE("ladders refuse what their circuits refuse", "[synthesis][converter]") {
  CHECK_THROWS_WITH(solve_dac({.name = "d", .bits = 13}, figures()), Catch::Contains("d.bits"));
  CHECK_THROWS_WITH(solve_sar({.bits = 4, .range = 2.0}, figures()),
                    Catch::Contains("sar_front_end.range"));
}

}  // namespace memspice::synthesis
