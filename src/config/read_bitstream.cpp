#include "config/read_bitstream.hpp"

#include <cmath>

#include "base/text.hpp"
#include "config/inner_table.hpp"
#include "config/named_card.hpp"
#include "config/read_figure.hpp"

namespace memspice::config {
namespace {

constexpr const char* kBitstreamTable = "bitstream";
constexpr const char* kLayerBits = "layer_bits";

void read_unit(Section& section, stochastic::Options& bitstream) {
  const IntegerRange bits{.low = stochastic::kLeastBits, .high = stochastic::kMostBits};
  section.read({"bits", "N: a product is a stream of 2^N bits"}, bitstream.bits, bits);
  section.read({"guard_bits", "bits of the accumulators beyond N"},
               bitstream.guard_bits,
               {.low = 0, .high = 14});
  section.read(
      {"parallel", "stream bits a cycle, a power of two; all: the closed form in one cycle"},
      bitstream.parallel,
      {.low = 1, .high = 65536},
      {{"all", stochastic::kWholeStream}});
  section.read(
      {"lanes", "multipliers that share a weight"}, bitstream.lanes, {.low = 1, .high = 65536});
  section.read({"batch", "images whose vectors share the lanes"},
               bitstream.batch,
               {.low = 1, .high = 1'000'000});
}

void require_tables(TomlDocument& flow, const Section& section) {
  for (const char* table : {"layer_bits", "faults"}) {
    const Entry* entry = flow.find(kBitstreamTable, table);
    if (entry != nullptr && !entry->is_table) {
      section.reject(table, "must be a table", "write [bitstream." + std::string(table) + "]");
    }
  }
}

/// Keys "layer_bits.NAME" of the table: one per layer that differs.
void read_layer_bits(Section& section, stochastic::Options& options) {
  const std::string table = kLayerBits;
  for (const std::string& layer : names_within(section, table)) {
    section.read({table + '.' + layer,
                  "bits of the weights of one layer, at most bits",
                  {.standard = "bits"}},
                 options.layer_bits[layer],
                 {.low = stochastic::kLeastBits, .high = stochastic::kMostBits});
  }
}

void read_sweep(Section& section, std::vector<int>& sweep) {
  std::vector<double> values;
  const Key key{"sweep",
                "further streams 2^N that all layers are scored at",
                {.range = "whole numbers, 2 to 16"}};
  if (!section.read(key, values, Unit::None)) return;
  for (const double value : values) {
    if (value != std::trunc(value) || value < stochastic::kLeastBits ||
        value > stochastic::kMostBits) {
      section.reject("sweep", "each must be a whole number, 2 to 16", "for example [4, 6, 8]");
    }
    sweep.push_back(static_cast<int>(value));
  }
}

void read_bitstream_faults(Section& section, stochastic::FaultOptions& faults) {
  section.read({"faults.rates",
                "probabilities that a bit flips; none: no curve of faults",
                {.range = "0 to 1"}},
               faults.rates,
               Unit::None);
  section.read({"faults.samples", "seeds per rate"}, faults.samples, {.low = 2, .high = 1'000'000});
  section.read({"faults.images", "how many of the test images the curve is taken of"},
               faults.images,
               {.low = 1, .high = 1'000'000'000});
}

/// Runs the options' own checks; "bitstream.faults.rates" is key "faults.rates" of the table.
void validate(const TomlDocument& flow, const stochastic::Options& options) {
  try {
    options.validate(kBitstreamTable);
  } catch (const InputError& error) {
    const std::string& place = error.fault().place;
    flow.reject(kBitstreamTable, place.substr(place.find('.') + 1), error.fault());
  }
}

}  // namespace

void read_bitstream(TomlDocument& flow, FlowOptions& options) {
  stochastic::Options& bitstream = options.bitstream;
  Section section(flow, kBitstreamTable);
  read_unit(section, bitstream);
  double percentile = 0.0;
  const Key key{
      "activation_percentile",
      "of |input| on the calibration images: what full scale stands for",
      {.range = kPercentileRange, .standard = "what loses least of each layer's inputs, squared"}};
  if (section.read(key, percentile, Unit::None)) bitstream.activation_percentile = percentile;
  section.read({"gates", "card in device_models/gates/, or a path: area, energy and clock"},
               bitstream.gates);
  section.choose({"form",
                  "of the products; auto: mixed where inputs are never negative",
                  {.range = "auto, signed, mixed"}},
                 bitstream.form,
                 name_of(stochastic::kFormNames, bitstream.form),
                 stochastic::parse_form);
  read_sweep(section, bitstream.sweep);
  require_tables(flow, section);
  read_bitstream_faults(section, bitstream.faults);
  read_layer_bits(section, bitstream);
  validate(flow, bitstream);
}

stochastic::GateCard load_gate_card(const std::string& name) {
  TomlDocument document(named_card_file("gates", name));
  stochastic::GateCard card;
  card.name = read_card_name(document);
  const auto read = [&](const char* figure, device::Figure& to, Unit unit) {
    to = read_figure(document, figure, unit, Bound::Positive);
  };
  read("nand2", card.nand2, Unit::SquareMetre);
  read("and2", card.and2, Unit::SquareMetre);
  read("xor2", card.xor2, Unit::SquareMetre);
  read("mux2", card.mux2, Unit::SquareMetre);
  read("half_adder", card.half_adder, Unit::SquareMetre);
  read("full_adder", card.full_adder, Unit::SquareMetre);
  read("flip_flop", card.flip_flop, Unit::SquareMetre);
  read("gate_energy", card.gate_energy, Unit::Joule);
  read("clock", card.clock, Unit::Hertz);
  document.finish();
  return card;
}

}  // namespace memspice::config
