#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/stopwatch.hpp"
#include "crossbar/cross_array.hpp"
#include "crossbar/full_array.hpp"
#include "netlist/model_text.hpp"
#include "study/programming.hpp"
#include "study/programming_cells.hpp"
#include "synthesis/program_bench.hpp"

namespace memspice::study {
namespace {

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

}  // namespace

report::ProgrammingAgreement compare_programming(const Writing& writing,
                                                 const mapping::TilePlan& plan,
                                                 engine::Engine& engine) {
  const Stopwatch stopwatch;
  const ProgrammingOptions& programming = *writing.options;
  const auto cell = device::make_memristor(programming.parameters);
  const mapping::Tile& tile = plan.layers.front().blocks.front().tiles.front();
  const Eigen::Index lines =
      std::min<Eigen::Index>({programming.spice_cells, tile.G.rows(), tile.G.cols()});
  const Eigen::MatrixXd target = writing.array->memristors(tile.G.topLeftCorner(lines, lines));
  const Eigen::MatrixXd x = initial_states(writing, *cell, tile.name, lines, lines);
  const crossbar::PulsedArraySpec spec = array_spec(writing, *cell);
  const synthesis::DynamicCell dynamic{
      .card = programming.parameters,
      .definition = netlist::read_definition_file(programming.subcircuit)};

  const auto spice = synthesis::make_spice_array(dynamic, spec, x, engine);
  const auto fast = crossbar::make_cross_array(spec, x);
  const auto full = crossbar::make_full_array(spec, x);
  FollowedArray arrays(*spice, {fast.get(), full.get()});
  const crossbar::ProgramResult written =
      crossbar::program_array(arrays, *cell, target, programming.program);
  const auto difference = [&](crossbar::PulsedArray& array) {
    return largest_difference(crossbar::conductances_of(*cell, array.states()), written.G);
  };
  report::ProgrammingAgreement found{.tile = tile.name,
                                     .lines = static_cast<int>(lines),
                                     .pulses = written.pulses.cast<long>().sum(),
                                     .fast = difference(*fast),
                                     .reference = difference(*full),
                                     .energy = arrays.energy_difference(0),
                                     .failure = written.message};
  found.seconds = stopwatch.seconds();
  return found;
}

}  // namespace memspice::study
