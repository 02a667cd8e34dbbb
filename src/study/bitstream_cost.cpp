#include "study/bitstream_cost.hpp"

#include <algorithm>

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

report::BitstreamUnit unit_row(const std::string& name,
                               double area,
                               double cycles,
                               double products,
                               const stochastic::GateCard& card) {
  return {.name = name,
          .area = area,
          .cycles = cycles,
          .latency = cycles / card.clock.value,
          .energy = stochastic::unit_energy(cycles, area, card),
          .density = stochastic::density(products, cycles, area, card)};
}

report::BitstreamUnit stream_row(const BitstreamOptions& options,
                                 const network::Graph& graph,
                                 const BitstreamCodes& codes,
                                 int parallel,
                                 const stochastic::GateCard& card) {
  const LayerCost total = total_cost(options, graph, codes, parallel);
  const double area = stochastic::stream_unit_area(card, unit_of(options, parallel)).total();
  return unit_row("bitstream, " + std::to_string(parallel) +
                      (parallel == 1 ? " bit per cycle" : " bits per cycle"),
                  area,
                  total.cycles,
                  total.multiplications,
                  card);
}

/// The fewest bits at which fixed point is as right as the bitstream network; N where none is.
int equal_bits(const report::BitstreamReport& report) {
  for (const report::BitstreamPoint& point : report.points) {
    if (point.fixed_point >= report.accuracy) return point.bits;
  }
  return report.bits;
}

/// A fixed-point unit that is as right as the bitstream network, for the same products.
report::BitstreamUnit word_row(const report::BitstreamReport& report,
                               stochastic::Product product,
                               const LayerCost& total,
                               const stochastic::GateCard& card) {
  const stochastic::WordUnit unit{.bits = report.equal_bits,
                                  .weight_bits = report.equal_bits,
                                  .guard_bits = report.guard_bits,
                                  .lanes = report.lanes,
                                  .product = product};
  const bool is_exact = product == stochastic::Product::Exact;
  return unit_row("fixed point, " + std::to_string(report.equal_bits) + " bits" +
                      (is_exact ? "" : ", products cut"),
                  stochastic::word_unit_area(card, unit).total(),
                  total.word_cycles,
                  total.multiplications,
                  card);
}

void add_units(const BitstreamOptions& options,
               const network::Graph& graph,
               const BitstreamCodes& codes,
               report::BitstreamReport& report) {
  const stochastic::GateCard& card = *options.gates;
  report.gates = card.name;
  const int configured = options.bitstream.parallel;
  report.units.push_back(stream_row(options, graph, codes, configured, card));
  for (int b = 1; b <= std::min(64, 1 << (options.bitstream.bits - 1)); b *= 2) {
    if (b != configured) report.units.push_back(stream_row(options, graph, codes, b, card));
  }
  const LayerCost total = total_cost(options, graph, codes, 1);
  for (const auto product : {stochastic::Product::Exact, stochastic::Product::Cut}) {
    report.units.push_back(word_row(report, product, total, card));
  }
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
  report.equal_bits = equal_bits(report);
  add_units(options, graph, *codes.first, report);
}

}  // namespace memspice::study
