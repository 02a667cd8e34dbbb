// The model with the shipped technology card against published macros, within stated factors.
//
//   Yao et al., Nature 577 (2020) 641, Extended Data Table 1: macro of 128 x 16 1T1R cells, 8-bit
//     inputs, 65 nm: 11,014 GOP/s/W and 1,164 GOP/s/mm^2. No figure of the card comes from there
//     but the read voltage. Energy within a factor of 5, density within one of 8: the card is a
//     45 nm one, reads in one 10 ns step what that macro feeds bit by bit, and keeps an op-amp on
//     every bit line where that macro shares one readout.
//   Shafiee et al., ISAAC, ISCA 2016: an IMA of 8 crossbars of 128 x 128 cells, one 8-bit ADC each
//     at 1.2 GS/s, 1-bit DACs, 100 ns reads: ADCs 16 mW and 0.0096 mm^2, DACs 4 mW, arrays 2.4 mW.
//     The card's DAC energy comes from there, its ADC (Kull 2013) and its arrays do not. ADCs and
//     DACs within a factor of 2, arrays within one of 10 (differential pairs are twice the cells,
//     at 6 uS on average and analog inputs), the three together within one of 3. ISAAC has no
//     op-amps: theirs are left out.
#include <catch2/catch.hpp>

#include "config/flow_options.hpp"
#include "cost/network_cost.hpp"

using namespace memspice;
using cost::Part;

namespace {

network::Graph matrix(int inputs, int outputs) {
  network::Tensor weight({outputs, inputs});
  for (std::size_t k = 0; k < weight.data.size(); ++k) {
    weight.data[k] = static_cast<float>(static_cast<int>(k % 19) - 9) / 9.0F;
  }
  network::Graph graph;
  graph.set_input_shape({1, inputs});
  graph.set_output(graph.add({.name = "fc",
                              .operation = network::FullyConnected{.weight = weight, .bias = {}},
                              .output_shape = {}},
                             {network::Graph::kInput}));
  return graph;
}

mapping::TilePlan plan_of(const network::Graph& graph, int rows, int columns, int dac_bits) {
  const device::ReadCard card = config::load_read_card("static_read", "hfox_1t1r");
  mapping::MappingInputs inputs;
  inputs.options = {.rows = rows, .columns = columns};
  inputs.converters.dac_bits = dac_bits;
  inputs.window = {.g_min = card.g_min.value, .g_max = card.g_max.value, .levels = 0};
  return mapping::map_network(graph, inputs);
}

bool within(double found, double published, double factor) {
  CAPTURE(found, published, found / published);
  CHECK(found / published < factor);
  CHECK(found / published > 1.0 / factor);
  return found > 0.0;
}

}  // namespace

TEST_CASE("the model stands near a published RRAM macro", "[cost]") {
  const device::Technology card = config::load_technology("generic_45nm");
  REQUIRE(card.cost);
  const network::Graph graph = matrix(128, 8);
  const mapping::TilePlan plan = plan_of(graph, 128, 16, 8);
  const cost::NetworkCost found = cost::estimate_cost(
      {.graph = &graph, .plan = &plan, .figures = *card.cost, .read_time = card.read_time});
  CHECK(found.total.operations == 2 * 128 * 8);
  CHECK(within(found.tops_per_watt(), 11.014, 5.0));
  const double operations_per_second =
      static_cast<double>(found.total.operations) * found.total.throughput();
  const double area = found.total.sum().area * 1e6;  // [mm^2]
  CHECK(within(operations_per_second * 1e-9 / area, 1164.0, 8.0));
}

TEST_CASE("converters and arrays stand near ISAAC's", "[cost]") {
  device::Technology card = config::load_technology("generic_45nm");
  REQUIRE(card.cost);
  card.cost->outputs_per_adc.value = 128;
  card.read_time.value = 100e-9;
  // ISAAC converts every bit line: 128 outputs of our differential pairs cost what its 128 do.
  const network::Graph graph = matrix(128, 128);
  const mapping::TilePlan plan = plan_of(graph, 128, 256, 1);
  const cost::NetworkCost found = cost::estimate_cost(
      {.graph = &graph, .plan = &plan, .figures = *card.cost, .read_time = card.read_time});
  const cost::LayerCost& crossbar = found.layers.at(0);
  const auto power = [&](Part part) { return crossbar.part(part).energy / crossbar.interval; };
  CHECK(crossbar.interval == Approx(128 / 1.2e9).epsilon(1e-3));
  CHECK(within(power(Part::Adcs), 16e-3 / 8, 2.0));
  CHECK(within(power(Part::Dacs), 4e-3 / 8, 2.0));
  CHECK(within(power(Part::Arrays), 2.4e-3 / 8, 10.0));
  CHECK(within(power(Part::Adcs) + power(Part::Dacs) + power(Part::Arrays), 22.4e-3 / 8, 10.0));
  CHECK(within(crossbar.part(Part::Adcs).area, 0.0096e-6 / 8, 2.0));
}

TEST_CASE("the card's op-amp power is that of its op-amp", "[cost]") {
  const device::Technology card = config::load_technology("generic_45nm");
  REQUIRE(card.cost);
  const device::AnalogFigures& analog = card.require_analog();
  CHECK(card.cost->op_amp_power.value ==
        Approx((analog.vdd.value - analog.vss.value) * analog.op_amp.quiescent_current.value));
  CHECK(card.cost->cell_area.value == Approx(4 * 45e-9 * 45e-9));
}
