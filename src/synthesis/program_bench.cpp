#include "synthesis/program_bench.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "device/state_check.hpp"
#include "netlist/deck.hpp"
#include "netlist/gear.hpp"
#include "netlist/initial_state.hpp"
#include "synthesis/cell_transient.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::Kind;
using circuit::NetId;

/// A transistor that is off [Ohm]: 1 fA at 1 V moves no state.
constexpr double kOff = 1e15;
/// Share of a pulse that its source ramps over, at either end.
constexpr double kRamp = 1.0 / 2000.0;

std::string numbered(const char* name, Eigen::Index k) {
  return name + std::to_string(k);
}

std::string numbered(const char* name, Eigen::Index i, Eigen::Index j) {
  return name + std::to_string(i) + '_' + std::to_string(j);
}

/// The net behind `R` [Ohm] from `from`: `from` itself where R is 0.
NetId behind(Circuit& circuit, NetId from, double R, const std::string& name) {
  if (R == 0.0) return from;
  const NetId to = circuit.add_net(name);
  circuit.add({.name = name, .pins = {from, to}, .value = R});
  return to;
}

/// A line's source: `level` during the pulse.
NetId add_source(Circuit& circuit, const std::string& name, double level, double width) {
  const NetId net = circuit.add_net(name);
  const double ramp = kRamp * width;
  circuit.add({.name = name,
               .kind = Kind::VoltageSource,
               .pins = {net, circuit::kGround},
               .waveform = circuit::PiecewiseLinear{.times = {0.0, ramp, width, width + ramp},
                                                    .levels = {0.0, level, level, 0.0}}});
  return net;
}

class BenchBuilder {
 public:
  BenchBuilder(const DynamicCell& cell,
               const crossbar::PulsedArraySpec& spec,
               const Eigen::MatrixXd& x,
               const crossbar::CellPulse& pulse)
      : cell_(cell), spec_(spec), x_(x), pulse_(pulse), circuit_("program") {
    circuit_.add_definition(netlist::start_states(cell.definition));
  }

  Circuit build() {
    add_lines();
    for (Eigen::Index i = 0; i < x_.rows(); ++i) {
      for (Eigen::Index j = 0; j < x_.cols(); ++j) add_cell(i, j);
    }
    return std::move(circuit_);
  }

 private:
  static double terminal(double common, const std::vector<double>& per_line, Eigen::Index k) {
    return per_line.empty() ? common : per_line[static_cast<std::size_t>(k)];
  }

  void add_lines() {
    const auto bias = crossbar::line_bias(spec_.scheme, x_.rows(), x_.cols(), pulse_);
    const double A = pulse_.pulse.amplitude;
    const double width = pulse_.pulse.width;
    const crossbar::Wiring& wiring = spec_.wiring;
    word_.resize(static_cast<std::size_t>(x_.size()), circuit::kGround);
    bit_ = word_;
    for (Eigen::Index i = 0; i < x_.rows(); ++i) {
      const double R = terminal(wiring.driver, wiring.driver_per_line, i);
      NetId net = add_source(circuit_, numbered("w", i), A * bias.word(i), width);
      net = behind(circuit_, net, R, numbered("driver", i));
      for (Eigen::Index j = 0; j < x_.cols(); ++j) {
        net = behind(circuit_, net, wiring.row, numbered("row", i, j));
        word_[at(i, j)] = net;
      }
    }
    for (Eigen::Index j = 0; j < x_.cols(); ++j) {
      const double R = terminal(wiring.sense, wiring.sense_per_line, j);
      NetId net = add_source(circuit_, numbered("b", j), A * bias.bit(j), width);
      net = behind(circuit_, net, R, numbered("sense", j));
      for (Eigen::Index i = x_.rows() - 1; i >= 0; --i) {
        net = behind(circuit_, net, wiring.column, numbered("column", i, j));
        bit_[at(i, j)] = net;
      }
    }
  }

  void add_cell(Eigen::Index i, Eigen::Index j) {
    const NetId state = circuit_.add_net(numbered("x", i, j));
    // A net needs two pins; no current loads the state.
    circuit_.add({.name = numbered("state", i, j),
                  .kind = Kind::CurrentSource,
                  .pins = {state, circuit::kGround}});
    const bool is_gated = spec_.scheme == crossbar::BiasScheme::Gated;
    const NetId n = bit_[at(i, j)];
    NetId p = word_[at(i, j)];
    if (is_gated) {
      const double R = i == pulse_.i ? spec_.transistor : kOff;
      p = behind(circuit_, p, R, numbered("transistor", i, j));
    }
    add_dynamic_cell(circuit_,
                     cell_,
                     numbered("cell", i, j),
                     {.p = p, .n = n, .x = state},
                     x_(i, j),
                     pulse_.pulse.width);
  }

  std::size_t at(Eigen::Index i, Eigen::Index j) const {
    return static_cast<std::size_t>(i * x_.cols() + j);
  }

  const DynamicCell& cell_;
  const crossbar::PulsedArraySpec& spec_;
  const Eigen::MatrixXd& x_;
  const crossbar::CellPulse& pulse_;
  Circuit circuit_;
  std::vector<NetId> word_, bit_;
};

