#include "flow/export_network.hpp"

#include <algorithm>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/units.hpp"
#include "flow/export_manifest.hpp"
#include "flow/export_positions.hpp"
#include "flow/network_manifest.hpp"
#include "periphery/operating_point.hpp"

namespace memspice::flow {
namespace {

using network::Graph;
using network::LayerId;
using synthesis::NetworkStage;
using Files = std::vector<std::pair<std::filesystem::path, std::string>>;

/// Values N x ... as voltages, elements x N [V].
Eigen::MatrixXd voltages_of(const network::Tensor& values, double scale) {
  const std::int64_t images = values.shape.front();
  const Eigen::Map<const Eigen::MatrixXf> columns(
      values.data.data(), values.size() / images, images);
  return scale * columns.cast<double>();
}

/// Operands of one layer on images, as the float network has them.
std::map<int, Eigen::MatrixXd> operand_voltages(const Graph& graph,
                                                const synthesis::NetworkScales& scales,
                                                LayerId id,
                                                const network::Tensor& images) {
  std::map<int, Eigen::MatrixXd> sources;
  network::run_graph(graph, images, [&](LayerId at, auto inputs) -> network::Tensor {
    if (at != id) return {};
    const auto producers = graph.inputs(id);
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      sources[producers[k].value] = voltages_of(*inputs[k], scales.of(producers[k]));
    }
    return {};
  });
  return sources;
}

/// The pixels at `places` of planes (channels pixels x images), image after image: channels x ...
Eigen::MatrixXd passing_pixels(const Eigen::MatrixXd& planes,
                               Eigen::Index channels,
                               const std::vector<int>& places) {
  const Eigen::Index pixels = planes.rows() / channels;
  Eigen::MatrixXd V(channels, planes.cols() * static_cast<Eigen::Index>(places.size()));
  Eigen::Index slot = 0;
  for (const auto& image : planes.colwise()) {
    for (const int place : places) {
      V.col(slot++) = image.reshaped(pixels, channels).row(place).transpose();
    }
  }
  return V;
}

/// Its planes are held for as long as their pixels pass.
NetworkSlice block_slice(const Graph& graph,
                         const synthesis::NetworkStages& network,
                         LayerId last,
                         const network::Tensor& images,
                         int positions) {
  NetworkSlice slice{.name = graph.layer(last).name + "_block", .stages = network, .sources = {}};
  slice.stages.output = last;
  const LayerId planes = synthesis::pass_pixels(slice.stages);
  const Eigen::MatrixXd u = operand_voltages(graph, network.scales, last, images).at(planes.value);
  const network::Shape& shape = graph.shape_of(planes);
  const auto places = synthesis::spread_evenly(static_cast<int>(shape[2] * shape[3]), positions);
  for (const int place : places) {
    const int width = static_cast<int>(shape[3]);
    slice.positions.emplace_back(place / width, place % width);
  }
  slice.sources[synthesis::kPassingPixel.value] = passing_pixels(u, shape[1], places);
  const auto count = static_cast<Eigen::Index>(places.size());
  slice.sources[planes.value] =
      u.cols() == 1
          ? u
          : Eigen::MatrixXd(u(
                Eigen::all, Eigen::VectorXi::NullaryExpr(u.cols() * count, [&](Eigen::Index slot) {
                  return static_cast<int>(slot / count);
                })));
  return slice;
}

NetworkSlice slice_of(const Graph& graph,
                      const synthesis::NetworkStages& network,
                      const NetworkPart& part,
                      const network::Tensor& images,
                      int positions) {
  if (part.layer.empty()) {
    return {.name = "network",
            .stages = network,
            .sources = {{Graph::kInput.value, voltages_of(images, network.scales.input)}}};
  }
  const LayerId id = graph.find(part.layer);
  if (part.is_block) return block_slice(graph, network, id, images, positions);
  NetworkSlice slice{.name = part.layer,
                     .stages = {},
                     .sources = operand_voltages(graph, network.scales, id, images)};
  if (!synthesis::window_slides(graph.layer(id).operation)) {
    slice.stages = synthesis::stage_alone(network, id);
    return slice;
  }
  synthesis::SlidingStage sliding = synthesis::slide_stage(network, id);
  auto& [producer, voltages] = *slice.sources.begin();
  voltages = sliding.windows(voltages);
  slice.positions = sliding.positions;
  slice.stages = std::move(sliding.network);
  return slice;
}

/// A run's inputs and readouts that have no circuit of amplitudes.
void require_amplitudes(const ExportPlan& plan) {
  const std::string remedy = ", or export tile:LAYER:ROW:COL";
  if (plan.lines.pulses) {
    reject("array.input",
           "\"pulses\"",
           "is not what a layer's circuit is driven with: it adds up currents, not pulses",
           "set it to \"amplitude\"" + remedy);
  }
  if (plan.converters.input == mapping::Input::BitSerial) {
    reject("converters.input",
           "\"bit_serial\"",
           "has sums behind its ADCs, and a layer's circuit has neither",
           "set it to \"parallel\"" + remedy);
  }
  if (plan.converters.readout == mapping::Readout::Differential) {
    reject("converters.readout",
           "\"differential\"",
           "is not what a layer's circuit ends in: it holds its bit lines at 0 V",
           "set it to \"virtual_ground\"" + remedy);
  }
  if (plan.converters.gain == mapping::Gain::Calibrated) {
    reject("converters.gain",
           "\"calibrated\"",
           "is a factor behind ADCs, which a layer's circuit has not",
           "set it to \"nominal\"" + remedy);
  }
}

/// The plan's layers that the export draws are those that run on crossbars. `drawn`: empty: all.
void require_crossbars(const CellSources& sources,
                       const mapping::TilePlan& plan,
                       const std::vector<LayerId>& drawn) {
  for (const mapping::LayerPlan& each : plan.layers) {
    const bool is_drawn = drawn.empty() || std::ranges::count(drawn, each.layer) > 0;
    if (is_drawn) require_on_crossbars(sources, each.name);
  }
}

/// Stimuli x sources, source after source of those that share a file.
std::map<std::string, Eigen::MatrixXd> voltages_by_file(const NetworkSlice& slice) {
  std::map<std::string, Eigen::MatrixXd> files;
  for (const auto& [id, source] : slice.sources) {
    Eigen::MatrixXd& V = files[voltage_file(slice, source)];
    const Eigen::Index before = V.cols();
    V.conservativeResize(source.cols(), before + source.rows());
    V.rightCols(source.rows()) = source.transpose();
  }
  return files;
}

Files files_of(const ExportPlan& plan,
               const ExportedCells& cells,
               const NetworkSlice& slice,
               const synthesis::NetworkCircuit& circuit,
               const ExportRequest& request) {
  const netlist::Deck deck =
      netlist::write_deck(circuit.circuit, circuit.analysis, request.dialect);
  const std::filesystem::path folder = request.folder;
  Files files{{folder / (slice.name + ".cir"), deck.text},
              {folder / (slice.name + ".json"),
               network_manifest(plan, cells, slice, {&circuit, &deck}, request)}};
  for (const auto& [file, V] : voltages_by_file(slice)) {
    files.emplace_back(folder / file,
                       format_csv(V, "voltage [V], a row per stimulus, columns as sources' nets"));
  }
  for (const mapping::Tile* tile : tiles_of(slice)) {
    for (const auto& [name, text] : cell_files(plan.array, *tile)) {
      files.emplace_back(folder / name, text);
    }
  }
  return files;
}

/// Cells of a circuit whose stages are solved for where the search of its operating point starts:
/// ngspice takes minutes for a stage of as many.
constexpr int kMostCellsSolved = 50'000;

std::string no_start(int memristors) {
  return "no .nodeset is written for " + std::to_string(memristors) + " memristors, beyond " +
         std::to_string(kMostCellsSolved) +
         "; ngspice may not find the operating point of transistors by itself";
}

/// Starts the search of the operating point at the stages' own solutions.
/// A note says where it is not done.
std::vector<std::string> add_start(const NetworkSlice& slice,
                                   const ExportPlan& plan,
                                   const device::AnalogFigures& figures,
                                   const engine::Options& spice,
                                   synthesis::NetworkCircuit& circuit) {
  if (circuit.devices.memristors > kMostCellsSolved) return {no_start(circuit.devices.memristors)};
  const auto engine = engine::make_ngspice_engine(spice);
  circuit.analysis.start =
      periphery::solve_stages(slice.stages, slice.sources, plan.array.make(), figures, *engine);
  return {};
}

/// The layers that are drawn; empty: all.
std::vector<LayerId> layers_of(const Graph& graph, const NetworkPart& part) {
  if (part.layer.empty()) return {};
  const LayerId id = graph.find(part.layer);
  return part.is_block ? synthesis::scaling_block(graph, id) : std::vector{id};
}

}  // namespace

