#include "device/trace.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "cards.hpp"
#include "device/trace_difference.hpp"

using namespace memspice;
using namespace memspice::device;
using test::card_of;

namespace {

// The integrator holds each step to 1e-8 relative; a thousand of them stay within this.
constexpr double kTraceTolerance = 1e-5;

MemristorCard with(MemristorCard card, const std::string& name, double value) {
  card.parameters[name] = {.value = value, .source = "test"};
  return card;
}

/// The drives under which each test card switches.
TraceOptions bench_of(const std::string& model) {
  TraceOptions options;
  if (model == "linear_ion_drift") options.drive = {.amplitude = 1.0, .frequency = 1.0};
  if (model == "team") options.drive = {.amplitude = 1.0, .frequency = 100.0};
  if (model == "team") options.series = 1e4;
  if (model == "vteam") options.drive = {.amplitude = 0.3, .frequency = 1e6};
  if (model == "yakopcic") options.drive = {.amplitude = 0.5, .frequency = 100.0};
  if (model == "threshold") options.drive = {.amplitude = 6.0, .frequency = 50e6};
  if (model == "stanford_rram") options.drive = {.amplitude = 1.5, .frequency = 1e4};
  if (model == "stanford_rram") options.series = 1e3;
  return options;
}

const std::vector<std::string> kDynamic = {
    "linear_ion_drift", "team", "vteam", "yakopcic", "threshold", "stanford_rram"};

}  // namespace

TEST_CASE("linear ion drift without window follows its closed form under a sine", "[device]") {
  // With f = 1: dx/dt = k i, v = R i, so (r_on x + r_off (1 - x)) dx = k v dt; with the flux
  // phi = int v dt = A (1 - cos(w t)) / w:
  //   r_off (x - x0) - (r_off - r_on)(x^2 - x0^2)/2 = k phi
  const MemristorCard card = with(card_of("linear_ion_drift"), "window", 0);
  const TraceOptions options{.drive = {.amplitude = 1.0, .frequency = 1.0, .cycles = 1}};
  const Trace result = trace(*make_memristor(card), options);
  REQUIRE(result.ok());
  constexpr double r_on = 100, r_off = 16e3, x0 = 0.3;
  constexpr double k = 1e-14 * r_on / (1e-8 * 1e-8);
  const double omega = 2.0 * std::numbers::pi;
  for (Eigen::Index n = 0; n < result.time.size(); n += 25) {
    const double phi = (1.0 - std::cos(omega * result.time(n))) / omega;
    const double a = 0.5 * (r_off - r_on);
    const double c = k * phi + r_off * x0 - a * x0 * x0;  // a x^2 - r_off x + c = 0
    const double x = (r_off - std::sqrt(r_off * r_off - 4.0 * a * c)) / (2.0 * a);
    INFO("t = " << result.time(n));
    CHECK(result.state(n) == Approx(x).margin(kTraceTolerance));
  }
}

TEST_CASE("VTEAM at constant voltage moves linearly in time", "[device]") {
  // dx/dt = k_off / (w_off - w_on) (v/v_off - 1) with alpha_off = 1, on the plateau of a pulse.
  const MemristorCard card = with(card_of("vteam"), "x_init", 0.1);
  const TraceOptions options{
      .drive = {.shape = Drive::Shape::Pulse, .amplitude = 0.05, .frequency = 1e5}, .points = 101};
  const Trace result = trace(*make_memristor(card), options);
  REQUIRE(result.ok());
  const double rate = 5e-4 / 3e-9 * (0.05 / 0.02 - 1.0);
  const double moved = result.state(40) - result.state(10);  // 0.10 .. 0.40 of the period
  CHECK(moved == Approx(rate * 0.3e-5).epsilon(1e-6));
  CHECK(result.state(55) == Approx(result.state(50)).margin(1e-12));  // at rest between pulses
}

TEST_CASE("the threshold model moves by beta (V - V_t) times the time", "[device]") {
  const MemristorCard card = with(card_of("threshold"), "x_init", 0.1);
  const TraceOptions options{
      .drive = {.shape = Drive::Shape::Pulse, .amplitude = 5.0, .frequency = 1e9}, .points = 101};
  const Trace result = trace(*make_memristor(card), options);
  REQUIRE(result.ok());
  const double moved = (result.resistance(40) - result.resistance(10));
  CHECK(moved == Approx(1e13 * (5.0 - 4.6) * 0.3e-9).epsilon(1e-6));
}

TEST_CASE("the static model traces I = G sinh(alpha v) / alpha and rests", "[device]") {
  const Trace result = trace(*make_memristor(card_of("static_read")),
                             {.drive = {.amplitude = 0.4, .frequency = 1e3}, .points = 41});
  REQUIRE(result.ok());
  for (Eigen::Index k = 0; k < 41; ++k) {
    const double v = 0.4 * std::sin(2.0 * std::numbers::pi * 1e3 * result.time(k));
    CHECK(result.current(k) ==
          Approx(11e-6 * std::sinh(2.5 * v) / 2.5).epsilon(1e-12).margin(1e-20));
    CHECK(result.state(k) == 0.5);
  }
}

