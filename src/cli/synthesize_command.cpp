#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/stochastic_options.hpp"
#include "config/read_bitstream.hpp"
#include "report/text_table.hpp"
#include "stochastic/synthesize.hpp"
#include "stochastic/verilog.hpp"
#include "stochastic/word_verilog.hpp"

namespace memspice::cli {
namespace {

constexpr int kMostLanes = 256;  ///< what Yosys flattens in minutes

/// Areas of a lane with its share of what is shared [um^2].
struct AreaRow {
  std::string unit;
  int sum_bits = 0;
  bool is_single_cycle = true;
  double synthesized = 0.0, counted = 0.0;
};

/// Synthesizes unit after unit with the same cells.
class AreaList {
 public:
  AreaList(const stochastic::GateCard& card, std::string liberty)
      : card_(card), liberty_(std::move(liberty)) {}

  void add(const stochastic::UnitOptions& unit) {
    const std::string name = "bitstream, parallel " + stochastic::parallel_text(unit.parallel);
    add({.unit = name,
         .sum_bits = unit.bits + unit.guard_bits,
         .is_single_cycle = unit.takes_all()},
        {lane_verilog(unit) + vector_unit_verilog(unit), "bitstream_vector_unit"},
        stochastic::stream_unit_area(card_, unit));
  }
  void add(const stochastic::WordUnit& unit) {
    add({.unit = "fixed point, " + std::string(name_of(stochastic::kProductNames, unit.product)),
         .sum_bits = unit.sum_bits()},
        {word_unit_verilog(unit), "word_vector_unit"},
        stochastic::word_unit_area(card_, unit));
  }

  const std::vector<AreaRow>& rows() const { return rows_; }

 private:
  void add(AreaRow row, const stochastic::Design& design, const stochastic::UnitArea& counted) {
    row.synthesized = stochastic::synthesize_area(design, liberty_) / counted.lanes;
    row.counted = 1e12 * counted.total() / counted.lanes;
    rows_.push_back(row);
  }

  const stochastic::GateCard& card_;
  std::string liberty_;
  std::vector<AreaRow> rows_;
};

AreaList list_areas(const StochasticOptions& options, stochastic::UnitOptions unit) {
  const stochastic::GateCard card = config::load_gate_card(options.gates);
  AreaList list(
      card, options.liberty.empty() ? stochastic::liberty_text(card) : read_file(options.liberty));
  if (!unit.takes_all()) list.add(unit);
  unit.parallel = stochastic::kWholeStream;
  list.add(unit);
  for (const auto product : {stochastic::Product::Exact,
                             stochastic::Product::Cut,
                             stochastic::Product::Truncated,
                             stochastic::Product::FixedWidth}) {
    list.add(stochastic::WordUnit{.bits = unit.bits,
                                  .weight_bits = unit.bits,
                                  .guard_bits = unit.guard_bits,
                                  .lanes = unit.lanes,
                                  .product = product});
  }
  return list;
}

/// The area of the closed form, which all units are held against.
const AreaRow& closed_form(const std::vector<AreaRow>& rows) {
  return rows[rows[0].is_single_cycle ? 0 : 1];
}

nlohmann::ordered_json to_json(const StochasticOptions& options,
                               const stochastic::UnitOptions& unit,
                               const std::vector<AreaRow>& rows) {
  nlohmann::ordered_json units = nlohmann::ordered_json::array();
  for (const AreaRow& row : rows) {
    units.push_back({{"unit", row.unit},
                     {"sum_bits", row.sum_bits},
                     {"single_cycle", row.is_single_cycle},
                     {"area_per_lane", row.synthesized},
                     {"gate_count_per_lane", row.counted},
                     {"over_closed_form", row.synthesized / closed_form(rows).synthesized},
                     {"gate_count_over_closed_form", row.counted / closed_form(rows).counted}});
  }
  return {{"bits", unit.bits},
          {"guard_bits", unit.guard_bits},
          {"lanes", unit.lanes},
          {"liberty", options.liberty},
          {"gates", options.gates},
          {"units", units}};
}

std::string text_of(const StochasticOptions& options,
                    const stochastic::UnitOptions& unit,
                    const std::vector<AreaRow>& rows) {
  report::TextTable table({{"unit", report::Align::Left},
                           {"sums"},
                           {"Yosys"},
                           {"gate count"},
                           {"over closed form"},
                           {"by gate count"}});
  for (const AreaRow& row : rows) {
    table.add({row.unit,
               std::to_string(row.sum_bits),
               to_text_rounded(row.synthesized, 4),
               to_text_rounded(row.counted, 4),
               to_text_rounded(row.synthesized / closed_form(rows).synthesized, 3),
               to_text_rounded(row.counted / closed_form(rows).counted, 3)});
  }
  return "Area of a lane with its share of what is shared [um2], " + std::to_string(unit.bits) +
         " bits, " + std::to_string(unit.lanes) + " lanes, unsigned activations;\nYosys with " +
         (options.liberty.empty() ? "the cells of the gate card" : "the given cells") +
         ", gate count by the card " + options.gates +
         ". Sums: bits of an accumulator.\nParallel all and fixed point take a weight a cycle: "
         "there areas over that of the closed form are operations per area.\n\n" +
         table.str();
}

}  // namespace

void synthesize(const StochasticOptions& options) {
  apply_common(options.common);
  const stochastic::UnitOptions unit = unit_of(options);
  if (unit.lanes > kMostLanes) {
    throw InputError({.place = "--lanes",
                      .value = options.lanes,
                      .rule = "synthesis takes at most " + std::to_string(kMostLanes) + " lanes",
                      .remedy = "16 lanes tell the area of a lane to within what is shared"});
  }
  const AreaList list = list_areas(options, unit);
  print(options.common.json ? to_json(options, unit, list.rows()).dump() + '\n'
                            : text_of(options, unit, list.rows()));
}

}  // namespace memspice::cli
