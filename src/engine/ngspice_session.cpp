#include "engine/ngspice_session.hpp"

#include <ngspice/sharedspice.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "base/stopwatch.hpp"
#include "base/text.hpp"
#include "engine/deck_check.hpp"
#include "engine/ngspice_library.hpp"
#include "engine/plausible.hpp"
#include "engine/resident_circuits.hpp"

namespace memspice::engine {
namespace {

/// "v(out)" -> "out", "i(v1)" -> "v1#branch", else as it stands; ngspice keeps lower case.
std::string vector_name(std::string_view spelling) {
  const std::string lower = to_lower(trim(spelling));
  if (lower.size() < 4 || lower.back() != ')' || lower[1] != '(') return lower;
  const std::string inner(trim(std::string_view(lower).substr(2, lower.size() - 3)));
  if (lower.front() == 'v') return inner;
  return lower.front() == 'i' ? inner + "#branch" : lower;
}

std::string axis_name(const std::set<std::string>& names) {
  if (names.count("time") != 0) return "time";
  const auto sweep = std::find_if(
      names.begin(), names.end(), [](const std::string& name) { return name.ends_with("-sweep"); });
  return sweep == names.end() ? std::string() : *sweep;
}

/// Neither the axis nor a branch, nor a node inside of a device.
std::vector<std::string> nets_of(const std::set<std::string>& names, const std::string& axis) {
  std::vector<std::string> nets;
  for (const std::string& name : names) {
    if (name != axis && name.find('#') == std::string::npos) nets.push_back(name);
  }
  return nets;
}

}  // namespace

/// Runs decks through the library and reads what came of them.
class NgspiceSession::Decks {
 public:
  explicit Decks(NgspiceLibrary& library) : library_(library) {}
  Diagnosis run(const netlist::Deck& deck, Waveforms& into);

 private:
  /// An analysis that ran: ngspice's name for it, and the quantities in it.
  struct Results {
    std::string plot;
    std::set<std::string> names;
  };

  void load_and_run(CheckedDeck& deck);
  std::optional<Eigen::VectorXd> read(const std::string& plot, const std::string& name) const;
  std::set<std::string> names_in(const std::string& plot_name) const;
  Diagnosis read_probe(const Results& results,
                       const std::string& spelling,
                       Eigen::Ref<Eigen::VectorXd> into) const;
  Diagnosis read_waveforms(const netlist::Deck& deck, const CheckedDeck& checked, Waveforms& into);
  Diagnosis check_axis(const netlist::Deck& deck,
                       const CheckedDeck& checked,
                       const Waveforms& w) const;

