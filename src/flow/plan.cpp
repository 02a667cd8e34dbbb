#include "flow/plan.hpp"

#include <algorithm>

#include "config/read_bitstream.hpp"
#include "config/read_spectral.hpp"
#include "network/digital_work.hpp"

namespace memspice::flow {
namespace {

using simulate::Fidelity;
using study::Rung;

/// Whether any layer of any pass runs at such a fidelity.
template <typename Predicate>
bool any_layer(const std::vector<Rung>& ladder,
               const mapping::TilePlan& plan,
               const Predicate& is_such) {
  return std::ranges::any_of(ladder, [&](const Rung& rung) {
    return std::ranges::any_of(
        plan.layers, [&](const mapping::LayerPlan& layer) { return is_such(rung.of(layer.name)); });
  });
}

study::BitstreamOptions bitstream_options(const stochastic::Options& options,
                                          const study::Paths& paths) {
  study::BitstreamOptions bitstream{options};
  if (paths.has(study::LayerPath::Bitstream)) {
    bitstream.gates = config::load_gate_card(options.gates);
  }
  return bitstream;
}

study::SpectralStudyOptions spectral_options(const study::SpectralOptions& options,
                                             const Inputs& inputs) {
  study::SpectralStudyOptions spectral{.network = inputs.spectral ? &*inputs.spectral : nullptr,
                                       .choices = inputs.choices,
                                       .lanes = options.lanes};
  if (spectral.is_on()) spectral.card = config::load_digital_card(options.digital);
  return spectral;
}

bool measures_converters(const study::ConverterErrorOptions& errors) {
  return errors.ladders == study::Ladders::Ngspice &&
         (errors.adc.mismatch > 0.0 || errors.dac.mismatch > 0.0);
}

/// The digital unit of [spectral] computes gates and attention as well.
study::SequenceWorkOptions sequence_options(const study::SpectralOptions& options,
                                            const network::Graph& graph) {
  if (!network::has_sequence_work(graph)) return {};
  return {.card = config::load_digital_card(options.digital), .lanes = options.lanes};
}

}  // namespace

std::vector<Rung> ladder_of(const study::Paths& paths,
                            const simulate::FidelityOptions& options,
                            const study::ConverterErrorOptions& converters) {
  if (!paths.has(study::LayerPath::Crossbar)) return {{"float", Fidelity::Float}};
  std::vector<Rung> ladder;
  for (const Fidelity fidelity : simulate::fidelities()) {
    // Solving every vector takes its time, and a user's own cells have no law that we know: it is
    // done where it is asked for, not on the way to ngspice.
    if (fidelity == Fidelity::Exact && options.standard != Fidelity::Exact) continue;
    ladder.push_back({std::string(simulate::to_text(fidelity)), fidelity});
    if (fidelity == options.standard) break;
  }
  if (!options.layers.empty()) ladder.push_back({"flow", options.standard, options.layers});
  if (ladder.size() == 1) return ladder;
  const std::vector<Rung> added = study::converter_rungs(converters, ladder.back());
  ladder.insert(ladder.end(), added.begin(), added.end());
  return ladder;
}

bool uses(const std::vector<Rung>& ladder, const mapping::TilePlan& plan, Fidelity fidelity) {
  return any_layer(ladder, plan, [&](Fidelity of_layer) { return of_layer == fidelity; });
}

bool needs_ngspice(const std::vector<Rung>& ladder, const mapping::TilePlan& plan) {
  return any_layer(ladder, plan, [](Fidelity of_layer) { return of_layer.needs_ngspice(); });
}

mapping::TilePlan on_crossbars(const study::Paths& paths, mapping::TilePlan plan) {
  std::erase_if(plan.layers,
                [&](const mapping::LayerPlan& layer) { return !paths.on_crossbars(layer.name); });
  return plan;
}

mapping::MappingInputs mapping_of(const config::FlowOptions& options) {
  return {.options = options.mapping,
          .converters = options.converters,
          .window = options.device.window,
          .read_voltage = options.array.read_voltage,
          .input_ranges = {}};
}

crossbar::PairLayout layout_of(const config::FlowOptions& options) {
  return options.mapping.signs == mapping::Signs::UnitColumn ? crossbar::PairLayout::UnitColumn
                                                             : options.array.pairs;
}

tile::Array array_of(const config::FlowOptions& options) {
  const config::ArrayOptions& array = options.array;
  // A bit by itself is a pulse, whatever carries the bits of other inputs.
  const bool in_turn = options.converters.input == mapping::Input::BitSerial;
  const int pulse_bits = array.pulses || in_turn ? options.converters.driver_bits() : 0;
  tile::ArraySpec spec{.wiring = array.wiring,
                       .alpha = options.device.alpha,
                       .read_voltage = array.read_voltage,
                       .cell = options.device.cell,
                       .access = array.access,
                       .pairs = layout_of(options),
                       .source_line = array.source_line,
                       .pulse_bits = pulse_bits};
  // Pairs sit at their summer, each behind its own driver: no line runs from cell to cell.
  if (options.mapping.scheme == mapping::Scheme::KernelFirst) {
    spec.wiring.row = spec.wiring.column = 0.0;
  }
  return tile::Array(std::move(spec));
}

std::shared_ptr<const study::DrawnConverters> converters_of(const config::FlowOptions& options,
                                                            const device::Technology& technology,
                                                            const study::Bench& bench) {
  if (!bench.last_rung().converters.any()) return nullptr;
  return study::draw_converters({.options = &options.converter_errors,
                                 .technology = &technology,
                                 .seed = options.seed,
                                 .engine = bench.spice.engine},
                                bench.mapped->plan);
}

std::filesystem::path store_path(const config::FlowOptions& options) {
  return options.store.empty() ? options.out / "tiles.sqlite" : options.store;
}

engine::Options spice_options(const config::FlowOptions& options) {
  engine::Options spice = options.spice;
  if (spice.workers == 0) spice.workers = options.jobs;
  spice.failed_deck_folder = options.out.string();
  return spice;
}

SpicePlan spice_plan(const config::FlowOptions& options) {
  return {.ladder = ladder_of(options.path, options.fidelity, options.converter_errors),
          .array = array_of(options),
          .characterize = options.characterize,
          .method = options.spice_method,
          .card = options.device.model + '/' + options.device.card,
          .seed = options.seed,
          .engine = spice_options(options),
          .beside_ladder = !options.periphery.in_network.empty() || options.verify.images > 0 ||
                           measures_converters(options.converter_errors),
          .store = store_path(options),
          .flow = options.file};
}

study::Bench start_bench(const config::FlowOptions& options,
                         const Inputs& inputs,
                         const study::Mapped& mapped) {
  study::Bench bench{.graph = &inputs.graph,
                     .test = &inputs.test,
                     .calibration = &inputs.calibration,
                     .paths = options.path,
                     .mapped = &mapped,
                     .array = array_of(options),
                     .read_time = options.array.read_time,
                     .seed = options.seed,
                     .jobs = options.jobs,
                     .keep_outputs = options.output.predictions,
                     .ladder = ladder_of(options.path, options.fidelity, options.converter_errors)};
  study::add_bitstreams(options.bitstream, bench);
  bench.digital.merge(study::make_spectral_kernels(inputs.choices));
  return bench;
}

study::StudyOptions study_options(const config::FlowOptions& options, const Inputs& inputs) {
  return {.variability = {options.nonideality, options.monte_carlo},
          .programming = options.programming,
          .verify = options.verify,
          .bitstream = bitstream_options(options.bitstream, options.path),
          .spectral = spectral_options(options.spectral, inputs),
          .sequences = sequence_options(options.spectral, inputs.graph),
          .training = options.data.calibration,
          .test = options.data.test};
}

study::SpectralSearch spectral_search(const config::FlowOptions& options) {
  return {.file = options.file,
          .name = options.name,
          .network_file = options.network_file,
          .network_options = options.network_options,
          .options = options.spectral,
          .card = config::load_digital_card(options.spectral.digital),
          .test = options.data.test,
          .jobs = options.jobs};
}

}  // namespace memspice::flow
