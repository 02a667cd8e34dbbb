#include "synthesis/held_cells.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "netlist/deck.hpp"
#include "netlist/model_lines.hpp"
#include "synthesis/pulse_samples.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::Kind;
using circuit::NetId;

/// Cells of the circuit that is loaded: a point costs 30 us a cell in a circuit of 16, three times
/// as much in one of 256.
constexpr Eigen::Index kBlock = 16;
constexpr Eigen::Index kPinsPerCell = 3;
/// Blocks at points that one request asks for, so that all workers have some.
constexpr Eigen::Index kColumnsPerRequest = 16;
/// Half of the time that the capacitance is measured over [s], and how far the state is drawn.
constexpr double kDrawTime = 1e-6, kDrawLow = 0.4, kDrawHigh = 0.6;
/// What two measurements of one capacitance may differ by.
constexpr double kSameCapacitance = 1e-4;

NetId hold(Circuit& circuit, const std::string& name, circuit::Waveform waveform) {
  const NetId net = circuit.add_net(name);
  circuit.add({.name = name,
               .kind = Kind::VoltageSource,
               .pins = {net, circuit::kGround},
               .waveform = std::move(waveform)});
  return net;
}

/// One state, on the only element that remembers anything.
void require_one_state(const DynamicCell& cell) {
  require_state(cell);
  int keepers = 0;
  for (const netlist::ModelLine& line :
       netlist::read_model_lines(cell.definition.text, cell.definition.name)) {
    const char letter = line.words.front().front();
    keepers += letter == 'c' || letter == 'l' ? 1 : 0;
  }
  if (keepers == 1) return;
  throw InputError({.place = cell.definition.name,
                    .value = std::to_string(keepers) + " capacitors and inductors",
                    .rule = "an array whose cells are held keeps one state a cell",
                    .remedy = "set `method` under [spice] to \"direct\""});
}

netlist::Deck held_deck(const DynamicCell& cell, double width) {
  Circuit circuit("held");
  circuit.add_definition(cell.definition);
  circuit::Analysis analysis{
      .type = circuit::ExternalSweep{},
      .accuracy = {.reltol = 1e-9, .abstol = 1e-15, .vntol = 1e-12, .gmin = 1e-20}};
  const double x = cell.card.parameters.at("x_init").value;
  for (Eigen::Index k = 0; k < kBlock; ++k) {
    const std::string number = std::to_string(k);
    const CellNets nets{.p = hold(circuit, "p" + number, circuit::External{}),
                        .n = hold(circuit, "n" + number, circuit::External{}),
                        .x = hold(circuit, "x" + number, circuit::External{})};
    add_dynamic_cell(circuit, cell, "cell" + number, nets, x, width);
    for (const char* pin : {"p", "n", "x"}) {
      analysis.probes.push_back({circuit::Probe::Kind::SourceCurrent, pin + number});
    }
  }
  return netlist::write_deck(circuit, analysis);
}

/// The state goes from low to high and back, its ends at 0 V.
netlist::Deck drawn_deck(const DynamicCell& cell) {
  Circuit circuit("drawn");
  circuit.add_definition(cell.definition);
  const CellNets nets{
      .p = hold(circuit, "p", circuit::Dc{0.0}),
      .n = hold(circuit, "n", circuit::Dc{0.0}),
      .x = hold(circuit,
                "x",
                circuit::PiecewiseLinear{.times = {0.0, kDrawTime, 2.0 * kDrawTime},
                                         .levels = {kDrawLow, kDrawHigh, kDrawLow}})};
  add_dynamic_cell(circuit, cell, "cell", nets, kDrawLow, kDrawTime);
  circuit::Analysis analysis = pulse_analysis(kDrawTime, 2.0 * kDrawTime);
  analysis.probes.push_back({circuit::Probe::Kind::SourceCurrent, "x"});
  return netlist::write_deck(circuit, analysis);
}

double value_at(const engine::Waveforms& waveforms, double t) {
  const Eigen::MatrixXd I = waveforms.values.col(0).transpose();
  return at_times(I, waveforms.axis, Eigen::VectorXd::Constant(1, t))(0);
}

/// At the state that a share of the way leads to: what leaks there flows both on the way up and on
/// the way down, what the capacitance takes changes its sign. SPICE counts into the + pin.
double capacitance_at(const engine::Waveforms& waveforms, double share) {
  const double up = value_at(waveforms, share * kDrawTime);
  const double down = value_at(waveforms, (2.0 - share) * kDrawTime);
  return (down - up) / (2.0 * (kDrawHigh - kDrawLow) / kDrawTime);
}

