// Recurrent operators. Each direction becomes an ordinary product of the whole sequence with W,
// which holds all biases that are only added, and a recurrence with R behind it.

#include <algorithm>

#include "network/onnx_operators.hpp"
#include "network/onnx_recurrent.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// Operands of the operators; LSTM alone has the last two.
enum Operand { kX, kW, kR, kB, kLengths, kState, kCell, kPeepholes };

/// Sizes of one node; sequences: those of one image.
struct Sizes {
  std::int64_t directions, gates, n, sequences, steps, inputs;
  bool batch_first;  ///< layout 1
  bool is_batch;     ///< the sequences are the file's batch, each an image of its own
};

std::int64_t gates_of(Recurrence::Cell cell) {
  if (cell == Recurrence::Cell::Plain) return 1;
  return cell == Recurrence::Cell::Gru ? 3 : 4;
}

void require_shape(OnnxNode& node, int operand, const Shape& wanted) {
  if (node.constant(operand).shape == wanted) return;
  node.reject("operand " + std::to_string(operand) + " of " + to_text(node.constant(operand).shape),
              "has the shape " + to_text(wanted));
}

/// Sequences of layout 1 may be the batch, as long as no first states belong to them.
bool is_batch_of_sequences(OnnxNode& node) {
  return node.integer("layout", 0) != 0 && !node.has_whole_operand() && !node.has_input(kState) &&
         !node.has_input(kCell);
}

Sizes read_sizes(OnnxNode& node, Recurrence::Cell cell, bool is_batch) {
  Shape x = node.shape(kX);  // the images, then the file's three axes
  if (is_batch && x.size() == 3) x.insert(x.begin() + 1, 1);
  const Shape& R = node.constant(kR).shape;
  if (x.size() != 4 || R.size() != 3) {
    node.reject("input " + to_text(x) + ", R " + to_text(R),
                "works on sequences: steps x batch x values");
  }
  Sizes s{.directions = R[0],
          .gates = gates_of(cell),
          .n = R[2],
          .sequences = x[2],
          .steps = x[1],
          .inputs = x[3],
          .batch_first = node.integer("layout", 0) != 0,
          .is_batch = is_batch};
  if (s.batch_first) std::swap(s.sequences, s.steps);
  const auto n = node.integer("hidden_size", s.n);
  if (n != s.n || s.n < 1 || s.directions < 1)
    node.reject("hidden_size " + std::to_string(n), "is that of R");
  require_shape(node, kR, {s.directions, s.gates * s.n, s.n});
  require_shape(node, kW, {s.directions, s.gates * s.n, s.inputs});
  if (node.has_input(kB)) require_shape(node, kB, {s.directions, 2 * s.gates * s.n});
  if (node.has_input(kPeepholes)) require_shape(node, kPeepholes, {s.directions, 3 * s.n});
  return s;
}

void require_full_lengths(OnnxNode& node, const Sizes& s) {
  if (!node.has_input(kLengths)) return;
  const auto lengths = node.integers(kLengths);
  if (std::ranges::all_of(lengths, [&s](auto length) { return length == s.steps; })) return;
  node.reject("sequence_lens " + to_text(lengths),
              "all sequences run over all " + std::to_string(s.steps) + " steps",
              "export the network without sequence_lens, for sequences of one length");
}

/// One direction's part of a constant whose first axis is the directions.
Tensor part_of(OnnxNode& node, int operand, const Sizes& s, std::int64_t direction, Shape shape) {
  const Tensor all = node.constant(operand).to_tensor();
  const auto count = all.size() / s.directions;
  const auto from = all.data.begin() + direction * count;
  return {std::move(shape), std::vector<float>(from, from + count)};
}

/// B of one direction: the biases of W's product, then those of R's.
struct Biases {
  Tensor input, state;  ///< gates n, or empty
};

/// A bias of R's product that is only added goes to W's; that of a GRU's n is behind its reset.
Biases biases_of(OnnxNode& node, const Sizes& s, std::int64_t direction, const Recurrence& r) {
  if (!node.has_input(kB)) return {};
  const Tensor both = part_of(node, kB, s, direction, {2 * s.gates * s.n});
  const auto count = s.gates * s.n;
  Biases biases{Tensor({count}), {}};
  const bool keeps_last = r.cell == Recurrence::Cell::Gru && !r.resets_before_product;
  if (keeps_last) biases.state = Tensor({count});
  for (std::int64_t k = 0; k < count; ++k) {
    const auto at = static_cast<std::size_t>(k);
    const float own = both.data[at + static_cast<std::size_t>(count)];
    const bool is_behind = keeps_last && k >= 2 * s.n;
    biases.input.data[at] = both.data[at] + (is_behind ? 0.0F : own);
    if (is_behind) biases.state.data[at] = own;
  }
  return biases;
}

