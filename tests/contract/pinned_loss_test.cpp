// Workers that are lost in the middle of a train of pulses on an array whose nodes are held.

#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "base/error.hpp"
#include "engine/decks.hpp"
#include "engine/pinned.hpp"
#include "held_case.hpp"
#include "synthesis/program_bench.hpp"

using namespace memspice;
using Catch::Contains;

namespace {

constexpr int kPulses = 3;
/// A new worker's first point starts from no solution where the lost one's started from the last
/// point: the two differ by the held currents' reltol, 1e-9, of the states' motion.
constexpr double kSameAfterLoss = 1e-9;

/// Stops a worker, so that what it is given next finds no answer, and ends it soon after.
class Loss {
 public:
  explicit Loss(pid_t worker)
      : thread_([worker] {
          std::this_thread::sleep_for(std::chrono::milliseconds(500));
          ::kill(worker, SIGKILL);
        }) {
    ::kill(worker, SIGSTOP);
  }
  ~Loss() { thread_.join(); }

 private:
  std::thread thread_;
};

/// ngspice on one worker whose calls are counted, and where one of them goes wrong.
class CountingEngine final : public engine::Engine {
 public:
  enum class Trouble { None, WorkerLost, GivenUp };

  CountingEngine(Trouble trouble, int call) : trouble_(trouble), call_(call) {
    const std::vector<pid_t> before = engine::test::workers_of(::getpid());
    inner_ = test::engine_of_one();
    for (const pid_t worker : engine::test::workers_of(::getpid())) {
      if (std::ranges::find(before, worker) == before.end()) worker_ = worker;
    }
  }

  std::string version() override { return inner_->version(); }
  std::vector<engine::Waveforms> run_all(std::span<const netlist::Deck> decks,
                                         const engine::OnDone& on_done) override {
    return answer<engine::Waveforms>(decks.size(), [&] { return inner_->run_all(decks, on_done); });
  }
  std::vector<engine::PinnedCurrents> evaluate_all(
      std::span<const engine::PinnedPoints> requests) override {
    return answer<engine::PinnedCurrents>(requests.size(),
                                          [&] { return inner_->evaluate_all(requests); });
  }

  int calls = 0;
  long pieces = 0, attempts = 0;

 private:
  template <typename Answer>
  std::vector<Answer> answer(std::size_t count, const std::function<std::vector<Answer>()>& ask) {
    const bool is_troubled = ++calls == call_;
    if (is_troubled && trouble_ == Trouble::GivenUp) return given_up<Answer>(count);
    std::optional<Loss> loss;
    if (is_troubled && trouble_ == Trouble::WorkerLost) loss.emplace(worker_);
    std::vector<Answer> answers = ask();
    pieces += static_cast<long>(count);
    for (const Answer& one : answers) attempts += one.summary.attempts;
    return answers;
  }

  /// What the pool answers of pieces that lose a worker twice (tests/engine).
  template <typename Answer>
  static std::vector<Answer> given_up(std::size_t count) {
    std::vector<Answer> answers(count);
    engine::Summary& summary = answers.back().summary;
    summary.termination = engine::Termination::Crashed;
    summary.message = "simulator process killed by signal 9, twice";
    summary.attempts = 2;
    return answers;
  }

  Trouble trouble_;
  int call_;
  std::unique_ptr<engine::Engine> inner_;
  pid_t worker_ = 0;
};

using Trouble = CountingEngine::Trouble;

/// A 4 x 4 array that several cells of move far.
struct Train {
  Train()
      : bench{"stanford_rram", "hfox_jiang_2014", 0.3, 0.6, 1.3, 1e-7},
        cell(test::held_cell_of(bench)),
        law(device::make_memristor(cell.card)),
        spec(test::held_spec(*law, crossbar::BiasScheme::Half)),
        x(test::spread_states(bench.low, bench.high, 4)) {}

  crossbar::CellPulse pulse(int k) const {
    const double sign = k % 2 == 0 ? 1.0 : -1.0;
    return {.i = 1, .j = 2, .pulse = {.amplitude = sign * bench.amplitude, .width = bench.width}};
  }

