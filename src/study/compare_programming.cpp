#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/stopwatch.hpp"
#include "crossbar/cross_array.hpp"
#include "crossbar/full_array.hpp"
#include "netlist/model_text.hpp"
#include "study/programming.hpp"
#include "study/programming_cells.hpp"
#include "synthesis/pinned_array.hpp"
#include "synthesis/program_bench.hpp"

namespace memspice::study {
namespace {

/// Lines up to which the coupled reference follows: it solves all nodes at every rate.
constexpr Eigen::Index kMostReferenceLines = 8;

double largest_difference(const Eigen::MatrixXd& G, const Eigen::MatrixXd& reference) {
  return (G.array() / reference.array() - 1.0).abs().maxCoeff();
}

/// The array that the loop is closed on, and others that take the same pulses: what differs at the
/// end is the arrays' physics alone, not a loop that ended one pulse earlier.
class FollowedArray final : public crossbar::PulsedArray {
 public:
  FollowedArray(crossbar::PulsedArray& first, std::vector<crossbar::PulsedArray*> followers)
      : first_(first), followers_(std::move(followers)), energy_(followers_.size(), 0.0) {}

  crossbar::PulseEffect apply(const crossbar::CellPulse& pulse) override {
    crossbar::PulseEffect effect = first_.apply(pulse);
    first_energy_ += effect.energy;
    for (std::size_t k = 0; k < followers_.size() && effect.ok; ++k) {
      const crossbar::PulseEffect followed = followers_[k]->apply(pulse);
      energy_[k] += followed.energy;
      if (!followed.ok) return followed;
    }
    return effect;
  }
  double state(int i, int j) override { return first_.state(i, j); }
  const Eigen::MatrixXd& states() override { return first_.states(); }

  /// Of all pulses, relative to the first array's.
  double energy_difference(std::size_t follower) const {
    return first_energy_ > 0.0 ? std::abs(energy_[follower] / first_energy_ - 1.0) : 0.0;
  }

 private:
  crossbar::PulsedArray& first_;
  std::vector<crossbar::PulsedArray*> followers_;
  std::vector<double> energy_;
  double first_energy_ = 0.0;
};

/// The corner in ngspice: held node by node, or one circuit.
class SpiceCorner {
 public:
  SpiceCorner(const synthesis::DynamicCell& cell,
              const crossbar::PulsedArraySpec& spec,
              const Eigen::MatrixXd& x,
              const WritingEngine& spice) {
    engine::Options single = spice.engine;
    single.workers = 1;  // each pulse waits for the one before it
    transients_ = engine::make_ngspice_engine(single);
    if (spice.method == tile::SpiceMethod::Direct) {
      array_ = synthesis::make_spice_array(cell, spec, x, *transients_);
      return;
    }
    held_ = engine::make_ngspice_engine(spice.engine);
    auto pinned = synthesis::make_pinned_array(cell, spec, x, {*transients_, *held_});
    pinned_ = pinned.get();
    array_ = std::move(pinned);
  }

  crossbar::PulsedArray& array() { return *array_; }
  std::optional<report::WritingBound> bound() const {
    if (pinned_ == nullptr) return std::nullopt;
    const synthesis::WritingCertificate& found = pinned_->certificate();
    return report::WritingBound{.bound = found.bound,
                                .relative = found.relative,
                                .own = found.own,
                                .corrections = found.corrections,
                                .most_corrections = found.most_corrections,
                                .seconds = found.seconds};
  }

 private:
  std::unique_ptr<engine::Engine> transients_, held_;
  std::unique_ptr<crossbar::PulsedArray> array_;
  const synthesis::PinnedArray* pinned_ = nullptr;
};

/// The corner's targets and first states.
struct Corner {
  std::string tile;
  Eigen::MatrixXd target;  ///< of the memristors [S]
  Eigen::MatrixXd x;
};

Corner corner_of(const Writing& writing,
                 const mapping::TilePlan& plan,
                 const device::Memristor& cell) {
  const mapping::Tile& tile = plan.layers.front().blocks.front().tiles.front();
  const Eigen::Index lines =
      std::min<Eigen::Index>({writing.options->spice_cells, tile.G.rows(), tile.G.cols()});
  return {.tile = tile.name,
          .target = writing.array->memristors(tile.G.topLeftCorner(lines, lines)),
          .x = initial_states(writing, cell, tile.name, lines, lines)};
}

/// The corner by memspice's own laws: in its fast form and, where that takes no minutes, coupled.
struct OwnCorners {
  OwnCorners(const crossbar::PulsedArraySpec& spec, const Eigen::MatrixXd& x)
      : fast(crossbar::make_cross_array(spec, x)) {
    if (x.rows() <= kMostReferenceLines) reference = crossbar::make_full_array(spec, x);
  }
  std::vector<crossbar::PulsedArray*> all() const {
    if (reference == nullptr) return {fast.get()};
    return {fast.get(), reference.get()};
  }

  std::unique_ptr<crossbar::PulsedArray> fast, reference;
};

/// What the arrays ended with beside ngspice, which the loop was closed on.
report::ProgrammingAgreement agreement_of(const std::string& tile,
                                          const OwnCorners& own,
                                          const device::Memristor& cell,
                                          const crossbar::ProgramResult& written) {
  const auto difference = [&](crossbar::PulsedArray& array) {
    return largest_difference(crossbar::conductances_of(cell, array.states()), written.G);
  };
  report::ProgrammingAgreement found{.tile = tile,
                                     .lines = static_cast<int>(written.G.rows()),
                                     .pulses = written.pulses.cast<long>().sum(),
                                     .fast = difference(*own.fast),
                                     .failure = written.message};
  if (own.reference != nullptr) found.reference = difference(*own.reference);
  return found;
}

}  // namespace

report::ProgrammingAgreement compare_programming(const Writing& writing,
                                                 const mapping::TilePlan& plan,
                                                 const WritingEngine& engine) {
  const Stopwatch stopwatch;
  const ProgrammingOptions& options = *writing.options;
  const auto cell = device::make_memristor(options.parameters);
  const Corner corner = corner_of(writing, plan, *cell);
  const crossbar::PulsedArraySpec spec = array_spec(writing, *cell);
  const synthesis::DynamicCell dynamic{
      .card = options.parameters, .definition = netlist::read_definition_file(options.subcircuit)};
  SpiceCorner spice(dynamic, spec, corner.x, engine);
  const OwnCorners own(spec, corner.x);
  FollowedArray arrays(spice.array(), own.all());
  const auto written = crossbar::program_array(arrays, *cell, corner.target, options.program);
  report::ProgrammingAgreement found = agreement_of(corner.tile, own, *cell, written);
  found.energy = arrays.energy_difference(0);
  found.bound = spice.bound();
  found.seconds = stopwatch.seconds();
  return found;
}

}  // namespace memspice::study
