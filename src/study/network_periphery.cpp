#include "study/network_periphery.hpp"

#include <algorithm>

#include "base/stopwatch.hpp"
#include "study/array_step.hpp"
#include "study/machine.hpp"
#include "study/periphery_requests.hpp"

namespace memspice::study {
namespace {

using periphery::PeripheryModel;
using simulate::Fidelity;

bool is_same(const periphery::CurveRequest& a, const periphery::CurveRequest& b) {
  return a.block.circuit == b.block.circuit && a.block.realisation == b.block.realisation &&
         a.block.sizes == b.block.sizes && a.reduction == b.reduction && a.common == b.common;
}

StageRequests collect(const PeripheryOptions& options,
                      const Bench& bench,
                      const device::AnalogFigures& figures) {
  const network::Graph& graph = *bench.graph;
  const network::ActivationRanges& ranges = bench.mapped->activations.ranges;
  StageRequests all = crossbar_requests(options, bench, figures);
  StageRequests functions = function_requests(options, graph, ranges, figures.signal.value);
  std::move(functions.requests.begin(), functions.requests.end(), std::back_inserter(all.requests));
  std::move(functions.exact.begin(), functions.exact.end(), std::back_inserter(all.exact));
  return all;
}

/// Each distinct circuit once, and which of them each request needs.
struct DistinctCurves {
  std::vector<periphery::CurveRequest> curves;
  std::vector<std::size_t> of_request;
};

DistinctCurves distinct_curves(const std::vector<StageRequest>& requests) {
  DistinctCurves distinct;
  for (const StageRequest& request : requests) {
    const auto found = std::ranges::find_if(
        distinct.curves, [&](const auto& other) { return is_same(request.curve, other); });
    distinct.of_request.push_back(static_cast<std::size_t>(found - distinct.curves.begin()));
    if (found == distinct.curves.end()) distinct.curves.push_back(request.curve);
  }
  return distinct;
}

PeripheryStage stage_of(const StageRequest& request, std::shared_ptr<const PeripheryModel> model) {
  return {.part = request.part,
          .layer = request.layer,
          .plan_layer = request.plan_layer,
          .curve = std::make_shared<simulate::ScaledCurve>(
              std::move(model), request.volts_in, request.volts_out),
          .stages = request.stages};
}

std::vector<PeripheryStage> characterize_stages(const periphery::Options& settings,
                                                const std::vector<StageRequest>& requests,
                                                const device::AnalogFigures& figures,
                                                engine::Engine& engine) {
  const DistinctCurves distinct = distinct_curves(requests);
  std::vector<std::shared_ptr<const PeripheryModel>> models;
  for (PeripheryModel& model :
       periphery::characterize_curves(distinct.curves, figures, engine, settings)) {
    models.push_back(std::make_shared<PeripheryModel>(std::move(model)));
  }
  std::vector<PeripheryStage> stages;
  for (std::size_t k = 0; k < requests.size(); ++k) {
    stages.push_back(stage_of(requests[k], models[distinct.of_request[k]]));
  }
  return stages;
}

std::shared_ptr<const simulate::ScaledCurve> curve_of(const NetworkPeriphery& periphery,
                                                      const std::set<PeripheryPart>& chosen,
                                                      PeripheryPart part,
                                                      int layer) {
  if (!chosen.contains(part)) return nullptr;
  for (const PeripheryStage& stage : periphery.stages) {
    if (stage.part == part && stage.layer == layer) return stage.curve;
  }
  return nullptr;
}

std::unique_ptr<simulate::LayerKernel> crossbar_with(const Bench& bench,
                                                     std::size_t l,
                                                     const NetworkPeriphery& periphery,
                                                     const std::set<PeripheryPart>& chosen) {
  const mapping::LayerPlan& layer = bench.mapped->plan.layers[l];
  const Rung& rung = bench.last_rung();
  const Fidelity fidelity = rung.of(layer.name);
  const int id = layer.layer.value;
  return behavioural_kernel(bench,
                            l,
                            fidelity,
                            {.driver = curve_of(periphery, chosen, PeripheryPart::Converters, id),
                             .readout = curve_of(periphery, chosen, PeripheryPart::Readout, id)},
                            adc_setting(bench, l, fidelity, rung.converters));
}

/// The network of the last pass with `chosen` parts of the periphery.
simulate::Machine build_periphery_machine(const Bench& bench,
                                          const NetworkPeriphery& periphery,
                                          const std::set<PeripheryPart>& chosen) {
  simulate::Machine machine = build_machine(bench, bench.last_rung());
  for (const PeripheryStage& stage : periphery.stages) {
    if (!chosen.contains(stage.part)) continue;
    auto& kernel = machine.kernels[stage.layer];
    if (stage.plan_layer < 0) {
      kernel = simulate::make_periphery_kernel(
          bench.graph->layer(network::LayerId{stage.layer}), stage.curve, stage.stages);
    } else {
      kernel = crossbar_with(bench, static_cast<std::size_t>(stage.plan_layer), periphery, chosen);
    }
  }
  return machine;
}

simulate::Outcome score(const Bench& bench,
                        const simulate::Machine& machine,
                        const std::string& title) {
  return simulate::simulate(
      machine, *bench.test, {.jobs = bench.jobs, .title = "simulate " + title});
}

/// The same tiles behind converters that neither round nor clip.
simulate::Outcome score_without_converters(const Bench& bench) {
  Mapped mapped = *bench.mapped;
  mapped.plan = mapping::with_ideal_converters(std::move(mapped.plan));
  Bench ideal = bench;
  ideal.mapped = &mapped;
  ideal.adcs = std::make_shared<AdcSettings>();
  ideal.converters = nullptr;
  return score(bench, build_machine(ideal, bench.last_rung()), "ideal converters");
}

report::PeripheryCost cost_of_part(const NetworkPeriphery& periphery, PeripheryPart part) {
  report::PeripheryCost cost{.part = name_of(part)};
  std::set<const PeripheryModel*> models;
  for (const PeripheryStage& stage : periphery.stages) {
    if (stage.part != part) continue;
    ++cost.layers;
    models.insert(&stage.curve->model());
    cost.error = std::max(cost.error, stage.curve->model().error.max);
  }
  cost.circuits = static_cast<int>(models.size());
  return cost;
}

/// Settlings per image: one per output, and those of a tree's stages before it.
long uses_of(const PeripheryStage& stage, const network::Graph& graph) {
  const auto outputs =
      static_cast<long>(network::element_count(graph.shape_of(network::LayerId{stage.layer})));
  long uses = 0;
  long behind = 1;
  for (int k = 0; k < stage.stages; ++k, behind *= stage.curve->model().inputs) uses += behind;
  return outputs * uses;
}

report::PeripheryCircuit circuit_of(const PeripheryStage& stage, const network::Graph& graph) {
  const PeripheryModel& model = stage.curve->model();
  return {.layer = graph.layer(network::LayerId{stage.layer}).name,
          .circuit = model.name,
          .size = model.size,
          .full_scale = model.curve_in.cwiseAbs().maxCoeff() / stage.curve->volts_in(),
          .error_max = model.error.max,
          .error_rms = model.error.rms,
          .curve_error = stage.part == PeripheryPart::Converters
                             ? std::nullopt
                             : std::optional(model.interpolation_error),
          .offset = model.offset,
          .settling = model.settling_time,
          .energy = model.energy,
          .uses = stage.plan_layer >= 0 ? 0L : uses_of(stage, graph)};
}

class PeripheryStudy final : public Study {
 public:
  explicit PeripheryStudy(const NetworkPeriphery* periphery) : periphery_(periphery) {}