  test::HeldCase bench;
  synthesis::DynamicCell cell;
  std::unique_ptr<device::Memristor> law;
  crossbar::PulsedArraySpec spec;
  Eigen::MatrixXd x;
};

/// All pulses on held nodes.
Eigen::MatrixXd write(const Train& train, CountingEngine& transients, CountingEngine& held) {
  const auto array =
      synthesis::make_pinned_array(train.cell, train.spec, train.x, {transients, held});
  for (int k = 0; k < kPulses; ++k) {
    const auto effect = array->apply(train.pulse(k));
    INFO(effect.message);
    REQUIRE(effect.ok);
  }
  return array->states();
}

/// A pulse that throws and names what was lost leaves the array as it was, ready for it again.
void check_refusal(crossbar::PulsedArray& array, const Train& train, const std::string& what) {
  bool has_thrown = false;
  for (int k = 0; k < kPulses; ++k) {
    const Eigen::MatrixXd before = array.states();
    try {
      array.apply(train.pulse(k));
    } catch (const RunError& error) {
      CHECK_FALSE(has_thrown);
      has_thrown = true;
      CHECK_THAT(error.what(), Contains("pulse on cell (1, 2)"));
      CHECK_THAT(error.what(), Contains(what));
      CHECK_THAT(error.what(), Contains("killed by signal 9, twice"));
      CHECK(array.states() == before);
      REQUIRE(array.apply(train.pulse(k)).ok);
    }
  }
  CHECK(has_thrown);
}

}  // namespace

TEST_CASE("a worker lost in a train of pulses costs one piece one retry", "[program]") {
  const Train train;
  CountingEngine transients(Trouble::None, 0), held(Trouble::None, 0);
  const Eigen::MatrixXd expected = write(train, transients, held);
  CHECK((expected - train.x).cwiseAbs().maxCoeff() > 1e-3);
  CHECK(transients.attempts == transients.pieces);
  CHECK(held.attempts == held.pieces);
  for (const bool in_transient : {true, false}) {
    const int middle = (in_transient ? transients : held).calls / 2;
    CountingEngine lost_transients(in_transient ? Trouble::WorkerLost : Trouble::None, middle);
    CountingEngine lost_held(in_transient ? Trouble::None : Trouble::WorkerLost, middle);
    const Eigen::MatrixXd found = write(train, lost_transients, lost_held);
    INFO((in_transient ? "transients" : "held cells") << ", call " << middle);
    CHECK((found - expected).cwiseAbs().maxCoeff() < kSameAfterLoss);
    CHECK(lost_transients.pieces == transients.pieces);
    CHECK(lost_held.pieces == held.pieces);
    CHECK(lost_transients.attempts == transients.attempts + (in_transient ? 1 : 0));
    CHECK(lost_held.attempts == held.attempts + (in_transient ? 0 : 1));
  }
}

TEST_CASE("a loss that repeats ends the pulse, names itself and moves no state", "[program]") {
  const Train train;
  CountingEngine transients(Trouble::None, 0), held(Trouble::None, 0);
  const Eigen::MatrixXd expected = write(train, transients, held);
  // Of held cells the first call measures their capacitance, before anything is known of them.
  for (const auto& [in_transient, call] : {std::pair{true, transients.calls / 2},
                                           {true, transients.calls},
                                           {false, 1},
                                           {false, held.calls / 2}}) {
    CountingEngine lost_transients(in_transient ? Trouble::GivenUp : Trouble::None, call);
    CountingEngine lost_held(in_transient ? Trouble::None : Trouble::GivenUp, call);
    const auto array =
        synthesis::make_pinned_array(train.cell, train.spec, train.x, {lost_transients, lost_held});
    INFO((in_transient ? "transients" : "held cells") << ", call " << call);
    check_refusal(*array, train, in_transient ? "transient" : "currents of the held cells");
    CHECK(array->certificate().pulses == kPulses);
    CHECK((array->states() - expected).cwiseAbs().maxCoeff() < kSameAfterLoss);
  }
  CountingEngine direct_engine(Trouble::GivenUp, 2);
  const auto direct = synthesis::make_spice_array(train.cell, train.spec, train.x, direct_engine);
  check_refusal(*direct, train, "the array's transient");
}
