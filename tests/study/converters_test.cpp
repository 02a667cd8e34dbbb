// Converters drawn for a plan: what each tile gets, from which streams; and one of them against its
// own circuit in stock ngspice, code by code.

#include "study/converters.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "config/flow_options.hpp"
#include "study/rung.hpp"
#include "support/block_run.hpp"
#include "support/small_networks.hpp"
#include "synthesis/converter_circuit.hpp"

using namespace memspice;
using study::ConverterErrorOptions;
using study::DrawnConverters;

namespace {

const device::Technology& card() {
  static const device::Technology technology = config::load_technology("generic_45nm");
  return technology;
}

/// 6 -> 5 -> 3, each layer one tile.
const mapping::TilePlan& plan_of_bits(int adc_bits, int dac_bits) {
  static mapping::TilePlan plan;
  static const network::Graph graph = test::small_mlp();
  mapping::MappingInputs inputs;
  inputs.converters.adc_bits = adc_bits;
  inputs.converters.dac_bits = dac_bits;
  inputs.window = {.g_min = 1e-6, .g_max = 20e-6, .levels = 0};
  inputs.options = {.rows = 4, .columns = 4};
  plan = mapping::map_network(graph, inputs);
  return plan;
}

std::shared_ptr<const DrawnConverters> drawn_from(const ConverterErrorOptions& options,
                                                  const mapping::TilePlan& plan,
                                                  std::uint64_t seed = 1) {
  return study::draw_converters({.options = &options, .technology = &card(), .seed = seed}, plan);
}

/// Of every ADC.
std::vector<mapping::AdcErrors> errors_of(const DrawnConverters& drawn) {
  std::vector<mapping::AdcErrors> errors;
  for (const auto& layer : drawn.layers) {
    for (const auto& block : *layer) {
      for (const auto& tile : block) {
        for (const auto& adc : tile.adcs) errors.push_back(adc.errors);
      }
    }
  }
  return errors;
}

/// Codes that an ADC gives over a ramp of its input [LSB].
std::vector<float> codes_of(const simulate::AdcChannel& adc, const mapping::Converter& converter) {
  std::vector<float> values;
  for (int k = -400; k <= 400; ++k) values.push_back(static_cast<float>(converter.range * k / 380));
  adc.table->apply(converter, adc.errors, values, 1.0F / converter.step());
  return values;
}

}  // namespace

TEST_CASE("each tile has the converters that are priced", "[study][converters]") {
  const mapping::TilePlan& plan = plan_of_bits(8, 8);
  const ConverterErrorOptions options{.adc = {.mismatch = 0.01, .offset = 1.0},
                                      .dac = {.mismatch = 0.01}};
  const auto drawn = drawn_from(options, plan);
  const int share = static_cast<int>(card().cost->outputs_per_adc.value);
  REQUIRE(drawn->layers.size() == plan.layers.size());
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    int adcs = 0, dacs = 0;
    for (std::size_t t = 0; t < plan.layers[l].blocks[0].tiles.size(); ++t) {
      const mapping::Tile& tile = plan.layers[l].blocks[0].tiles[t];
      const simulate::TileConverters& own = (*drawn->layers[l])[0][t];
      CHECK(static_cast<int>(own.adcs.size()) == (tile.output_count + share - 1) / share);
      CHECK(static_cast<int>(own.dacs->size()) == tile.input_count);
      adcs += static_cast<int>(own.adcs.size());
      dacs += tile.input_count;
    }
    CHECK(drawn->adcs[l].count == adcs);
    CHECK(drawn->dacs[l].count == dacs);
    CHECK(drawn->adcs[l].inl > 0.1);
    CHECK(drawn->dacs[l].inl > 0.1);
  }
}

TEST_CASE("a flow says itself how many outputs share an ADC", "[study][converters]") {
  mapping::TilePlan plan = plan_of_bits(6, 6);
  plan.options.outputs_per_adc = 1;
  const ConverterErrorOptions options{.adc = {.offset = 1.0}, .dac = {}};
  device::Technology no_cost = card();
  no_cost.cost.reset();
  for (const device::Technology& technology : {card(), no_cost}) {
    const auto drawn =
        study::draw_converters({.options = &options, .technology = &technology}, plan);
    CHECK(drawn->outputs_per_adc == 1);
    const auto& tile = plan.layers[0].blocks[0].tiles[0];
    CHECK(static_cast<int>((*drawn->layers[0])[0][0].adcs.size()) == tile.output_count);
  }
}

