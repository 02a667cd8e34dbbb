// What a flow's options come to, without network, data or ngspice.

#include "flow/plan.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "flow/small_plan.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using simulate::Fidelity;
using study::LayerPath;
using testing::small_plan;
using Words = std::vector<std::string>;

namespace {

Words names_of(const std::vector<study::Rung>& ladder) {
  Words names;
  for (const study::Rung& rung : ladder) names.push_back(rung.name);
  return names;
}

Words layers_of(const mapping::TilePlan& plan) {
  Words names;
  for (const mapping::LayerPlan& layer : plan.layers) names.push_back(layer.name);
  return names;
}

/// Every resistance another one.
config::FlowOptions with_wires() {
  config::FlowOptions options;
  options.array.wiring = {.row = 1.0, .column = 2.0, .driver = 30.0, .sense = 40.0};
  options.array.read_voltage = 0.3;
  options.device.alpha = 2.5;
  options.converters.dac_bits = 6;
  return options;
}

}  // namespace

TEST_CASE("the accuracy ladder ends at the flow's fidelity", "[flow][plan]") {
  CHECK(names_of(flow::ladder_of({}, {.standard = Fidelity::Float, .layers = {}})) ==
        Words{"float"});
  CHECK(names_of(flow::ladder_of({}, {.standard = Fidelity::Mesh, .layers = {}})) ==
        Words{"float", "ideal", "mesh"});
  CHECK(names_of(flow::ladder_of({}, {.standard = Fidelity::Exact, .layers = {}})) ==
        Words{"float", "ideal", "mesh", "calibrated", "exact"});
  CHECK(names_of(flow::ladder_of({}, {.standard = Fidelity::Spice, .layers = {}})) ==
        Words{"float", "ideal", "mesh", "calibrated", "spice"});
}

TEST_CASE("converters add their rungs behind the flow's own", "[flow][plan]") {
  const study::ConverterErrorOptions noisy{.adc = {.offset = 1.0}, .dac = {}, .adc_noise = 0.5};
  CHECK(names_of(flow::ladder_of({}, {.standard = Fidelity::Float, .layers = {}}, noisy)) ==
        Words{"float"});
  const auto ladder = flow::ladder_of(
      {}, {.standard = Fidelity::Ideal, .layers = {{"fc2", Fidelity::Mesh}}}, noisy);
  CHECK(names_of(ladder) == Words{"float", "ideal", "flow", "adc_offset", "adc_noise"});
  CHECK(ladder.back().of("fc2") == Fidelity::Mesh);
  CHECK(!ladder[2].converters.any());
  CHECK(ladder.back().converters.noise);
}

TEST_CASE("layers at a fidelity of their own add the network as configured", "[flow][plan]") {
  const auto ladder =
      flow::ladder_of({}, {.standard = Fidelity::Ideal, .layers = {{"fc2", Fidelity::Spice}}});
  CHECK(names_of(ladder) == Words{"float", "ideal", "flow"});
  CHECK(ladder.back().of("fc1") == Fidelity::Ideal);
  CHECK(ladder.back().of("fc2") == Fidelity::Spice);
  CHECK(ladder[1].of("fc2") == Fidelity::Ideal);
}

TEST_CASE("a network without any crossbar is scored in float alone", "[flow][plan]") {
  const simulate::FidelityOptions mesh{.standard = Fidelity::Mesh,
                                       .layers = {{"fc1", Fidelity::Ideal}}};
  const Words ladder{"float", "ideal", "mesh", "flow"};
  CHECK(names_of(flow::ladder_of({.standard = LayerPath::Float}, mesh)) == Words{"float"});
  CHECK(names_of(flow::ladder_of(
            {.standard = LayerPath::Bitstream, .layers = {{"fc1", LayerPath::Float}}}, mesh)) ==
        Words{"float"});
  CHECK(names_of(flow::ladder_of(
            {.standard = LayerPath::Float, .layers = {{"fc1", LayerPath::Crossbar}}}, mesh)) ==
        ladder);
  CHECK(names_of(flow::ladder_of({.layers = {{"fc1", LayerPath::Float}}}, mesh)) == ladder);
}

