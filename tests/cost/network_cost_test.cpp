#include "cost/network_cost.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace memspice;
using cost::Part;
using network::Tensor;

namespace {

/// Round figures, so that expected values can be worked out by hand.
device::CostFigures figures() {
  return {.cell_area = {1e-14, "test"},
          .dac_area_per_bit = {10e-12, "test"},
          .dac_energy_per_bit = {0.5e-12, "test"},
          .adc_area_per_bit = {100e-12, "test"},
          .adc_energy_per_bit = {0.25e-12, "test"},
          .adc_time_per_bit = {0.1e-9, "test"},
          .outputs_per_adc = {4, "test"},
          .op_amp_area = {50e-12, "test"},
          .op_amp_power = {1e-3, "test"},
          .adder_area = {20e-12, "test"},
          .adder_energy = {0.02e-12, "test"},
          .multiplier_area = {300e-12, "test"},
          .multiplier_energy = {0.2e-12, "test"},
          .mean_square_drive = {0.25, "test"}};
}

network::Graph two_layers() {
  network::Graph graph;
  graph.set_input_shape({1, 2, 6, 6});
  const network::Convolution convolution{.weight = Tensor({5, 2, 3, 3}, 0.5F),
                                         .bias = Tensor({5}, 0.125F),
                                         .window = {.kernel = {3, 3}}};
  const auto conv = graph.add({.name = "conv", .operation = convolution, .output_shape = {}},
                              {network::Graph::kInput});
  const auto flat = graph.add({.name = "flat",
                               .operation = network::Reshape{.shape = {}, .flatten_axis = 1},
                               .output_shape = {}},
                              {conv});
  graph.set_output(
      graph.add({.name = "fc",
                 .operation = network::FullyConnected{.weight = Tensor({3, 80}, 1.0F), .bias = {}},
                 .output_shape = {}},
                {flat}));
  return graph;
}

mapping::TilePlan plan_of(const network::Graph& graph,
                          mapping::Scheme scheme = mapping::Scheme::Im2col,
                          mapping::WeightScale scale = mapping::WeightScale::Layer) {
  mapping::MappingInputs inputs;
  inputs.options.rows = inputs.options.columns = 32;
  inputs.options.scheme = scheme;
  inputs.options.weight_scale = scale;
  inputs.window = {.g_min = 0.0, .g_max = 10e-6, .levels = 0};
  inputs.read_voltage = 0.2;
  return mapping::map_network(graph, inputs);
}

cost::CostInputs inputs_of(const network::Graph& graph, const mapping::TilePlan& plan) {
  return {.graph = &graph, .plan = &plan, .figures = figures(), .read_time = {10e-9, "test"}};
}

}  // namespace

TEST_CASE("every count, area, energy and time follows from the card", "[cost]") {
  const network::Graph graph = two_layers();
  const mapping::TilePlan plan = plan_of(graph);
  const cost::NetworkCost found = cost::estimate_cost(inputs_of(graph, plan));
  // conv: 18 inputs and the bias by 5 pairs on one crossbar, 16 positions.
  const cost::LayerCost& conv = found.layers.at(0);
  CHECK(conv.crossbars == 1);
  CHECK(conv.cells == 32 * 32);
  CHECK(conv.memristors == 19 * 10);
  CHECK(conv.operations == 2 * 5 * 2 * 9 * 16);
  CHECK(conv.part(Part::Dacs).count == 18);
  CHECK(conv.part(Part::OpAmps).count == 10);
  CHECK(conv.part(Part::Adcs).count == 2);  // 5 outputs, 4 to a converter
  CHECK(conv.part(Part::Adders).count == 0);
  CHECK(conv.part(Part::Arrays).area == Approx(1024 * 1e-14));
  CHECK(conv.part(Part::Dacs).area == Approx(18 * 8 * 10e-12));
  CHECK(conv.part(Part::Adcs).area == Approx(2 * 8 * 100e-12));
  CHECK(conv.part(Part::Dacs).energy == Approx(18 * 16 * 8 * 0.5e-12));
  CHECK(conv.part(Part::Adcs).energy == Approx(5 * 16 * 8 * 0.25e-12));
  // 4 outputs x 0.8 ns = 3.2 ns < 10 ns: reads follow each other by 10 ns.
  CHECK(conv.interval == Approx(160e-9));
  CHECK(conv.latency == Approx(163.2e-9));
  CHECK(conv.part(Part::OpAmps).static_power == Approx(10e-3));
  CHECK(conv.part(Part::OpAmps).energy == Approx(10e-3 * 163.2e-9));
  // Cells: weights 0.5 = w_max, so 10 uS on + lines and 0 on - lines; the bias is 0.125 / 0.5 of
  // it.
  const double G = 18 * 5 * 10e-6 * 0.25 + 5 * 2.5e-6;
  CHECK(conv.part(Part::Arrays).energy == Approx(0.04 * G * 10e-9 * 16));
  // fc: 80 inputs on 3 row tiles, whose partial sums are added: 2 x 3 additions.
  const cost::LayerCost& fc = found.layers.at(1);
  CHECK(fc.crossbars == 3);
  CHECK(fc.part(Part::Adders).count == 3);
  CHECK(fc.part(Part::Adders).energy == Approx(6 * 0.02e-12));
  CHECK(found.total.interval == conv.interval);
  CHECK(found.total.latency == conv.latency + fc.latency);
}

