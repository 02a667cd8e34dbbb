// Tiles solved by ngspice without a mesh, against ngspice with it.
#include <catch2/catch.hpp>
#include <limits>

#include "base/random.hpp"
#include "engine/engine.hpp"
#include "support/array_cases.hpp"
#include "tile/array.hpp"
#include "tile/pinned_solver.hpp"

using namespace memspice;

namespace {

engine::Engine& ngspice() {
  static const std::unique_ptr<engine::Engine> engine =
      engine::make_ngspice_engine({.workers = 2,
                                   .failed_deck_folder = "",
                                   .worker_program = MEMSPICE_BIN_DIR "/memspice-worker"});
  return *engine;
}

Eigen::MatrixXd solve_direct(const std::string& name,
                             const Eigen::MatrixXd& G,
                             const Eigen::MatrixXd& V,
                             const tile::Array& array) {
  const synthesis::TileBench bench = array.bench(name, G, V);
  const engine::Waveforms w = ngspice().run(netlist::write_deck(bench.circuit, bench.analysis));
  INFO(name << ": " << w.summary.message);
  REQUIRE(w.ok());
  return w.values.transpose();
}

tile::PinnedSolution solve_pinned(const tile::PinnedProblem& problem,
                                  const tile::PinnedOptions& options = {}) {
  return tile::solve_pinned({&problem, 1}, ngspice(), options).front();
}

/// Of the larger current: what the issue of both methods' rounding and tolerances leaves.
constexpr double agreement = 1e-9;

void compare(const test::ArrayCase& c, const crossbar::Wiring& wiring, int rows, int columns) {
  const tile::Array array = test::array_of(c, wiring);
  const Eigen::MatrixXd G = test::conductances_of(c, rows, columns);
  const Eigen::MatrixXd V = test::voltages_of(c, array, rows, 3);
  const Eigen::MatrixXd expected = solve_direct(c.name, G, V, array);
  const tile::PinnedProblem problem = array.pinned_problem(c.name, G, V);
  const tile::PinnedSolution pinned = solve_pinned(problem);
  INFO(c.name << " " << rows << "x" << columns << ": " << pinned.summary.message);
  REQUIRE(pinned.ok());
  const double scale = expected.cwiseAbs().maxCoeff();
  const double error = (pinned.I - expected).cwiseAbs().maxCoeff();
  const double summed = (pinned.I - expected).cwiseAbs().colwise().sum().maxCoeff();
  CAPTURE(error / scale, pinned.certificate.relative, pinned.certificate.corrections);
  CHECK(error < agreement * scale);
  CHECK(pinned.certificate.monotone);
  CHECK(summed < pinned.certificate.bound + agreement * scale);
}

}  // namespace

TEST_CASE("pinned ngspice gives what ngspice gives for every cell and array", "[tile][pinned]") {
  const crossbar::Wiring plain{.row = 1.0, .column = 2.0, .driver = 100.0, .sense = 10.0};
  for (const test::ArrayCase& c : test::array_cases()) compare(c, plain, 9, 6);
}

TEST_CASE("pinned ngspice takes wires and terminals of 0 Ohm, and every side", "[tile][pinned]") {
  using crossbar::BitLineSide;
  using crossbar::WordLineSide;
  const test::ArrayCase sinh = test::array_cases()[1];
  const std::vector<crossbar::Wiring> wirings = {
      {.row = 0.0, .column = 2.0, .driver = 50.0, .sense = 0.0},
      {.row = 3.0, .column = 0.0, .driver = 0.0, .sense = 20.0},
      {.row = 0.0, .column = 0.0, .driver = 50.0, .sense = 20.0},
      {.row = 0.0, .column = 0.0, .driver = 0.0, .sense = 0.0},
      {.row = 5.0, .column = 5.0, .driver = 0.0, .sense = 0.0},
      {.row = 1.0,
       .column = 2.0,
       .driver = 9.0,
       .sense = 7.0,
       .drive_side = WordLineSide::Both,
       .sense_side = BitLineSide::Both},
      {.row = 1.0,
       .column = 2.0,
       .driver = 9.0,
       .sense = 7.0,
       .drive_side = WordLineSide::Right,
       .sense_side = BitLineSide::Top}};
  for (const crossbar::Wiring& wiring : wirings) {
    compare(sinh, wiring, 7, 4);
    compare(sinh, wiring, 1, 2);
  }
}

TEST_CASE("pinned ngspice starts from anywhere", "[tile][pinned]") {
  const crossbar::Wiring wiring{.row = 2.5, .column = 2.5, .driver = 100.0, .sense = 10.0};
  const test::ArrayCase sinh = test::array_cases()[1];
  const tile::Array array = test::array_of(sinh, wiring);
  const Eigen::MatrixXd G = test::drawn_matrix(12, 8, 2e-6, 2e-5, "anywhere");
  const Eigen::MatrixXd V = test::drawn_matrix(12, 2, -0.2, 0.2, "anywhere V");
  tile::PinnedProblem problem = array.pinned_problem("anywhere", G, V);
  const tile::PinnedSolution near = solve_pinned(problem);
  CHECK(near.certificate.corrections == 0);
  for (Eigen::MatrixXd& word : problem.V_word) word.setZero();
  const tile::PinnedSolution far = solve_pinned(problem);
  REQUIRE(far.ok());
  CHECK(far.certificate.corrections > 0);
  CHECK((far.I - near.I).cwiseAbs().maxCoeff() < agreement * near.I.cwiseAbs().maxCoeff());
}

