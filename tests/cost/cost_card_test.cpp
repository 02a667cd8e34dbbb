#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/flow_options.hpp"

using namespace memspice;

namespace {

/// The shipped card with `from` replaced by `to`: what load_technology says.
std::string verdict(const std::string& from, const std::string& to) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "generic_45nm.toml";
  std::string text = read_file(shipped_file("device_models/technology/generic_45nm.toml"));
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  write_file(file, text.replace(at, from.size(), to));
  try {
    return config::load_technology(file.string()).cost ? "accepted" : "without cost";
  } catch (const InputError& error) {
    return std::string(error.what()).substr(folder.path().string().size() + 1);
  }
}

}  // namespace

TEST_CASE("a bad [cost] is refused with its place", "[cost][config]") {
  using Catch::Contains;
  CHECK(verdict("32", "32") == "accepted");
  CHECK_THAT(verdict("[cost.outputs_per_adc]\nvalue = 32", "[cost.outputs_per_adc]\nvalue = 2.5"),
             Contains("cost.outputs_per_adc.value = 2.5") && Contains("whole number"));
  CHECK_THAT(verdict("[cost.outputs_per_adc]\nvalue = 32", "[cost.outputs_per_adc]\nvalue = 0"),
             Contains("cost.outputs_per_adc.value = 0") && Contains("whole number"));
  CHECK_THAT(verdict("value = 0.3333", "value = 1.5"), Contains("must be at most 1"));
  CHECK_THAT(verdict("\"0.0081 um2\"", "\"0.0081 um\""), Contains("must be a finite number in m2"));
  CHECK_THAT(verdict("\"0.323 pJ\"", "\"-1 pJ\""), Contains("must be zero or positive"));
  CHECK_THAT(verdict("[cost.cell_area]", "[cost.cel_area]"), Contains("unknown key \"cel_area"));
  CHECK_THAT(verdict("value = \"1.25 mW\"\n", ""), Contains("op_amp_power.value"));
}

TEST_CASE("a card without [cost] prices nothing", "[cost][config]") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "generic_45nm.toml";
  const std::string text = read_file(shipped_file("device_models/technology/generic_45nm.toml"));
  write_file(file, text.substr(0, text.find("[cost.")));
  CHECK_FALSE(config::load_technology(file.string()).cost);
}

TEST_CASE("every figure of the shipped [cost] names its source", "[cost][config]") {
  const device::Technology card = config::load_technology("generic_45nm");
  REQUIRE(card.cost);
  const device::CostFigures& cost = *card.cost;
  for (const device::Figure& figure : {cost.cell_area,
                                       cost.dac_area_per_bit,
                                       cost.dac_energy_per_bit,
                                       cost.adc_area_per_bit,
                                       cost.adc_energy_per_bit,
                                       cost.adc_time_per_bit,
                                       cost.outputs_per_adc,
                                       cost.op_amp_area,
                                       cost.op_amp_power,
                                       cost.adder_area,
                                       cost.adder_energy,
                                       cost.multiplier_area,
                                       cost.multiplier_energy,
                                       cost.mean_square_drive}) {
    CHECK(figure.value > 0.0);
    CHECK_FALSE(figure.source.empty());
  }
  // Kull et al., ISSCC 2013: 3.1 mW and 0.0015 mm^2 at 8 bits and 1.2 GS/s.
  CHECK(8 * cost.adc_energy_per_bit.value == Approx(3.1e-3 / 1.2e9).epsilon(1e-3));
  CHECK(8 * cost.adc_time_per_bit.value == Approx(1 / 1.2e9).epsilon(1e-3));
  CHECK(8 * cost.adc_area_per_bit.value == Approx(0.0015e-6));
  // ISAAC: 4 mW for 1,024 converters at 100 ns.
  CHECK(cost.dac_energy_per_bit.value == Approx(4e-3 / 1024 * 100e-9).epsilon(2e-3));
}
