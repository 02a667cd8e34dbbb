// Crossbar layers behind converters of their own: with ideal tables the layer behind ideal
// converters, to the bit; with others what each table says of each output; and noise that follows
// from the number of the read.

#include "simulate/layer_converters.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "mapping/input_reads.hpp"
#include "network/ranges.hpp"
#include "simulate/layer_kernel.hpp"

using namespace memspice;
using mapping::AdcTable;
using mapping::DacTable;
using network::Tensor;
using simulate::LayerConverters;
using simulate::TileConverters;

namespace {

constexpr int kShare = 3;  // outputs of an ADC: the last one of a tile of four has its own

Tensor drawn_values(network::Shape shape, std::string_view purpose, double low, double high) {
  RandomStream random(21, purpose);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(low, high));
  return tensor;
}

/// One layer with its converters, tiles of 40 x 8 lines.
struct Bed {
  network::Graph graph;
  mapping::TilePlan plan;
  Tensor batch;
  simulate::AdcRanges ranges = {};

  const mapping::LayerPlan& layer() const { return plan.layers.at(0); }
  simulate::CrossbarLayer crossbar() const {
    tile::Models models;
    for (const mapping::Block& block : layer().blocks) {
      models.emplace_back();
      for (const mapping::Tile& tile : block.tiles) {
        models.back().push_back(tile::make_ideal(tile.G));
      }
    }
    return {.graph = &graph,
            .plan = &plan,
            .layer = &layer(),
            .tiles = tile::make_behavioural_tiles(std::move(models))};
  }
  Tensor run(std::shared_ptr<const LayerConverters> converters = nullptr,
             int first = 0,
             int count = -1) const {
    const auto kernel = simulate::make_crossbar_kernel(
        crossbar(), {.ranges = ranges, .converters = std::move(converters)});
    Tensor part = batch;
    const auto each = batch.data.size() / static_cast<std::size_t>(batch.shape[0]);
    part.shape[0] = count < 0 ? batch.shape[0] : count;
    const auto from = batch.data.begin() + static_cast<std::ptrdiff_t>(each) * first;
    part.data.assign(
        from,
        from + static_cast<std::ptrdiff_t>(each) * static_cast<std::ptrdiff_t>(part.shape[0]));
    const Tensor* inputs[] = {&part};
    return kernel->apply(inputs, static_cast<std::uint64_t>(first));
  }
};

Bed make_bed(network::Operation operation,
             Tensor batch,
             mapping::AdcRange rule = mapping::AdcRange::Calibrated,
             int bits = 6,
             bool in_digits = false) {
  Bed bed{.graph = {}, .plan = {}, .batch = std::move(batch)};
  network::Shape input = bed.batch.shape;
  input.front() = 1;
  bed.graph.set_input_shape(input);
  bed.graph.set_output(
      bed.graph.add({.name = "layer", .operation = std::move(operation), .output_shape = {}},
                    {network::Graph::kInput}));
  const auto seen = network::record_activations(bed.graph, bed.batch, 100.0);
  mapping::MappingInputs inputs;
  inputs.options = {.rows = 40, .columns = 8};
  inputs.converters = {.dac_bits = bits, .adc_bits = bits, .adc_range = rule};
  inputs.window = {.g_min = 1e-6, .g_max = 20e-6, .levels = 0};
  if (in_digits) {  // weights over two pairs, inputs bit by bit
    inputs.options.slices = 2;
    inputs.window.levels = 8;
    inputs.converters.input = mapping::Input::BitSerial;
  }
  inputs.input_ranges.push_back(seen.ranges.of_inputs(bed.graph, network::LayerId{0}));
  bed.plan = mapping::map_network(bed.graph, inputs);
  bed.ranges = simulate::choose_adc_ranges(bed.crossbar(), seen.layer_inputs.at(0));
  return bed;
}

network::FullyConnected product(int outputs, int inputs) {
  return {.weight = drawn_values({outputs, inputs}, "w", -1, 1),
          .bias = drawn_values({outputs}, "b", -1, 1)};
}

network::Recurrence lstm(std::int64_t units) {
  const network::GateFunction sigmoid{{network::Activation::Kind::Sigmoid}};
  const network::GateFunction tanh{{network::Activation::Kind::Tanh}};
  network::Recurrence r{.cell = network::Recurrence::Cell::Lstm,
                        .weight = drawn_values({4 * units, units}, "R", -1, 1),
                        .bias = drawn_values({4 * units}, "b", -1, 1),
                        .functions = {sigmoid, tanh, tanh}};
  r.first_state = drawn_values({1, units}, "h", -1, 1);
  return r;
}

