#include "study/bitstream_cost.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "mapping/weight_matrix.hpp"
#include "stochastic/cost.hpp"

namespace memspice::study {
namespace {

using stochastic::LayerCost;

stochastic::UnitOptions unit_of(const BitstreamOptions& options, int parallel) {
  return {.form = stochastic::Form::Mixed,
          .bits = options.bitstream.bits,
          .guard_bits = options.bitstream.guard_bits,
          .lanes = options.bitstream.lanes,
          .parallel = parallel};
}

LayerCost cost_of(const BitstreamOptions& options,
                  const network::Graph& graph,
                  int id,
                  const stochastic::LayerCodes& codes,
                  int parallel) {
  return stochastic::layer_cost(codes,
                                mapping::vectors_per_image(graph, network::LayerId{id}),
                                unit_of(options, parallel),
                                options.bitstream.batch);
}

/// All layers together.
LayerCost total_cost(const BitstreamOptions& options,
                     const network::Graph& graph,
                     const BitstreamCodes& codes,
                     int parallel) {
  LayerCost total;
  for (const auto& [id, layer] : codes) {
    const LayerCost cost = cost_of(options, graph, id, *layer, parallel);
    total.multiplications += cost.multiplications;
    total.mean_cycles += cost.mean_cycles * cost.multiplications;  // divided below
    total.cycles += cost.cycles;
    total.word_cycles += cost.word_cycles;
  }
  total.mean_cycles /= total.multiplications;
  return total;
}

/// A unit with signs on both sides where any layer needs it.
stochastic::UnitOptions built_unit(const BitstreamOptions& options,
                                   const BitstreamCodes& codes,
                                   int parallel) {
  stochastic::UnitOptions unit = unit_of(options, parallel);
  const bool is_signed = std::ranges::any_of(codes, [](const auto& layer) {
    return layer.second->precision.form == stochastic::Form::Signed;
  });
  if (is_signed) unit.form = stochastic::Form::Signed;
  return unit;
}

/// Fills what follows from area and cycles.
report::BitstreamUnit priced(report::BitstreamUnit unit,
                             double products,
                             const stochastic::GateCard& card) {
  unit.latency = unit.cycles / card.clock.value;
  unit.energy = stochastic::unit_energy(unit.cycles, unit.area, card);
  unit.density = stochastic::density(products, unit.cycles, unit.area, card);
  return unit;
}

std::string stream_name(int parallel) {
  if (parallel == stochastic::kWholeStream) return "bitstream, whole in one cycle";
  return "bitstream, " + std::to_string(parallel) +
         (parallel == 1 ? " bit per cycle" : " bits per cycle");
}

report::BitstreamUnit stream_row(const BitstreamOptions& options,
                                 const network::Graph& graph,
                                 const BitstreamCodes& codes,
                                 int parallel,
                                 const report::BitstreamReport& report) {
  const LayerCost total = total_cost(options, graph, codes, parallel);
  const stochastic::UnitOptions unit = built_unit(options, codes, parallel);
  return priced({.name = stream_name(parallel),
                 .bits = unit.bits,
                 .sum_bits = unit.bits + unit.guard_bits,
                 .accuracy = report.accuracy,
                 .area = stochastic::stream_unit_area(*options.gates, unit).total(),
                 .cycles = total.cycles},
                total.multiplications,
                *options.gates);
}

const simulate::Share& accuracy_of(const report::BitstreamPoint& point,
                                   stochastic::Product product) {
  switch (product) {
    case stochastic::Product::Exact:
      return point.fixed_point;
    case stochastic::Product::Cut:
      return point.cut;
    case stochastic::Product::Truncated:
      return point.truncated;
    case stochastic::Product::FixedWidth:
      break;
  }
  return point.fixed_width;
}

/// The fewest bits at which fixed point is as right as the bitstream network; none where none is.
const report::BitstreamPoint* equal_point(const report::BitstreamReport& report,
                                          stochastic::Product product) {
  const auto found = std::ranges::find_if(report.points, [&](const auto& point) {
    return accuracy_of(point, product) >= report.accuracy;
  });
  return found == report.points.end() ? nullptr : &*found;
}

/// A fixed-point unit with as many bits as the point has, for the same products.
report::BitstreamUnit word_row(const report::BitstreamReport& report,
                               const report::BitstreamPoint& point,
                               stochastic::Product product,
                               const LayerCost& total,
                               const stochastic::GateCard& card) {
  const stochastic::WordUnit unit{.bits = point.bits,
                                  .weight_bits = point.bits,
                                  .guard_bits = report.guard_bits,
                                  .lanes = report.lanes,
                                  .product = product};
  return priced(
      {.name = "fixed point, " + std::string(memspice::name_of(stochastic::kProductNames, product)),
       .bits = unit.bits,
       .sum_bits = unit.sum_bits(),
       .accuracy = accuracy_of(point, product),
       .area = stochastic::word_unit_area(card, unit).total(),
       .cycles = total.word_cycles},
      total.multiplications,
      card);
}

void add_word_rows(const LayerCost& total,
                   const stochastic::GateCard& card,
                   report::BitstreamReport& report) {
  const auto own = std::ranges::find(report.points, report.bits, &report::BitstreamPoint::bits);
  for (const auto product : {stochastic::Product::Exact,
                             stochastic::Product::Cut,
                             stochastic::Product::Truncated,
                             stochastic::Product::FixedWidth}) {
    report.units.push_back(word_row(report, *own, product, total, card));
    const report::BitstreamPoint* equal = equal_point(report, product);
    if (equal != nullptr && equal->bits != report.bits) {
      report.units.push_back(word_row(report, *equal, product, total, card));
    }
  }
}

void add_units(const BitstreamOptions& options,
               const network::Graph& graph,
               const BitstreamCodes& codes,
               report::BitstreamReport& report) {
  const stochastic::GateCard& card = *options.gates;
  report.gates = card.name;
  const int configured = options.bitstream.parallel;
  std::vector<int> choices{configured};
  for (int b = 1; b <= std::min(64, 1 << (options.bitstream.bits - 1)); b *= 2) {
    if (b != configured) choices.push_back(b);
  }
  if (configured != stochastic::kWholeStream) choices.push_back(stochastic::kWholeStream);
  double most = 0.0;
  for (const int b : choices) {
    report.units.push_back(stream_row(options, graph, codes, b, report));
    most = std::max(most, report.units.back().density);
  }
  add_word_rows(total_cost(options, graph, codes, 1), card, report);
  for (report::BitstreamUnit& unit : report.units) unit.gain = most / unit.density;
}

/// A layer as configured beside its cycles with weights of all N bits.
report::BitstreamLayer layer_row(const std::string& name,
                                 const stochastic::Precision& precision,
                                 const LayerCost& cost,
                                 const LayerCost& full) {
  return {.name = name,
          .form = std::string(stochastic::to_text(precision.form)),
          .bits = precision.weight_bits,
          .products = cost.multiplications,
          .mean_magnitude = cost.mean_magnitude,
          .mean_cycles = cost.mean_cycles,
          .cycles = cost.cycles,
          .full_cycles = full.cycles};
}

}  // namespace

double mean_cycles(const BitstreamOptions& options,
                   const network::Graph& graph,
                   const BitstreamCodes& codes) {
  return total_cost(options, graph, codes, options.bitstream.parallel).mean_cycles;
}

void add_costs(const BitstreamOptions& options,
               const network::Graph& graph,
               std::pair<const BitstreamCodes*, const BitstreamCodes*> codes,
               report::BitstreamReport& report) {
  const int parallel = options.bitstream.parallel;
  double cycles = 0.0, full_cycles = 0.0;
  for (const auto& [id, layer] : *codes.first) {
    const LayerCost cost = cost_of(options, graph, id, *layer, parallel);
    const LayerCost full = cost_of(options, graph, id, *codes.second->at(id), parallel);
    cycles += cost.cycles;
    full_cycles += full.cycles;
    report.layers.push_back(
        layer_row(graph.layer(network::LayerId{id}).name, layer->precision, cost, full));
  }
  report.precision_gain = full_cycles / cycles;
  const report::BitstreamPoint* equal = equal_point(report, stochastic::Product::Exact);
  report.equal_bits = equal == nullptr ? report.bits : equal->bits;
  add_units(options, graph, *codes.first, report);
}

}  // namespace memspice::study