void require_one_end(const DynamicCell& cell, const crossbar::Wiring& wiring) {
  if (wiring.drive_side != crossbar::WordLineSide::Left ||
      wiring.sense_side != crossbar::BitLineSide::Bottom) {
    throw InputError({.place = "wiring",
                      .value = {},
                      .rule = "a bench for write pulses drives lines at the left and the bottom",
                      .remedy = "choose these sides"});
  }
  require_state(cell);
}

circuit::Analysis analysis_of(const Eigen::MatrixXd& x, double width) {
  using Probe = circuit::Probe;
  circuit::Analysis analysis = pulse_analysis(width, width * (1.0 + kRamp));
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      analysis.probes.push_back({Probe::Kind::NetVoltage, numbered("x", i, j)});
    }
  }
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    analysis.probes.push_back({Probe::Kind::SourceCurrent, numbered("w", i)});
  }
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    analysis.probes.push_back({Probe::Kind::SourceCurrent, numbered("b", j)});
  }
  return analysis;
}

class SpiceArray final : public crossbar::PulsedArray {
 public:
  SpiceArray(const DynamicCell& cell,
             const crossbar::PulsedArraySpec& spec,
             const Eigen::MatrixXd& x,
             engine::Engine& engine)
      : cell_(cell), spec_(spec), x_(x), engine_(engine) {}

  crossbar::PulseEffect apply(const crossbar::CellPulse& pulse) override {
    const ProgramBench bench = build_program_bench(cell_, spec_, x_, pulse);
    const auto waveforms =
        engine_.run(netlist::with_gear(netlist::write_deck(bench.circuit, bench.analysis)));
    throw_if_lost(
        waveforms.summary,
        "pulse on cell (" + std::to_string(pulse.i) + ", " + std::to_string(pulse.j) + ')',
        "the array's transient");
    const Eigen::Index rows = waveforms.values.rows();
    const double stop = pulse.pulse.width * (1.0 + kRamp);
    if (!waveforms.ok() || rows < 2 || waveforms.axis(rows - 1) < stop * (1.0 - 1e-6)) {
      return {.ok = false, .message = explain_failure(waveforms.summary)};
    }
    if (const std::string fault = find_fault(waveforms); !fault.empty()) {
      return {.ok = false, .message = "ngspice: " + fault};
    }
    for (Eigen::Index k = 0; k < x_.size(); ++k) {
      const double x = waveforms.values(rows - 1, k);
      x_(k / x_.cols(), k % x_.cols()) = std::clamp(x, 0.0, 1.0);
    }
    return {.energy = energy(waveforms, pulse)};
  }

  double state(int i, int j) override { return x_(i, j); }
  const Eigen::MatrixXd& states() override { return x_; }

 private:
  /// Every state starts where the last pulse left it and keeps to 0 .. 1; empty when all do.
  std::string find_fault(const engine::Waveforms& waveforms) const {
    const device::StateBounds bounds{.low = 0.0, .high = 1.0};
    for (Eigen::Index k = 0; k < x_.size(); ++k) {
      const Eigen::Index i = k / x_.cols(), j = k % x_.cols();
      std::string fault = device::find_start_fault(waveforms.values(0, k), x_(i, j));
      if (fault.empty()) {
        fault = device::find_bound_fault(waveforms.axis, waveforms.values.col(k), bounds);
      }
      if (!fault.empty()) return numbered("cell ", i, j) + ": " + fault;
    }
    return "";
  }

  /// What the sources gave over the transient.
  double energy(const engine::Waveforms& waveforms, const crossbar::CellPulse& pulse) const {
    const auto bias = crossbar::line_bias(spec_.scheme, x_.rows(), x_.cols(), pulse);
    Eigen::VectorXd share(x_.rows() + x_.cols());
    share << bias.word, bias.bit;
    const double A = pulse.pulse.amplitude;
    const double ramp = kRamp * pulse.pulse.width;
    // SPICE counts a source's current into its + pin.
    const Eigen::VectorXd I = -waveforms.values.rightCols(share.size()) * share;
    const auto power = [&](Eigen::Index k) {
      const double t = waveforms.axis(k);
      const double rise = std::min(t, pulse.pulse.width + ramp - t) / ramp;
      return A * std::clamp(rise, 0.0, 1.0) * I(k);
    };
    double total = 0.0;
    for (Eigen::Index k = 1; k < I.size(); ++k) {
      total += 0.5 * (power(k) + power(k - 1)) * (waveforms.axis(k) - waveforms.axis(k - 1));
    }
    return total;
  }

  const DynamicCell& cell_;
  crossbar::PulsedArraySpec spec_;
  Eigen::MatrixXd x_;
  engine::Engine& engine_;
};

}  // namespace

ProgramBench build_program_bench(const DynamicCell& cell,
                                 const crossbar::PulsedArraySpec& spec,
                                 const Eigen::MatrixXd& x,
                                 const crossbar::CellPulse& pulse) {
  require_one_end(cell, spec.wiring);
  return {.circuit = BenchBuilder(cell, spec, x, pulse).build(),
          .analysis = analysis_of(x, pulse.pulse.width)};
}

std::unique_ptr<crossbar::PulsedArray> make_spice_array(const DynamicCell& cell,
                                                        const crossbar::PulsedArraySpec& spec,
                                                        const Eigen::MatrixXd& x,
                                                        engine::Engine& engine) {
  return std::make_unique<SpiceArray>(cell, spec, x, engine);
}

}  // namespace memspice::synthesis