/// A first state that the file holds: sequences x n; empty where it is zero.
Tensor constant_state(OnnxNode& node, int operand, const Sizes& s, std::int64_t direction) {
  const auto a = s.batch_first ? s.sequences : s.directions;
  const auto b = s.batch_first ? s.directions : s.sequences;
  require_shape(node, operand, {a, b, s.n});
  Constant all = node.constant(operand);
  if (s.batch_first) all = fold_transpose(all, {1, 0, 2}, node.place());
  const Tensor states = all.to_tensor();
  const auto count = s.sequences * s.n;
  const auto from = states.data.begin() + direction * count;
  if (std::all_of(from, from + count, [](float v) { return v == 0.0F; })) return {};
  return {{s.sequences, s.n}, std::vector<float>(from, from + count)};
}

/// A first state that is computed, as an operand of the recurrence: images x sequences x n.
int computed_state(OnnxNode& node, int operand, const Sizes& s, std::int64_t direction) {
  const int source = node.source(operand);
  Selection part{{1, s.sequences, s.n}, {}};
  for (std::int64_t b = 0; b < s.sequences; ++b) {
    const auto row = s.batch_first ? b * s.directions + direction : direction * s.sequences + b;
    for (std::int64_t k = 0; k < s.n; ++k) {
      part.from.push_back(static_cast<std::int32_t>(row * s.n + k));
    }
  }
  return node.emit(std::move(part), {source}, "_first");
}

/// Fills in the first states; returns the operands that are computed.
std::vector<int> read_states(OnnxNode& node,
                             const Sizes& s,
                             std::int64_t direction,
                             Recurrence& r) {
  std::vector<int> operands;
  const auto read = [&](int operand, Tensor& constant, bool& takes) {
    if (!node.has_input(operand)) return;
    takes = !node.is_constant(operand);
    if (takes) {
      operands.push_back(computed_state(node, operand, s, direction));
    } else {
      constant = constant_state(node, operand, s, direction);
    }
  };
  read(kState, r.first_state, r.takes_state);
  if (r.cell == Recurrence::Cell::Lstm) read(kCell, r.first_cell, r.takes_cell);
  return operands;
}

/// The input as images x sequences x steps x values.
int sequences_first(OnnxNode& node, const Sizes& s) {
  const int source = node.source(kX);
  if (s.is_batch) return node.emit(Reshape{{0, 1, s.steps, s.inputs}, {}}, {source}, "_steps");
  return s.batch_first ? source : node.emit(Transposition{{0, 2, 1, 3}}, {source}, "_steps");
}

/// One direction: images x sequences x steps x n, or 2 n with the cells.
int emit_direction(OnnxNode& node, const Sizes& s, std::int64_t d, int input, Recurrence r) {
  const bool is_second = d == 1;
  Biases biases = biases_of(node, s, d, r);
  r.is_reverse = is_second || node.text("direction", "forward") == "reverse";
  r.weight = part_of(node, kR, s, d, {s.gates * s.n, s.n});
  r.bias = std::move(biases.state);
  if (node.has_input(kPeepholes)) r.peepholes = part_of(node, kPeepholes, s, d, {3 * s.n});
  std::vector<int> operands = read_states(node, s, d, r);
  FullyConnected product{.weight = part_of(node, kW, s, d, {s.gates * s.n, s.inputs}),
                         .bias = std::move(biases.input)};
  const int x = node.emit(std::move(product), {input}, is_second ? "_input_reverse" : "_input");
  operands.insert(operands.begin(), x);
  return node.emit(std::move(r), std::move(operands), is_second ? "_state_reverse" : "_state");
}

/// One direction's states: h (part 0) or c (part 1), of all steps or of the last it takes.
struct States {
  int layer;
  std::int64_t parts;  ///< 2 where the cells lie behind the states
  bool is_reverse;
};

int all_steps(OnnxNode& node, const Sizes& s, const States& states) {
  if (states.parts == 1) return states.layer;
  node.require_room(s.sequences * s.steps * s.n);
  Selection part{{1, s.sequences, s.steps, s.n}, {}};
  for (std::int64_t row = 0; row < s.sequences * s.steps; ++row) {
    for (std::int64_t k = 0; k < s.n; ++k) {
      part.from.push_back(static_cast<std::int32_t>(2 * row * s.n + k));
    }
  }
  return node.emit(std::move(part), {states.layer}, "_all");
}

