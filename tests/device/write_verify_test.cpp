#include "device/write_verify.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "cards.hpp"
#include "device/trace.hpp"

using namespace memspice;
using namespace memspice::device;
using test::card_of;

namespace {

/// Pulses hold each step to 1e-7 relative.
constexpr double kPulseTolerance = 1e-6;

MemristorCard with_parameter(MemristorCard card, const std::string& name, double value) {
  card.parameters[name] = {.value = value, .source = "test"};
  return card;
}

/// Ramps under which the cells of the test cards can be tuned.
WriteOptions options_of(const std::string& model) {
  WriteOptions options;
  options.relative_tolerance = 0.01;
  options.pulse_limit = 500;
  options.read_voltage = 0.01;
  if (model == "vteam") {
    options.positive = {.start = 0.022, .step = 0.002, .limit = 0.2};
    options.negative = {.start = 0.21, .step = 0.005, .limit = 0.5};
    options.width = 1e-7;
  }
  if (model == "yakopcic") {
    options.positive = options.negative = {.start = 0.16, .step = 0.01, .limit = 1.0};
    options.width = 1e-5;
  }
  if (model == "threshold") {
    options.positive = options.negative = {.start = 4.6, .step = 0.05, .limit = 8.0};
    options.width = 1e-11;
  }
  if (model == "linear_ion_drift") {
    options.positive = options.negative = {.start = 0.1, .step = 0.05, .limit = 2.0};
    options.width = 1e-3;
  }
  if (model == "stanford_rram") {
    options.positive = options.negative = {.start = 1.0, .step = 0.05, .limit = 2.0};
  }
  return options;
}

const std::vector<std::string> kModels = {
    "linear_ion_drift", "vteam", "yakopcic", "threshold", "stanford_rram"};

}  // namespace

TEST_CASE("a pulse on VTEAM moves the state linearly in time", "[write_verify]") {
  // dx/dt = k_off / (w_off - w_on) (v/v_off - 1) with alpha_off = 1; I = v / (r_on + (r_off-r_on)
  // x)
  const auto cell = make_memristor(with_parameter(card_of("vteam"), "x_init", 0.1));
  const Pulse pulse{.amplitude = 0.05, .width = 1e-6};
  const PulseOutcome outcome = apply_pulse(*cell, 0.1, pulse, 0.0);
  const double moved = 5e-4 / 3e-9 * (0.05 / 0.02 - 1.0) * 1e-6;
  REQUIRE(outcome.ok);
  CHECK(outcome.x == Approx(0.1 + moved).epsilon(kPulseTolerance));
  // The charge is the integral of v / (a + b t): v / b ln(1 + b T / a).
  const double a = 50 + 950 * 0.1, b = 950 * moved / 1e-6;
  CHECK(outcome.charge == Approx(0.05 / b * std::log(1 + b * 1e-6 / a)).epsilon(kPulseTolerance));
}

TEST_CASE("a pulse behind a resistance is what a trace of it ends at", "[write_verify]") {
  // The drive's plateau lasts 0.39 of a period, its ramps are 0.01 each: a pulse of 0.39 periods
  // ends between a trace that is cut at the plateau's ends and one that has the ramps.
  const auto cell = make_memristor(card_of("stanford_rram"));
  TraceOptions options{.drive = {.shape = Drive::Shape::Pulse, .amplitude = 1.3, .frequency = 2e6},
                       .series = 2e3};
  const Trace traced = trace(*cell, options);
  REQUIRE(traced.ok());
  const double before = traced.state(60), after = traced.state(450);  // 0.06 .. 0.45 of the period
  const double T = 0.39 / 2e6;
  const PulseOutcome outcome =
      apply_pulse(*cell, before, {.amplitude = 1.3, .width = T}, options.series);
  REQUIRE(outcome.ok);
  CHECK(after - before > 0.005);
  CHECK(outcome.x == Approx(after).epsilon(1e-5));
}

TEST_CASE("a static cell takes I t of charge from a pulse", "[write_verify]") {
  const auto cell = make_memristor(card_of("static_read"));
  const double I = cell->current(0.2, 0.5);
  const PulseOutcome outcome = apply_pulse(*cell, 0.5, {.amplitude = 0.2, .width = 1e-8}, 0.0);
  CHECK(outcome.x == 0.5);
  CHECK(outcome.charge == Approx(I * 1e-8).epsilon(1e-12));
}

TEST_CASE("amplitude and width ramps write every dynamic model up and down", "[write_verify]") {
  for (const std::string& model : kModels) {
    const auto cell = make_memristor(card_of(model));
    WriteOptions options = options_of(model);
    for (const Ramp ramp : {Ramp::Amplitude, Ramp::Width}) {
      options.ramp = ramp;
      if (ramp == Ramp::Width) {
        options.positive.start = options.positive.start * 1.2;
        options.negative.start = options.negative.start * 1.2;
        options.width *= 0.01;
        options.width_factor = 1.3;
        options.width_limit = 1e6 * options.width;
      }
      for (const auto& [from, to] : {std::pair{0.3, 0.6}, std::pair{0.6, 0.3}}) {
        const double target = cell->conductance_of(to);
        const WriteSummary written = write_verify(*cell, from, target, options);
        INFO(model << (ramp == Ramp::Width ? " width " : " amplitude ") << from << " -> " << to);
        CHECK(written.termination == WriteTermination::Reached);
        CHECK(std::abs(written.G - target) <= 0.01 * target);
        CHECK(written.G == cell->conductance_of(written.x));
        CHECK(written.pulses > 0);
        CHECK(written.energy > 0.0);
      }
    }
  }
}

