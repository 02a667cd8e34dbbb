#include "device/fit_measurement.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "device/pulse.hpp"
#include "device/trace.hpp"
#include "support/made_up_device.hpp"

using namespace memspice;
using namespace memspice::device;
using Catch::Matchers::Contains;

namespace {

using Truth = std::map<std::string, double>;

const Truth kVteam = {{"r_on", 2e3},
                      {"r_off", 40e3},
                      {"k_on", -6e-8},
                      {"k_off", 1.5e-7},
                      {"v_on", -0.4},
                      {"v_off", 0.5},
                      {"alpha_on", 3.0},
                      {"alpha_off", 2.0},
                      {"x_init", 0.8}};
const Truth kVteamHeld = {{"w_on", 0.0}, {"w_off", 1e-9}, {"iv", 0.0}, {"window", 0.0}};

const Truth kYakopcic = {{"a_1", 2e-4},
                         {"a_2", 1.5e-4},
                         {"b", 1.5},
                         {"v_p", 0.5},
                         {"v_n", 0.4},
                         {"speed_p", 60.0},
                         {"speed_n", 40.0},
                         {"x_p", 0.4},
                         {"x_n", 0.5},
                         {"alpha_p", 2.0},
                         {"alpha_n", 3.0},
                         {"x_init", 0.1}};

const Truth kStanford = {{"i_0", 4e-4},
                         {"v_0", 0.35},
                         {"speed", 1e3},
                         {"gamma_0", 16.0},
                         {"beta", 0.8},
                         {"r_th", 2e5},
                         {"gap_max", 1e-9},
                         {"x_init", 0.1}};
const Truth kStanfordHeld = {{"g_0", 0.25e-9},
                             {"e_a", 0.6},
                             {"g_1", 1e-9},
                             {"a_0", 0.25e-9},
                             {"l", 12e-9},
                             {"t_0", 298.0},
                             {"gap_min", 0.2e-9}};

MemristorCard made_up(const std::string& model, const Truth& truth, const Truth& more) {
  MemristorCard card{.model = model, .name = "truth"};
  for (const Truth* values : {&truth, &more}) {
    for (const auto& [name, value] : *values) card.parameters[name] = {value, "made up"};
  }
  return card;
}

struct Triangle {
  double amplitude, frequency;  // [V], [Hz]
};
/// Two rates and two amplitudes: one sweep alone tells a speed at one voltage.
constexpr Triangle kTriangles[] = {{0.8, 10.0}, {1.0, 10.0}, {1.0, 50.0}};

/// Readings of a sweep after the other, each from where the last one left the state.
std::vector<Trace> sweep_through(MemristorCard card, int points) {
  std::vector<Trace> sweeps;
  for (const Triangle& triangle : kTriangles) {
    sweeps.push_back(trace(*make_memristor(card),
                           {.drive = {.shape = Drive::Shape::Triangle,
                                      .amplitude = triangle.amplitude,
                                      .frequency = triangle.frequency},
                            .points = points}));
    REQUIRE(sweeps.back().ok());
    card.parameters["x_init"].value = std::clamp(sweeps.back().state(points - 1), 0.0, 1.0);
  }
  return sweeps;
}

double largest_current(const std::vector<Trace>& sweeps) {
  double largest = 0.0;
  for (const Trace& sweep : sweeps) {
    largest = std::max(largest, sweep.current.cwiseAbs().maxCoeff());
  }
  return largest;
}

/// Noise of `noise` of the largest current; `sign` -1: measured from n to p.
std::string measure_loop(const std::vector<Trace>& sweeps,
                         double noise,
                         double sign,
                         RandomStream random) {
  const double scale = noise * largest_current(sweeps);
  std::string csv = "time_s,voltage_V,current_A\n";
  double begin = 0.0;
  for (const Trace& sweep : sweeps) {
    for (Eigen::Index k = begin > 0.0 ? 1 : 0; k < sweep.time.size(); ++k) {
      csv += test::csv_row({begin + sweep.time(k),
                            sign * sweep.voltage(k),
                            sign * (sweep.current(k) + scale * random.normal())});
    }
    begin += sweep.time(sweep.time.size() - 1);
  }
  return csv;
}

/// As many pulses one way as back, each of a width [s].
struct PulseTrain {
  double amplitude, width;
  int pulses;
};

std::string measure_pulses(const MemristorCard& card,
                           const std::vector<PulseTrain>& trains,
                           double noise,
                           RandomStream random) {
  const auto device = make_memristor(card);
  double x = device->initial_state();
  const double scale = noise * std::max(device->conductance_of(0.0), device->conductance_of(1.0));
  std::string csv = "amplitude_V,width_us,conductance_S\n";
  for (const PulseTrain& train : trains) {
    for (int k = 0; k < 2 * train.pulses; ++k) {
      const Pulse pulse{k < train.pulses ? train.amplitude : -train.amplitude, train.width};
      x = apply_pulse(*device, x, pulse, 0.0).x;
      csv += test::csv_row({pulse.amplitude,
                            1e6 * pulse.width,
                            device->conductance_of(x) + scale * random.normal()});
    }
  }
  return csv;
}

DeviceFit fit_switching_text(const std::string& csv, const SwitchingOptions& options) {
  return fit_measurement(read_measurement(csv, "data.csv"), "data.csv", options);
}

double switching_figure(const DeviceFit& fit, const std::string& key) {
  INFO(key);
  REQUIRE(fit.find(key) != nullptr);
  return fit.find(key)->value;
}

void count_inside(const DeviceFit& fit, const Truth& truth, std::map<std::string, int>& inside) {
  for (const auto& [key, value] : truth) {
    REQUIRE(fit.find(key)->confidence);
    inside[key] += fit.find(key)->confidence->holds(value);
  }
}

void check_counts(const std::map<std::string, int>& inside, int fewest, int all) {
  for (const auto& [key, count] : inside) {
    INFO(key << ": " << count << " of " << all);
    CHECK(count >= fewest);
  }
}

bool has_note(const DeviceFit& fit, const std::string& words) {
  return std::ranges::any_of(
      fit.notes, [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("VTEAM comes back from its hysteresis within its intervals", "[fit]") {
  constexpr int kLoops = 5, kFewestLoops = 3;  // two or fewer by chance: 0.1 % (binomial)
  const auto sweeps = sweep_through(made_up("vteam", kVteam, kVteamHeld), 134);
  std::map<std::string, int> inside;
  for (int seed = 0; seed < kLoops; ++seed) {
    const RandomStream random(static_cast<std::uint64_t>(seed), "loop");
    const DeviceFit fit =
        fit_switching_text(measure_loop(sweeps, 0.003, 1.0, random), {.model = "vteam"});
    count_inside(fit, kVteam, inside);
    // What remains is the noise: its rms comes back to sqrt(1 / (2 n)) = 3.5 %, here three times
    // it.
    CHECK(fit.residuals.front().rms == Approx(0.003 * largest_current(sweeps)).epsilon(0.11));
  }
  check_counts(inside, kFewestLoops, kLoops);
}

TEST_CASE("VTEAM comes back from its pulses within its intervals", "[fit]") {
  constexpr int kTrains = 3, kFewestTrains = 2;  // one or none by chance: 0.7 % (binomial)
  const MemristorCard card = made_up("vteam", kVteam, kVteamHeld);
  const std::vector<PulseTrain> trains = {
      {0.6, 8e-4, 30}, {0.8, 2e-4, 30}, {1.0, 2e-4, 30}, {0.7, 8e-4, 30}};
  std::map<std::string, int> inside;
  for (int seed = 0; seed < kTrains; ++seed) {
    const RandomStream random(static_cast<std::uint64_t>(seed), "loop");
    const DeviceFit fit =
        fit_switching_text(measure_pulses(card, trains, 0.003, random), {.model = "vteam"});
    count_inside(fit, kVteam, inside);
  }
  check_counts(inside, kFewestTrains, kTrains);
}

TEST_CASE("Yakopcic comes back from its hysteresis without noise", "[fit]") {
  const auto sweeps = sweep_through(made_up("yakopcic", kYakopcic, {{"eta", 1.0}}), 134);
  const DeviceFit fit = fit_switching_text(measure_loop(sweeps, 0.0, 1.0, RandomStream(1, "exact")),
                                           {.model = "yakopcic"});
  CHECK(switching_figure(fit, "eta") == 1.0);
  for (const char* key : {"b", "v_p", "v_n"}) {
    INFO(key);
    CHECK(switching_figure(fit, key) == Approx(kYakopcic.at(key)).epsilon(0.01));
  }
  // As x stays between 0.1 and 0.7, no current tells a_1 from x: their product alone.
  const auto ratio = [&](const char* over) {
    return switching_figure(fit, "a_1") / switching_figure(fit, over);
  };
  CHECK(ratio("a_2") == Approx(2.0 / 1.5).epsilon(0.01));
  CHECK(switching_figure(fit, "a_1") * switching_figure(fit, "x_init") ==
        Approx(2e-5).epsilon(0.01));
}

TEST_CASE("Stanford's model comes back from its hysteresis", "[fit]") {
  const auto sweeps = sweep_through(made_up("stanford_rram", kStanford, kStanfordHeld), 67);
  const DeviceFit fit = fit_switching_text(
      measure_loop(sweeps, 0.003, 1.0, RandomStream(0, "loop")), {.model = "stanford_rram"});
  for (const char* key : {"i_0", "v_0", "speed", "gamma_0", "gap_max"}) {
    INFO(key);
    CHECK(fit.find(key)->confidence->holds(kStanford.at(key)));
  }
  CHECK(fit.find("e_a")->is_held);
  CHECK(has_note(fit, "Not told by these data and held, for the reasons given: g_0, e_a"));
}

TEST_CASE("the best model is taken, and a device that is turned around is told", "[fit]") {
  const auto sweeps = sweep_through(made_up("vteam", kVteam, kVteamHeld), 67);
  const DeviceFit fit =
      fit_switching_text(measure_loop(sweeps, 0.003, -1.0, RandomStream(2, "turned")), {});
  REQUIRE(fit.model == "vteam");
  CHECK(fit.find("v_off")->confidence->holds(0.5));
  CHECK(has_note(fit, "electrode that was grounded"));
  CHECK_THAT(fit.notes.back(), Contains("vteam 0.") && Contains("yakopcic"));
}

TEST_CASE("pulses of one amplitude tell speeds and no thresholds", "[fit]") {
  // At 0.8 V dx/dt = 150 (0.8/0.5 - 1)^2 = 54/s and -60 (0.8/0.4 - 1)^3 = -60/s; as no bound of x
  // is reached, dR/dt = 38 kOhm dx/dt alone is seen.
  const MemristorCard card = made_up("vteam", kVteam, kVteamHeld);
  const std::string csv = measure_pulses(card, {{0.8, 1e-4, 60}}, 0.002, RandomStream(3, "pulses"));
  const DeviceFit fit = fit_switching_text(csv, {.model = "vteam"});
  CHECK_FALSE(fit.find("v_on")->confidence);
  CHECK_THAT(fit.find("v_on")->basis, Contains("one amplitude"));
  const double span = switching_figure(fit, "r_off") - switching_figure(fit, "r_on");
  const auto speed = [&](const std::string& side) {
    const double over = 0.8 / std::abs(switching_figure(fit, "v_" + side)) - 1.0;
    return span * switching_figure(fit, "k_" + side) / 1e-9 *
           std::pow(over, switching_figure(fit, "alpha_" + side));
  };
  CHECK(speed("off") == Approx(38e3 * 54.0).epsilon(0.05));
  CHECK(speed("on") == Approx(38e3 * -60.0).epsilon(0.05));
}

TEST_CASE("parameters that --set gives are held", "[fit]") {
  const auto sweeps = sweep_through(made_up("vteam", kVteam, kVteamHeld), 67);
  const DeviceFit fit =
      fit_switching_text(measure_loop(sweeps, 0.003, 1.0, RandomStream(5, "held")),
                         {.model = "vteam", .held = {{"alpha_on", 3.0}}});
  CHECK(switching_figure(fit, "alpha_on") == 3.0);
  CHECK(fit.find("alpha_on")->basis == "given by --set");
  CHECK(fit.find("v_on")->confidence->holds(-0.4));
}

TEST_CASE("a temperature that was measured at stands in the card", "[fit]") {
  const MemristorCard card = made_up("stanford_rram", kStanford, kStanfordHeld);
  std::string csv =
      "temperature_K," + measure_pulses(card, {{0.8, 1e-4, 10}}, 0.0, RandomStream(1, "T"));
  for (std::size_t at = csv.find('\n'); at + 1 < csv.size(); at = csv.find('\n', at + 1)) {
    csv.insert(at + 1, "350,");
  }
  const SwitchingOptions all_given{.model = "stanford_rram",
                                   .held = {{"i_0", 4e-4},
                                            {"speed", 1e3},
                                            {"gamma_0", 16.0},
                                            {"beta", 0.8},
                                            {"r_th", 2e5},
                                            {"gap_max", 1e-9}}};
  const DeviceFit fit = fit_switching_text(csv, all_given);
  CHECK(switching_figure(fit, "t_0") == 350.0);
  CHECK(has_note(fit, "Measured at 350 K"));
}

TEST_CASE("switching that cannot be fitted says where and why", "[fit]") {
  const auto message = [](const std::string& csv) -> std::string {
    try {
      fit_switching_text(csv, {});
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  std::string sweep = "time_s,voltage_V,current_A\n", pulses = "pulse,amplitude_V,width_s,g_S\n";
  CHECK_THAT(message(sweep + "1,1,1\n"), Contains("1 readings: are too few"));
  for (int k = 1; k <= 25; ++k) {
    sweep += test::csv_row({double(k), 1.0, 1e-6});
    pulses += test::csv_row({double(k), k % 2 == 0 ? 1.0 : -1.0, k == 4 ? 0.0 : 1.0, 1e-6});
  }
  CHECK_THAT(message(sweep), Contains("voltages of one sign"));
  CHECK_THAT(message(sweep + "25,-1,-1e-6\n"),
             Contains("data.csv:27") && Contains("time must rise"));
  CHECK_THAT(message("device,time_s,voltage_V,current_A\n1,1,1,1\n2,2,1,1\n"),
             Contains("several devices"));
  CHECK_THAT(message(pulses), Contains("data.csv:5: 0 s: must be above zero for a pulse"));
}