int last_step(OnnxNode& node, const Sizes& s, const States& states, std::int64_t part) {
  const auto step = states.is_reverse ? 0 : s.steps - 1;
  Selection last{{1, s.sequences, 1, s.n}, {}};
  for (std::int64_t b = 0; b < s.sequences; ++b) {
    const auto first = ((b * s.steps + step) * states.parts + part) * s.n;
    for (std::int64_t k = 0; k < s.n; ++k) {
      last.from.push_back(static_cast<std::int32_t>(first + k));
    }
  }
  return node.emit(std::move(last), {states.layer}, "_last");
}

/// Emits output `k`, the directions' parts (images x sequences x steps x n) with their axes in
/// `order`, joined along the axis that is new in it. A batch of sequences has no axis of its own.
void emit_parts(
    OnnxNode& node, const Sizes& s, int k, std::vector<int> order, const std::vector<int>& states) {
  node.write_to(k);
  if (s.is_batch) std::erase(order, 1);
  const auto directions = std::ranges::find(order, -1) - order.begin();
  std::vector<int> parts;
  for (const int layer : states) {
    parts.push_back(node.emit(Transposition{order}, {layer}, "_directions"));
  }
  if (parts.size() > 1) {
    node.emit(Concatenation{static_cast<int>(directions)}, std::move(parts));
  }
}

/// Y: images x steps x directions x sequences x n; layout 1: images x sequences x steps x
/// directions x n.
void emit_all(OnnxNode& node, const Sizes& s, const std::vector<States>& directions) {
  node.write_to(0);
  std::vector<int> all;
  for (const States& states : directions) all.push_back(all_steps(node, s, states));
  const std::vector<int> order =
      s.batch_first ? std::vector{0, 1, 2, -1, 3} : std::vector{0, 2, -1, 1, 3};
  emit_parts(node, s, 0, order, all);
}

/// Y_h or Y_c: images x directions x sequences x n; layout 1: images x sequences x directions x n.
void emit_last(OnnxNode& node,
               const Sizes& s,
               const std::vector<States>& directions,
               std::int64_t part) {
  const int output = 1 + static_cast<int>(part);
  node.write_to(output);
  std::vector<int> last;
  for (const States& states : directions) last.push_back(last_step(node, s, states, part));
  const std::vector<int> order =
      s.batch_first ? std::vector{0, 1, -1, 3} : std::vector{0, -1, 1, 3};
  emit_parts(node, s, output, order, last);
}

void read_recurrent(OnnxNode& node, Recurrence r) {
  const bool is_batch = is_batch_of_sequences(node);
  if (!is_batch) node.take_whole();
  const Sizes s = read_sizes(node, r.cell, is_batch);
  require_full_lengths(node, s);
  r.clip = node.number("clip", 0.0F);
  node.ignore_attribute("output_sequence");  // before opset 7; what is needed is seen from the file
  r.gives_cell = r.cell == Recurrence::Cell::Lstm && node.is_needed(2);
  if (!node.is_needed(0)) node.write_to(node.is_needed(1) ? 1 : 2);
  const int input = sequences_first(node, s);
  std::vector<States> directions;
  for (std::int64_t d = 0; d < s.directions; ++d) {
    r.functions = gate_functions(node, r.cell, d, s.directions);
    const int layer = emit_direction(node, s, d, input, r);
    const bool is_reverse = d == 1 || node.text("direction", "forward") == "reverse";
    directions.push_back({layer, r.gives_cell ? 2 : 1, is_reverse});
  }
  if (node.is_needed(0)) emit_all(node, s, directions);
  if (node.is_needed(1)) emit_last(node, s, directions, 0);
  if (r.gives_cell) emit_last(node, s, directions, 1);
}

}  // namespace

void read_rnn(OnnxNode& node) {
  read_recurrent(node, {.cell = Recurrence::Cell::Plain, .weight = {}});
}

void read_gru(OnnxNode& node) {
  const bool resets_behind = node.integer("linear_before_reset", 0) != 0;
  read_recurrent(
      node, {.cell = Recurrence::Cell::Gru, .weight = {}, .resets_before_product = !resets_behind});
}

void read_lstm(OnnxNode& node) {
  const bool couples = node.integer("input_forget", 0) != 0;
  read_recurrent(node, {.cell = Recurrence::Cell::Lstm, .weight = {}, .couples_gates = couples});
}

}  // namespace memspice::network