TEST_CASE("a cell within tolerance takes no pulse", "[write_verify]") {
  const auto cell = make_memristor(card_of("stanford_rram"));
  WriteOptions options = options_of("stanford_rram");
  options.read_time = 2e-8;
  const double target = cell->conductance_of(0.2);
  const WriteSummary written = write_verify(*cell, 0.2, target, options);
  CHECK(written.pulses == 0);
  CHECK(written.time == 2e-8);
  CHECK(written.energy == Approx(0.01 * cell->current(0.01, 0.2) * 2e-8));
  options.relative_tolerance = 0.0;
  options.absolute_tolerance = 0.02 * target;
  CHECK(write_verify(*cell, 0.2, 1.019 * target, options).pulses == 0);
  CHECK(write_verify(*cell, 0.2, 1.021 * target, options).pulses > 0);
}

TEST_CASE("writing says why it ended without reaching its target", "[write_verify]") {
  const auto cell = make_memristor(card_of("stanford_rram"));
  WriteOptions options = options_of("stanford_rram");
  const double target = cell->conductance_of(0.8);
  options.pulse_limit = 3;
  const WriteSummary cut = write_verify(*cell, 0.1, target, options);
  CHECK(cut.termination == WriteTermination::PulseLimit);
  CHECK(cut.pulses == 3);
  // Far below any switching: the ramp ends and nothing moves.
  options = options_of("stanford_rram");
  options.positive = options.negative = {.start = 0.01, .step = 0.01, .limit = 0.03};
  const WriteSummary idle = write_verify(*cell, 0.1, target, options);
  CHECK(idle.termination == WriteTermination::Saturated);
  CHECK(idle.pulses < 10);
  CHECK_THROWS_AS(write_verify(*cell, 0.1, 1.0, options), InputError);  // 1 S
}

TEST_CASE("the ramp rises, steps back when it moved too far, and turns", "[write_verify]") {
  WriteOptions options;
  options.positive = {.start = 1.0, .step = 0.1, .limit = 1.25};
  options.negative = {.start = 2.0, .step = 0.2, .limit = 3.0};
  options.relative_tolerance = 0.01;
  options.step_back = 1;
  WriteControl control(options, 100.0, true);
  const auto amplitude = [&](double G) {
    const auto pulse = control.next(G);
    return pulse ? pulse->amplitude : 0.0;
  };
  CHECK(amplitude(10.0) == Approx(1.0));
  CHECK(amplitude(11.0) == Approx(1.1));
  CHECK(amplitude(15.0) == Approx(1.2));
  CHECK(amplitude(30.0) == Approx(1.2));    // 1.3 is beyond the limit
  CHECK(amplitude(80.0) == Approx(1.1));    // moved by 50, 20 remain: back by one step
  CHECK(amplitude(110.0) == Approx(-2.0));  // overshot: the other polarity
  CHECK(amplitude(108.0) == Approx(-2.2));
  CHECK(amplitude(90.0) == Approx(1.0));  // below again: one step below where it stood
  CHECK(amplitude(99.5) == 0.0);
  CHECK(control.termination() == WriteTermination::Reached);
  CHECK(control.pulses() == 8);
  // A cell that falls under a positive voltage takes the other sign.
  WriteControl inverse(options, 100.0, false);
  CHECK(inverse.next(10.0)->amplitude == Approx(-2.0));
  options.ramp = Ramp::Width;
  options.width_factor = 2.0;
  WriteControl widths(options, 100.0, true);
  CHECK(widths.next(10.0)->width == Approx(100e-9));
  CHECK(widths.next(11.0)->width == Approx(200e-9));
  CHECK(widths.next(12.0)->amplitude == Approx(1.0));
}

TEST_CASE("polarity follows model and card", "[write_verify]") {
  CHECK(positive_raises_conductance(*make_memristor(card_of("stanford_rram"))));
  CHECK(positive_raises_conductance(*make_memristor(card_of("linear_ion_drift"))));
  CHECK(positive_raises_conductance(*make_memristor(card_of("yakopcic"))));
  CHECK_FALSE(positive_raises_conductance(*make_memristor(card_of("vteam"))));
  CHECK_FALSE(positive_raises_conductance(*make_memristor(card_of("threshold"))));
  CHECK_FALSE(
      positive_raises_conductance(*make_memristor(with_parameter(card_of("yakopcic"), "eta", -1))));
}

TEST_CASE("impossible write options are refused by name", "[write_verify]") {
  const auto message = [](auto change) {
    WriteOptions options;
    change(options);
    try {
      options.validate("programming");
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(message([](WriteOptions&) {}) == "accepted");
  CHECK(message([](WriteOptions& o) { o.negative.limit = 0.1; }).find("negative.limit") !=
        std::string::npos);
  CHECK(message([](WriteOptions& o) { o.positive.step = 0.0; }).find("positive.step") !=
        std::string::npos);
  CHECK(message([](WriteOptions& o) { o.relative_tolerance = 0.0; }).find("both be 0") !=
        std::string::npos);
  CHECK(message([](WriteOptions& o) { o.width = NAN; }).find(".width") != std::string::npos);
  CHECK(message([](WriteOptions& o) {
          o.ramp = Ramp::Width;
          o.width_factor = 1.0;
        }).find("width_factor") != std::string::npos);
}