TEST_CASE("scales per output take a multiplication per conversion", "[cost]") {
  const network::Graph graph = two_layers();
  const mapping::TilePlan shared = plan_of(graph);
  CHECK(cost::estimate_cost(inputs_of(graph, shared)).total.part(Part::Multipliers).count == 0);
  const mapping::TilePlan own =
      plan_of(graph, mapping::Scheme::Im2col, mapping::WeightScale::Output);
  const cost::NetworkCost found = cost::estimate_cost(inputs_of(graph, own));
  const cost::PartCost& conv = found.layers.at(0).part(Part::Multipliers);
  CHECK(conv.count == 2);  // one behind each ADC
  CHECK(conv.area == Approx(2 * 300e-12));
  CHECK(conv.energy == Approx(5 * 16 * 0.2e-12));
  CHECK(found.layers.at(1).part(Part::Multipliers).energy == Approx(3 * 3 * 0.2e-12));
}

TEST_CASE("a difference amplifier reads a pair, and layers have crossbars of their own size",
          "[cost]") {
  const network::Graph graph = two_layers();
  mapping::MappingInputs inputs;
  inputs.options = {.rows = 32, .columns = 32};
  inputs.options.layer_rows = {{"fc", 40}};
  inputs.converters.readout = mapping::Readout::Differential;
  inputs.window = {.g_min = 0.0, .g_max = 10e-6, .levels = 0};
  const mapping::TilePlan plan = mapping::map_network(graph, inputs);
  const cost::NetworkCost found = cost::estimate_cost(inputs_of(graph, plan));
  CHECK(found.layers.at(0).part(Part::OpAmps).count == 5);
  CHECK(found.layers.at(0).cells == 32 * 32);
  CHECK(found.layers.at(1).crossbars == 2);
  CHECK(found.layers.at(1).cells == 2 * 40 * 32);
  CHECK(found.layers.at(1).part(Part::OpAmps).count == 2 * 3);
}

TEST_CASE("digits and bits are counted, converted and added up", "[cost][slices]") {
  const network::Graph graph = two_layers();
  mapping::MappingInputs inputs;
  inputs.options = {.rows = 32, .columns = 32, .slices = 3};
  inputs.window = {.g_min = 0.0, .g_max = 10e-6, .levels = 4};
  inputs.converters.input = mapping::Input::BitSerial;
  const mapping::TilePlan plan = mapping::map_network(graph, inputs);
  const cost::NetworkCost found = cost::estimate_cost(inputs_of(graph, plan));
  const cost::LayerCost& conv = found.layers.at(0);
  CHECK(conv.crossbars == 3);
  CHECK(conv.memristors == 3 * 19 * 10);
  // Drivers of one bit; 16 positions in 8 reads each.
  CHECK(conv.part(Part::Dacs).area == Approx(3 * 18 * 1 * 10e-12));
  CHECK(conv.part(Part::Dacs).energy == Approx(3 * 18 * 16 * 8 * 1 * 0.5e-12));
  CHECK(conv.part(Part::Adcs).count == 3 * 2);
  CHECK(conv.part(Part::Adcs).energy == Approx(3 * 5 * 16 * 8 * 8 * 0.25e-12));
  CHECK(conv.interval == Approx(8 * 160e-9));
  // 3 digits x 8 bits of each of 80 outputs meet in 23 additions; shifts by 4 cost nothing.
  CHECK(conv.part(Part::Adders).energy == Approx(23 * 80 * 0.02e-12));
  CHECK(conv.part(Part::Multipliers).count == 0);
  inputs.window.levels = 5;
  const mapping::TilePlan of_five = mapping::map_network(graph, inputs);
  CHECK(cost::estimate_cost(inputs_of(graph, of_five)).layers.at(0).part(Part::Multipliers).count ==
        3 * 2);
}