/// Column c of a request is block c / points of the cells at point c % points.
Eigen::MatrixXd pin_voltages(const HeldPoints& points, Eigen::Index first, Eigen::Index count) {
  Eigen::MatrixXd V = Eigen::MatrixXd::Zero(kPinsPerCell * kBlock, count);
  for (Eigen::Index c = 0; c < count; ++c) {
    const Eigen::Index block = (first + c) / points.x.cols(), at = (first + c) % points.x.cols();
    const Eigen::Index cells = std::min(kBlock, points.x.rows() - block * kBlock);
    for (Eigen::Index k = 0; k < cells; ++k) {
      V(kPinsPerCell * k, c) = points.p(block * kBlock + k, at);
      V(kPinsPerCell * k + 1, c) = points.n(block * kBlock + k, at);
      V(kPinsPerCell * k + 2, c) = points.x(block * kBlock + k, at);
    }
  }
  return V;
}

void take_currents(const Eigen::MatrixXd& I, Eigen::Index first, double C, HeldAnswers& answers) {
  for (Eigen::Index c = 0; c < I.cols(); ++c) {
    const Eigen::Index points = answers.I.cols();
    const Eigen::Index block = (first + c) / points, at = (first + c) % points;
    const Eigen::Index cells = std::min(kBlock, answers.I.rows() - block * kBlock);
    for (Eigen::Index k = 0; k < cells; ++k) {
      answers.I(block * kBlock + k, at) = I(kPinsPerCell * k, c);
      answers.rate(block * kBlock + k, at) = -I(kPinsPerCell * k + 2, c) / C;
    }
  }
}

}  // namespace

HeldCells::HeldCells(const DynamicCell& cell, engine::Engine& engine)
    : cell_(cell), engine_(engine) {
  require_one_state(cell);
}

const engine::PinnedDeck& HeldCells::deck_for(double width) {
  const auto known = decks_.find(width);
  if (known != decks_.end()) return known->second;
  netlist::Deck deck = held_deck(cell_, width);
  std::string key = sha256(deck.text);
  return decks_.emplace(width, engine::PinnedDeck{std::move(key), std::move(deck)}).first->second;
}

bool HeldCells::measure_capacitance(engine::Summary& summary) {
  if (C_ > 0.0) return true;
  const engine::Waveforms waveforms = engine_.run(drawn_deck(cell_));
  summary = waveforms.summary;
  if (!waveforms.ok()) return false;
  const double C = capacitance_at(waveforms, 0.5);
  const double other = capacitance_at(waveforms, 0.3);
  if (C > 0.0 && std::abs(other - C) < kSameCapacitance * C) {
    C_ = C;
    return true;
  }
  summary.termination = engine::Termination::Rejected;
  summary.message = cell_.definition.name +
                    " does not keep its state on one constant capacitor; set `method` under "
                    "[spice] to \"direct\"";
  return false;
}

HeldAnswers HeldCells::evaluate(const HeldPoints& points, double width) {
  HeldAnswers answers;
  if (!measure_capacitance(answers.summary)) return answers;
  const engine::PinnedDeck& deck = deck_for(width);
  const Eigen::Index blocks = (points.x.rows() + kBlock - 1) / kBlock;
  const Eigen::Index columns = blocks * points.x.cols();
  std::vector<engine::PinnedPoints> requests;
  for (Eigen::Index first = 0; first < columns; first += kColumnsPerRequest) {
    const Eigen::Index count = std::min(kColumnsPerRequest, columns - first);
    requests.push_back({.deck = &deck, .V = pin_voltages(points, first, count)});
  }
  const std::vector<engine::PinnedCurrents> parts = engine_.evaluate_all(requests);
  answers.I = answers.rate = Eigen::MatrixXd(points.x.rows(), points.x.cols());
  answers.summary = {};
  for (std::size_t k = 0; k < parts.size(); ++k) {
    answers.summary.seconds += parts[k].summary.seconds;
    if (answers.ok() && !parts[k].ok()) {
      const double seconds = answers.summary.seconds;
      answers.summary = parts[k].summary;
      answers.summary.seconds = seconds;
    }
    if (!answers.ok()) continue;
    take_currents(parts[k].I, static_cast<Eigen::Index>(k) * kColumnsPerRequest, C_, answers);
  }
  if (!answers.ok()) answers.I = answers.rate = {};
  return answers;
}

}  // namespace memspice::synthesis
