#include "engine/ngspice_session.hpp"

#include <dlfcn.h>
#include <ngspice/sharedspice.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <optional>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/deck_check.hpp"
#include "engine/simulator_log.hpp"

namespace memspice::engine {
namespace {

/// No circuit of memristors reaches this [V] or [A]: Newton's method of ngspice 39 can take an
/// overflowing exponential for a converged point, and such points lie beyond it.
constexpr double largest_plausible = 1e11;

/// KLU came with ngspice 42; older ones would complain about the option.
constexpr double first_version_with_klu = 42.0;

[[noreturn]] void fail_to_load(const std::string& library, const std::string& cause) {
  throw RunError({.place = library,
                  .value = {},
                  .rule = "cannot be loaded as the ngspice library: " + cause,
                  .remedy = "install the package libngspice0 or set `library` under [spice] to "
                            "the path of libngspice.so"});
}

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

bool is_plausible(double value) {
  return std::isfinite(value) && std::abs(value) <= largest_plausible;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

struct NgspiceSession::Library {
  decltype(&ngSpice_Init) init = nullptr;
  decltype(&ngSpice_Command) command = nullptr;
  decltype(&ngSpice_Circ) circuit = nullptr;
  decltype(&ngSpice_CurPlot) current_plot = nullptr;
  decltype(&ngSpice_AllVecs) vectors = nullptr;
  decltype(&ngGet_Vec_Info) vector = nullptr;
  SimulatorLog log;
  bool alive = true;

  /// An analysis that ran: ngspice's name for it, and the quantities in it.
  struct Results {
    std::string plot;
    std::set<std::string> names;
  };

  explicit Library(const std::string& path);
  void load_polynomial_sources();
  void run_command(const char* text);
  void forget_circuits_and_results();
  void load_and_run(CheckedDeck& deck);
  std::string plot() const;
  std::optional<Eigen::VectorXd> read(const std::string& plot, const std::string& name) const;
  std::set<std::string> names_in(std::string plot_name) const;
  Diagnosis read_probe(const Results& results,
                       const std::string& spelling,
                       Eigen::Ref<Eigen::VectorXd> into) const;
  Diagnosis read_waveforms(const netlist::Deck& deck, const CheckedDeck& checked, Waveforms& into);
  Diagnosis check_axis(const netlist::Deck& deck,
                       const CheckedDeck& checked,
                       const Waveforms& w) const;

  static int on_message(char* text, int, void* self) {
    if (text != nullptr) static_cast<Library*>(self)->log.add(text);
    return 0;
  }
  static int on_exit(int, NG_BOOL, NG_BOOL, int, void* self) {
    static_cast<Library*>(self)->alive = false;
    return 0;
  }
  static int on_status(char*, int, void*) { return 0; }
  static int on_data(pvecvaluesall, int, int, void*) { return 0; }
  static int on_vectors(pvecinfoall, int, void*) { return 0; }
  static int on_thread(NG_BOOL, int, void*) { return 0; }
};

NgspiceSession::Library::Library(const std::string& path) {
  void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) fail_to_load(path, ::dlerror());
  const auto bind = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(handle, name));
    if (function == nullptr) fail_to_load(path, std::string("it has no ") + name);
  };
  bind(init, "ngSpice_Init");
  bind(command, "ngSpice_Command");
  bind(circuit, "ngSpice_Circ");
  bind(current_plot, "ngSpice_CurPlot");
  bind(vectors, "ngSpice_AllVecs");
  bind(vector, "ngGet_Vec_Info");
  // Newer libraries can be told not to look for a user's .spiceinit at all.
  using NoInitFile = int (*)();
  if (void* skip = ::dlsym(handle, "ngSpice_nospiceinit")) reinterpret_cast<NoInitFile>(skip)();
  init(on_message, on_status, on_exit, on_data, on_vectors, on_thread, this);
  if (!alive) fail_to_load(path, "it asked to be unloaded when it was initialised");
  load_polynomial_sources();
}