TEST_CASE("the reads of a recurrence wait for each other", "[cost]") {
  network::Graph graph;
  graph.set_input_shape({1, 7, 8});
  const auto sums =
      graph.add({.name = "sums",
                 .operation = network::FullyConnected{.weight = Tensor({8, 8}, 1.0F), .bias = {}},
                 .output_shape = {}},
                {network::Graph::kInput});
  graph.set_output(graph.add({.name = "states",
                              .operation = network::Recurrence{.weight = Tensor({8, 8}, 1.0F)},
                              .output_shape = {}},
                             {sums}));
  const mapping::TilePlan plan = plan_of(graph);
  const cost::NetworkCost found = cost::estimate_cost(inputs_of(graph, plan));
  // 7 reads each, of 10 ns to settle and 4 outputs x 8 bits x 0.1 ns to convert.
  const double settle = 10e-9, convert = 3.2e-9;
  CHECK(found.layers[0].latency == Approx(6.0 * settle + settle + convert));
  CHECK(found.layers[1].latency == Approx(7.0 * (settle + convert)));
  CHECK(found.layers[1].interval == Approx(7.0 * (settle + convert)));
  CHECK(found.layers[0].sum().energy < found.layers[1].sum().energy);  // op-amps on for longer
}

TEST_CASE("parts and layers add up to the totals exactly", "[cost]") {
  const network::Graph graph = two_layers();
  for (const mapping::Scheme scheme :
       {mapping::Scheme::Im2col, mapping::Scheme::SubImage, mapping::Scheme::FullDepth}) {
    const mapping::TilePlan plan = plan_of(graph, scheme);
    cost::CostInputs inputs = inputs_of(graph, plan);
    inputs.figures.cell_area.value = 8.1e-15 / 3.0;  // no round number survives
    inputs.array_energy = {1.0 / 3.0 * 1e-12, 0.7e-13};
    const cost::NetworkCost found = cost::estimate_cost(inputs);
    // In three orders: layers of parts, parts of layers, and backwards.
    cost::PartCost by_layer, by_part, backwards;
    for (const cost::LayerCost& layer : found.layers) by_layer += layer.sum();
    for (const cost::PartCost& part : found.total.parts) by_part += part;
    for (auto layer = found.layers.rbegin(); layer != found.layers.rend(); ++layer) {
      for (auto part = layer->parts.rbegin(); part != layer->parts.rend(); ++part) {
        backwards += *part;
      }
    }
    const cost::PartCost total = found.total.sum();
    for (const cost::PartCost& sum : {by_layer, by_part, backwards}) {
      CHECK(sum.area == total.area);
      CHECK(sum.static_power == total.static_power);
      CHECK(sum.energy == total.energy);
      CHECK(sum.static_energy == total.static_energy);
      CHECK(sum.count == total.count);
    }
    CHECK(total.energy > 0.0);
    CHECK(found.total.crossbars == plan.crossbar_count());
    CHECK(found.total.memristors == plan.memristor_count());
  }
}

TEST_CASE("solved and measured values take the place of the card's", "[cost]") {
  const network::Graph graph = two_layers();
  const mapping::TilePlan plan = plan_of(graph);
  cost::CostInputs inputs = inputs_of(graph, plan);
  inputs.array_energy = {3e-12, 4e-12};
  inputs.measured = {.settling_time = device::Figure{25e-9, "transient"},
                     .op_amp_energy = device::Figure{2e-12, "transient"},
                     .dac_energy = device::Figure{1e-12, "transient"},
                     .adc_energy = device::Figure{3e-12, "transient"},
                     .adc_time = device::Figure{10e-9, "transient"}};
  const cost::NetworkCost found = cost::estimate_cost(inputs);
  const cost::LayerCost& conv = found.layers.at(0);
  CHECK(conv.part(Part::Arrays).energy == Approx(3e-12));
  CHECK(conv.interval == Approx(16 * 40e-9));  // four conversions of 10 ns outlast 25 ns
  CHECK(conv.part(Part::OpAmps).energy == Approx(10 * 16 * 2e-12));
  CHECK(conv.part(Part::OpAmps).static_power == 0.0);
  CHECK(conv.part(Part::Dacs).energy == Approx(18 * 16 * 1e-12));
  CHECK(conv.part(Part::Adcs).energy == Approx(5 * 16 * 3e-12));
  CHECK(found.sources.size() == 6);
  inputs.array_energy = {1e-12};
  CHECK_THROWS_AS(cost::estimate_cost(inputs), InputError);
}