TEST_CASE("what is drawn follows from the seed, each figure by itself", "[study][converters]") {
  const mapping::TilePlan& plan = plan_of_bits(6, 6);
  const ConverterErrorOptions offsets{.adc = {.offset = 2.0}, .dac = {}};
  const ConverterErrorOptions both{
      .adc = {.offset = 2.0, .gain_error = 0.1}, .dac = {}, .adc_noise = 1.0};
  const auto first = errors_of(*drawn_from(offsets, plan));
  const auto again = errors_of(*drawn_from(offsets, plan));
  const auto other = errors_of(*drawn_from(offsets, plan, 2));
  const auto more = errors_of(*drawn_from(both, plan));
  int below = 0, above = 0;
  for (std::size_t k = 0; k < first.size(); ++k) {
    CHECK(first[k].offset == again[k].offset);
    CHECK(first[k].offset != other[k].offset);
    CHECK(first[k].offset == more[k].offset);
    CHECK(first[k].gain == 1.0);
    CHECK(more[k].gain != 1.0);
    for (std::size_t j = 0; j < k; ++j) CHECK(first[k].offset != first[j].offset);
    below += first[k].offset < 0 || other[k].offset < 0 ? 1 : 0;
    above += first[k].offset > 0 || other[k].offset > 0 ? 1 : 0;
  }
  CHECK(below > 0);
  CHECK(above > 0);
}

TEST_CASE("offsets and gains have the spread that they are given", "[study][converters]") {
  const network::Graph graph = test::small_mlp();
  mapping::TilePlan plan = plan_of_bits(6, 6);
  // As many ADCs as a spread takes: one tile, copied under other names.
  auto& tiles = plan.layers[0].blocks[0].tiles;
  plan.layers.resize(1);
  const mapping::Tile tile = tiles[0];
  constexpr int kCount = 2000;
  tiles.assign(kCount, tile);
  for (int k = 0; k < kCount; ++k) tiles[static_cast<std::size_t>(k)].name = std::to_string(k);
  const ConverterErrorOptions options{.adc = {.offset = 1.5, .gain_error = 0.02}, .dac = {}};
  const auto drawn = drawn_from(options, plan);
  // Five standard errors of a deviation from that many draws.
  const double tolerance = 5 / std::sqrt(2.0 * kCount);
  CHECK(drawn->adcs[0].count == kCount);
  CHECK(drawn->adcs[0].offset == Approx(1.5).epsilon(tolerance));
  CHECK(drawn->adcs[0].gain_error == Approx(0.02).epsilon(tolerance));
  double sum = 0.0;
  for (const mapping::AdcErrors& errors : errors_of(*drawn)) sum += errors.offset;
  CHECK(std::abs(sum / kCount) < 5 * 1.5 / std::sqrt(kCount));
}

TEST_CASE("a drawn ADC gives the codes of its circuit in ngspice", "[study][converters]") {
  constexpr int kBits = 6;
  const mapping::TilePlan& plan = plan_of_bits(kBits, 8);
  const auto drawn = drawn_from({.adc = {.mismatch = 0.01}, .dac = {}}, plan, 5);
  const mapping::Tile& tile = plan.layers[0].blocks[0].tiles[0];
  const simulate::AdcChannel& adc = (*drawn->layers[0])[0][0].adcs[0];
  const device::AnalogFigures& figures = card().require_analog();
  const synthesis::ConverterSpec spec{
      .name = "adc_" + tile.name + "_0", .bits = kBits, .mismatch = 0.01, .seed = 5};
  const synthesis::AnalogBlock front = synthesis::build_sar_front_end(spec, figures);

  const double lsb = figures.signal.value / (1 << kBits);
  constexpr int kPoints = 1500;
  const Eigen::VectorXd ramp =
      Eigen::VectorXd::LinSpaced(kPoints, -0.5 * lsb, figures.signal.value + 0.5 * lsb);
  const Eigen::VectorXi circuit =
      synthesis::convert_by_sar(front, kBits, ramp, figures, test::run_block);

  const mapping::Converter converter = mapping::output_converter(plan, 1.0);
  std::vector<float> found(kPoints);
  for (int k = 0; k < kPoints; ++k) {
    const double x = ramp[k] / lsb - std::ldexp(1.0, kBits - 1) - 0.5;
    found[static_cast<std::size_t>(k)] =
        static_cast<float>(x * converter.range / converter.steps());
  }
  adc.table->apply(converter, adc.errors, found, 1.0F / converter.step());

  // ngspice solves to 1e-6 of 0.2 V, and the solved ladder leaves out as much: points this close
  // to where their code begins may fall on either side.
  constexpr double kTolerance = 1e-6;
  const Eigen::VectorXd begins = synthesis::solve_sar(spec, figures);
  int on_edge = 0, bent = 0;
  for (int k = 0; k < kPoints; ++k) {
    const auto code = static_cast<int>(std::lround(found[static_cast<std::size_t>(k)]));
    // The lowest code of the sign's other side is never used.
    const int wanted = std::max(circuit[k] - (1 << (kBits - 1)), converter.lowest());
    const bool is_on_edge = (begins.array() - ramp[k]).abs().minCoeff() < kTolerance;
    on_edge += is_on_edge ? 1 : 0;
    bent +=
        wanted != std::lround(converter.apply((ramp[k] / lsb - std::ldexp(1.0, kBits - 1) - 0.5) *
                                              converter.range / converter.steps()) /
                              converter.range * converter.steps())
            ? 1
            : 0;
    CAPTURE(k, ramp[k], code, wanted);
    if (!is_on_edge) CHECK(code == wanted);
  }
  CHECK(on_edge < 3);
  CHECK(bent > kPoints / 100);  // or the test would hold for an ideal converter as well
}