TEST_CASE("a series resistor divides the drive", "[device]") {
  const auto memristor = make_memristor(card_of("stanford_rram"));
  for (const double level : {-2.0, -0.1, 0.0, 0.3, 1.5}) {
    const double v = device_voltage(*memristor, level, 1e4, 0.8);
    CHECK(v + 1e4 * memristor->current(v, 0.8) == Approx(level).margin(1e-12));
  }
}

TEST_CASE("every model draws a hysteresis loop pinched at zero", "[device]") {
  for (const std::string& model : kDynamic) {
    TraceOptions options = bench_of(model);
    options.drive.cycles = 2;
    const Trace result = trace(*make_memristor(card_of(model)), options);
    INFO(model << ": " << result.summary.message);
    REQUIRE(result.ok());
    const double full_scale = result.current.cwiseAbs().maxCoeff();
    const double box = full_scale * options.drive.amplitude;
    CHECK(loop_area(result) > 1e-3 * box);          // a loop, not a line
    for (const int k : {0, 250, 500, 750, 1000}) {  // the zeros of two sine cycles
      CHECK(std::abs(result.current(k)) < 1e-9 * full_scale);
    }
    CHECK(result.state.minCoeff() > -1e-6);
    CHECK(result.state.maxCoeff() < 1.0 + 1e-6);
  }
}

TEST_CASE("the loop closes as the frequency rises", "[device]") {
  for (const std::string& model : kDynamic) {
    TraceOptions options = bench_of(model);
    // Above every rate of the card: a cycle moves the state in proportion to 1/f, and the area with
    // it. Between f and 10 f that is a factor of 10; 5 leaves room for the curvature of I(v).
    options.drive.frequency *= model == "vteam" || model == "team" ? 1e4 : 100.0;
    const double area = loop_area(trace(*make_memristor(card_of(model)), options));
    options.drive.frequency *= 10.0;
    const double area_above = loop_area(trace(*make_memristor(card_of(model)), options));
    INFO(model);
    CHECK(area_above < area / 5.0);
  }
}

TEST_CASE("an integration that cannot go on says when and where", "[device]") {
  TraceOptions options = bench_of("linear_ion_drift");
  options.max_steps = 50;
  const Trace result = trace(*make_memristor(card_of("linear_ion_drift")), options);
  CHECK_FALSE(result.ok());
  CHECK(result.summary.termination == TraceSummary::Termination::TooManySteps);
  CHECK(result.summary.message.find("t = ") != std::string::npos);
  CHECK(result.summary.message.find("x = ") != std::string::npos);
  CHECK(result.time.size() < options.points);
  CHECK(result.time.size() == result.state.size());
}

TEST_CASE("drives have the shape that they promise", "[device]") {
  const Drive triangle{.shape = Drive::Shape::Triangle, .amplitude = 2.0, .frequency = 10.0};
  CHECK(triangle.voltage(0.025) == Approx(2.0).margin(1e-9));
  CHECK(triangle.voltage(0.05) == Approx(0.0).margin(1e-9));
  CHECK(triangle.voltage(0.075) == Approx(-2.0).margin(1e-9));
  CHECK(triangle.slope(0.0) == Approx(80.0));
  const Drive pulse{.shape = Drive::Shape::Pulse, .amplitude = -3.0, .frequency = 1.0, .cycles = 2};
  CHECK(pulse.voltage(0.2) == Approx(-3.0));
  CHECK(pulse.voltage(1.7) == Approx(3.0));
  CHECK(pulse.voltage(0.5) == 0.0);
  CHECK(corners(pulse).size() == 19);  // 10 of the first period, 9 more of the second
  CHECK(corners(pulse).back().t == 2.0);
  CHECK_THROWS_AS((Drive{.amplitude = 0.0}.validate("d")), InputError);
  CHECK_THROWS_AS((Drive{.frequency = -1.0}.validate("d")), InputError);
  CHECK_THROWS_AS((Drive{.cycles = 0}.validate("d")), InputError);
  CHECK_THROWS_AS(parse_shape("sine", "--drive"), InputError);
}

TEST_CASE("compare tells a shifted edge from a wrong curve", "[device]") {
  const Drive drive{.frequency = 1.0};
  Trace a;
  a.time = uniform_times(1.0, 1001);
  a.current = (a.time.array() > 0.5).cast<double>();
  a.state = a.voltage = a.resistance = a.current;
  Trace b = a;
  b.current = (a.time.array() > 0.501).cast<double>();  // a thousandth of a period late
  TraceDifference difference = compare(a, b, drive);
  CHECK(difference.current == 0.0);
  CHECK(difference.current_unshifted == 1.0);
  b.current = (a.time.array() > 0.51).cast<double>();  // further than an edge may shift
  CHECK(compare(a, b, drive).current == 1.0);
  b = a;
  b.state.array() += 0.01;
  CHECK(compare(a, b, drive).state == Approx(0.01));
}