/// Ideal tables everywhere; `change` makes others of them.
template <typename Change>
std::shared_ptr<const LayerConverters> tables_of(const Bed& bed, const Change& change) {
  const mapping::Converter adc = mapping::output_converter(bed.plan, 1.0);
  const mapping::Converter dac = mapping::input_converter(bed.plan, bed.layer());
  const float lsb = dac.step(static_cast<float>(bed.plan.read_voltage / bed.layer().x_max));
  const Eigen::VectorXd codes =
      Eigen::VectorXd::LinSpaced(dac.steps() - dac.lowest() + 1, dac.lowest(), dac.steps());
  const auto table = std::make_shared<AdcTable>(adc.lowest(), mapping::ideal_begins(adc));
  auto converters = std::make_shared<LayerConverters>();
  for (const mapping::Block& block : bed.layer().blocks) {
    converters->emplace_back();
    for (const mapping::Tile& tile : block.tiles) {
      TileConverters own{.outputs_per_adc = kShare};
      for (int k = 0; k * kShare < tile.output_count; ++k) own.adcs.push_back({.table = table});
      if (bed.plan.converters.input == mapping::Input::Parallel) {
        own.dacs = std::make_shared<std::vector<DacTable>>(
            static_cast<std::size_t>(tile.input_count), DacTable(dac, lsb, codes));
      }
      change(converters->back().size(), own);
      converters->back().push_back(std::move(own));
    }
  }
  return converters;
}

std::shared_ptr<const LayerConverters> ideal_tables(const Bed& bed) {
  return tables_of(bed, [](std::size_t, TileConverters&) {});
}

std::shared_ptr<const LayerConverters> noisy_tables(const Bed& bed, double noise) {
  std::uint64_t key = 77;
  return tables_of(bed, [&](std::size_t, TileConverters& tile) {
    for (simulate::AdcChannel& adc : tile.adcs) {
      adc.noise = noise;
      adc.noise_key = ++key;
    }
  });
}

std::vector<Bed> all_beds() {
  std::vector<Bed> beds;
  for (const auto rule : {mapping::AdcRange::Calibrated,
                          mapping::AdcRange::FullScale,
                          mapping::AdcRange::Tile,
                          mapping::AdcRange::Output}) {
    beds.push_back(make_bed(product(9, 70), drawn_values({5, 70}, "x", -1, 1), rule));
    beds.push_back(make_bed(product(1, 3), drawn_values({4, 3}, "x", 0, 1), rule));
  }
  beds.push_back(make_bed(
      network::Convolution{.weight = drawn_values({6, 2, 3, 3}, "w", -1, 1),
                           .bias = drawn_values({6}, "b", -1, 1),
                           .window = {.kernel = {3, 3}, .stride = {2, 1}, .padding = {1, 1, 1, 1}},
                           .groups = 2},
      drawn_values({3, 4, 7, 6}, "x", 0, 1)));
  beds.push_back(make_bed(
      product(5, 70), drawn_values({3, 70}, "x", -1, 1), mapping::AdcRange::Output, 6, true));
  beds.push_back(make_bed(
      lstm(5), drawn_values({3, 4, 20}, "x", -1, 1), mapping::AdcRange::Calibrated, 6, true));
  beds.push_back(make_bed(lstm(7), drawn_values({3, 5, 28}, "x", -1, 1)));
  return beds;
}

}  // namespace

TEST_CASE("tables of ideal converters change no bit of a layer", "[simulate][converters]") {
  for (const Bed& bed : all_beds()) {
    CAPTURE(network::operation_name(bed.graph.layer(bed.layer().layer).operation));
    CHECK(bed.run(ideal_tables(bed)).data == bed.run().data);
  }
}

TEST_CASE("an ADC serves its outputs, and only them", "[simulate][converters]") {
  const Bed bed = make_bed(product(9, 30), drawn_values({5, 30}, "x", 0, 1));
  REQUIRE(bed.layer().blocks[0].tiles.size() == 3);  // outputs 0 .. 3, 4 .. 7, 8
  const auto moved = tables_of(bed, [](std::size_t t, TileConverters& tile) {
    if (t == 1) tile.adcs.at(1).errors.offset = 4.0;  // output 7
    if (t == 2) tile.adcs.at(0).errors.offset = -2.0;
  });
  const Tensor before = bed.run(), after = bed.run(moved);
  for (int n = 0; n < 5; ++n) {
    for (int j = 0; j < 9; ++j) {
      const auto k = static_cast<std::size_t>(9 * n + j);
      const auto t = static_cast<std::size_t>(j / 4);
      const mapping::Converter adc = mapping::output_converter(bed.plan, bed.ranges[0][t][j % 4]);
      const double lsb = static_cast<double>(adc.step(bed.layer().blocks[0].scale[j]));
      const double steps = static_cast<double>(after.data[k] - before.data[k]) / lsb;
      CAPTURE(n, j);
      // Whole codes, unless the converter is at its end.
      if (j == 7 && std::abs(steps) > 0.5) CHECK(steps == Approx(4.0).margin(1e-3));
      if (j == 8 && std::abs(steps) > 0.5) CHECK(steps == Approx(-2.0).margin(1e-3));
      if (j < 7) CHECK(after.data[k] == before.data[k]);
    }
  }
  CHECK(after.data[7] != before.data[7]);
  CHECK(after.data[8] != before.data[8]);
}