TEST_CASE("packed groups are counted with what stands idle between them", "[cost]") {
  network::Graph graph;
  graph.set_input_shape({1, 5, 6, 6});
  const network::Convolution depthwise{
      .weight = Tensor({5, 1, 3, 3}, 0.5F), .bias = {}, .window = {.kernel = {3, 3}}, .groups = 5};
  graph.set_output(graph.add({.name = "depth", .operation = depthwise, .output_shape = {}},
                             {network::Graph::kInput}));
  mapping::MappingInputs inputs;
  inputs.options.rows = inputs.options.columns = 32;
  inputs.window = {.g_min = 1e-6, .g_max = 11e-6, .levels = 0};
  const mapping::TilePlan lone = mapping::map_network(graph, inputs);
  inputs.options.packing = mapping::Packing::BlockDiagonal;
  const mapping::TilePlan packed = mapping::map_network(graph, inputs);
  const cost::LayerCost apart = cost::estimate_cost(inputs_of(graph, lone)).layers.at(0);
  const cost::LayerCost found = cost::estimate_cost(inputs_of(graph, packed)).layers.at(0);
  CHECK(apart.crossbars == 5);
  CHECK(found.crossbars == 2);  // of 3 and 2 channels
  CHECK(found.cells == 2 * 32 * 32);
  CHECK(found.memristors == 5 * 18);
  CHECK(found.cells_used == 27 * 6 + 18 * 4);
  CHECK(apart.cells_used == apart.memristors);
  CHECK(found.part(Part::Dacs).count == 5 * 9);
  CHECK(found.part(Part::OpAmps).count == 5 * 2);
  CHECK(found.part(Part::Adcs).count == 2);  // 3 and 2 outputs, at most 4 to a converter
  CHECK(apart.part(Part::Adcs).count == 5);
  // Beside 11 + 1 uS a weight, 1 + 1 uS where channels cross, at a quarter of the read power.
  const double drive = 0.25 * (5 * 9 * 12e-6 + (162 + 72 - 90) * 1e-6);
  CHECK(found.part(Part::Arrays).energy == Approx(0.04 * drive * 10e-9 * 16));
}

TEST_CASE("single cells are counted with their unit column", "[cost][unit_column]") {
  const network::Graph graph = two_layers();
  mapping::MappingInputs inputs;
  inputs.options = {.rows = 32, .columns = 32, .signs = mapping::Signs::UnitColumn};
  inputs.window = {.g_min = 0.0, .g_max = 10e-6, .levels = 0};
  const mapping::TilePlan plan = mapping::map_network(graph, inputs);
  const cost::LayerCost conv = cost::estimate_cost(inputs_of(graph, plan)).layers.at(0);
  CHECK(conv.crossbars == 1);
  CHECK(conv.memristors == 19 * (5 + 1));
  CHECK(conv.cells_used == conv.memristors);
  CHECK(conv.part(Part::Dacs).count == 18);
  CHECK(conv.part(Part::OpAmps).count == 5 + 1);
  CHECK(conv.part(Part::Adcs).count == 2);
  // Weights 0.5 = w_max at 10 uS, biases at a quarter of that above the middle, units at 5 uS.
  const double inputs_draw = 0.25 * 18 * (5 * 10e-6 + 5e-6);
  const double bias_draws = 5 * (5e-6 + 0.25 * 5e-6) + 5e-6;
  CHECK(conv.part(Part::Arrays).energy == Approx(0.04 * (inputs_draw + bias_draws) * 10e-9 * 16));
}

