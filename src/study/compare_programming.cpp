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

}  // namespace

report::ProgrammingAgreement compare_programming(const Writing& writing,
                                                 const mapping::TilePlan& plan,
                                                 const WritingEngine& engine) {
  const Stopwatch stopwatch;
  const ProgrammingOptions& programming = *writing.options;
  const auto cell = device::make_memristor(programming.parameters);
  const Corner corner = corner_of(writing, plan, *cell);
  const crossbar::PulsedArraySpec spec = array_spec(writing, *cell);
  const synthesis::DynamicCell dynamic{
      .card = programming.parameters,
      .definition = netlist::read_definition_file(programming.subcircuit)};

  SpiceCorner spice(dynamic, spec, corner.x, engine);
  const auto fast = crossbar::make_cross_array(spec, corner.x);
  const bool has_reference = corner.x.rows() <= kMostReferenceLines;
  const auto full = has_reference ? crossbar::make_full_array(spec, corner.x) : nullptr;
  std::vector<crossbar::PulsedArray*> followers{fast.get()};
  if (has_reference) followers.push_back(full.get());
  FollowedArray arrays(spice.array(), followers);
  const crossbar::ProgramResult written =
      crossbar::program_array(arrays, *cell, corner.target, programming.program);
  const auto difference = [&](crossbar::PulsedArray& array) {
    return largest_difference(crossbar::conductances_of(*cell, array.states()), written.G);
  };
  report::ProgrammingAgreement found{.tile = corner.tile,
                                     .lines = static_cast<int>(corner.x.rows()),
                                     .pulses = written.pulses.cast<long>().sum(),
                                     .fast = difference(*fast),
                                     .energy = arrays.energy_difference(0),
                                     .bound = spice.bound(),
                                     .failure = written.message};
  if (has_reference) found.reference = difference(*full);
  found.seconds = stopwatch.seconds();
  return found;
}

}  // namespace memspice::study
