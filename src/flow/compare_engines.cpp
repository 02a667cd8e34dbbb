#include "flow/compare_engines.hpp"

#include <utility>

#include "config/memristor_card.hpp"
#include "device/memristor.hpp"
#include "periphery/trace_device.hpp"

namespace memspice::flow {
namespace {

/// A drive under which a card switches within a cycle.
struct Bench {
  const char* model;
  const char* card;
  double amplitude, frequency, series;  // [V], [Hz], [Ohm]
};

constexpr Bench kBenches[] = {{"linear_ion_drift", "hp_tio2", 1.0, 1.0, 0.0},
                              {"linear_ion_drift", "hp_tio2_joglekar", 1.0, 1.0, 0.0},
                              {"linear_ion_drift", "hp_tio2_prodromakis", 1.0, 1.0, 0.0},
                              {"team", "generic", 1.0, 100.0, 10e3},
                              {"team", "pickett_tio2", 1.5, 10.0, 5e3},
                              {"team", "technion_2011", 10.0, 0.1, 10e3},
                              {"vteam", "kvatinsky_2015", 0.3, 1e6, 0.0},
                              {"yakopcic", "oblea_ag_chalcogenide", 0.5, 100.0, 0.0},
                              {"yakopcic", "silicon_ag_jo", 4.0, 0.2, 0.0},
                              {"yakopcic", "oblea_sweeps", 0.25, 100.0, 0.0},
                              {"threshold", "biolek_r2", 6.0, 50e6, 0.0},
                              {"stanford_rram", "hfox_jiang_2014", 1.5, 10e3, 1e3},
                              {"static_read", "hfox_1t1r", 0.5, 1e3, 1e3},
                              {"static_read", "linear", 0.5, 1e3, 0.0}};

constexpr std::pair<device::Drive::Shape, const char*> kDrives[] = {
    {device::Drive::Shape::Sine, "sin"},
    {device::Drive::Shape::Triangle, "triangle"},
    {device::Drive::Shape::Pulse, "pulse"}};

/// The card with its smoothing at the least.
device::MemristorCard unsmoothed(device::MemristorCard card, const device::ParameterTable& table) {
  for (const device::ParameterRule& rule : table) {
    if (rule.name == "smooth" || rule.name == "edge") card.parameters[rule.name].value = rule.low;
  }
  return card;
}

EngineAgreement compare_on(const Bench& bench,
                           const std::pair<device::Drive::Shape, const char*>& shape,
                           engine::Engine& engine) {
  const config::ModelCard model = config::load_model_card(bench.model, bench.card);
  const periphery::DeviceUnderTest device = config::device_under_test(model);
  const device::TraceOptions options{.drive = {.shape = shape.first,
                                               .amplitude = bench.amplitude,
                                               .frequency = bench.frequency,
                                               .cycles = 2},
                                     .series = bench.series,
                                     .points = 4001};
  EngineAgreement agreement;
  agreement.model = bench.model;
  agreement.card = bench.card;
  agreement.drive = shape.second;
  const device::Trace ours = device::trace(*device::make_memristor(device.card), options);
  const device::Trace spice = periphery::trace_in_spice(device, options, engine);
  const device::Trace published =
      device::trace(*device::make_memristor(unsmoothed(model.card, model.table)), options);
  if (!ours.ok()) agreement.failure = ours.summary.message;
  if (!published.ok()) agreement.failure = published.summary.message;
  if (!spice.ok()) agreement.failure = spice.summary.message;
  if (agreement.failure.empty()) {
    agreement.difference = device::compare(ours, spice, options.drive);
    agreement.unsmoothed = device::compare(published, spice, options.drive);
  }
  return agreement;
}

}  // namespace

std::vector<EngineAgreement> compare_engines(engine::Engine& engine) {
  std::vector<EngineAgreement> table;
  for (const Bench& bench : kBenches) {
    for (const auto& shape : kDrives) table.push_back(compare_on(bench, shape, engine));
  }
  return table;
}

}  // namespace memspice::flow