  void run(const Bench& bench, report::RunReport& report) const override {
    if (periphery_ == nullptr) return;
    const Stopwatch stopwatch;
    report::NetworkPeripheryReport found;
    found.base_name = bench.last_rung().name;
    found.base = found.all = share_of(bench.last_outcome());
    add_parts(bench, found);
    const simulate::Outcome no_converters = score_without_converters(bench);
    found.no_converters = share_of(no_converters);
    found.no_converters_change = paired_change(bench.last_outcome(), no_converters);
    for (const PeripheryStage& stage : periphery_->stages) {
      found.circuits.push_back(circuit_of(stage, *bench.graph));
    }
    found.array = periphery_->array;
    found.exact = periphery_->exact;
    found.seconds = stopwatch.seconds();
    report.periphery = std::move(found);
  }

 private:
  simulate::Outcome score_with(const Bench& bench,
                               const std::set<PeripheryPart>& chosen,
                               const std::string& title) const {
    return score(bench, build_periphery_machine(bench, *periphery_, chosen), title);
  }

  /// Each part alone, and added to those before it.
  void add_parts(const Bench& bench, report::NetworkPeripheryReport& found) const {
    std::set<PeripheryPart> together;
    for (const PeripheryPart part : kPeripheryParts) {
      if (!periphery_->parts.contains(part)) continue;
      report::PeripheryCost cost = cost_of_part(*periphery_, part);
      if (cost.layers == 0) continue;
      together.insert(part);
      const simulate::Outcome alone = score_with(bench, {part}, cost.part);
      const simulate::Outcome all =
          together.size() == 1 ? alone : score_with(bench, together, "with " + cost.part);
      cost.alone = share_of(alone);
      cost.alone_change = paired_change(bench.last_outcome(), alone);
      found.all = cost.together = share_of(all);
      found.all_change = cost.together_change = paired_change(bench.last_outcome(), all);
      found.dice = all.dice;
      found.parts.push_back(cost);
    }
  }

  const NetworkPeriphery* periphery_;
};

}  // namespace

std::optional<NetworkPeriphery> characterize_network_periphery(const PeripheryOptions& options,
                                                               const device::Technology& technology,
                                                               const Bench& bench) {
  if (options.in_network.empty()) return std::nullopt;
  const device::AnalogFigures& figures = technology.require_analog();
  StageRequests requests = collect(options, bench, figures);
  periphery::Options settings = options.characterize;
  settings.seed = bench.seed;
  return NetworkPeriphery{
      .parts = options.in_network,
      .stages = characterize_stages(settings, requests.requests, figures, *bench.spice.engine),
      .array = step_largest_tile(bench, technology, settings.bits),
      .exact = std::move(requests.exact)};
}

std::unique_ptr<const Study> make_periphery_study(const NetworkPeriphery* periphery) {
  return std::make_unique<PeripheryStudy>(periphery);
}

}  // namespace memspice::study