TEST_CASE("each word line has its own DAC, and the bias none", "[simulate][converters]") {
  const network::FullyConnected layer = product(2, 5);
  Bed bed = make_bed(layer, drawn_values({6, 5}, "x", 0, 1));
  const auto gains = tables_of(bed, [&](std::size_t, TileConverters& tile) {
    tile.adcs.clear();
    const mapping::Converter dac = mapping::input_converter(bed.plan, bed.layer());
    const float lsb = dac.step(static_cast<float>(bed.plan.read_voltage / bed.layer().x_max));
    const Eigen::VectorXd codes = Eigen::VectorXd::LinSpaced(dac.steps() + 1, 0, dac.steps());
    auto dacs = std::make_shared<std::vector<DacTable>>();
    for (int i = 0; i < static_cast<int>(tile.dacs->size()); ++i) {
      dacs->emplace_back(
          dac, lsb, codes * (1.0 + 0.1 * i) + Eigen::VectorXd::Constant(codes.size(), i));
    }
    tile.dacs = dacs;
  });
  // Ideal ADCs, so that outputs are sums of weights and levels.
  bed.plan.converters.adc_bits = 0;
  const Tensor found = bed.run(gains);
  const mapping::Converter dac = mapping::input_converter(bed.plan, bed.layer());
  for (int n = 0; n < 6; ++n) {
    for (int j = 0; j < 2; ++j) {
      double wanted = static_cast<double>(layer.bias.data[static_cast<std::size_t>(j)]);
      for (int i = 0; i < 5; ++i) {
        const double x =
            dac.apply(static_cast<double>(bed.batch.data[static_cast<std::size_t>(5 * n + i)]));
        const double lsb = dac.range / dac.steps();
        wanted += static_cast<double>(layer.weight.data[static_cast<std::size_t>(5 * j + i)]) *
                  (x * (1.0 + 0.1 * i) + i * lsb);
      }
      // Differences of currents some ten times larger, in single precision.
      CHECK(static_cast<double>(found.data[static_cast<std::size_t>(2 * n + j)]) ==
            Approx(wanted).margin(1e-5));
    }
  }
}

TEST_CASE("an ADC's noise follows from the number of the read", "[simulate][converters]") {
  for (const Bed& bed : all_beds()) {
    CAPTURE(network::operation_name(bed.graph.layer(bed.layer().layer).operation));
    const auto noisy = noisy_tables(bed, 1.5);
    const Tensor all = bed.run(noisy);
    CHECK(all.data != bed.run().data);
    CHECK(all.data == bed.run(noisy).data);
    std::vector<float> parts;
    for (int n = 0; n < bed.batch.shape[0]; ++n) {
      const Tensor one = bed.run(noisy, n, 1);
      parts.insert(parts.end(), one.data.begin(), one.data.end());
    }
    CHECK(parts == all.data);
  }
}

TEST_CASE("an ADC's noise has the size that it is given", "[simulate][converters]") {
  // The same vector many times, through steps far finer than the noise.
  constexpr int kReads = 4000;
  Tensor batch({kReads, 3});
  for (std::size_t k = 0; k < batch.data.size(); ++k)
    batch.data[k] = 0.3F * static_cast<float>(k % 3);
  const Bed bed = make_bed(product(4, 3), batch, mapping::AdcRange::FullScale, 16);
  const double noise = 40.0;
  const Tensor quiet = bed.run(), noisy = bed.run(noisy_tables(bed, noise));
  const double lsb = static_cast<double>(mapping::output_converter(bed.plan, bed.ranges[0][0][0])
                                             .step(bed.layer().blocks[0].scale[0]));
  double sum = 0.0, square = 0.0, cross = 0.0;
  for (std::size_t k = 0; k < noisy.data.size(); k += 4) {
    const auto of = [&](std::size_t j) {
      return static_cast<double>(noisy.data[k + j] - quiet.data[k + j]) / lsb;
    };
    sum += of(0);
    square += of(0) * of(0);
    cross += of(0) * of(1);
  }
  // Five standard errors of each estimate; codes add 1/12 LSB^2, which is nothing here.
  CHECK(std::abs(sum / kReads) < 5 * noise / std::sqrt(kReads));
  CHECK(std::sqrt(square / kReads) == Approx(noise).epsilon(5 / std::sqrt(2.0 * kReads)));
  CHECK(std::abs(cross / kReads) < 5 * noise * noise / std::sqrt(kReads));
}