device::AnalogFigures require_circuit(const ExportPlan& plan,
                                      const device::Technology& technology) {
  require_amplitudes(plan);
  constexpr double swing_used = 0.8;  // of the op-amps that drive the word lines
  device::AnalogFigures figures = technology.require_analog();
  const double most = swing_used * synthesis::swing_of(figures);
  const double read_voltage = plan.lines.read_voltage;
  figures.signal.value = read_voltage;
  if (read_voltage <= most) return figures;
  reject("array.read_voltage",
         format_quantity(read_voltage, Unit::Volt),
         "is beyond what the op-amps of " + plan.lines.technology + " drive word lines with, " +
             format_quantity(most, Unit::Volt),
         "lower it, or export tile:LAYER:ROW:COL");
}

Exported export_network(const ExportPlan& plan,
                        const device::AnalogFigures& figures,
                        const ExportInputs& run,
                        const NetworkPart& part,
                        const ExportRequest& request) {
  const Inputs& inputs = *run.inputs;
  const int images = std::min(request.images, inputs.test.count());
  require_positions(inputs.graph, part, images, request.positions);
  const std::vector<LayerId> drawn = layers_of(inputs.graph, part);
  require_crossbars(plan.cells, run.mapped->plan, drawn);
  const std::string only = part.is_block ? std::string() : part.layer;
  const ExportedCells cells = choose_cells(plan, run.mapped->plan, only, request);
  const auto realisation = request.transistors ? synthesis::Realisation::Transistor
                                               : synthesis::Realisation::Behavioural;
  const auto network =
      synthesis::plan_stages(inputs.graph,
                             cells.plan,
                             run.mapped->activations.ranges,
                             {.realisation = realisation,
                              .bit_lines_subtract = plan.array.topology().bit_lines_subtract(),
                              .only = drawn,
                              .positions = request.positions},
                             figures);
  const NetworkSlice slice =
      slice_of(inputs.graph, network, part, inputs.test.batch(0, images), request.positions);
  auto circuit = synthesis::build_network_circuit(
      slice.stages, slice.sources, {.name = slice.name, .arrays = plan.array.make()}, figures);
  Exported exported{.files = {}, .notes = cells.notes};
  if (request.transistors && request.dialect == netlist::Dialect::Ngspice) {
    std::ranges::move(add_start(slice, plan, figures, run.spice, circuit),
                      std::back_inserter(exported.notes));
  }
  for (const auto& [file, text] : files_of(plan, cells, slice, circuit, request)) {
    write_file(file, text);
    exported.files.push_back(file.string());
  }
  return exported;
}

}  // namespace memspice::flow