TEST_CASE("ngspice is needed where a layer of the plan says so", "[flow][plan]") {
  const mapping::TilePlan plan = small_plan();
  const auto ladder = [](Fidelity standard, const std::string& layer, Fidelity own) {
    return flow::ladder_of({}, {.standard = standard, .layers = {{layer, own}}});
  };
  const auto mesh = flow::ladder_of({}, {.standard = Fidelity::Mesh, .layers = {}});
  CHECK(flow::uses(mesh, plan, Fidelity::Ideal));
  CHECK_FALSE(flow::uses(mesh, plan, Fidelity::Calibrated));
  CHECK_FALSE(flow::needs_ngspice(mesh, plan));
  // Calibrated tiles are fitted to it, and are not run in it.
  const auto fitted = ladder(Fidelity::Mesh, "fc1", Fidelity::Calibrated);
  CHECK(flow::needs_ngspice(fitted, plan));
  CHECK_FALSE(flow::uses(fitted, plan, Fidelity::Spice));
  const auto in_loop = ladder(Fidelity::Mesh, "fc2", Fidelity::Spice);
  CHECK(flow::needs_ngspice(in_loop, plan));
  CHECK(flow::uses(in_loop, plan, Fidelity::Spice));
  // Off crossbars, a layer is in no plan.
  CHECK_FALSE(flow::needs_ngspice(
      in_loop, flow::on_crossbars({.layers = {{"fc2", LayerPath::Float}}}, plan)));
}

TEST_CASE("a plan keeps the layers that stay on crossbars", "[flow][plan]") {
  const mapping::TilePlan plan = small_plan();
  CHECK(layers_of(flow::on_crossbars({}, plan)) == Words{"fc1", "fc2"});
  CHECK(layers_of(flow::on_crossbars({.layers = {{"fc1", LayerPath::Float}}}, plan)) ==
        Words{"fc2"});
  CHECK(layers_of(flow::on_crossbars(
            {.standard = LayerPath::Float, .layers = {{"fc1", LayerPath::Crossbar}}}, plan)) ==
        Words{"fc1"});
  CHECK(layers_of(flow::on_crossbars({.standard = LayerPath::Bitstream}, plan)).empty());
}

TEST_CASE("layers that a flow names must be the network's", "[flow][plan]") {
  const network::Graph graph = test::small_mlp();
  const simulate::FidelityOptions none;
  CHECK_NOTHROW(flow::check_layer_names(
      {.standard = Fidelity::Mesh, .layers = {{"fc1", Fidelity::Ideal}}},
      {.standard = LayerPath::Float, .layers = {{"fc2", LayerPath::Crossbar}}},
      {.layer_rows = {{"fc1", 32}}},
      {.input_range = {{"fc2", 3.0}}},
      graph));
  CHECK_THROWS_WITH(
      flow::check_layer_names(
          {.standard = Fidelity::Mesh, .layers = {{"fc3", Fidelity::Ideal}}}, {}, {}, {}, graph),
      Contains("[fidelity]") && Contains("\"fc3\""));
  // An activation has no weights that a path could compute.
  CHECK_THROWS_WITH(
      flow::check_layer_names(none, {.layers = {{"relu1", LayerPath::Float}}}, {}, {}, graph),
      Contains("[path]") && Contains("\"relu1\""));
  CHECK_THROWS_WITH(flow::check_layer_names(none, {}, {}, {.input_range = {{"fc8", 1.0}}}, graph),
                    Contains("converters.input_range") && Contains("\"fc8\""));
  CHECK_THROWS_WITH(flow::check_layer_names(none, {}, {.layer_columns = {{"fc9", 8}}}, {}, graph),
                    Contains("mapping.layer_columns") && Contains("\"fc9\""));
}

TEST_CASE("the array has the flow's wires, cells and inputs", "[flow][plan]") {
  config::FlowOptions options = with_wires();
  const tile::Array array = flow::array_of(options);
  CHECK(array.wiring().row == 1.0);
  CHECK(array.wiring().column == 2.0);
  CHECK(array.wiring().driver == 30.0);
  CHECK(array.wiring().sense == 40.0);
  CHECK(array.spec().read_voltage == 0.3);
  CHECK(array.spec().alpha == 2.5);
  CHECK(array.spec().pulse_bits == 0);
  CHECK_FALSE(array.has_access());
  options.array.pulses = true;
  options.array.access = device::AccessTransistor{};
  options.array.pairs = crossbar::PairLayout::SharedBitLine;
  const tile::Array pulsed = flow::array_of(options);
  CHECK(pulsed.spec().pulse_bits == 6);  // the DAC's
  CHECK(pulsed.input().points_per_vector() == 6);
  CHECK(pulsed.has_access());
  CHECK(pulsed.topology().pairs() == "shared_bit_line");
}

