#include "tile/tile_bench.hpp"

#include <cmath>
#include <memory>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "crossbar/access_law.hpp"
#include "tile/cell_states.hpp"

namespace memspice::tile {
namespace {

using crossbar::PairLayout;
using synthesis::SourceLine;

bool is_shared(const ArrayPhysics& physics) {
  return physics.pairs == PairLayout::SharedBitLine;
}

/// Word lines 2i carry V_i, word lines 2i + 1 the opposite.
Eigen::MatrixXd opposite_drive(const Eigen::MatrixXd& V) {
  Eigen::MatrixXd both(2 * V.rows(), V.cols());
  for (Eigen::Index i = 0; i < V.rows(); ++i) {
    both.row(2 * i) = V.row(i);
    both.row(2 * i + 1) = -V.row(i);
  }
  return both;
}

/// A shared bit line's response in the plan's form: the sum over both lines of each pair of rows
/// with its sign, beside a column of zeros.
Eigen::MatrixXd plan_form(const Eigen::MatrixXd& G_eff, const ArrayPhysics& physics) {
  if (!is_shared(physics)) return G_eff;
  Eigen::MatrixXd form = Eigen::MatrixXd::Zero(G_eff.rows() / 2, 2 * G_eff.cols());
  for (Eigen::Index i = 0; i < form.rows(); ++i) {
    for (Eigen::Index j = 0; j < G_eff.cols(); ++j) {
      form(i, 2 * j) = G_eff(2 * i, j) - G_eff(2 * i + 1, j);
    }
  }
  return form;
}

double steps_of(const ArrayPhysics& physics) {
  return std::ldexp(1.0, physics.pulse_bits) - 1.0;
}

/// V bit by bit, least significant first: word lines x (vectors * pulse_bits) of -1, 0, 1.
Eigen::MatrixXd pulses_of(const Eigen::MatrixXd& V, const ArrayPhysics& physics) {
  const int bits = physics.pulse_bits;
  Eigen::MatrixXd pulses = Eigen::MatrixXd::Zero(V.rows(), V.cols() * bits);
  for (Eigen::Index k = 0; k < V.cols(); ++k) {
    for (Eigen::Index i = 0; i < V.rows(); ++i) {
      const auto code = std::lround(std::abs(V(i, k)) / physics.read_voltage * steps_of(physics));
      for (int b = 0; b < bits; ++b) {
        if ((code >> b & 1L) != 0) pulses(i, k * bits + b) = V(i, k) < 0 ? -1.0 : 1.0;
      }
    }
  }
  return pulses;
}

/// Every bits-th column with the weight of its bit.
Eigen::MatrixXd weighted_sum(const Eigen::MatrixXd& points, const ArrayPhysics& physics) {
  const int bits = physics.pulse_bits;
  if (bits == 0) return points;
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(points.rows(), points.cols() / bits);
  for (Eigen::Index k = 0; k < points.cols(); ++k) {
    sum.col(k / bits) +=
        std::ldexp(1.0, static_cast<int>(k % bits)) / steps_of(physics) * points.col(k);
  }
  return sum;
}

/// Voltages of the word lines of the array, point by point.
Eigen::MatrixXd drive_of(const Eigen::MatrixXd& V, const ArrayPhysics& physics) {
  Eigen::MatrixXd drive = V;
  if (physics.pulse_bits > 0) drive = physics.read_voltage * pulses_of(V, physics);
  return is_shared(physics) ? opposite_drive(drive) : drive;
}

Eigen::MatrixXd gates_of(const Eigen::MatrixXd& V, const ArrayPhysics& physics) {
  const Eigen::MatrixXd gates = pulses_of(V, physics);
  if (gates.minCoeff() >= 0.0) return gates;
  throw InputError({.place = "array.source_line",
                    .value = "a signed input",
                    .rule = "a gate is on or off and cannot carry a sign",
                    .remedy = "let the word lines carry the current: source_line = \"shared\""});
}

crossbar::GatedArray gated_array(const ArrayPhysics& physics) {
  return {.source_line = crossbar::GatedArray::SourceLine::AlongBitLine,
          .read_voltage = physics.read_voltage};
}

Eigen::MatrixXd memristors(const Eigen::MatrixXd& G, const ArrayPhysics& physics) {
  return crossbar::memristors_behind(
      array_cells(G, physics), physics.read_voltage, physics.alpha, physics.access);
}

bool is_bare(const ArrayPhysics& physics) {
  return std::holds_alternative<std::monostate>(physics.access);
}

/// The cells' law, the access device included.
class ArrayLaw {
 public:
  explicit ArrayLaw(const ArrayPhysics& physics)
      : sinh_(physics.alpha), with_access_(sinh_, physics.access), is_bare_(is_bare(physics)) {}
  ArrayLaw(const ArrayLaw&) = delete;
  ArrayLaw& operator=(const ArrayLaw&) = delete;
  const crossbar::CellLaw& law() const {
    return is_bare_ ? static_cast<const crossbar::CellLaw&>(sinh_) : with_access_;
  }

