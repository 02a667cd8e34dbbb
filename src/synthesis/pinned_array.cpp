#include "synthesis/pinned_array.hpp"

#include <algorithm>
#include <utility>

namespace memspice::synthesis {
namespace {

/// Halvings of a pulse: a runaway within 1/64 of it is left to its transient.
constexpr int kMostCuts = 6;

PulseCertificate joined(const PulseCertificate& a, const PulseCertificate& b) {
  return {.bound = std::max(a.bound, b.bound),
          .relative = std::max(a.relative, b.relative),
          .own = std::max(a.own, b.own),
          .corrections = a.corrections + b.corrections,
          .followed = a.followed + b.followed,
          .asked = a.asked + b.asked,
          .seconds = a.seconds + b.seconds};
}

class HeldArray final : public PinnedArray {
 public:
  HeldArray(const DynamicCell& cell,
            const crossbar::PulsedArraySpec& spec,
            const Eigen::MatrixXd& x,
            const PinnedEngines& engines,
            const PinnedPulseOptions& options)
      : law_(*spec.cell),
        nodes_(spec, x.rows(), x.cols()),
        x_(x),
        wires_(cell, spec, x.rows(), x.cols()),
        held_(cell, engines.held),
        tools_{.cell = cell,
               .law = law_,
               .wires = wires_,
               .held = held_,
               .engine = engines.transients},
        options_(options) {}

  crossbar::PulseEffect apply(const crossbar::CellPulse& pulse) override {
    const PinnedPulseResult result = run(pulse, x_.transpose().reshaped(), 0);
    add(result.certificate);
    if (!result.ok) return {.ok = false, .message = result.message};
    x_ = result.x.reshaped(x_.cols(), x_.rows()).transpose();
    return {.energy = result.energy};
  }

  double state(int i, int j) override { return x_(i, j); }
  const Eigen::MatrixXd& states() override { return x_; }
  const WritingCertificate& certificate() const override { return certificate_; }

 private:
  /// What lies between the samples of a pulse is taken to be linear: one that moves a cell far is
  /// cut in two, and these again where they do.
  PinnedPulseResult run(const crossbar::CellPulse& pulse, const Eigen::VectorXd& x, int cuts) {
    nodes_.drive(pulse);
    Eigen::VectorXd u = Eigen::VectorXd::Zero(nodes_.n_unknowns());
    if (!crossbar::solve_pulse_nodes(nodes_, law_, x, u)) {
      return {
          .x = {}, .certificate = {}, .ok = false, .message = "the array's nodes find no solution"};
    }
    PinnedPulseResult whole = run_pinned_pulse(tools_, nodes_, pulse, x, u, options_);
    const bool is_far = whole.ok && (whole.x - x).cwiseAbs().maxCoeff() > options_.large_motion;
    if (!is_far || cuts == kMostCuts) return whole;
    crossbar::CellPulse half = pulse;
    half.pulse.width *= 0.5;
    PinnedPulseResult first = run(half, x, cuts + 1);
    if (!first.ok) return first;
    PinnedPulseResult second = run(half, first.x, cuts + 1);
    second.energy += first.energy;
    second.certificate = joined(second.certificate, first.certificate);
    // What was asked of the whole pulse took its time all the same.
    second.certificate.asked += whole.certificate.asked;
    second.certificate.seconds += whole.certificate.seconds;
    return second;
  }

  void add(const PulseCertificate& pulse) {
    ++certificate_.pulses;
    certificate_.most_corrections = std::max(certificate_.most_corrections, pulse.corrections);
    static_cast<PulseCertificate&>(certificate_) = joined(certificate_, pulse);
  }

  const device::Memristor& law_;
  crossbar::PulseNodes nodes_;
  Eigen::MatrixXd x_;
  DeckWires wires_;
  HeldCells held_;
  PinnedPulseTools tools_;
  PinnedPulseOptions options_;
  WritingCertificate certificate_;
};

}  // namespace

std::unique_ptr<PinnedArray> make_pinned_array(const DynamicCell& cell,
                                               const crossbar::PulsedArraySpec& spec,
                                               const Eigen::MatrixXd& x,
                                               const PinnedEngines& engines,
                                               const PinnedPulseOptions& options) {
  return std::make_unique<HeldArray>(cell, spec, x, engines, options);
}

}  // namespace memspice::synthesis
