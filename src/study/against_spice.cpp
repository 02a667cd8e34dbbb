// How far the behavioural fidelities are from ngspice, on the layers that ran in ngspice.
#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "report/numbers.hpp"
#include "study/machine.hpp"
#include "study/study_list.hpp"

namespace memspice::study {
namespace {

using network::Tensor;
using simulate::Fidelity;

/// A behavioural fidelity against ngspice on one layer's outputs, for the same inputs and ADCs.
struct Agreement {
  Fidelity fidelity;
  double rms = 0.0;        ///< of the difference, relative to the RMS of ngspice's outputs
  double max = 0.0;        ///< of the difference, relative to the largest of ngspice's outputs
  int changed_labels = 0;  ///< images whose label changes when this layer alone is replaced
};
struct LayerAgreement {
  std::string layer;
  std::vector<Agreement> fidelities;
};

constexpr int kImagesAtOnce = 50;  ///< images at a time: all of a layer's tensors are held for them

/// The operands that layer `id` sees when `machine` runs `batch`.
std::vector<Tensor> inputs_of_layer(const simulate::Machine& machine,
                                    network::LayerId id,
                                    const Tensor& batch,
                                    std::uint64_t first_image) {
  std::vector<Tensor> inputs;
  network::run_graph(
      *machine.graph, batch, [&](network::LayerId layer, std::span<const Tensor* const> operands) {
        if (layer == id) {
          for (const Tensor* operand : operands) inputs.push_back(*operand);
        }
        const auto kernel = machine.kernels.find(layer.value);
        return kernel == machine.kernels.end() ? Tensor{}
                                               : kernel->second->apply(operands, first_image);
      });
  return inputs;
}

struct DifferenceSum {
  double error = 0.0, signal = 0.0, largest_error = 0.0, largest_signal = 0.0;

  void add(const Tensor& found, const Tensor& spice) {
    for (std::size_t k = 0; k < spice.data.size(); ++k) {
      const double difference = double{found.data[k]} - double{spice.data[k]};
      error += difference * difference;
      signal += double{spice.data[k]} * double{spice.data[k]};
      largest_error = std::max(largest_error, std::abs(difference));
      largest_signal = std::max(largest_signal, std::abs(double{spice.data[k]}));
    }
  }
};

int count_changed(const std::vector<int>& a, const std::vector<int>& b) {
  int changed = 0;
  for (std::size_t k = 0; k < a.size(); ++k) changed += a[k] == b[k] ? 0 : 1;
  return changed;
}

/// The layer's outputs by `replacement` against the machine's own, on the same inputs.
DifferenceSum differences(const simulate::Machine& machine,
                          network::LayerId id,
                          const simulate::LayerKernel& replacement,
                          const network::Dataset& test) {
  DifferenceSum sum;
  for (int first = 0; first < test.count(); first += kImagesAtOnce) {
    const Tensor batch = test.batch(first, std::min(kImagesAtOnce, test.count() - first));
    const auto first_image = static_cast<std::uint64_t>(first);
    const std::vector<Tensor> inputs = inputs_of_layer(machine, id, batch, first_image);
    std::vector<const Tensor*> operands;
    for (const Tensor& input : inputs) operands.push_back(&input);
    sum.add(replacement.apply(operands, first_image),
            machine.kernels.at(id.value)->apply(operands, first_image));
  }
  return sum;
}

/// One fidelity against ngspice on one layer: its outputs for the same inputs, and the labels of
/// the network in which that layer alone is replaced.
Agreement compare(const Bench& bench,
                  const simulate::Machine& machine,
                  std::size_t layer,
                  Fidelity fidelity) {
  const network::LayerId id = bench.mapped->plan.layers[layer].layer;
  simulate::Machine replaced = machine;
  replaced.kernels[id.value] =
      build_kernel(bench, layer, fidelity, Fidelity::Spice, bench.last_rung().converters);
  const DifferenceSum sum = differences(machine, id, *replaced.kernels[id.value], *bench.test);
  const auto outcome =
      simulate::simulate(replaced, *bench.test, {.jobs = bench.jobs, .title = "compare"});
  return {.fidelity = fidelity,
          .rms = sum.signal > 0.0 ? std::sqrt(sum.error / sum.signal) : 0.0,
          .max = sum.largest_signal > 0.0 ? sum.largest_error / sum.largest_signal : 0.0,
          .changed_labels = count_changed(outcome.predictions, bench.last_outcome().predictions)};
}

nlohmann::ordered_json to_json(const std::vector<LayerAgreement>& layers) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const LayerAgreement& layer : layers) {
    json.push_back({{"layer", layer.layer}});
    for (const Agreement& row : layer.fidelities) {
      json.back()[std::string(row.fidelity.name())] = {
          {"rms", row.rms}, {"max", row.max}, {"changed_labels", row.changed_labels}};
    }
  }
  return json;
}

report::Section section_of(const std::vector<LayerAgreement>& layers) {
  report::Table table{.titles = {"layer", "fidelity", "RMS", "largest", "labels changed"},
                      .rows = {}};
  for (const LayerAgreement& layer : layers) {
    for (const Agreement& row : layer.fidelities) {
      table.rows.push_back({&row == &layer.fidelities.front() ? layer.layer : "",
                            std::string(row.fidelity.name()),
                            report::error_percent(row.rms),
                            report::error_percent(row.max),
                            report::with_thousands(row.changed_labels)});
    }
  }
  return {.title = "Layers that ran in SPICE",
          .lead =
              "What each fidelity gives in their place: difference of the layer's outputs "
              "behind the same ADCs, relative to SPICE's, and labels that change.",
          .tables = {{.table = std::move(table), .text_columns = 2}},
          .key = "against_spice",
          .json = report::share(to_json(layers))};
}

/// Every behavioural fidelity that the cells allow.
LayerAgreement compare_all(const Bench& bench,
                           const simulate::Machine& machine,
                           std::size_t layer) {
  LayerAgreement row{.layer = bench.mapped->plan.layers[layer].name, .fidelities = {}};
  for (const tile::ModelKind& model : tile::model_kinds()) {
    if (model.needs_law && !bench.array.has_law()) continue;
    row.fidelities.push_back(compare(bench, machine, layer, Fidelity(model.name)));
  }
  return row;
}

class AgainstSpiceStudy final : public Study {
 public:
  void run(const Bench& bench, report::RunReport& report) const override {
    const mapping::TilePlan& plan = bench.mapped->plan;
    const auto runs_in_spice = [&](const mapping::LayerPlan& layer) {
      return bench.last_rung().of(layer.name) == Fidelity::Spice;
    };
    if (std::ranges::none_of(plan.layers, runs_in_spice)) return;
    const simulate::Machine machine = build_machine(bench, bench.last_rung());
    std::vector<LayerAgreement> layers;
    for (std::size_t l = 0; l < plan.layers.size(); ++l) {
      if (runs_in_spice(plan.layers[l])) layers.push_back(compare_all(bench, machine, l));
    }
    report.sections.push_back(section_of(layers));
  }
};

}  // namespace

std::unique_ptr<const Study> make_against_spice_study() {
  return std::make_unique<AgainstSpiceStudy>();
}

}  // namespace memspice::study
