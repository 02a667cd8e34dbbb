#include "engine/simulator_log.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace memspice::engine {
namespace {

enum class Weight {
  Explains,   ///< may be overcome by gmin or source stepping; tells why when the run failed
  Decides,    ///< the run failed
  DecidesDc,  ///< the run failed, unless it is a transient
};

struct Symptom {
  std::string_view words;  ///< lower case, as in ngspice's sources
  Weight weight;
  Termination termination;
  std::string_view remedy;
};

constexpr std::string_view mend_deck = "correct the netlist at the place named";
constexpr std::string_view mend_model = "check the .subckt or .model text of the device card";
constexpr std::string_view smooth =
    "smooth the device model (no steps in I(v)), raise the iteration limit, or loosen reltol";
constexpr std::string_view ground =
    "give every net a DC path to ground and let no two voltage sources be in parallel";
constexpr std::string_view no_zero =
    "give every resistor a value above 1e-3 Ohm, or leave a wire of zero resistance out";

using enum Weight;
constexpr Termination rejected = Termination::Rejected;
constexpr Termination no_convergence = Termination::NoConvergence;

// Causes before effects: the remedy of the first one found is the one given.
constexpr std::array<Symptom, 31> symptoms = {{
    {"unknown subckt", Decides, rejected, "define the .subckt in the deck or correct its name"},
    {"parameters for subcircuit",
     Decides,
     rejected,
     "match the nodes of the X line to the .subckt"},
    {"undefined parameter", Decides, rejected, "define it with .param"},
    {"cannot compute substitute", Decides, rejected, mend_deck},
    {"can't find model", Decides, rejected, mend_model},
    {"unable to find definition of model", Decides, rejected, mend_model},
    {"unrecognized parameter", Decides, rejected, mend_model},
    {"unknown parameter", Decides, rejected, mend_deck},
    {"no such function", Decides, rejected, mend_deck},
    {"error on line", Decides, rejected, mend_deck},
    {"is not in the circuit", Decides, rejected, "sweep a source that the deck has"},
    {"resistance to low", Decides, rejected, no_zero},  // ngspice's spelling
    {"resistance too low", Decides, rejected, no_zero},
    {"out of memory", Decides, rejected, "use a smaller circuit or fewer points"},
    {"can't allocate", Decides, rejected, "use a smaller circuit or fewer points"},
    {"malloc: internal error", Decides, rejected, "use a smaller circuit or fewer points"},
    {"no job (tran", Decides, rejected, "give one of .op, .dc, .tran"},
    {"circuit not parsed", Decides, rejected, mend_deck},
    {"any circuits loaded", Decides, rejected, mend_deck},
    {"cannot recover", Decides, rejected, mend_deck},
    {"simulation not started", Decides, rejected, mend_deck},
    {"no dc path", Explains, no_convergence, ground},
    {"singular matrix", Explains, no_convergence, ground},
    {"out of range for", Explains, no_convergence, "bound the argument in the device model"},
    {"doanalyses:", Decides, no_convergence, smooth},
    {"iteration limit", Explains, no_convergence, smooth},
    {"source stepping failed", Explains, no_convergence, smooth},
    {"timestep too small", Explains, no_convergence, smooth},
    {"transient op finished", DecidesDc, no_convergence, ground},
    {"fatal error", Decides, rejected, mend_deck},
    {"simulation(s) aborted", Decides, no_convergence, smooth},
}};

std::size_t find_symptom(const std::string& lower) {
  const auto found = std::find_if(symptoms.begin(), symptoms.end(), [&lower](const Symptom& s) {
    return lower.find(s.words) != std::string::npos;
  });
  return static_cast<std::size_t>(found - symptoms.begin());
}

std::string_view without_stream_name(std::string_view line) {
  for (const std::string_view stream : {"stderr ", "stdout "}) {
    if (line.starts_with(stream)) line.remove_prefix(stream.size());
  }
  return trim(line);
}

/// A line of "Last Node Voltages" that ngspice marks as unsettled: name, two values, an asterisk.
std::string unsettled_node(std::string_view line) {
  std::vector<std::string> words;
  for (std::string& word : split(line, ' ')) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  const bool is_marked = words.size() == 4 && words[3] == "*" && parse_double(words[1]) &&
                         parse_double(words[2]) && words[0].find('#') == std::string::npos;
  return is_marked ? escape_controls(words[0]) : std::string();
}

std::string find_version(std::string_view line) {
  constexpr std::string_view name = "ngspice-";
  const std::size_t at = line.find(name);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + name.size());
  return std::string(line.substr(0, line.find_first_not_of("0123456789.+")));
}

}  // namespace

void SimulatorLog::clear() noexcept {
  const std::lock_guard lock(mutex_);
  words_.clear();
  symptoms_.clear();
  unsettled_.clear();
  names_next_line_ = false;
}

void SimulatorLog::add(std::string_view line) noexcept try {
  const std::lock_guard lock(mutex_);
  line = without_stream_name(line);
  if (version_.empty()) version_ = find_version(line);
  if (const std::string node = unsettled_node(line); !node.empty()) {
    constexpr std::size_t kEnough = 4;
    const bool is_known = std::find(unsettled_.begin(), unsettled_.end(), node) != unsettled_.end();
    if (unsettled_.size() < kEnough && !is_known) unsettled_.push_back(node);
    return;
  }
  if (names_next_line_) {
    words_.back() += ' ' + escape_controls(line.substr(0, 200));
    names_next_line_ = false;
    return;
  }
  const std::size_t symptom = find_symptom(to_lower(line));
  const bool seen = std::find(symptoms_.begin(), symptoms_.end(), symptom) != symptoms_.end();
  if (symptom == symptoms.size() || seen) return;
  symptoms_.push_back(symptom);
  words_.push_back(escape_controls(line.substr(0, 300)));
  // "Error on line:", and the line itself as the next message.
  names_next_line_ = line.ends_with(':') && to_lower(line).starts_with("error on line");
} catch (...) {
  // Out of memory inside a C callback: the vectors are checked as well, so no failure is missed.
}

std::optional<Diagnosis> SimulatorLog::failure(bool is_transient) const {
  const std::lock_guard lock(mutex_);
  for (const std::size_t k : symptoms_) {
    const Symptom& symptom = symptoms[k];
    const bool decides =
        symptom.weight == Decides || (symptom.weight == DecidesDc && !is_transient);
    if (decides) return Diagnosis{symptom.termination, words_and_remedy({})};
  }
  return std::nullopt;
}

Diagnosis SimulatorLog::explain(Termination termination, const std::string& what) const {
  const std::lock_guard lock(mutex_);
  return {termination, words_and_remedy(what)};
}

std::string SimulatorLog::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

std::string SimulatorLog::words_and_remedy(const std::string& what) const {
  std::vector<std::string> parts;
  if (!what.empty()) parts.push_back(what);
  parts.insert(parts.end(), words_.begin(), words_.end());
  if (!unsettled_.empty() && !symptoms_.empty()) {
    parts.push_back("not settled: node " + join(unsettled_, ", "));
  }
  if (!symptoms_.empty()) {
    const std::size_t first = *std::min_element(symptoms_.begin(), symptoms_.end());
    parts.emplace_back(symptoms[first].remedy);
  }
  return join(parts, "; ");
}

}  // namespace memspice::engine
