#include "tile/charging_certificate.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "tile/pinned_voltages.hpp"

namespace memspice::tile {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Role = synthesis::PinnedTile::Role;

/// Samples that ngspice is asked for at once: many for each loading, few to be kept.
constexpr Index kSamplesAtOnce = 32;

/// One side's nodes in the order of crossbar::ChargingSample as n_word_lines x n_bit_lines.
MatrixXd by_crossing(const Eigen::Ref<const VectorXd>& values, Index n, Index m) {
  return MatrixXd(values.reshaped(m, n)).transpose();
}

[[noreturn]] void fail(const std::string& tile, const engine::Summary& summary) {
  throw RunError({.place = "tile " + tile,
                  .value = summary.message,
                  .rule = "ngspice gave no answer while its lines charge",
                  .remedy = summary.saved_deck.empty() ? "run memspice doctor"
                                                       : "the deck is " + summary.saved_deck});
}

}  // namespace

HeldCharging::HeldCharging(const synthesis::TileSpec& spec,
                           const VectorXd& V,
                           double line_capacitance,
                           engine::Engine& engine)
    : n_(spec.G.rows()), m_(spec.G.cols()), V_(V), C_(line_capacitance), engine_(engine) {
  problem_.name = spec.name;
  problem_.tile = synthesis::build_pinned_tile(spec);
  decks_ = write_pieces(problem_.tile, V.cwiseAbs().maxCoeff());
  worst_ = VectorXd::Zero(static_cast<Index>(problem_.tile.pins.size()));
}

void HeldCharging::take(const crossbar::ChargingSample& sample) {
  const Index cells = n_ * m_;
  shares_.push_back(sample.share);
  problem_.V_word.push_back(by_crossing(sample.v.head(cells), n_, m_));
  problem_.V_bit.push_back(by_crossing(sample.v.tail(cells), n_, m_));
  brought_.push_back(brought_by(sample.rate));
  if (static_cast<Index>(shares_.size()) == kSamplesAtOnce) ask();
}

ChargingCertificate HeldCharging::finish(double largest_output) {
  if (!shares_.empty()) ask();
  certificate_.residual = worst_.sum();
  certificate_.relative = certificate_.residual / largest_output;
  return certificate_;
}

/// What the capacitors of each pin take [A].
VectorXd HeldCharging::brought_by(const VectorXd& rate) const {
  VectorXd I = VectorXd::Zero(worst_.size());
  for (Index k = 0; k < n_ * m_; ++k) {
    I[problem_.tile.word_pin(k / m_, k % m_)] += C_ * rate[k];
    I[problem_.tile.bit_pin(k / m_, k % m_)] += C_ * rate[n_ * m_ + k];
  }
  return I;
}

void HeldCharging::ask() {
  const auto points = static_cast<Index>(shares_.size());
  problem_.V_drive = V_ * VectorXd::Map(shares_.data(), points).transpose();
  const MatrixXd X = starting_voltages(problem_);
  const auto answers = engine_.evaluate_all(piece_requests(problem_.tile, decks_, X));
  engine::Summary summary;
  const auto F = pin_currents(problem_.tile, answers, points, summary);
  if (!F) fail(problem_.name, summary);
  for (Index k = 0; k < points; ++k) judge(F->col(k) + brought_[static_cast<std::size_t>(k)]);
  certificate_.evaluations += points;
  certificate_.seconds += summary.seconds;
  shares_.clear();
  brought_.clear();
  problem_.V_word.clear();
  problem_.V_bit.clear();
}

void HeldCharging::judge(const VectorXd& residual) {
  for (Index k = 0; k < residual.size(); ++k) {
    if (problem_.tile.pins[static_cast<std::size_t>(k)].role != Role::Node) continue;
    worst_[k] = std::max(worst_[k], std::abs(residual[k]));
  }
}

bool can_charge(const synthesis::TileSpec& spec) {
  const bool is_plain = !spec.cell.memristor && spec.cell.access.index() == 0;
  return is_plain && spec.source_line == synthesis::SourceLine::Shared && spec.G.minCoeff() > 0.0;
}

CertifiedCharging charge_tile(const synthesis::TileSpec& spec,
                              const VectorXd& V,
                              const crossbar::ChargingOptions& options,
                              engine::Engine* engine) {
  spec.validate();
  std::optional<HeldCharging> held;
  if (engine != nullptr) held.emplace(spec, V, options.line_capacitance, *engine);
  CertifiedCharging found;
  found.charging = crossbar::charge_array(
      spec.G, crossbar::SinhLaw(spec.alpha), spec.wiring, V, options, [&](const auto& sample) {
        if (held) held->take(sample);
      });
  if (found.charging.summary.termination == crossbar::Summary::Termination::NotConverged) {
    throw RunError({.place = "tile " + spec.name,
                    .value = {},
                    .rule = "its lines do not charge: " + found.charging.summary.message,
                    .remedy = "check conductances, wires and the line capacitance"});
  }
  if (held) found.certificate = held->finish(found.charging.I_rest.cwiseAbs().maxCoeff());
  return found;
}

}  // namespace memspice::tile