TEST_CASE("pairs kernel first have no lines between cells", "[flow][plan]") {
  config::FlowOptions options = with_wires();
  options.mapping.scheme = mapping::Scheme::KernelFirst;
  const tile::Array array = flow::array_of(options);
  CHECK(array.wiring().row == 0.0);
  CHECK(array.wiring().column == 0.0);
  CHECK(array.wiring().driver == 30.0);
  CHECK(array.wiring().sense == 40.0);
}

TEST_CASE("a flow keeps its results in its folder, or where it says", "[flow][plan]") {
  config::FlowOptions options;
  options.out = "results/net";
  CHECK(flow::store_path(options) == "results/net/tiles.sqlite");
  options.store = "shared/store.sqlite";
  CHECK(flow::store_path(options) == "shared/store.sqlite");
}

TEST_CASE("ngspice has as many workers as a flow has jobs, or as [spice] says", "[flow][plan]") {
  config::FlowOptions options;
  options.out = "results/net";
  options.jobs = 3;
  CHECK(flow::spice_options(options).workers == 3);
  CHECK(flow::spice_options(options).failed_deck_folder == "results/net");
  options.spice.workers = 5;
  CHECK(flow::spice_options(options).workers == 5);
}

TEST_CASE("what is asked of ngspice is the flow's", "[flow][plan]") {
  config::FlowOptions options = with_wires();
  options.file = "net.toml";
  options.out = "results/net";
  options.seed = 7;
  options.characterize = {.scope = tile::Scope::Network, .tiles = 3, .vectors = 9, .held_out = 2};
  options.fidelity.standard = Fidelity::Ideal;
  const flow::SpicePlan spice = flow::spice_plan(options);
  CHECK(names_of(spice.ladder) == Words{"float", "ideal"});
  CHECK(spice.array.wiring().driver == 30.0);
  CHECK(spice.characterize.tiles == 3);
  CHECK(spice.card == "static_read/hfox_1t1r");
  CHECK(spice.seed == 7);
  CHECK(spice.store == "results/net/tiles.sqlite");
  CHECK(spice.flow == "net.toml");
  CHECK_FALSE(spice.beside_ladder);
  options.periphery.in_network = {study::PeripheryPart::Readout};
  CHECK(flow::spice_plan(options).beside_ladder);
}

TEST_CASE("layers are laid out as [mapping], [converters] and the device say", "[flow][plan]") {
  config::FlowOptions options = with_wires();
  options.mapping.rows = 4;
  options.device.window = {.g_min = 2e-6, .g_max = 40e-6, .levels = 8};
  const mapping::MappingInputs inputs = flow::mapping_of(options);
  CHECK(inputs.options.rows == 4);
  CHECK(inputs.converters.dac_bits == 6);
  CHECK(inputs.window.g_max == 40e-6);
  CHECK(inputs.read_voltage == 0.3);
  CHECK(inputs.input_ranges.empty());
  // 7 and 6 word lines, the bias one of them, in tiles of four.
  CHECK(small_plan(inputs).tile_count() == 2 + 2);
}

TEST_CASE("studies get their own options", "[flow][plan]") {
  config::FlowOptions options;
  options.nonideality.stuck.on = 0.1;
  options.monte_carlo.samples = 4;
  options.programming.is_on = true;
  options.data.test.images = "test.idx";
  options.data.calibration.images = "train.idx";
  options.path.layers["fc1"] = LayerPath::Float;
  const flow::Inputs inputs;
  const study::StudyOptions studies = flow::study_options(options, inputs);
  CHECK(studies.variability.effects.stuck.on == 0.1);
  CHECK(studies.variability.monte_carlo.samples == 4);
  CHECK(studies.programming.is_on);
  CHECK_FALSE(studies.programming_in_spice);
  CHECK(studies.training.images == "train.idx");
  CHECK(studies.test.images == "test.idx");
  CHECK_FALSE(studies.bitstream.gates);
  CHECK_FALSE(studies.spectral.is_on());
  CHECK_FALSE(studies.spectral.card);
  // A card is read where a layer takes its path.
  options.path.layers["fc1"] = LayerPath::Bitstream;
  CHECK(flow::study_options(options, inputs).bitstream.gates);
}
