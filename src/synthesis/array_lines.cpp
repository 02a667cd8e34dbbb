#include "synthesis/array_lines.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::Instance;
using circuit::NetId;
using Mask = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;

/// What a line is to become. Its near end is left or top, where the nodes are counted from.
struct LineSpec {
  std::string node_name;               ///< "w_3"; nodes are w_3_0, w_3_1, ...
  std::vector<std::string> terminals;  ///< net names of the near and the far end; "" is no terminal
  std::vector<bool> has_cell;          ///< one per crossing
  double wire = 0.0;                   ///< per segment [Ohm]
  double termination = 0.0;            ///< [Ohm]
};

double termination_of(const std::vector<double>& per_line, double all, Eigen::Index line) {
  return per_line.empty() ? all : per_line[static_cast<std::size_t>(line)];
}

/// Lines that hang together by cells, found by joining sets of lines. Driven lines come first.
class Islands {
 public:
  explicit Islands(const TileSpec& spec)
      : n_(static_cast<int>(spec.driven_lines())),
        parent_(static_cast<std::size_t>(spec.G.size() > 0 ? n_ + spec.G.cols() : 0)) {
    std::iota(parent_.begin(), parent_.end(), 0);
    const bool along_bit_line = spec.source_line == SourceLine::AlongBitLine;
    for (int j = 0; j < spec.G.cols(); ++j) {
      for (int i = 0; i < spec.G.rows(); ++i) {
        if (spec.G(i, j) > 0) parent_[index(find(along_bit_line ? j : i))] = find(n_ + j);
      }
    }
    reached_.assign(parent_.size(), false);
    for (int i = 0; i < n_; ++i)
      reach(i, termination_of(spec.wiring.driver_per_line, spec.wiring.driver, i));
    for (int j = 0; j < spec.G.cols(); ++j) {
      reach(n_ + j, termination_of(spec.wiring.sense_per_line, spec.wiring.sense, j));
    }
  }
  /// Whether a driver or a sense reaches bit line `j`, and so each of its cells.
  bool is_reached(int j) { return reached_[index(find(n_ + j))]; }

 private:
  static std::size_t index(int line) { return static_cast<std::size_t>(line); }
  int find(int line) {
    while (parent_[index(line)] != line) {
      parent_[index(line)] = parent_[index(parent_[index(line)])];
      line = parent_[index(line)];
    }
    return line;
  }
  void reach(int line, double termination) {
    if (std::isfinite(termination)) reached_[index(find(line))] = true;
  }

  int n_;
  std::vector<int> parent_;
  std::vector<bool> reached_;
};

/// Cells that are there: not open, and not on an island that no terminal reaches.
Mask present_cells(const TileSpec& spec) {
  Mask present = spec.G.array() > 0;
  Islands islands(spec);
  for (int j = 0; j < spec.G.cols(); ++j) {
    if (!islands.is_reached(j)) present.col(j).setConstant(false);
  }
  return present;
}

/// A line that is one net: no wire resistance, or nothing to part its nodes by a current.
LineNets add_joined_line(Circuit& circuit, const LineSpec& spec, LineNets line) {
  const auto named = std::find_if(
      spec.terminals.begin(), spec.terminals.end(), [](const auto& t) { return !t.empty(); });
  const NetId net = circuit.add_net(named == spec.terminals.end() ? spec.node_name : *named);
  const auto ends = static_cast<std::size_t>(std::count_if(
      spec.terminals.begin(), spec.terminals.end(), [](const auto& t) { return !t.empty(); }));
  line.terminals.assign(spec.termination == 0 ? std::min<std::size_t>(ends, 1) : ends, net);
  line.nodes.assign(spec.has_cell.size(), net);
  return line;
}

/// Terminal nets of a line with wire; both ends are one net when 0 Ohm joins them outside.
std::vector<NetId> add_terminals(Circuit& circuit, const LineSpec& spec, LineNets& line) {
  std::vector<NetId> ends;
  for (const std::string& name : spec.terminals) {
    const bool is_shared = spec.termination == 0 && !line.terminals.empty();
    if (!name.empty() && !is_shared) line.terminals.push_back(circuit.add_net(name));
    ends.push_back(name.empty() ? circuit::kGround : line.terminals.back());
  }
  return ends;
}

