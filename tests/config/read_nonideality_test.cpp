#include <catch2/catch.hpp>

#include "config/flow_file.hpp"

using namespace memspice;
using config::FlowOptions;
using config::load_flow;
using memspice::testing::FlowFile;

namespace {

constexpr const char* kEverything = R"(
[nonideality.device_to_device]
sigma = 0.1
centre = "mean"
[nonideality.cycle_to_cycle]
sigma = 0.02
[nonideality.programming]
sigma = "0.3 uS"
[nonideality.stuck]
on = 0.001
off = 0.002
on_conductance = "30 uS"
[nonideality.drift]
nu = 0.05
nu_sigma = 0.01
t0 = "2 s"
times = ["2 s", "1 ks", 86400]
compensation = "layer"
[nonideality.read_noise]
relative_sigma = 0.01
telegraph_amplitude = 0.1
telegraph_probability = 0.2
[nonideality.opens]
word_lines = 0.003
bit_lines = 0.004
[monte_carlo]
samples = 7
percentiles = [10, 90]
vary = "programmings"
)";

/// A flow whose card states spread, programming error and drift.
struct FlowWithCard {
  TemporaryFolder folder;
  FlowOptions load(const std::string& more) {
    const auto card = folder.path() / "mine.toml";
    std::string text = "model = \"static_read\"\nname = \"mine\"\n";
    for (const char* figure : {"g_min", "g_max", "levels", "alpha"}) {
      const std::string value = figure == std::string("g_max") ? "1e-5" : "0";
      text += "[" + std::string(figure) + "]\nvalue = " + value + "\nsource = \"s\"\n";
    }
    write_file(card,
               text +
                   "[nonideality.device_to_device]\nsigma = 0.2\nsource = \"s\"\n"
                   "[nonideality.programming]\nsigma = \"0.3 uS\"\nsource = \"s\"\n"
                   "[nonideality.drift]\nnu = 0.05\nnu_sigma = 0.01\nt0 = \"2 s\"\n"
                   "source = \"s\"\n");
    return FlowFile("[device]\ncard = \"" + card.string() + "\"\n" + more).load();
  }
};

}  // namespace

TEST_CASE("a card's figures of cells hold where the flow gives none", "[config]") {
  FlowWithCard flow;
  const auto plain = flow.load("").nonideality;
  CHECK(plain.device_to_device.sigma == 0.2);
  CHECK(plain.programming.sigma == Approx(0.3e-6));
  CHECK_FALSE(plain.drift.is_on());  // scored at no time
  const auto drifting = flow.load(
                                "[nonideality.drift]\ntimes = [\"2 s\", \"1 ks\"]\n"
                                "[nonideality.device_to_device]\nsigma = 0\n")
                            .nonideality;
  CHECK(drifting.drift.nu == 0.05);
  CHECK(drifting.drift.nu_sigma == 0.01);
  CHECK(drifting.drift.t0 == 2.0);
  CHECK_FALSE(drifting.device_to_device.is_on());
  const auto own = flow.load(
                           "[nonideality.programming]\nrelative_sigma = 0.02\n"
                           "[nonideality.drift]\nlaw = \"phase_change\"\ntimes = [1]\n")
                       .nonideality;
  CHECK(own.programming.sigma == 0.0);  // either sigma, not both
  CHECK(own.programming.relative_sigma == 0.02);
  CHECK(own.drift.nu == 0.0);
}

TEST_CASE("every effect is read in SI", "[config]") {
  const FlowOptions options = FlowFile(kEverything).load();
  const device::NonidealityOptions& effects = options.nonideality;
  CHECK(effects.device_to_device.sigma == 0.1);
  CHECK(effects.device_to_device.centre == device::DeviceToDevice::Centre::Mean);
  CHECK(effects.cycle_to_cycle.sigma == 0.02);
  CHECK(effects.programming.sigma == Approx(0.3e-6).epsilon(1e-14));
  CHECK(effects.stuck.on == 0.001);
  CHECK(effects.stuck.off == 0.002);
  CHECK(*effects.stuck.on_conductance == Approx(30e-6).epsilon(1e-14));
  CHECK_FALSE(effects.stuck.off_conductance);
  CHECK(effects.drift.nu == 0.05);
  CHECK(effects.drift.nu_sigma == 0.01);
  CHECK(effects.drift.times == std::vector<double>{2.0, 1000.0, 86400.0});
  CHECK(effects.drift.compensation == device::Drift::Compensation::Layer);
  CHECK(effects.read_noise.relative_sigma == 0.01);
  CHECK(effects.read_noise.telegraph_probability == 0.2);
  CHECK(effects.opens.word_lines == 0.003);
  CHECK(effects.opens.bit_lines == 0.004);
  CHECK(options.monte_carlo.samples == 7);
  CHECK(options.monte_carlo.percentiles == std::vector<double>{10.0, 90.0});
  CHECK(options.monte_carlo.vary == study::Vary::Programmings);
}