 private:
  crossbar::SinhLaw sinh_;
  crossbar::AccessLaw with_access_;
  bool is_bare_;
};

/// Each cell's current per volt when all gates are on.
Eigen::MatrixXd gated_response(const Eigen::MatrixXd& G, const ArrayPhysics& physics) {
  const crossbar::Operation on = crossbar::solve_gated(G,
                                                       crossbar::OhmicLaw(),
                                                       gated_array(physics),
                                                       physics.wiring,
                                                       Eigen::MatrixXd::Ones(G.rows(), 1),
                                                       {.node_voltages = true});
  const Eigen::MatrixXd v = on.word_line_voltage.front() - on.bit_line_voltage.front();
  return G.cwiseProduct(v) / physics.read_voltage;
}

}  // namespace

Eigen::MatrixXd carried_inputs(const Eigen::MatrixXd& V, const ArrayPhysics& physics) {
  if (physics.pulse_bits == 0) return V;
  const double step = physics.read_voltage / steps_of(physics);
  return V.unaryExpr([&](double v) { return std::round(v / step) * step; });
}

Eigen::MatrixXd array_cells(const Eigen::MatrixXd& G, const ArrayPhysics& physics) {
  if (!is_shared(physics)) return G;
  crossbar::CellPairs pairs{.G_plus = Eigen::MatrixXd(G.rows(), G.cols() / 2),
                            .G_minus = Eigen::MatrixXd(G.rows(), G.cols() / 2),
                            .layout = physics.pairs};
  for (Eigen::Index j = 0; j < G.cols() / 2; ++j) {
    pairs.G_plus.col(j) = G.col(2 * j);
    pairs.G_minus.col(j) = G.col(2 * j + 1);
  }
  return pairs.cells();
}

synthesis::TileSpec array_spec(const std::string& name,
                               const Eigen::MatrixXd& G,
                               const ArrayPhysics& physics) {
  synthesis::TileSpec spec = tile_spec(name, memristors(G, physics), physics);
  spec.cell.access = physics.access;
  spec.source_line = physics.source_line;
  return spec;
}

ArrayDrive drive_array(const Eigen::MatrixXd& V,
                       Eigen::Index n_bit_lines,
                       const ArrayPhysics& physics) {
  if (physics.source_line == SourceLine::Shared) return {.V = drive_of(V, physics), .gate = {}};
  const auto& transistor = std::get<device::AccessTransistor>(physics.access);
  const Eigen::MatrixXd gates = gates_of(V, physics);
  const double swing = transistor.gate_voltage - transistor.gate_off;
  return {.V = Eigen::MatrixXd::Constant(n_bit_lines, gates.cols(), physics.read_voltage),
          .gate = (gates.array() * swing + transistor.gate_off).matrix()};
}

synthesis::TileBench build_bench(const std::string& name,
                                 const Eigen::MatrixXd& G,
                                 const Eigen::MatrixXd& V,
                                 const ArrayPhysics& physics,
                                 bool hierarchical) {
  const synthesis::TileSpec spec = array_spec(name, G, physics);
  const ArrayDrive drive = drive_array(V, spec.G.cols(), physics);
  synthesis::TileBench bench = synthesis::build_tile_bench(
      spec, drive.V, {.hierarchical = hierarchical, .gate_voltage = drive.gate});
  if (!hierarchical) probe_states(bench, spec.G, physics);
  return bench;
}

Eigen::MatrixXd gather(const engine::Waveforms& waveforms,
                       const std::string& name,
                       const Eigen::MatrixXd& G,
                       const ArrayPhysics& physics) {
  const Eigen::MatrixXd cells = memristors(G, physics);
  return gather(without_states(waveforms, name, cells, physics), physics);
}

PinnedProblem build_pinned_problem(const std::string& name,
                                   const Eigen::MatrixXd& G,
                                   const Eigen::MatrixXd& V,
                                   const ArrayPhysics& physics) {
  const synthesis::TileSpec spec = array_spec(name, G, physics);
  const bool shared = physics.source_line == SourceLine::Shared;
  ArrayDrive drive = drive_array(V, spec.G.cols(), physics);
  PinnedProblem problem{.name = name,
                        .tile = synthesis::build_pinned_tile(spec),
                        .V_drive = std::move(drive.V),
                        .V_gate = std::move(drive.gate),
                        .V_word = {},
                        .V_bit = {},
                        .G = spec.G,
                        .wiring = physics.wiring,
                        .source_line = physics.source_line,
                        .law = nullptr};
  if (const auto* transistor = std::get_if<device::AccessTransistor>(&physics.access)) {
    problem.gate_on = transistor->gate_voltage;
  }
  const auto law = std::make_shared<const ArrayLaw>(physics);
  const crossbar::VectorOptions with_nodes{.node_voltages = true};
  crossbar::Operation start =
      shared ? crossbar::solve_cells(
                   problem.G, law->law(), physics.wiring, problem.V_drive, with_nodes)
             : crossbar::solve_gated(problem.G,
                                     law->law(),
                                     gated_array(physics),
                                     physics.wiring,
                                     gates_of(V, physics),
                                     with_nodes);
  problem.V_word = std::move(start.word_line_voltage);
  problem.V_bit = std::move(start.bit_line_voltage);
  if (physics.cell == nullptr) problem.law = {law, &law->law()};
  problem.rises_by_law = physics.cell == nullptr && is_bare(physics);
  return problem;
}

Eigen::MatrixXd gather(const Eigen::MatrixXd& values, const ArrayPhysics& physics) {
  return weighted_sum(values.transpose(), physics);
}

Eigen::MatrixXd differential(const Eigen::MatrixXd& I, const ArrayPhysics& physics) {
  if (is_shared(physics)) return I;
  Eigen::MatrixXd D(I.rows() / 2, I.cols());
  for (Eigen::Index j = 0; j < D.rows(); ++j) D.row(j) = I.row(2 * j) - I.row(2 * j + 1);
  return D;
}

Eigen::MatrixXd solve_tile_response(const Eigen::MatrixXd& G, const ArrayPhysics& physics) {
  if (physics.source_line == SourceLine::AlongBitLine) return gated_response(G, physics);
  return plan_form(crossbar::solve_response(array_cells(G, physics), physics.wiring).G_eff,
                   physics);
}

StoredResponses solve_tile_responses(Store* store,
                                     std::span<const Eigen::MatrixXd> G,
                                     const ArrayPhysics& physics,
                                     int jobs) {
  if (physics.source_line == SourceLine::AlongBitLine) {
    StoredResponses solved{.G_eff = std::vector<Eigen::MatrixXd>(G.size()), .use = {}};
    solved.use.misses = static_cast<long>(G.size());
    parallel_for(
        jobs, G.size(), [&](std::size_t k) { solved.G_eff[k] = gated_response(G[k], physics); });
    return solved;
  }
  if (!is_shared(physics)) return stored_responses(store, G, physics.wiring, jobs);
  std::vector<Eigen::MatrixXd> cells;
  for (const Eigen::MatrixXd& tile : G) cells.push_back(array_cells(tile, physics));
  StoredResponses solved = stored_responses(store, cells, physics.wiring, jobs);
  for (Eigen::MatrixXd& response : solved.G_eff) response = plan_form(response, physics);
  return solved;
}

double mean_power(const Eigen::MatrixXd& G, const Eigen::MatrixXd& V, const ArrayPhysics& physics) {
  const ArrayLaw array_law(physics);
  const crossbar::CellLaw& law = array_law.law();
  const Eigen::MatrixXd cells = memristors(G, physics);
  const crossbar::Operation operation =
      physics.source_line == SourceLine::AlongBitLine
          ? crossbar::solve_gated(
                cells, law, gated_array(physics), physics.wiring, gates_of(V, physics))
          : crossbar::solve_cells(cells, law, physics.wiring, drive_of(V, physics));
  return weighted_sum(operation.power.transpose(), physics).mean();
}

}  // namespace memspice::tile