TEST_CASE("a flow's outputs per ADC take the place of the card's", "[cost]") {
  const network::Graph graph = two_layers();
  mapping::TilePlan plan = plan_of(graph);
  plan.options.outputs_per_adc = 1;
  const cost::LayerCost conv = cost::estimate_cost(inputs_of(graph, plan)).layers.at(0);
  CHECK(conv.part(Part::Adcs).count == 5);
  CHECK(conv.latency == Approx(15 * 10e-9 + 10e-9 + 0.8e-9));  // one conversion behind the last
}

TEST_CASE("sub-images trade crossbars for time", "[cost]") {
  const network::Graph graph = two_layers();
  const mapping::TilePlan in_turn = plan_of(graph);
  const mapping::TilePlan at_once = plan_of(graph, mapping::Scheme::SubImage);
  const cost::NetworkCost slow = cost::estimate_cost(inputs_of(graph, in_turn));
  const cost::NetworkCost fast = cost::estimate_cost(inputs_of(graph, at_once));
  // 32 word lines: t = 3 for k = 3, so ceil(4 / 3)^2 = 4 sub-images of 2 x 5 channel pairs.
  CHECK(fast.layers[0].crossbars == 40);
  CHECK(fast.layers[0].interval == Approx(10e-9));
  CHECK(slow.layers[0].interval == Approx(160e-9));
  CHECK(fast.layers[0].part(Part::Arrays).area == Approx(40 * 1024 * 1e-14));
  // All 4 x 2 x 5 x 9 conversions but the 80 outputs are partial sums; then 80 biases.
  CHECK(fast.layers[0].part(Part::Adders).energy == Approx((360 - 80 + 80) * 0.02e-12));
}

TEST_CASE("kernel first: cells, converters and op-amps of kept weights alone", "[cost]") {
  network::Graph graph = two_layers();
  const mapping::TilePlan plan = plan_of(graph, mapping::Scheme::KernelFirst);
  const cost::NetworkCost found = cost::estimate_cost(inputs_of(graph, plan));
  // conv: 5 outputs of 18 weights and a bias each; 18 inputs, each with one DAC for all outputs.
  const cost::LayerCost& conv = found.layers.at(0);
  CHECK(conv.crossbars == 5);
  CHECK(conv.memristors == 2 * 5 * 19);
  CHECK(conv.cells == conv.memristors);
  CHECK(conv.part(Part::Arrays).area == Approx(190 * 1e-14));
  CHECK(conv.part(Part::Dacs).count == 18);
  CHECK(conv.part(Part::OpAmps).count == 10);
  CHECK(conv.part(Part::Adcs).count == 2);  // four outputs take turns at one
  CHECK(conv.part(Part::Adders).count == 0);
  // fc: 80 weights an output, 32 to a summer: three summers each, whose sums six additions join.
  const cost::LayerCost& fc = found.layers.at(1);
  CHECK(fc.crossbars == 9);
  CHECK(fc.part(Part::Dacs).count == 80);
  CHECK(fc.part(Part::OpAmps).count == 18);
  CHECK(fc.part(Part::Adcs).count == 3);
  CHECK(fc.part(Part::Adders).energy == Approx(6 * 0.02e-12));
}

TEST_CASE("kernel first: pruned weights take neither cells nor power", "[cost]") {
  Tensor weight({1, 64}, 1.0F);
  for (std::size_t k = 0; k < 40; ++k) weight.data[k] = 0.0F;
  network::Graph graph;
  graph.set_input_shape({1, 64});
  graph.set_output(graph.add({.name = "fc",
                              .operation = network::FullyConnected{.weight = weight, .bias = {}},
                              .output_shape = {}},
                             {network::Graph::kInput}));
  const mapping::TilePlan pairs = plan_of(graph, mapping::Scheme::KernelFirst);
  const mapping::TilePlan tiles = plan_of(graph);
  const cost::LayerCost kept = cost::estimate_cost(inputs_of(graph, pairs)).layers.at(0);
  const cost::LayerCost all = cost::estimate_cost(inputs_of(graph, tiles)).layers.at(0);
  CHECK(kept.memristors == 48);
  CHECK(all.memristors == 128);
  CHECK(kept.part(Part::Dacs).count == 24);  // no kept weight takes the other inputs
  CHECK(kept.crossbars == 1);                // 24 pairs fit one summer, 64 inputs two crossbars
  CHECK(all.crossbars == 2);
  CHECK(kept.part(Part::OpAmps).static_power == Approx(2e-3));
  CHECK(all.part(Part::OpAmps).static_power == Approx(4e-3));
}