/// POLY(n) of the controlled sources, common in op-amp models, is a code model of its own in
/// ngspice: the only one loaded, since others read files. Without it such a deck is rejected.
void NgspiceSession::Library::load_polynomial_sources() {
  Dl_info place{};
  if (::dladdr(reinterpret_cast<const void*>(command), &place) == 0) return;
  const auto file =
      std::filesystem::path(place.dli_fname).parent_path() / "ngspice" / "spice2poly.cm";
  const bool plain = file.string().find_first_not_of(
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-") ==
                     std::string::npos;
  std::error_code ec;
  if (plain && std::filesystem::exists(file, ec))
    run_command(("codemodel " + file.string()).c_str());
}

void NgspiceSession::Library::run_command(const char* text) {
  std::string copy = text;  // the interface takes char*, and ngspice writes into it
  command(copy.data());
}

/// A circuit that could not be parsed leaves the one before it loaded, and `run` would run that
/// one: nothing may be left over.
void NgspiceSession::Library::forget_circuits_and_results() {
  if (!alive) return;
  run_command("remcirc");
  run_command("destroy all");
}

void NgspiceSession::Library::load_and_run(CheckedDeck& deck) {
  if (parse_double(log.version()).value_or(0.0) >= first_version_with_klu) {
    deck.lines.insert(deck.lines.end() - 1, ".options klu");
  }
  std::vector<char*> lines;
  for (std::string& line : deck.lines) lines.push_back(line.data());
  lines.push_back(nullptr);
  circuit(lines.data());
  const bool transient = deck.analysis == CheckedDeck::Analysis::Transient;
  if (alive && !log.failure(transient)) run_command("run");
}

std::string NgspiceSession::Library::plot() const {
  const char* name = current_plot();
  return name == nullptr ? std::string() : name;
}

std::optional<Eigen::VectorXd> NgspiceSession::Library::read(const std::string& plot,
                                                             const std::string& name) const {
  std::string full = plot + "." + name;
  const vector_info* info = vector(full.data());
  if (info == nullptr || info->v_realdata == nullptr || info->v_length <= 0) return std::nullopt;
  return Eigen::Map<const Eigen::VectorXd>(info->v_realdata, info->v_length);
}

Diagnosis NgspiceSession::Library::check_axis(const netlist::Deck& deck,
                                              const CheckedDeck& checked,
                                              const Waveforms& w) const {
  const Eigen::Index points = w.axis.size();
  if (deck.points > 0 && points != deck.points) {
    return log.explain(Termination::NoConvergence,
                       "the analysis gave " + std::to_string(points) + " of " +
                           std::to_string(deck.points) + " points");
  }
  const double reached = w.axis(points - 1);
  const bool transient = checked.analysis == CheckedDeck::Analysis::Transient;
  constexpr double rounding = 1e-9;  // relative; ngspice sums its time steps
  if (transient && reached < checked.stop * (1.0 - rounding)) {
    return log.explain(Termination::NoConvergence,
                       "the transient stopped at " + to_text_rounded(reached, 6) + " s of " +
                           to_text_rounded(checked.stop, 6) + " s");
  }
  return {};
}

std::set<std::string> NgspiceSession::Library::names_in(std::string plot_name) const {
  std::set<std::string> names;
  char** listed = vectors(plot_name.data());
  for (; listed != nullptr && *listed != nullptr; ++listed) names.insert(to_lower(*listed));
  return names;
}

Diagnosis NgspiceSession::Library::read_probe(const Results& results,
                                              const std::string& spelling,
                                              Eigen::Ref<Eigen::VectorXd> into) const {
  const std::string name = vector_name(spelling);
  if (results.names.count(name) == 0) {
    return log.explain(Termination::Rejected,
                       "the circuit has no quantity " + spelling +
                           "; probe a net or a voltage source that is there");
  }
  const auto values = read(results.plot, name);
  const bool whole = values && values->size() == into.size();
  if (!whole || !std::all_of(values->begin(), values->end(), is_plausible)) {
    return log.explain(Termination::NoConvergence,
                       spelling +
                           " is incomplete, not finite or beyond 1e11: the equations were "
                           "not solved; smooth or bound the device model");
  }
  into = *values;
  return {};
}

Diagnosis NgspiceSession::Library::read_waveforms(const netlist::Deck& deck,
                                                  const CheckedDeck& checked,
                                                  Waveforms& into) {
  const std::string plot_name = plot();
  const bool has_results =
      plot_name.starts_with("op") || plot_name.starts_with("dc") || plot_name.starts_with("tran");
  if (!has_results) return log.explain(Termination::Rejected, "the run gave no results");
  const Results results{plot_name, names_in(plot_name)};
  const std::string axis = axis_name(results.names);
  into.axis =
      axis.empty() ? Eigen::VectorXd::Zero(1) : read(plot_name, axis).value_or(Eigen::VectorXd());
  if (into.axis.size() == 0) return log.explain(Termination::NoConvergence, "no point was solved");
  Diagnosis diagnosis = check_axis(deck, checked, into);
  into.values.resize(into.axis.size(), static_cast<Eigen::Index>(deck.vectors.size()));
  for (Eigen::Index k = 0; k < into.values.cols(); ++k) {
    if (diagnosis.termination != Termination::Done) break;
    diagnosis = read_probe(results, deck.vectors[static_cast<std::size_t>(k)], into.values.col(k));
  }
  return diagnosis;
}

NgspiceSession::NgspiceSession(const std::string& library)
    : library_(std::make_unique<Library>(library)) {}

// The library stays loaded: ngspice's own threads and exit handlers may still point into it.
NgspiceSession::~NgspiceSession() = default;

std::string NgspiceSession::version() const {
  const std::string number = library_->log.version();
  return "ngspice-" + (number.empty() ? "unknown" : number);
}

bool NgspiceSession::alive() const noexcept {
  return library_->alive;
}

Waveforms NgspiceSession::run(const netlist::Deck& deck) {
  const auto start = std::chrono::steady_clock::now();
  Waveforms waveforms;
  Diagnosis diagnosis;
  try {
    CheckedDeck checked = check_deck(deck);
    library_->log.clear();
    library_->load_and_run(checked);
    const bool transient = checked.analysis == CheckedDeck::Analysis::Transient;
    const auto failure = library_->log.failure(transient);
    if (failure)
      diagnosis = *failure;
    else if (!library_->alive)
      diagnosis =
          library_->log.explain(Termination::Rejected, "the simulator asked to be unloaded");
    else
      diagnosis = library_->read_waveforms(deck, checked, waveforms);
    library_->forget_circuits_and_results();
  } catch (const InputError& error) {
    diagnosis = {Termination::Rejected, error.what()};
  }
  if (diagnosis.termination != Termination::Done) waveforms = {};
  waveforms.summary.termination = diagnosis.termination;
  waveforms.summary.message = diagnosis.message;
  waveforms.summary.seconds = seconds_since(start);
  return waveforms;
}

}  // namespace memspice::engine