TEST_CASE("effects are off by default and can be set on the command line", "[config]") {
  const FlowFile flow("");
  CHECK_FALSE(flow.load().nonideality.any());
  const FlowOptions options = flow.load({"nonideality.drift.law=phase_change",
                                         "nonideality.drift.times=[1, \"1 ks\"]",
                                         "nonideality.programming.law=\"phase_change\""});
  CHECK(options.nonideality.drift.law == device::Drift::Law::PhaseChange);
  CHECK(options.nonideality.drift.times == std::vector<double>{1.0, 1000.0});
  CHECK(options.nonideality.programming.law == device::ProgrammingError::Law::PhaseChange);
  CHECK(FlowFile(kEverything).load({"nonideality.stuck.on=0"}).nonideality.stuck.on == 0.0);
}

TEST_CASE("what does not fit in [nonideality] names itself", "[config]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"[nonideality.drft]\nnu = 1\n",
       "unknown key \"drft\" in [nonideality]; did you mean \"drift\"?"},
      {"[nonideality.drft]\n", "unknown key \"drft\" in [nonideality]"},
      {"[nonideality.stuck]\non_rate = 1\n", "flow.toml:9:1: unknown key \"stuck.on_rate\""},
      {"[nonideality]\nstuck = 0.1\n",
       "nonideality.stuck = 0.1: must be a table; write [nonideality.stuck]"},
      {"[nonideality]\ntemperature = 350\n",
       "nonideality.temperature = 350: the read model has no temperature"},
      {"[nonideality.stuck]\non = 2\n", "flow.toml:9:6: nonideality.stuck.on = 2: must be 0 to 1"},
      {"[nonideality.stuck]\non = \"many\"\n",
       "nonideality.stuck.on = \"many\": must be a finite number"},
      {"[nonideality.device_to_device]\ncentre = \"mode\"\n", "one of median, mean"},
      {"[nonideality.drift]\nnu = 0.1\n", "nonideality.drift.times: is missing"},
      {"[nonideality.drift]\ncompensation = \"output\"\n",
       "nonideality.drift.compensation = \"output\": nothing drifts"},
      {"[nonideality.drift]\nnu = 0.1\ntimes = [3, 2]\n",
       "nonideality.drift.times = an array: must rise"},
      {"[nonideality.drift]\ntimes = [[1]]\n",
       "nonideality.drift.times = an array: must be a number"},
      {"[nonideality.stuck]\non = 0.1\n[fidelity]\ndefault = \"float\"\n",
       "fidelity.default = \"float\": does not run with [nonideality]: it has no cells"},
      {"[nonideality.stuck]\non = 0.1\n[fidelity]\nconv1 = \"spice\"\n",
       "fidelity.conv1 = \"spice\": does not run with [nonideality]"},
      {"[monte_carlo]\nsamples = 3\n",
       "monte_carlo.samples = 3: all would be alike: no effect is on"},
      {"[monte_carlo]\nsamples = 0\n", "monte_carlo.samples = 0: must be 1 to"},
      {"[monte_carlo]\npercentiles = [0, 50]\n", "each must be above 0 and below 100"},
      {"[monte_carlo]\nvary = \"all\"\n", "monte_carlo.vary = \"all\": is not known here"},
  }));
  const std::string message = FlowFile(text).message();
  INFO(message);
  CHECK(message.find(expected) != std::string::npos);
}

TEST_CASE("the flows with effects load", "[config]") {
  const auto flows = std::filesystem::path(MEMSPICE_ROOT_DIR) / "flows";
  const FlowOptions variability = load_flow(flows / "variability_lenet5.toml");
  CHECK(variability.monte_carlo.samples == 50);
  CHECK(variability.data.test.limit == 0);
  CHECK(load_flow(flows / "drift_lenet5.toml").nonideality.drift.is_on());
}
