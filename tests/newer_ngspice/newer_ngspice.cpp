// Decks that memspice writes, in ngspice 45.2 with KLU, against memspice's own answers: every cell
// and array, a network, a network of transistors; and what a factorisation costs beside held nodes.
// tests/newer_ngspice/run names the folder of packages in MEMSPICE_EECIRCUIT.
#include "newer_ngspice/wasm_ngspice.hpp"

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>

#include "base/blas.hpp"
#include "network/run_graph.hpp"
#include "support/array_cases.hpp"
#include "support/batch_ngspice.hpp"
#include "support/block_run.hpp"
#include "support/small_networks.hpp"
#include "tile/measure.hpp"
#include "tile/pinned_solver.hpp"

using namespace memspice;
using test::WasmNgspice;

namespace {

/// Rounding and both sides' tolerances, as between pinned and direct ngspice.
constexpr double kAgreement = 1e-9;
/// Of a loop of op-amps with a gain of 1e5 and more, solved twice: what reltol = 1e-10 leaves of
/// it.
constexpr double kNetworkAgreement = 1e-6;

WasmNgspice newer(WasmNgspice::Solver solver = WasmNgspice::Solver::Klu) {
  const char* packages = std::getenv("MEMSPICE_EECIRCUIT");
  REQUIRE(packages != nullptr);
  return {packages, solver};
}

std::unique_ptr<engine::Engine> debians_ngspice(int workers) {
  return engine::make_ngspice_engine({.workers = workers,
                                      .failed_deck_folder = "",
                                      .worker_program = MEMSPICE_BIN_DIR "/memspice-worker"});
}

/// Processor time of this process and of the children that have ended [s].
double processor_time() {
  double total = 0.0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& t : {usage.ru_utime, usage.ru_stime}) {
      total += static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    }
  }
  return total;
}

const test::ArrayCase& sinh_case() {
  static const std::vector<test::ArrayCase> cases = test::array_cases();
  return cases[1];
}

const crossbar::Wiring wiring{.row = 1.0, .column = 1.0, .driver = 100.0, .sense = 10.0};

/// Seconds of processor time that the newer ngspice takes for one tile of so many vectors.
double direct_seconds(int lines, int vectors) {
  const tile::Array array = test::array_of(sinh_case(), wiring);
  const tile::TileQuestion question{"tile",
                                    test::conductances_of(sinh_case(), lines, lines),
                                    test::voltages_of(sinh_case(), array, lines, vectors)};
  WasmNgspice engine = newer();
  const engine::Waveforms answer = engine.run(tile::deck_of(question, array));
  INFO(answer.summary.message);
  REQUIRE(answer.ok());
  return answer.summary.seconds;
}

/// The same with every node held, in Debian's ngspice: our own solution and reading included.
double held_seconds(int lines, int vectors) {
  pin_blas_to_one_thread();
  const double start = processor_time();
  {
    const auto engine = debians_ngspice(1);
    const tile::Array array = test::array_of(sinh_case(), wiring);
    const tile::PinnedProblem problem =
        array.pinned_problem("tile",
                             test::conductances_of(sinh_case(), lines, lines),
                             test::voltages_of(sinh_case(), array, lines, vectors));
    REQUIRE(tile::solve_pinned({&problem, 1}, *engine, {.jobs = 1}).front().ok());
  }
  return processor_time() - start;
}

netlist::Deck deck_of_network(const network::Graph& graph, synthesis::Realisation realisation) {
  const network::Tensor images = test::random_images(graph, 2);
  const auto planned = test::plan_network(graph, images, realisation);
  const auto circuit = synthesis::build_network_circuit(
      planned.stages,
      {{-1, test::voltages_of(images, planned.stages.scales.input)}},
      {.name = "network", .arrays = synthesis::bare_arrays(2.5, {.row = 1.0, .column = 1.0})},
      test::analog_figures());
  return netlist::write_deck(circuit.circuit, circuit.analysis);
}

void compare_networks(const network::Graph& graph, synthesis::Realisation realisation) {
  const netlist::Deck deck = deck_of_network(graph, realisation);
  WasmNgspice engine = newer();
  const engine::Waveforms answer = engine.run(deck);
  INFO(answer.summary.message);
  REQUIRE(answer.ok());
  const Eigen::MatrixXd expected = test::run_batch_ngspice(deck);
  REQUIRE(answer.values.rows() == expected.rows());
  const double scale = expected.cwiseAbs().maxCoeff();
  const double error = (answer.values - expected).cwiseAbs().maxCoeff() / scale;
  std::printf("  network of %zu outputs: within %.1e of the largest\n", deck.vectors.size(), error);
  CHECK(error < kNetworkAgreement);
}

}  // namespace

TEST_CASE("every cell and array", "[arrays]") {
  const auto ngspice = debians_ngspice(2);
  WasmNgspice newest = newer();
  std::printf("Arrays in ngspice 45.2 with KLU against memspice's certified currents:\n");
  for (const test::ArrayCase& c : test::array_cases()) {
    const tile::Array array = test::array_of(c, {.row = 1.0, .column = 2.0, .driver = 100.0});
    const tile::TileQuestion question{
        c.name, test::conductances_of(c, 20, 12), test::voltages_of(c, array, 20, 5)};
    const auto direct = tile::measure({&question, 1}, array, {&newest, nullptr}).front();
    INFO(c.name << ": " << direct.summary.message);
    REQUIRE(direct.I.size() > 0);
    const tile::PinnedProblem problem = array.pinned_problem(c.name, question.G, question.V);
    const auto own = tile::solve_pinned({&problem, 1}, *ngspice).front();
    REQUIRE(own.ok());
    const Eigen::MatrixXd I = array.currents(own.I.transpose());
    REQUIRE(I.rows() == direct.I.rows());
    const double error = (I - direct.I).cwiseAbs().maxCoeff() / I.cwiseAbs().maxCoeff();
    std::printf("  %-20s within %.1e of the largest\n", c.name, error);
    CHECK(error < kAgreement);
  }
}

TEST_CASE("a network, and one of op-amps and diodes", "[networks]") {
  compare_networks(test::small_cnn(), synthesis::Realisation::Behavioural);
  compare_networks(test::small_mlp(), synthesis::Realisation::Transistor);
}

TEST_CASE("what a factorisation costs beside held nodes", "[times]") {
  std::printf("A sinh tile, seconds of processor time: KLU in ngspice 45.2 beside nodes held\n");
  std::printf("  lines   KLU: first  further  of 24 (from these)   held, of 24   ratio\n");
  constexpr int vectors = 24;
  for (const int lines : {64, 128, 256}) {
    const double first = direct_seconds(lines, 1);
    const double further = (direct_seconds(lines, 3) - first) / 2.0;
    const double all = first + (vectors - 1) * further;
    const double held = held_seconds(lines, vectors);
    std::printf(
        "  %5d %12.2f %8.3f %17.1f %13.2f %8.1f\n", lines, first, further, all, held, all / held);
  }
}
