#include "tile/measure.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "tile/cell_states.hpp"

namespace memspice::tile {
namespace {

/// Node voltages of tiles that are solved together: four matrices of them, and as much again in the
/// simulators. Small enough that large tiles end one after the other, for whoever waits for them.
constexpr Eigen::Index kPointsTogether = 2'000'000;

/// A pinned question that the store does not answer.
struct Missing {
  std::size_t index = 0;
  std::string key;
};

Eigen::Index points_of(const TileQuestion& question, const Array& array) {
  return question.V.cols() * array.input().points_per_vector();
}

std::vector<TileAnswer> measure_directly(std::span<const TileQuestion> questions,
                                         const Array& array,
                                         engine::Engine& engine,
                                         const OnAnswer& on_answer) {
  std::vector<netlist::Deck> decks;
  for (const TileQuestion& question : questions) decks.push_back(deck_of(question, array));
  const auto results = engine.run_all(decks, [&](std::size_t k, const engine::Waveforms&) {
    if (on_answer) on_answer(k);
  });
  std::vector<TileAnswer> answers(questions.size());
  for (std::size_t k = 0; k < answers.size(); ++k) {
    answers[k].deck_sha256 = sha256(decks[k].text);
    answers[k].summary = results[k].summary;
    if (!results[k].ok()) continue;
    answers[k].I = array.currents(results[k], questions[k].name, questions[k].G);
  }
  return answers;
}

TileAnswer to_answer(const PinnedSolution& solution, std::string sha, const Array& array) {
  TileAnswer answer{.I = {}, .deck_sha256 = std::move(sha), .summary = solution.summary};
  if (!solution.ok()) return answer;
  answer.I = array.currents(solution.I.transpose());
  answer.certificate = solution.certificate;
  return answer;
}

/// The states of dynamic cells, which pinned pieces do not show: those that a direct run of the
/// tile would probe, each between its lines alone.
void check_states(std::span<const TileQuestion> questions,
                  std::span<const Missing> missing,
                  const Array& array,
                  engine::Engine& engine) {
  if (array.has_law()) return;
  const OwnCell* own = array.spec().cell.get();
  ArraySpec spec = array.spec();
  spec.wiring = {};
  const Array alone(spec);
  std::vector<TileQuestion> excerpts;
  for (const Missing& tile : missing) {
    const TileQuestion& question = questions[tile.index];
    Eigen::MatrixXd excerpt = state_excerpt(question.G, own);
    if (excerpt.size() == 0) return;
    excerpts.push_back({question.name, std::move(excerpt), question.V});
  }
  for (const TileAnswer& answer : measure_directly(excerpts, alone, engine, {})) {
    if (answer.summary.termination == engine::Termination::Done) continue;
    throw RunError({.place = "the cells' states",
                    .value = answer.summary.message,
                    .rule = "were not found, and without them no tile is what it should be",
                    .remedy = "the deck is " + answer.summary.saved_deck});
  }
}

/// Solves the first of the missing tiles, as many as are solved together; returns how many.
std::size_t solve_some(std::span<const TileQuestion> questions,
                       std::span<const Missing> missing,
                       const Array& array,
                       engine::Engine& engine,
                       const OnSolved& on_solved) {
  std::vector<PinnedProblem> problems;
  Eigen::Index held = 0;
  for (const Missing& tile : missing) {
    const TileQuestion& question = questions[tile.index];
    held += 2 * question.G.size() * points_of(question, array);
    if (held > kPointsTogether && !problems.empty()) break;
    problems.push_back(array.pinned_problem(question.name, question.G, question.V));
  }
  check_states(questions, missing.first(problems.size()), array, engine);
  solve_pinned(problems, engine, {}, on_solved);
  return problems.size();
}

std::vector<TileAnswer> measure_pinned(std::span<const TileQuestion> questions,
                                       const Array& array,
                                       StoredPinned& pinned,
                                       const OnAnswer& on_answer) {
  std::vector<TileAnswer> answers(questions.size());
  std::vector<Missing> missing;
  const auto tell = [&](std::size_t k) {
    if (on_answer) on_answer(k);
  };
  for (std::size_t k = 0; k < questions.size(); ++k) {
    const netlist::Deck deck = deck_of(questions[k], array);
    answers[k].deck_sha256 = sha256(deck.text);
    std::string key = deck_key(deck);
    const Eigen::Index bit_lines = array.cells(questions[k].G).cols();
    if (const auto stored = pinned.look_up(key, bit_lines, points_of(questions[k], array))) {
      answers[k] = to_answer(*stored, answers[k].deck_sha256, array);
      tell(k);
    } else if (pinned.engine() != nullptr) {
      missing.push_back({k, std::move(key)});
    } else {
      answers[k].summary = not_stored(questions[k].name);
      tell(k);
    }
  }
  std::span<const Missing> left(missing);
  const auto take = [&](std::size_t solved, const PinnedSolution& solution) {
    const auto& [index, key] = left[solved];
    pinned.keep(key, questions[index].name, solution);
    answers[index] = to_answer(solution, answers[index].deck_sha256, array);
    tell(index);
  };
  while (!left.empty()) {
    left = left.subspan(solve_some(questions, left, array, *pinned.engine(), take));
  }
  return answers;
}

}  // namespace

netlist::Deck deck_of(const TileQuestion& question, const Array& array) {
  const synthesis::TileBench bench = array.bench(question.name, question.G, question.V);
  return netlist::write_deck(bench.circuit, bench.analysis);
}

std::vector<TileAnswer> measure(std::span<const TileQuestion> questions,
                                const Array& array,
                                const Spice& spice,
                                const OnAnswer& on_answer) {
  return spice.pinned != nullptr ? measure_pinned(questions, array, *spice.pinned, on_answer)
                                 : measure_directly(questions, array, *spice.engine, on_answer);
}

}  // namespace memspice::tile