  NgspiceLibrary& library_;
};

void NgspiceSession::Decks::load_and_run(CheckedDeck& deck) {
  library_.load_circuit(std::move(deck.lines));
  const bool transient = deck.analysis == CheckedDeck::Analysis::Transient;
  if (library_.alive && !library_.log.failure(transient)) library_.run_command("run");
}

std::optional<Eigen::VectorXd> NgspiceSession::Decks::read(const std::string& plot,
                                                           const std::string& name) const {
  const vector_info* info = library_.vector(plot + "." + name);
  if (info == nullptr || info->v_realdata == nullptr || info->v_length <= 0) return std::nullopt;
  return Eigen::Map<const Eigen::VectorXd>(info->v_realdata, info->v_length);
}

Diagnosis NgspiceSession::Decks::check_axis(const netlist::Deck& deck,
                                            const CheckedDeck& checked,
                                            const Waveforms& w) const {
  const Eigen::Index points = w.axis.size();
  if (deck.points > 0 && points != deck.points) {
    return library_.log.explain(Termination::NoConvergence,
                                "the analysis gave " + std::to_string(points) + " of " +
                                    std::to_string(deck.points) + " points");
  }
  const double reached = w.axis(points - 1);
  const bool transient = checked.analysis == CheckedDeck::Analysis::Transient;
  constexpr double rounding = 1e-9;  // relative; ngspice sums its time steps
  if (transient && reached < checked.stop * (1.0 - rounding)) {
    return library_.log.explain(Termination::NoConvergence,
                                "the transient stopped at " + to_text_rounded(reached, 6) +
                                    " s of " + to_text_rounded(checked.stop, 6) + " s");
  }
  return {};
}

std::set<std::string> NgspiceSession::Decks::names_in(const std::string& plot_name) const {
  std::set<std::string> names;
  for (const std::string& name : library_.vectors(plot_name)) names.insert(to_lower(name));
  return names;
}

Diagnosis NgspiceSession::Decks::read_probe(const Results& results,
                                            const std::string& spelling,
                                            Eigen::Ref<Eigen::VectorXd> into) const {
  const std::string name = vector_name(spelling);
  if (results.names.count(name) == 0) {
    return library_.log.explain(Termination::Rejected,
                                "the circuit has no quantity " + spelling +
                                    "; probe a net or a voltage source that is there");
  }
  const auto values = read(results.plot, name);
  const bool whole = values && values->size() == into.size();
  if (!whole || !std::all_of(values->begin(), values->end(), is_plausible)) {
    return library_.log.explain(Termination::NoConvergence,
                                spelling +
                                    " is incomplete, not finite or beyond 1e11: the equations were "
                                    "not solved; smooth or bound the device model");
  }
  into = *values;
  return {};
}

Diagnosis NgspiceSession::Decks::read_waveforms(const netlist::Deck& deck,
                                                const CheckedDeck& checked,
                                                Waveforms& into) {
  const std::string plot_name = library_.plot();
  const bool has_results =
      plot_name.starts_with("op") || plot_name.starts_with("dc") || plot_name.starts_with("tran");
  if (!has_results) return library_.log.explain(Termination::Rejected, "the run gave no results");
  const Results results{plot_name, names_in(plot_name)};
  const std::string axis = axis_name(results.names);
  into.axis =
      axis.empty() ? Eigen::VectorXd::Zero(1) : read(plot_name, axis).value_or(Eigen::VectorXd());
  if (into.axis.size() == 0)
    return library_.log.explain(Termination::NoConvergence, "no point was solved");
  Diagnosis diagnosis = check_axis(deck, checked, into);
  if (deck.all_nets) into.nets = nets_of(results.names, axis);
  const std::vector<std::string>& wanted = deck.all_nets ? into.nets : deck.vectors;
  into.values.resize(into.axis.size(), static_cast<Eigen::Index>(wanted.size()));
  for (Eigen::Index k = 0; k < into.values.cols(); ++k) {
    if (diagnosis.termination != Termination::Done) break;
    diagnosis = read_probe(results, wanted[static_cast<std::size_t>(k)], into.values.col(k));
  }
  return diagnosis;
}

Diagnosis NgspiceSession::Decks::run(const netlist::Deck& deck, Waveforms& into) {
  CheckedDeck checked = check_deck(deck);
  library_.log.clear();
  load_and_run(checked);
  const bool transient = checked.analysis == CheckedDeck::Analysis::Transient;
  if (const auto failure = library_.log.failure(transient)) return *failure;
  if (!library_.alive) {
    return library_.log.explain(Termination::Rejected, "the simulator asked to be unloaded");
  }
  return read_waveforms(deck, checked, into);
}

NgspiceSession::NgspiceSession(const std::string& library)
    : library_(std::make_unique<NgspiceLibrary>(library)),
      residents_(std::make_unique<ResidentCircuits>(*library_)) {}

NgspiceSession::~NgspiceSession() = default;

std::string NgspiceSession::version() const {
  const std::string number = library_->log.version();
  return "ngspice-" + (number.empty() ? "unknown" : number);
}

bool NgspiceSession::alive() const noexcept {
  return library_->alive && !residents_->lost();
}

/// A circuit that could not be parsed leaves the one before it loaded, and `run` would run that
/// one: nothing may be left over, before or after.
void NgspiceSession::forget_deck() {
  if (!library_->alive) return;
  library_->run_command("remcirc");
  library_->run_command("destroy all");
}

Waveforms NgspiceSession::run(const netlist::Deck& deck) {
  const Stopwatch stopwatch;
  Waveforms waveforms;
  Diagnosis diagnosis;
  try {
    residents_->forget_all();
    diagnosis = Decks(*library_).run(deck, waveforms);
    forget_deck();
  } catch (const InputError& error) {
    diagnosis = {Termination::Rejected, error.what()};
  }
  if (diagnosis.termination != Termination::Done) waveforms = {};
  waveforms.summary.termination = diagnosis.termination;
  waveforms.summary.message = diagnosis.message;
  waveforms.summary.seconds = stopwatch.seconds();
  return waveforms;
}

PinnedCurrents NgspiceSession::evaluate(const PinnedPoints& points) {
  const Stopwatch stopwatch;
  PinnedCurrents currents = residents_->evaluate(points);
  currents.summary.seconds = stopwatch.seconds();
  return currents;
}

void NgspiceSession::forget(const std::string& key) {
  residents_->forget(key);
}

}  // namespace memspice::engine
