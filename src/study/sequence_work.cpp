#include "study/sequence_work.hpp"

#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "network/digital_work.hpp"
#include "report/numbers.hpp"

namespace memspice::study {
namespace {

using network::DigitalWork;

struct WorkRow {
  std::string layer, operation;
  DigitalWork work;
  spectral::DigitalCost cost;

  WorkRow& operator+=(const WorkRow& other) {
    work += other.work;
    cost += other.cost;
    return *this;
  }
};

spectral::Counts counts_of(const DigitalWork& work) {
  return {.multiplications = work.multiplications,
          .additions = work.additions,
          .words_in = work.words_in,
          .words_kernel = 0,
          .words_out = work.words_out};
}

std::vector<WorkRow> rows_of(const network::Graph& graph, const SequenceWorkOptions& options) {
  std::vector<WorkRow> rows;
  for (const network::LayerId id : graph.topological_order()) {
    const auto work = network::digital_work(graph, id);
    if (!work) continue;
    const network::Layer& layer = graph.layer(id);
    rows.push_back({.layer = layer.name,
                    .operation = network::operation_name(layer.operation),
                    .work = *work,
                    .cost = spectral::price(counts_of(*work), options.card, options.lanes)});
  }
  return rows;
}

WorkRow total_of(const std::vector<WorkRow>& rows) {
  WorkRow total{.layer = "all", .operation = "", .work = {}, .cost = {}};
  for (const WorkRow& row : rows) total += row;
  return total;
}

nlohmann::ordered_json to_json(const WorkRow& row) {
  return {{"multiplications", row.work.multiplications},
          {"additions", row.work.additions},
          {"functions", row.work.functions},
          {"words", row.work.words_in + row.work.words_out},
          {"energy_joule", row.cost.energy()},
          {"latency_seconds", row.cost.latency}};
}

nlohmann::ordered_json to_json(const std::vector<WorkRow>& rows,
                               const SequenceWorkOptions& options) {
  nlohmann::ordered_json json{{"card", options.card.name}, {"lanes", options.lanes}};
  json.update(to_json(total_of(rows)));
  json["layers"] = nlohmann::ordered_json::array();
  for (const WorkRow& row : rows) {
    nlohmann::ordered_json layer{{"name", row.layer}, {"operation", row.operation}};
    layer.update(to_json(row));
    json["layers"].push_back(std::move(layer));
  }
  return json;
}

std::vector<std::string> cells_of(const WorkRow& row) {
  return {row.layer,
          row.operation,
          report::with_thousands(row.work.multiplications),
          report::with_thousands(row.work.additions),
          report::with_thousands(row.work.functions),
          format_quantity(row.cost.energy(), Unit::Joule, 3),
          format_quantity(row.cost.latency, Unit::Second, 3)};
}

class SequenceWorkStudy final : public Study {
 public:
  explicit SequenceWorkStudy(SequenceWorkOptions options) : options_(std::move(options)) {}

  void run(const Bench& bench, report::RunReport& report) const override {
    if (!network::has_sequence_work(*bench.graph)) return;
    const std::vector<WorkRow> rows = rows_of(*bench.graph, options_);
    report::Table table{
        .titles = {"layer", "operation", "multiply", "add", "functions", "energy", "time"},
        .rows = {}};
    for (const WorkRow& row : rows) table.rows.push_back(cells_of(row));
    table.rows.push_back(cells_of(total_of(rows)));
    report.sections.push_back(
        {.title = "Gates and attention, digital",
         .lead =
             "Per image, beside the crossbars and not in their energy and latency: on a unit of " +
             std::to_string(options_.lanes) + " multiplier and adder pairs, card " +
             options_.card.name + ". Functions are counted, not priced.",
         .tables = {{.table = std::move(table), .text_columns = 2, .has_total = true}},
         .key = "sequence_digital",
         .json = report::share(to_json(rows, options_))});
  }

 private:
  SequenceWorkOptions options_;
};

}  // namespace

std::unique_ptr<const Study> make_sequence_work_study(SequenceWorkOptions options) {
  return std::make_unique<SequenceWorkStudy>(std::move(options));
}

}  // namespace memspice::study
