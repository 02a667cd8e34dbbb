#include "flow/network_periphery.hpp"

#include <algorithm>
#include <chrono>

#include "flow/array_step.hpp"
#include "flow/machine.hpp"
#include "flow/periphery_requests.hpp"

namespace memspice::flow {
namespace {

using config::PeripheryPart;
using periphery::PeripheryModel;
using simulate::Fidelity;

bool is_same(const periphery::CurveRequest& a, const periphery::CurveRequest& b) {
  return a.block.circuit == b.block.circuit && a.block.realisation == b.block.realisation &&
         a.block.sizes == b.block.sizes && a.reduction == b.reduction && a.common == b.common;
}

StageRequests collect(const config::FlowOptions& options,
                      const Parts& parts,
                      const Pass& pass,
                      const device::AnalogFigures& figures) {
  const network::Graph& graph = parts.inputs->graph;
  const network::ActivationRanges ranges = network::measure_ranges(
      graph, parts.inputs->calibration.images, options.converters.dac_percentile);
  StageRequests all = crossbar_requests(options, parts, pass, figures);
  StageRequests functions = function_requests(options, graph, ranges, figures.signal.value);
  std::move(functions.requests.begin(), functions.requests.end(), std::back_inserter(all.requests));
  std::move(functions.exact.begin(), functions.exact.end(), std::back_inserter(all.exact));
  return all;
}

/// Each distinct circuit once.
std::vector<PeripheryStage> characterize_stages(const config::FlowOptions& options,
                                                const std::vector<StageRequest>& requests,
                                                const device::AnalogFigures& figures,
                                                engine::Engine& engine) {
  std::vector<periphery::CurveRequest> distinct;
  std::vector<std::size_t> which;
  for (const StageRequest& request : requests) {
    const auto found = std::find_if(distinct.begin(), distinct.end(), [&](const auto& other) {
      return is_same(request.curve, other);
    });
    which.push_back(static_cast<std::size_t>(found - distinct.begin()));
    if (found == distinct.end()) distinct.push_back(request.curve);
  }
  periphery::Options settings = options.periphery.characterize;
  settings.seed = options.seed;
  std::vector<std::shared_ptr<const PeripheryModel>> models;
  for (PeripheryModel& model :
       periphery::characterize_curves(distinct, figures, engine, settings)) {
    models.push_back(std::make_shared<PeripheryModel>(std::move(model)));
  }
  std::vector<PeripheryStage> stages;
  for (std::size_t k = 0; k < requests.size(); ++k) {
    const StageRequest& request = requests[k];
    stages.push_back({.part = request.part,
                      .layer = request.layer,
                      .plan_layer = request.plan_layer,
                      .curve = std::make_shared<simulate::ScaledCurve>(
                          models[which[k]], request.volts_in, request.volts_out),
                      .stages = request.stages});
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

std::unique_ptr<simulate::LayerKernel> crossbar_with(const config::FlowOptions& options,
                                                     const Parts& parts,
                                                     const Pass& pass,
                                                     std::size_t l,
                                                     const NetworkPeriphery& periphery,
                                                     const std::set<PeripheryPart>& chosen) {
  const mapping::LayerPlan& layer = parts.mapped->plan.layers[l];
  const Fidelity fidelity = fidelity_of(options, layer.name, pass);
  const int id = layer.layer.value;
  return behavioural_kernel(parts,
                            l,
                            fidelity,
                            {.driver = curve_of(periphery, chosen, PeripheryPart::Converters, id),
                             .readout = curve_of(periphery, chosen, PeripheryPart::Readout, id)},
                            choose_adc(parts, l, fidelity));
}

simulate::Outcome score(const config::FlowOptions& options,
                        const Parts& parts,
                        const simulate::Machine& machine,
                        const std::string& title) {
  return simulate::simulate(
      machine, parts.inputs->test, {.jobs = options.jobs, .title = "simulate " + title});
}

/// The same tiles behind converters that neither round nor clip.
simulate::Outcome score_without_converters(const config::FlowOptions& options,
                                           const Parts& parts,
                                           const Pass& pass) {
  Mapped mapped = *parts.mapped;
  mapped.plan.converters.dac_bits = 0;
  mapped.plan.converters.adc_bits = 0;
  Parts ideal = parts;
  ideal.mapped = &mapped;
  return score(options, parts, build_machine(options, ideal, pass), "ideal converters");
}

report::PeripheryCost cost_of_part(const NetworkPeriphery& periphery, PeripheryPart part) {
  report::PeripheryCost cost{.part = config::name_of(part)};
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

}  // namespace

std::optional<NetworkPeriphery> characterize_network_periphery(const config::FlowOptions& options,
                                                               const Parts& parts,
                                                               const Pass& pass) {
  if (options.periphery.in_network.empty()) return std::nullopt;
  const device::Technology technology = config::load_technology(options.array.technology);
  const device::AnalogFigures& figures = technology.require_analog();
  StageRequests requests = collect(options, parts, pass, figures);
  return NetworkPeriphery{
      .stages = characterize_stages(options, requests.requests, figures, *parts.engine),
      .array = step_largest_tile(options, parts.mapped->plan, technology, *parts.engine),
      .exact = std::move(requests.exact)};
}

simulate::Machine build_periphery_machine(const config::FlowOptions& options,
                                          const Parts& parts,
                                          const Pass& pass,
                                          const NetworkPeriphery& periphery,
                                          const std::set<PeripheryPart>& chosen) {
  simulate::Machine machine = build_machine(options, parts, pass);
  const network::Graph& graph = parts.inputs->graph;
  for (const PeripheryStage& stage : periphery.stages) {
    if (!chosen.contains(stage.part)) continue;
    auto& kernel = machine.kernels[stage.layer];
    if (stage.plan_layer < 0) {
      kernel = simulate::make_periphery_kernel(
          graph.layer(network::LayerId{stage.layer}), stage.curve, stage.stages);
    } else {
      kernel = crossbar_with(
          options, parts, pass, static_cast<std::size_t>(stage.plan_layer), periphery, chosen);
    }
  }
  return machine;
}

report::NetworkPeripheryReport price_periphery(const config::FlowOptions& options,
                                               const Parts& parts,
                                               const Pass& pass,
                                               const NetworkPeriphery& periphery,
                                               const simulate::Outcome& base) {
  const auto start = std::chrono::steady_clock::now();
  report::NetworkPeripheryReport report;
  report.base_name = pass.name;
  report.base = report.all = share_of(base);
  const auto score_with = [&](const std::set<PeripheryPart>& chosen, const std::string& title) {
    return score(
        options, parts, build_periphery_machine(options, parts, pass, periphery, chosen), title);
  };
  std::set<PeripheryPart> together;
  for (const PeripheryPart part : config::kPeripheryParts) {
    if (!options.periphery.in_network.contains(part)) continue;
    report::PeripheryCost cost = cost_of_part(periphery, part);
    if (cost.layers == 0) continue;
    const simulate::Outcome alone = score_with({part}, cost.part);
    const bool is_first = together.empty();
    together.insert(part);
    const simulate::Outcome all = is_first ? alone : score_with(together, "with " + cost.part);
    cost.alone = share_of(alone);
    cost.alone_change = paired_change(base, alone);
    report.all = cost.together = share_of(all);
    report.all_change = cost.together_change = paired_change(base, all);
    report.dice = all.dice;
    report.parts.push_back(cost);
  }
  const simulate::Outcome no_converters = score_without_converters(options, parts, pass);
  report.no_converters = share_of(no_converters);
  report.no_converters_change = paired_change(base, no_converters);
  for (const PeripheryStage& stage : periphery.stages) {
    report.circuits.push_back(circuit_of(stage, parts.inputs->graph));
  }
  report.array = periphery.array;
  report.exact = periphery.exact;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace memspice::flow