/// Nodes `low` to `high` of a line with wire; what lies beyond joins the outermost.
void add_nodes(
    Circuit& circuit, const LineSpec& spec, std::size_t low, std::size_t high, LineNets& line) {
  line.nodes.resize(spec.has_cell.size());
  for (std::size_t k = low; k <= high; ++k) {
    line.nodes[k] = circuit.add_net(spec.node_name + "_" + std::to_string(k));
  }
  std::fill_n(line.nodes.begin(), low, line.nodes[low]);
  std::fill(line.nodes.begin() + static_cast<std::ptrdiff_t>(high) + 1,
            line.nodes.end(),
            line.nodes[high]);
}

LineNets add_line(Circuit& circuit, const LineSpec& spec) {
  LineNets line;
  line.termination = spec.termination;
  const auto first_cell = std::find(spec.has_cell.begin(), spec.has_cell.end(), true);
  line.has_cells = first_cell != spec.has_cell.end();
  if (spec.wire == 0 || !line.has_cells) return add_joined_line(circuit, spec, std::move(line));

  // Beyond the outermost cell of an end without terminal there is no current: no wire either.
  const bool is_open_near = spec.terminals[0].empty(), is_open_far = spec.terminals[1].empty();
  std::size_t low = 0, high = spec.has_cell.size() - 1;
  if (is_open_near) low = static_cast<std::size_t>(first_cell - spec.has_cell.begin());
  while (is_open_far && !spec.has_cell[high]) --high;

  const std::vector<NetId> ends = add_terminals(circuit, spec, line);
  add_nodes(circuit, spec, low, high, line);
  const auto add_wire = [&](std::size_t k, NetId a, NetId b) {
    circuit.add({.name = "wire_" + spec.node_name + "_" + std::to_string(k),
                 .pins = {a, b},
                 .value = spec.wire});
  };
  if (!is_open_near) add_wire(0, ends[0], line.nodes[0]);
  for (std::size_t k = low + 1; k <= high; ++k) add_wire(k, line.nodes[k - 1], line.nodes[k]);
  if (!is_open_far) add_wire(line.nodes.size(), line.nodes[high], ends[1]);
  return line;
}

/// Names of the near and far terminals. A single one is `prefix`, the second `second`.
std::vector<std::string> terminal_names(bool near,
                                        bool far,
                                        const std::string& prefix,
                                        const std::string& second) {
  if (near && far) return {prefix, second};
  return {near ? prefix : "", far ? prefix : ""};
}

std::vector<bool> flags(const Mask& line) {
  std::vector<bool> out;
  for (Eigen::Index k = 0; k < line.size(); ++k) out.push_back(line(k));
  return out;
}

LineSpec word_line_spec(const TileSpec& spec, const Mask& present, Eigen::Index i) {
  using crossbar::WordLineSide;
  const std::string number = std::to_string(i);
  const double driver = termination_of(spec.wiring.driver_per_line, spec.wiring.driver, i);
  const bool driven = std::isfinite(driver);
  return {.node_name = "w_" + number,
          .terminals = terminal_names(driven && spec.wiring.drive_side != WordLineSide::Right,
                                      driven && spec.wiring.drive_side != WordLineSide::Left,
                                      "wl_" + number,
                                      "wr_" + number),
          .has_cell = flags(present.row(i)),
          .wire = spec.wiring.row,
          .termination = driver};
}

/// The near end is the top, yet a bit line that is sensed at both ends keeps `bl_j` for its bottom.
LineSpec bit_line_spec(const TileSpec& spec, const Mask& present, Eigen::Index j) {
  using crossbar::BitLineSide;
  const std::string number = std::to_string(j);
  const double sense = termination_of(spec.wiring.sense_per_line, spec.wiring.sense, j);
  const bool sensed = std::isfinite(sense);
  std::vector<std::string> names =
      terminal_names(sensed && spec.wiring.sense_side != BitLineSide::Bottom,
                     sensed && spec.wiring.sense_side != BitLineSide::Top,
                     "bl_" + number,
                     "bt_" + number);
  if (sensed && spec.wiring.sense_side == BitLineSide::Both) std::swap(names[0], names[1]);
  return {.node_name = "b_" + number,
          .terminals = std::move(names),
          .has_cell = flags(present.col(j)),
          .wire = spec.wiring.column,
          .termination = sense};
}