TEST_CASE("what pinned ngspice has solved outlives an interrupt", "[tile][pinned]") {
  /// Gone after one call.
  class OneCall final : public engine::Engine {
   public:
    std::string version() override { return ngspice().version(); }
    std::vector<engine::Waveforms> run_all(std::span<const netlist::Deck> decks,
                                           const engine::OnDone& on_done) override {
      return ngspice().run_all(decks, on_done);
    }
    std::vector<engine::PinnedCurrents> evaluate_all(
        std::span<const engine::PinnedPoints> requests) override {
      if (calls++ > 0) throw Interrupted();
      return ngspice().evaluate_all(requests);
    }
    int calls = 0;
  };
  const tile::Array array =
      test::array_of(test::array_cases()[1], {.row = 2.5, .column = 2.5, .driver = 100.0});
  const Eigen::MatrixXd G = test::drawn_matrix(6, 4, 2e-6, 2e-5, "interrupt");
  const Eigen::MatrixXd V = test::drawn_matrix(6, 2, -0.2, 0.2, "interrupt V");
  std::vector<tile::PinnedProblem> problems;
  problems.push_back(array.pinned_problem("far", G, V));
  problems.push_back(array.pinned_problem("near", G, V));
  for (Eigen::MatrixXd& word : problems[0].V_word) word.setZero();  // takes a correction
  OneCall engine;
  std::vector<std::size_t> solved;
  const auto keep = [&](std::size_t k, const tile::PinnedSolution& solution) {
    CHECK(solution.I.size() > 0);
    solved.push_back(k);
  };
  CHECK_THROWS_AS(tile::solve_pinned(problems, engine, {}, keep), Interrupted);
  CHECK(solved == std::vector<std::size_t>{1});
}

TEST_CASE("a cell known to ngspice alone is solved by differences", "[tile][pinned]") {
  const crossbar::Wiring wiring{.row = 2.5, .column = 2.5, .driver = 100.0, .sense = 10.0};
  const tile::Array array = test::array_of(test::array_cases()[1], wiring);
  const Eigen::MatrixXd G = test::drawn_matrix(8, 6, 2e-6, 2e-5, "differences");
  const Eigen::MatrixXd V = test::drawn_matrix(8, 2, -0.2, 0.2, "differences V");
  tile::PinnedProblem problem = array.pinned_problem("differences", G, V);
  const tile::PinnedSolution by_law = solve_pinned(problem);
  problem.law = nullptr;
  problem.rises_by_law = false;
  for (Eigen::MatrixXd& bit : problem.V_bit) bit.setZero();
  const tile::PinnedSolution by_difference = solve_pinned(problem);
  INFO(by_difference.summary.message);
  REQUIRE(by_difference.ok());
  CHECK(by_difference.certificate.monotone);
  CHECK(by_difference.certificate.corrections > 0);
  CHECK((by_difference.I - by_law.I).cwiseAbs().maxCoeff() <
        agreement * by_law.I.cwiseAbs().maxCoeff());
}

// What the certificate is for: our own solver is told another array than ngspice has.
TEST_CASE("a certificate refuses an answer that is 1 % off in one figure", "[tile][pinned]") {
  const crossbar::Wiring wiring{.row = 2.5, .column = 2.5, .driver = 100.0, .sense = 10.0};
  const tile::Array right = test::array_of(test::array_cases()[1], wiring);
  const Eigen::MatrixXd G = test::drawn_matrix(10, 6, 2e-6, 2e-5, "off");
  const Eigen::MatrixXd V = test::drawn_matrix(10, 2, 0.05, 0.2, "off V");
  const Eigen::MatrixXd truth = solve_direct("truth", G, V, right);

  Eigen::MatrixXd one_cell_off = G;
  one_cell_off(3, 2) *= 1.01;
  tile::ArraySpec wires_off = right.spec();
  wires_off.wiring.row *= 1.01;
  tile::ArraySpec alpha_off = right.spec();
  alpha_off.alpha *= 1.01;
  const std::vector<std::pair<Eigen::MatrixXd, tile::Array>> wrong = {
      {one_cell_off, right}, {G, tile::Array(wires_off)}, {G, tile::Array(alpha_off)}};
  for (const auto& [G_told, array] : wrong) {
    tile::PinnedProblem problem = right.pinned_problem("off", G, V);
    const tile::PinnedProblem told = array.pinned_problem("off", G_told, V);
    problem.V_word = told.V_word;
    problem.V_bit = told.V_bit;
    // Uncorrected: the bound says that the answer is off, and holds the true error.
    const tile::PinnedSolution refused = solve_pinned(problem, {.most_corrections = 0});
    CHECK_FALSE(refused.ok());
    const tile::PinnedSolution as_told = solve_pinned(problem, {.tolerance = 1.0});
    REQUIRE(as_told.ok());
    const double error = (as_told.I - truth).cwiseAbs().colwise().sum().maxCoeff();
    CHECK(error > agreement * truth.cwiseAbs().maxCoeff());
    CHECK(error <= as_told.certificate.bound);
    const tile::PinnedSolution corrected = solve_pinned(problem);
    REQUIRE(corrected.ok());
    CHECK(corrected.certificate.corrections > 0);
    CHECK((corrected.I - truth).cwiseAbs().maxCoeff() < agreement * truth.cwiseAbs().maxCoeff());
  }
}
