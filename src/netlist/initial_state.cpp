#include "netlist/initial_state.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "netlist/model_lines.hpp"
#include "netlist/model_text.hpp"

namespace memspice::netlist {
namespace {

using Words = std::vector<std::string>;

bool is_ground(const std::string& node) {
  return node == "0" || node == "gnd";
}

std::string grounded(const std::string& node) {
  return is_ground(node) ? "0" : node;
}

/// What follows `key` in the word that begins with it.
std::optional<std::string> value_of(const Words& words, const std::string& key) {
  for (const std::string& word : words) {
    if (word.starts_with(key)) return word.substr(key.size());
  }
  return std::nullopt;
}

/// Reads the logical lines of one definition.
class StateReader {
 public:
  explicit StateReader(const circuit::Definition& definition)
      : definition_(definition), lines_(read_model_lines(definition.text, definition.name)) {}

  std::vector<StatedState> read() {
    for (const ModelLine& line : lines_) {
      if (line.words.front() != ".ic") read_element(line);
    }
    for (const ModelLine& line : lines_) {
      if (line.words.front() == ".ic") read_card(line);
    }
    return std::move(states_);
  }

 private:
  void read_element(const ModelLine& line) {
    const Words& words = line.words;
    if (words.front().front() == '.' || words.front().front() == 'x') return;
    const auto value = value_of(words, "ic=");
    if (!value) return;
    if (words.front().front() != 'c') {
      refuse_model(definition_.name,
                   line.number,
                   words.front(),
                   "an ic= of this element is lost in an operating point",
                   "keep the state on a capacitor, whose ic= is held");
    }
    add({grounded(words[1]), grounded(words[2]), *value, words.front()});
  }

  /// `.ic v(node)=value ...`
  void read_card(const ModelLine& line) {
    for (std::size_t k = 1; k < line.words.size(); ++k) {
      const std::string& word = line.words[k];
      const std::size_t close = word.find(")=");
      add({grounded(word.substr(2, close - 2)),
           "0",
           word.substr(close + 2),
           "ic_" + word.substr(2, close - 2)});
    }
  }

  /// A capacitor's own ic= comes first, as in a transient of ngspice with uic.
  void add(StatedState state) {
    if (state.node == "0") {
      std::swap(state.node, state.to);
      state.value = "{-(" + bare(state.value) + ")}";
    }
    const auto is_same = [&](const StatedState& other) {
      return (other.node == state.node && other.to == state.to) ||
             (other.node == state.to && other.to == state.node);
    };
    const bool is_known = std::any_of(states_.begin(), states_.end(), is_same);
    if (!is_known && !is_driven(state.node) && !is_driven(state.to)) {
      states_.push_back(std::move(state));
    }
  }

  bool is_driven(const std::string& node) const {
    const auto& ports = definition_.ports;
    const auto end =
        ports.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(ports.size(), 2));
    return std::find(ports.begin(), end, node) != end;
  }

 public:
  /// An expression without its braces.
  static std::string bare(const std::string& value) {
    const bool is_braced = value.size() > 2 && value.front() == '{' && value.back() == '}';
    return is_braced ? value.substr(1, value.size() - 2) : value;
  }

  /// The voltage that a source of the text holds `node` at.
  std::optional<std::string> potential(const std::string& node) const {
    if (is_ground(node)) return "0";
    for (const ModelLine& line : lines_) {
      const Words& w = line.words;
      if (w.front().front() != 'v' || w.size() < 4) continue;
      const std::string& level = w[3] == "dc" && w.size() > 4 ? w[4] : w[3];
      if (w[1] == node && is_ground(w[2])) return bare(level);
      if (w[2] == node && is_ground(w[1])) return "-(" + bare(level) + ")";
    }
    return std::nullopt;
  }

 private:
  const circuit::Definition& definition_;
  std::vector<ModelLine> lines_;
  std::vector<StatedState> states_;
};

/// The definition with `lines` before its .ends, in place of its own .ic.
circuit::Definition with_lines(const circuit::Definition& definition, const std::string& lines) {
  if (lines.empty()) return definition;
  std::string text;
  bool is_initial = false;
  for (const std::string& line : split(definition.text, '\n')) {
    if (!line.starts_with('+')) is_initial = line.starts_with(".ic ");
    if (line.starts_with(".ends")) text += lines;
    if (!is_initial && !line.empty()) text += line + '\n';
  }
  circuit::Definition changed = definition;
  changed.text = read_definition(text, definition.name).text;
  return changed;
}

bool is_subcircuit(const circuit::Definition& definition) {
  return !definition.ports.empty();
}

/// `.ic v(node)={value}`, the potential of the other node added.
std::string start_line(const StatedState& state,
                       const StateReader& reader,
                       const circuit::Definition& definition) {
  const auto below = reader.potential(state.to);
  if (below == "0") return ".ic v(" + state.node + ")={" + StateReader::bare(state.value) + "}\n";
  if (below) {
    return ".ic v(" + state.node + ")={(" + StateReader::bare(state.value) + ")+(" + *below +
           ")}\n";
  }
  if (const auto above = reader.potential(state.node)) {
    return ".ic v(" + state.to + ")={(" + *above + ")-(" + StateReader::bare(state.value) + ")}\n";
  }
  refuse_model(definition.name,
               0,
               state.name,
               "states a voltage between two nodes that no source holds, so that no operating "
               "point can start from it",
               "put the state's capacitor to ground");
}

}  // namespace

std::vector<StatedState> stated_states(const circuit::Definition& definition) {
  if (!is_subcircuit(definition)) return {};
  return StateReader(definition).read();
}

circuit::Definition hold_states(const circuit::Definition& definition) {
  std::string lines;
  for (const StatedState& state : stated_states(definition)) {
    lines += "vheld_" + state.name + " " + state.node + " " + state.to + " {" +
             StateReader::bare(state.value) + "}\n";
  }
  return with_lines(definition, lines);
}

circuit::Definition start_states(const circuit::Definition& definition) {
  const std::vector<StatedState> states = stated_states(definition);
  if (states.empty()) return definition;
  const StateReader reader(definition);
  std::string lines;
  for (const StatedState& state : states) lines += start_line(state, reader, definition);
  return with_lines(definition, lines);
}

}  // namespace memspice::netlist
