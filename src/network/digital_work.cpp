#include "network/digital_work.hpp"

#include <algorithm>

namespace memspice::network {
namespace {

/// Of one unit of a cell's state in one step (recurrence.hpp). A sum of x, s and what peepholes see
/// is an addition less than it has parts.
DigitalWork work_of_unit(const Recurrence& r) {
  switch (r.cell) {
    case Recurrence::Cell::Plain:
      return {.multiplications = 0, .additions = 1, .functions = 1};
    case Recurrence::Cell::Gru:
      // Three sums, r times the state or its product, and (1 - z) n + z h.
      return {.multiplications = 3, .additions = 5, .functions = 3};
    case Recurrence::Cell::Lstm: {
      // Four sums, f c + i g and o h(c); a coupled f is 1 - i in place of a sum and a function.
      DigitalWork work{.multiplications = 3, .additions = 5, .functions = 5};
      if (r.couples_gates) --work.functions;
      const int seen = r.peepholes.size() == 0 ? 0 : r.couples_gates ? 2 : 3;
      work.multiplications += seen;
      work.additions += seen;
      return work;
    }
  }
  return {};
}

struct WorkOf {
  std::int64_t in;
  const Shape& out;
  const Shape& first;  ///< the first operand's shape

  std::optional<DigitalWork> operator()(const Recurrence& r) const {
    const std::int64_t sums = element_count(first);  // of the step's input; as many of the product
    const std::int64_t units = sums / r.gates();
    DigitalWork work = work_of_unit(r);
    for (auto* count : {&work.multiplications, &work.additions, &work.functions}) *count *= units;
    work.words_in = in + sums * r.products_per_step();
    work.words_out = element_count(out);
    return work;
  }
  std::optional<DigitalWork> operator()(const MatrixProduct&) const {
    const std::int64_t count = element_count(out) * first.back();
    return DigitalWork{.multiplications = count,
                       .additions = count,
                       .words_in = in,
                       .words_out = element_count(out)};
  }
  /// Less the largest, exp, their sum, and its inverse times each.
  std::optional<DigitalWork> operator()(const Activation& a) const {
    if (a.kind != Activation::Kind::Softmax) return std::nullopt;
    const std::int64_t count = element_count(out);
    return DigitalWork{.multiplications = count,
                       .additions = 2 * count,
                       .functions = count,
                       .words_in = count,
                       .words_out = count};
  }
  template <typename Other>
  std::optional<DigitalWork> operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

DigitalWork& DigitalWork::operator+=(const DigitalWork& other) noexcept {
  multiplications += other.multiplications;
  additions += other.additions;
  functions += other.functions;
  words_in += other.words_in;
  words_out += other.words_out;
  return *this;
}

std::optional<DigitalWork> digital_work(const Graph& graph, LayerId id) {
  std::int64_t in = 0;
  for (const LayerId producer : graph.inputs(id)) in += element_count(graph.shape_of(producer));
  const Shape& first = graph.shape_of(graph.inputs(id).front());
  return std::visit(WorkOf{in, graph.shape_of(id), first}, graph.layer(id).operation);
}

std::optional<DigitalWork> sequence_work(const Graph& graph) {
  if (!has_sequence_work(graph)) return std::nullopt;
  DigitalWork all;
  for (const LayerId id : graph.topological_order()) {
    if (const auto work = digital_work(graph, id)) all += *work;
  }
  return all;
}

bool has_sequence_work(const Graph& graph) {
  return std::ranges::any_of(graph.topological_order(), [&graph](LayerId id) {
    const Operation& operation = graph.layer(id).operation;
    return std::holds_alternative<Recurrence>(operation) ||
           std::holds_alternative<MatrixProduct>(operation);
  });
}

}  // namespace memspice::network
