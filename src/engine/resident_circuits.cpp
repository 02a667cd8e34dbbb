#include "engine/resident_circuits.hpp"

#include <ngspice/sharedspice.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/deck_check.hpp"
#include "engine/plausible.hpp"

namespace memspice::engine {
namespace {

constexpr std::string_view branch = "#branch";
constexpr int unknown = -1;

/// Gives the columns of V to the sources, one after the other, and keeps what flows.
class Sweep final : public PointObserver {
 public:
  Sweep(const netlist::Deck& deck, const Eigen::MatrixXd& V)
      : V_(V), I_(Eigen::MatrixXd::Constant(V.rows(), V.cols(), std::nan(""))) {
    for (std::size_t k = 0; k < deck.vectors.size(); ++k) {
      const std::string& name = deck.vectors[k];
      source_of_[name.substr(0, name.size() - branch.size())] = static_cast<int>(k);
    }
  }

  /// ngspice asks for all sources in one order at each load, by pointers that stay: names are
  /// looked up once.
  double voltage(const char* name) noexcept override {
    if (next_ == asked_.size()) next_ = 0;
    if (asked_.empty() || asked_[next_].name != name) find_place_of(name);
    const int source = asked_[next_++].source;
    return source == unknown || point_ >= V_.cols() ? 0.0 : V_(source, point_);
  }

  void take(const vecvaluesall& point) noexcept override {
    if (sent_.empty()) find_sources_of(point);
    const auto count = std::min(sent_.size(), static_cast<std::size_t>(point.veccount));
    for (std::size_t k = 0; point_ < I_.cols() && k < count; ++k) {
      // SPICE counts a source's current from its + pin through itself.
      if (sent_[k] != unknown) I_(sent_[k], point_) = -point.vecsa[k]->creal;
    }
    ++point_;
  }

  Eigen::Index points() const noexcept { return point_; }
  Eigen::MatrixXd& currents() noexcept { return I_; }

 private:
  struct Asked {
    const char* name;
    int source;
  };

  int source_called(const char* name) const {
    const auto found = source_of_.find(name);
    return found == source_of_.end() ? unknown : found->second;
  }

  void find_place_of(const char* name) {
    const auto known = std::ranges::find(asked_, name, &Asked::name);
    next_ = static_cast<std::size_t>(known - asked_.begin());
    if (known == asked_.end()) asked_.push_back({name, source_called(name)});
  }

  void find_sources_of(const vecvaluesall& point) {
    for (int k = 0; k < point.veccount; ++k) {
      std::string name = point.vecsa[k]->name;
      const bool is_branch = name.ends_with(branch);
      if (is_branch) name.resize(name.size() - branch.size());
      sent_.push_back(is_branch ? source_called(name.c_str()) : unknown);
    }
  }

  const Eigen::MatrixXd& V_;
  Eigen::MatrixXd I_;
  Eigen::Index point_ = 0;
  std::unordered_map<std::string, int> source_of_;
  std::vector<Asked> asked_;
  std::size_t next_ = 0;   ///< in asked_
  std::vector<int> sent_;  ///< source of each value of a point
};

/// Takes the sweep's calls for as long as it lives.
class Observation {
 public:
  Observation(NgspiceLibrary& library, Sweep& sweep) : library_(library) {
    library_.observe_by(&sweep);
  }
  ~Observation() { library_.observe_by(nullptr); }
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;

 private:
  NgspiceLibrary& library_;
};

}  // namespace

void ResidentCircuits::select(std::size_t at) {
  library_.run_command("setcirc " + std::to_string(keys_.size() - at));
}

Diagnosis ResidentCircuits::load(const PinnedDeck& deck) {
  CheckedDeck checked = check_deck(deck.deck);
  library_.load_circuit(std::move(checked.lines));
  if (auto failure = library_.log.failure(false)) {
    lost_ = true;  // it may have been taken in part
    return *failure;
  }
  keys_.push_back(deck.key);
  return {};
}

Diagnosis ResidentCircuits::make_current(const PinnedDeck& deck) {
  const auto known = std::ranges::find(keys_, deck.key);
  if (known == keys_.end()) return load(deck);
  select(static_cast<std::size_t>(known - keys_.begin()));
  return {};
}

Diagnosis ResidentCircuits::sweep(const PinnedPoints& points, Eigen::MatrixXd& I) {
  Sweep sweep(points.deck->deck, points.V);
  const Observation observation(library_, sweep);
  // A second `op` would order the matrix anew; the points of one sweep share its order.
  library_.run_command("dc v_stimulus_index 0 " + std::to_string(points.V.cols() - 1) + " 1");
  library_.run_command("destroy all");
  if (auto failure = library_.log.failure(false)) return *failure;
  if (!library_.alive || sweep.points() != points.V.cols()) {
    return library_.log.explain(Termination::NoConvergence,
                                "the sweep gave " + std::to_string(sweep.points()) + " of " +
                                    std::to_string(points.V.cols()) + " points");
  }
  if (!std::ranges::all_of(sweep.currents().reshaped(), is_plausible)) {
    return library_.log.explain(Termination::NoConvergence,
                                "a pin's current is missing, not finite or beyond 1e11 A; smooth "
                                "or bound the device model");
  }
  I = std::move(sweep.currents());
  return {};
}

PinnedCurrents ResidentCircuits::evaluate(const PinnedPoints& points) {
  PinnedCurrents answer;
  Diagnosis diagnosis;
  try {
    library_.log.clear();
    diagnosis = make_current(*points.deck);
    if (diagnosis.termination == Termination::Done) diagnosis = sweep(points, answer.I);
  } catch (const InputError& error) {
    diagnosis = {Termination::Rejected, error.what()};
  }
  answer.summary.termination = diagnosis.termination;
  answer.summary.message = diagnosis.message;
  return answer;
}

void ResidentCircuits::forget(const std::string& key) {
  const auto known = std::ranges::find(keys_, key);
  if (known == keys_.end()) return;
  select(static_cast<std::size_t>(known - keys_.begin()));
  library_.run_command("remcirc");
  keys_.erase(known);
}

void ResidentCircuits::forget_all() {
  while (!keys_.empty()) forget(keys_.back());
}

}  // namespace memspice::engine