/// The source line beside bit line j: driven at the end where the bit line is not sensed.
LineSpec source_line_spec(const TileSpec& spec, const Mask& present, Eigen::Index j) {
  using crossbar::BitLineSide;
  const std::string number = std::to_string(j);
  const double driver = termination_of(spec.wiring.driver_per_line, spec.wiring.driver, j);
  const bool driven = std::isfinite(driver);
  return {.node_name = "a_" + number,
          .terminals = terminal_names(driven && spec.wiring.sense_side != BitLineSide::Top,
                                      driven && spec.wiring.sense_side != BitLineSide::Bottom,
                                      "sl_" + number,
                                      "sr_" + number),
          .has_cell = flags(present.col(j)),
          .wire = spec.wiring.column,
          .termination = driver};
}

LineSpec driven_line_spec(const TileSpec& spec, const Mask& present, Eigen::Index k) {
  return spec.source_line == SourceLine::Shared ? word_line_spec(spec, present, k)
                                                : source_line_spec(spec, present, k);
}

/// The node that brings the current to cell (i, j).
NetId driven_node(const TileSpec& spec, const ArrayNets& nets, std::size_t i, std::size_t j) {
  return spec.source_line == SourceLine::Shared ? nets.word_lines[i].nodes[j]
                                                : nets.word_lines[j].nodes[i];
}

void add_cells(Circuit& circuit, const TileSpec& spec, const Mask& present, ArrayNets& nets) {
  CellBuilder cells(circuit, spec.cell, spec.alpha);
  for (Eigen::Index i = 0; i < spec.G.rows(); ++i) {
    NetId gate = circuit::kGround;
    if (spec.cell.has_gate() && present.row(i).any()) {
      gate = circuit.add_net("gl_" + std::to_string(i));
      nets.gates.emplace(static_cast<int>(i), gate);
    }
    for (Eigen::Index j = 0; j < spec.G.cols(); ++j) {
      if (!present(i, j)) continue;
      const auto row = static_cast<std::size_t>(i);
      const auto column = static_cast<std::size_t>(j);
      cells.add({.i = i,
                 .j = j,
                 .word = driven_node(spec, nets, row, column),
                 .bit = nets.bit_lines[column].nodes[row],
                 .gate = gate},
                spec.G(i, j));
    }
  }
}

/// A line with no cell when `skips_empty_lines`: nothing but its termination.
bool is_skipped(const LineSpec& line, bool skips_empty_lines) {
  return skips_empty_lines &&
         std::find(line.has_cell.begin(), line.has_cell.end(), true) == line.has_cell.end();
}

LineNets add_line_unless_skipped(Circuit& circuit, const LineSpec& line, bool skips_empty_lines) {
  if (!is_skipped(line, skips_empty_lines)) return add_line(circuit, line);
  LineNets nothing;
  nothing.termination = line.termination;
  return nothing;
}

}  // namespace

ArrayNets add_array(Circuit& circuit, const TileSpec& spec, bool skips_empty_lines) {
  const Mask present = present_cells(spec);
  ArrayNets nets;
  for (Eigen::Index k = 0; k < spec.driven_lines(); ++k) {
    nets.word_lines.push_back(
        add_line_unless_skipped(circuit, driven_line_spec(spec, present, k), skips_empty_lines));
  }
  for (Eigen::Index j = 0; j < spec.G.cols(); ++j) {
    nets.bit_lines.push_back(
        add_line_unless_skipped(circuit, bit_line_spec(spec, present, j), skips_empty_lines));
  }
  add_cells(circuit, spec, present, nets);
  return nets;
}

}  // namespace memspice::synthesis