TEST_CASE("ladders of ngspice are the solved ones", "[study][converters]") {
  const mapping::TilePlan& plan = plan_of_bits(4, 4);
  engine::Options spice;
  spice.workers = 2;
  spice.worker_program = std::string(MEMSPICE_BIN_DIR) + "/memspice-worker";
  spice.failed_deck_folder = "";
  const auto engine = engine::make_ngspice_engine(spice);
  ConverterErrorOptions options{.adc = {.mismatch = 0.02}, .dac = {.mismatch = 0.02}};
  const auto solved = drawn_from(options, plan);
  options.ladders = study::Ladders::Ngspice;
  const auto measured = study::draw_converters(
      {.options = &options, .technology = &card(), .seed = 1, .engine = engine.get()}, plan);
  // 1 uV of an LSB of 12.5 mV.
  constexpr double kTolerance = 1e-4;
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    CHECK(measured->adcs[l].inl == Approx(solved->adcs[l].inl).margin(kTolerance));
    CHECK(measured->adcs[l].offset == Approx(solved->adcs[l].offset).margin(kTolerance));
    CHECK(measured->adcs[l].gain_error == Approx(solved->adcs[l].gain_error).margin(kTolerance));
    CHECK(measured->dacs[l].dnl == Approx(solved->dacs[l].dnl).margin(kTolerance));
    CHECK(measured->dacs[l].offset == Approx(solved->dacs[l].offset).margin(kTolerance));
  }
}

TEST_CASE("a rung has the effects up to its own", "[study][converters]") {
  const study::Rung last{.name = "mesh", .fidelity = simulate::Fidelity::Mesh};
  CHECK(study::converter_rungs({}, last).empty());
  const ConverterErrorOptions all{
      .adc = {.mismatch = 0.01}, .dac = {.offset = 1.0}, .adc_noise = 0.5};
  const auto rungs = study::converter_rungs(all, last);
  std::vector<std::string> names;
  for (const study::Rung& rung : rungs) {
    names.push_back(rung.name);
    CHECK(rung.fidelity == last.fidelity);
    CHECK(rung.converters.dacs);
  }
  CHECK(names == std::vector<std::string>{"dac", "adc_linearity", "adc_offset", "adc_noise"});
  CHECK(!rungs[1].converters.offset);
  CHECK(rungs[3].converters.offset);
  const auto offset = study::converter_rungs({.adc = {.offset = 1.0}, .dac = {}}, last);
  REQUIRE(offset.size() == 1);
  CHECK(offset[0].name == "adc_offset");
}

TEST_CASE("effects that do not act leave converters ideal", "[study][converters]") {
  const mapping::TilePlan& plan = plan_of_bits(6, 6);
  const auto drawn = drawn_from(
      {.adc = {.mismatch = 0.05, .offset = 3.0}, .dac = {.offset = 1.0}, .adc_noise = 1.0}, plan);
  const auto& layer = drawn->layers[0];
  CHECK(study::with_effects(layer, {}) == nullptr);
  const auto dacs = study::with_effects(layer, {.dacs = true});
  CHECK((*dacs)[0][0].adcs.empty());
  CHECK((*dacs)[0][0].dacs != nullptr);
  const auto bent = study::with_effects(layer, {.linearity = true});
  CHECK((*bent)[0][0].dacs == nullptr);
  CHECK((*bent)[0][0].adcs[0].errors.offset == 0.0);
  CHECK((*bent)[0][0].adcs[0].errors.gain == 1.0);
  CHECK((*bent)[0][0].adcs[0].noise == 0.0);
  // The ends of a straightened table are those of the ideal converter.
  const mapping::Converter converter = mapping::output_converter(plan, 1.0);
  const auto codes = codes_of((*bent)[0][0].adcs[0], converter);
  CHECK(codes.front() == -31.0F);
  CHECK(codes.back() == 31.0F);
  CHECK(codes != codes_of((*layer)[0][0].adcs[0], converter));
}

TEST_CASE("converters that nobody can draw are refused", "[study][converters]") {
  const mapping::TilePlan& plan = plan_of_bits(6, 6);
  const ConverterErrorOptions options{.adc = {.mismatch = 0.01}, .dac = {}};
  device::Technology no_cost = card();
  no_cost.cost.reset();
  CHECK_THROWS_WITH(study::draw_converters({.options = &options, .technology = &no_cost}, plan),
                    Catch::Contains("outputs_per_adc"));
  device::Technology no_analog = card();
  no_analog.analog.reset();
  CHECK_THROWS_AS(study::draw_converters({.options = &options, .technology = &no_analog}, plan),
                  InputError);
  CHECK(drawn_from({}, plan) == nullptr);
}
