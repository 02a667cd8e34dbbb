// Write pulses on arrays whose nodes are held, against one ngspice transient of the whole array.

#include <catch2/catch.hpp>
#include <cmath>

#include "crossbar/full_array.hpp"
#include "held_case.hpp"
#include "synthesis/program_bench.hpp"

using namespace memspice;
using test::engine_of_one;
using test::held_cell_of;
using test::held_spec;
using test::HeldCase;
using test::spread_states;

namespace {

/// Of the way that a state has gone. The direct transient's pulse ramps over 1/2000 of its width at
/// either end, which a cell that runs away feels most: measured 7e-4. The coupled C++ reference has
/// the same rectangular pulse: measured 1.3e-4.
constexpr double kSameMotion = 2e-3, kSameAsFull = 5e-4;
/// Both sides integrate to 1e-6 of a state's charge.
constexpr double kSameState = 2e-6;
constexpr double kSameEnergy = 1e-3;

/// Another cell's law, but that it takes a state near `x` for one that is 1 % higher.
class OneCellOff final : public device::Memristor {
 public:
  OneCellOff(const device::Memristor& law, double x) : Memristor(0.5), law_(law), x_(x) {}
  std::string_view name() const noexcept override { return law_.name(); }
  double current(double v, double x) const noexcept override { return law_.current(v, seen(x)); }
  double conductance(double v, double x) const noexcept override {
    return law_.conductance(v, seen(x));
  }
  double state_rate(double v, double x) const noexcept override { return law_.state_rate(v, x); }

 private:
  double seen(double x) const noexcept { return std::abs(x - x_) < 1e-3 ? 1.01 * x : x; }
  const device::Memristor& law_;
  double x_;
};

}  // namespace

TEST_CASE("held nodes move a 4 x 4 array as one whole transient does", "[program]") {
  const auto direct_engine = engine_of_one(), transients = engine_of_one(), held = engine_of_one();
  const HeldCase bench = GENERATE(HeldCase{"stanford_rram", "hfox_jiang_2014", 0.3, 0.6, 1.3, 1e-7},
                                  HeldCase{"stanford_rram", "hfox_jiang_2014", 0.2, 0.3, 2.0, 1e-7},
                                  HeldCase{"threshold", "biolek_r2", 0.2, 0.8, 7.0, 3e-11},
                                  HeldCase{"vteam", "kvatinsky_2015", 0.2, 0.8, 0.5, 1e-7});
  const auto scheme = GENERATE(
      crossbar::BiasScheme::Half, crossbar::BiasScheme::Third, crossbar::BiasScheme::Gated);
  const synthesis::DynamicCell cell = held_cell_of(bench);
  const auto law = device::make_memristor(cell.card);
  const crossbar::PulsedArraySpec spec = held_spec(*law, scheme);
  const Eigen::MatrixXd x = spread_states(bench.low, bench.high, 4);
  const auto direct = synthesis::make_spice_array(cell, spec, x, *direct_engine);
  const auto pinned = synthesis::make_pinned_array(cell, spec, x, {*transients, *held});
  const auto full = crossbar::make_full_array(spec, x);
  Eigen::MatrixXd motion = Eigen::MatrixXd::Zero(4, 4);
  for (const double sign : {1.0, -1.0, 1.0}) {
    const crossbar::CellPulse pulse{
        .i = 1, .j = 2, .pulse = {.amplitude = sign * bench.amplitude, .width = bench.width}};
    const Eigen::MatrixXd before = direct->states();
    const auto expected = direct->apply(pulse);
    const auto found = pinned->apply(pulse);
    motion += (direct->states() - before).cwiseAbs();
    const Eigen::MatrixXd off = (pinned->states() - direct->states()).cwiseAbs();
    const synthesis::WritingCertificate& certificate = pinned->certificate();
    full->apply(pulse);
    const Eigen::MatrixXd off_full = (pinned->states() - full->states()).cwiseAbs();
    INFO(bench.model << ' ' << crossbar::name_of(scheme) << ": moved " << motion.maxCoeff()
                     << ", off " << off.maxCoeff() << ", energy " << found.energy << " to "
                     << expected.energy << ", bound " << certificate.relative << " after "
                     << certificate.corrections << " corrections, followed " << certificate.followed
                     << ' ' << expected.message << found.message);
    REQUIRE(expected.ok);
    REQUIRE(found.ok);
    CHECK((off - kSameMotion * motion).maxCoeff() < kSameState);
    CHECK((off_full - kSameAsFull * motion).maxCoeff() < kSameState);
    CHECK(found.energy == Approx(expected.energy).epsilon(kSameEnergy));
    CHECK(certificate.relative <= 1e-6);
  }
  CHECK(motion.maxCoeff() > 1e-3);
}

TEST_CASE("a solution with one wire or one state off is refused, and corrected", "[program]") {
  const auto transients = engine_of_one(), held = engine_of_one();
  const HeldCase bench{"stanford_rram", "hfox_jiang_2014", 0.3, 0.6, 1.3, 1e-7};
  const synthesis::DynamicCell cell = held_cell_of(bench);
  const auto law = device::make_memristor(cell.card);
  const crossbar::PulsedArraySpec spec = held_spec(*law, crossbar::BiasScheme::Half);
  const Eigen::MatrixXd x = spread_states(bench.low, bench.high, 4);
  const crossbar::CellPulse pulse{.i = 1, .j = 2, .pulse = {bench.amplitude, bench.width}};
  const OneCellOff state_off(*law, x(1, 0));
  crossbar::PulsedArraySpec wire_off = spec;
  wire_off.wiring.driver_per_line = {100.0, 101.0, 100.0, 100.0};
  const synthesis::DeckWires wires(cell, spec, 4, 4);
  synthesis::HeldCells held_cells(cell, *held);
  const auto run = [&](const device::Memristor& own_law,
                       const crossbar::PulsedArraySpec& own_spec,
                       int most_corrections) {
    crossbar::PulseNodes nodes(own_spec, 4, 4);
    nodes.drive(pulse);
    const Eigen::VectorXd states = x.transpose().reshaped();
    Eigen::VectorXd u = Eigen::VectorXd::Zero(nodes.n_unknowns());
    REQUIRE(crossbar::solve_pulse_nodes(nodes, own_law, states, u));
    return synthesis::run_pinned_pulse({cell, own_law, wires, held_cells, *transients},
                                       nodes,
                                       pulse,
                                       states,
                                       u,
                                       {.most_corrections = most_corrections});
  };
  const synthesis::PinnedPulseResult right = run(*law, spec, 0);
  REQUIRE(right.ok);
  for (const bool is_wire : {true, false}) {
    const device::Memristor& own_law =
        is_wire ? *law : static_cast<const device::Memristor&>(state_off);
    const crossbar::PulsedArraySpec& own_spec = is_wire ? wire_off : spec;
    const synthesis::PinnedPulseResult refused = run(own_law, own_spec, 0);
    INFO((is_wire ? "wire: " : "state: ") << refused.certificate.own);
    CHECK_FALSE(refused.ok);
    CHECK(refused.certificate.own > 1e-5);
    CHECK(refused.message.find("no common node voltages") != std::string::npos);
    const synthesis::PinnedPulseResult corrected = run(own_law, own_spec, 20);
    INFO(corrected.message << corrected.certificate.corrections);
    REQUIRE(corrected.ok);
    CHECK(corrected.certificate.corrections > 0);
    CHECK(corrected.certificate.relative <= 1e-6);
    // Of the states' motion of 0.02 a share of what the bound leaves.
    CHECK((corrected.x - right.x).cwiseAbs().maxCoeff() < 1e-7);
  }
}
