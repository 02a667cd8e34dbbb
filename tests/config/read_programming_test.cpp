#include <catch2/catch.hpp>

#include "config/flow_file.hpp"

using namespace memspice;
using config::FlowOptions;
using memspice::testing::FlowFile;

namespace {

const std::string kProgramming =
    "[device]\ng_min = \"5 uS\"\ng_max = \"50 uS\"\n[programming]\nmodel = \"stanford_rram\"\n"
    "card = \"hfox_jiang_2014\"\n";

}  // namespace

TEST_CASE("nothing is programmed without the table", "[programming]") {
  CHECK_FALSE(FlowFile("").load().programming.is_on);
}

TEST_CASE("every key of [programming] is read", "[programming]") {
  const FlowFile file(kProgramming + R"(scheme = "v/3"
ramp = "width"
start = "1.2 V"
step = "20 mV"
limit = "1.8 V"
width = "50 ns"
width_factor = 1.3
width_limit = "5 us"
tolerance = 0.02
absolute_tolerance = "0.1 uS"
pulse_limit = 40
step_back = 1
read_voltage = "0.1 V"
read_time = "20 ns"
settle_time = "5 ns"
passes = 3
transistor = "1 kOhm"
initial = "8 uS"
initial_sigma = 0.1
spice_cells = 4
[programming.negative]
start = "1.4 V"
)");
  const study::ProgrammingOptions found = file.load().programming;
  const device::WriteOptions& write = found.program.write;
  CHECK(found.is_on);
  CHECK(found.parameters.name == "hfox_jiang_2014");
  CHECK(found.subcircuit.ends_with("stanford_rram.sub"));
  CHECK(found.scheme == crossbar::BiasScheme::Third);
  CHECK(write.ramp == device::Ramp::Width);
  CHECK(write.positive.start == 1.2);
  CHECK(write.negative.start == 1.4);
  CHECK(write.negative.limit == 1.8);
  CHECK(write.positive.step == Approx(0.02));
  CHECK(write.width == Approx(50e-9));
  CHECK(write.width_factor == 1.3);
  CHECK(write.width_limit == Approx(5e-6));
  CHECK(write.relative_tolerance == 0.02);
  CHECK(write.absolute_tolerance == Approx(1e-7));
  CHECK(write.pulse_limit == 40);
  CHECK(write.step_back == 1);
  CHECK(write.read_voltage == 0.1);
  CHECK(write.read_time == Approx(2e-8));
  CHECK(write.settle_time == Approx(5e-9));
  CHECK(found.program.passes == 3);
  CHECK(found.transistor == 1e3);
  CHECK(*found.initial == Approx(8e-6));
  CHECK(found.initial_sigma == 0.1);
  CHECK(found.spice_cells == 4);
}

TEST_CASE("reads are the array's unless they are set", "[programming]") {
  const FlowOptions options = FlowFile(kProgramming).load({"array.read_voltage=0.15"});
  CHECK(options.programming.program.write.read_voltage == 0.15);
  CHECK(options.programming.program.write.read_time == options.array.read_time);
}

TEST_CASE("what [programming] cannot mean is refused with its place and a remedy",
          "[programming]") {
  const FlowFile file(kProgramming);
  CHECK(file.message() == "accepted");
  CHECK(file.tells("programming.pules_limit=3", "did you mean \"pulse_limit\"?"));
  CHECK(file.tells("programming.scheme=v/4", "v/2"));
  CHECK(file.tells("programming.ramp=voltage", "amplitude"));
  CHECK(file.tells("programming.limit=0.5", "start of the ramp"));
  CHECK(file.tells("programming.tolerance=0", "no write would ever end"));
  CHECK(file.tells("programming.model=static_read", "has no state to write"));
  CHECK(file.tells("programming.negative=3", "must be a table"));
  CHECK(file.tells("programming.initial=\"1 uS\"", "the card reaches"));
  CHECK(file.tells("programming.initial_sigma=4", "0 to 3"));
  CHECK(file.tells("device.g_min=\"1 uS\"", "device.g_min"));
  CHECK(file.tells("fidelity.default=spice", "does not run with programming"));
  CHECK(file.load({"programming.spice_cells=16"}).programming.spice_cells == 16);
  const std::string large = file.message({"programming.spice_cells=16", "spice.method=direct"});
  CHECK(large.find("spice.method") != std::string::npos);
  CHECK(file.tells("nonideality.stuck.on=0.1", "does not run with [nonideality]"));
  const FlowFile bare("[programming]\nscheme = \"v/2\"\n");
  CHECK(bare.message().find("model") != std::string::npos);
}
