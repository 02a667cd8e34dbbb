// Tiles solved by ngspice without a mesh, against ngspice with it.
#include <catch2/catch.hpp>
#include <limits>

#include "base/random.hpp"
#include "engine/engine.hpp"
#include "tile/array.hpp"
#include "tile/pinned_solver.hpp"

using namespace memspice;

namespace {

Eigen::MatrixXd drawn_matrix(
    int rows, int columns, double low, double high, const std::string& purpose) {
  RandomStream random(5, purpose);
  Eigen::MatrixXd matrix(rows, columns);
  for (double& value : matrix.reshaped()) value = random.uniform(low, high);
  return matrix;
}

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

struct Case {
  const char* name;
  device::Access access;
  crossbar::PairLayout pairs = crossbar::PairLayout::NeighbouringBitLines;
  crossbar::SourceLine source_line = crossbar::SourceLine::Shared;
  int pulse_bits = 0;
  double alpha = 2.5;
  double read_voltage = 0.2, g_max = 2e-5;
};

std::vector<Case> cases() {
  using crossbar::PairLayout;
  using crossbar::SourceLine;
  const auto next = PairLayout::NeighbouringBitLines;
  const auto shared = PairLayout::SharedBitLine;
  return {{"ohmic", {}, next, SourceLine::Shared, 0, 0.0},
          {"sinh", {}},
          {"sinh_shared", {}, shared},
          {"sinh_pulses", {}, next, SourceLine::Shared, 3},
          {"transistor", device::AccessTransistor{}},
          {"transistor_shared", device::AccessTransistor{}, shared},
          {"gated", device::AccessTransistor{}, next, SourceLine::AlongBitLine, 3},
          {"exponential", device::ExponentialSelector{}, next, SourceLine::Shared, 3, 2.5, 1, 8e-6},
          {"threshold", device::ThresholdSelector{}, next, SourceLine::Shared, 3, 2.5, 1, 8e-6}};
}

tile::Array array_of(const Case& c, const crossbar::Wiring& wiring) {
  return tile::Array({.wiring = wiring,
                      .alpha = c.alpha,
                      .read_voltage = c.read_voltage,
                      .access = c.access,
                      .pairs = c.pairs,
                      .source_line = c.source_line,
                      .pulse_bits = c.pulse_bits});
}

void compare(const Case& c, const crossbar::Wiring& wiring, int rows, int columns) {
  const tile::Array array = array_of(c, wiring);
  Eigen::MatrixXd G = drawn_matrix(rows, columns, 0.1 * c.g_max, c.g_max, c.name);
  const double low = c.source_line == crossbar::SourceLine::Shared ? -c.read_voltage : 0.0;
  const Eigen::MatrixXd V =
      array.input().carried(drawn_matrix(rows, 3, low, c.read_voltage, std::string(c.name) + " V"));
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
  for (const Case& c : cases()) compare(c, plain, 9, 6);
}

TEST_CASE("pinned ngspice takes wires and terminals of 0 Ohm, and every side", "[tile][pinned]") {
  using crossbar::BitLineSide;
  using crossbar::WordLineSide;
  const Case sinh = cases()[1];
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
  const Case sinh = cases()[1];
  const tile::Array array = array_of(sinh, wiring);
  const Eigen::MatrixXd G = drawn_matrix(12, 8, 2e-6, 2e-5, "anywhere");
  const Eigen::MatrixXd V = drawn_matrix(12, 2, -0.2, 0.2, "anywhere V");
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
  const tile::Array array = array_of(cases()[1], {.row = 2.5, .column = 2.5, .driver = 100.0});
  const Eigen::MatrixXd G = drawn_matrix(6, 4, 2e-6, 2e-5, "interrupt");
  const Eigen::MatrixXd V = drawn_matrix(6, 2, -0.2, 0.2, "interrupt V");
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
  const tile::Array array = array_of(cases()[1], wiring);
  const Eigen::MatrixXd G = drawn_matrix(8, 6, 2e-6, 2e-5, "differences");
  const Eigen::MatrixXd V = drawn_matrix(8, 2, -0.2, 0.2, "differences V");
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
  const tile::Array right = array_of(cases()[1], wiring);
  const Eigen::MatrixXd G = drawn_matrix(10, 6, 2e-6, 2e-5, "off");
  const Eigen::MatrixXd V = drawn_matrix(10, 2, 0.05, 0.2, "off V");
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
