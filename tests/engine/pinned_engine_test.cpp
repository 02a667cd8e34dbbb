// Circuits that stay loaded: voltages in, currents out, whatever happens to the workers.
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "decks.hpp"
#include "engine/pinned.hpp"
#include "engine/residents.hpp"
#include "engine/wire_format.hpp"

namespace memspice::engine {
namespace {

using test::eventually;
using test::workers_of;

/// Two pins across R [Ohm], a third through a free net of two resistors to the second.
PinnedDeck three_pins(const std::string& key, double R) {
  return {key,
          {"pins " + key,
           "* pins\nv_p0 a 0 external\nv_p1 b 0 external\nv_p2 c 0 external\nr1 a b " + to_text(R) +
               "\nr2 b m 1\nr3 m c 3\nv_stimulus_index stimulus_index 0 0\n"
               ".dc v_stimulus_index 0 0 1\n.end\n",
           {"v_p0#branch", "v_p1#branch", "v_p2#branch"},
           0}};
}

/// What flows out of the pins, by Ohm's law.
void check_currents(const PinnedCurrents& answer, const Eigen::MatrixXd& V, double R) {
  INFO(answer.summary.message);
  REQUIRE(answer.ok());
  REQUIRE(answer.I.cols() == V.cols());
  for (Eigen::Index k = 0; k < V.cols(); ++k) {
    const double through = (V(0, k) - V(1, k)) / R, other = (V(1, k) - V(2, k)) / 4.0;
    CHECK(answer.I(0, k) == Approx(through).margin(1e-12));
    CHECK(answer.I(1, k) == Approx(other - through).margin(1e-12));
    CHECK(answer.I(2, k) == Approx(-other).margin(1e-12));
  }
}

Eigen::MatrixXd voltages(int points, double scale) {
  Eigen::MatrixXd V(3, points);
  for (Eigen::Index k = 0; k < V.size(); ++k) V(k) = scale * std::sin(1.0 + static_cast<double>(k));
  return V;
}

}  // namespace

TEST_CASE("circuits that stay loaded answer again and again", "[engine][pinned]") {
  const auto engine = make_ngspice_engine(test::quick_options());
  const PinnedDeck one = three_pins("one", 2.0), two = three_pins("two", 5.0);
  for (int round = 0; round < 3; ++round) {
    const Eigen::MatrixXd V = voltages(4 + round, 0.1 * (round + 1));
    const std::vector<PinnedPoints> requests = {{&one, V}, {&two, V}, {&one, 2.0 * V}};
    const auto answers = engine->evaluate_all(requests);
    check_currents(answers[0], V, 2.0);
    check_currents(answers[1], V, 5.0);
    check_currents(answers[2], 2.0 * V, 2.0);
    // A deck of another kind in between makes the worker forget them: nothing is left over.
    if (round == 1) CHECK(engine->run(test::divider()).ok());
  }
}

TEST_CASE("a killed worker costs pinned points one attempt", "[engine][pinned]") {
  const auto engine = make_ngspice_engine(test::quick_options());
  const PinnedDeck deck = three_pins("killed", 2.0);
  const Eigen::MatrixXd V = voltages(3, 0.2);
  const std::vector<PinnedPoints> requests = {{&deck, V}};
  check_currents(engine->evaluate_all(requests)[0], V, 2.0);
  for (const pid_t worker : workers_of(::getpid())) ::kill(worker, SIGKILL);
  check_currents(engine->evaluate_all(requests)[0], V, 2.0);
}

TEST_CASE("a pinned deck that fails says why, and harms no other", "[engine][pinned]") {
  const auto engine = make_ngspice_engine(test::quick_options());
  const PinnedDeck good = three_pins("good", 2.0);
  PinnedDeck bad = three_pins("bad", 2.0);
  bad.deck.text.insert(bad.deck.text.find("r2"), "x1 a b nowhere\n");
  PinnedDeck hostile = three_pins("hostile", 2.0);
  hostile.deck.text.insert(hostile.deck.text.find("r2"), ".control\n");
  const Eigen::MatrixXd V = voltages(2, 0.2);
  const auto answers = engine->evaluate_all(
      std::vector<PinnedPoints>{{&good, V}, {&bad, V}, {&hostile, V}, {&good, V}});
  check_currents(answers[0], V, 2.0);
  CHECK(answers[1].summary.termination == Termination::Rejected);
  CHECK_THAT(answers[1].summary.message, Catch::Contains("subckt"));
  CHECK(answers[2].summary.termination == Termination::Rejected);
  check_currents(answers[3], V, 2.0);
}

TEST_CASE("a worker's circuits stay within their memory, the last used longest",
          "[engine][pinned]") {
  Residents residents(100);
  CHECK(residents.admit("a", 40).empty());
  CHECK(residents.admit("b", 40).empty());
  CHECK(residents.admit("a", 40).empty());
  CHECK(residents.admit("c", 40) == std::vector<std::string>{"b"});
  CHECK(residents.holds("a"));
  CHECK_FALSE(residents.holds("b"));
  CHECK(residents.admit("whale", 1000) == std::vector<std::string>{"a", "c"});
  CHECK(residents.holds("whale"));
  residents.clear();
  CHECK_FALSE(residents.holds("whale"));
}

TEST_CASE("pinned requests and answers survive the wire, and cut ones are refused",
          "[engine][wire_format]") {
  const PinnedRequest request{{"old", "older"}, three_pins("new", 1.0), voltages(5, 1.0)};
  const PinnedRequest copy = decode_request(encode_request(request));
  CHECK(copy.forget == request.forget);
  CHECK(copy.deck.key == "new");
  CHECK(copy.deck.deck.text == request.deck.deck.text);
  CHECK(copy.V == request.V);
  PinnedAnswer answer;
  answer.currents.I = voltages(5, 2.0);
  answer.session_alive = false;
  const std::string bytes = encode_answer(answer);
  CHECK(decode_answer(bytes).currents.I == answer.currents.I);
  CHECK_FALSE(decode_answer(bytes).session_alive);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    CHECK_THROWS_AS(decode_answer(std::string_view(bytes).substr(0, cut)), BrokenMessage);
  }
}

}  // namespace memspice::engine
