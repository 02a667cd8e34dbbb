// Decks that ngspice itself answers with return code 0 and, often, with numbers.

#include <catch2/catch.hpp>
#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"
#include "decks.hpp"

namespace memspice::engine {
namespace {

using Catch::Contains;
using test::deck_of;

const std::string tight = ".options reltol=1e-10 abstol=1e-18 vntol=1e-15 itl1=200 itl2=200\n";

/// One engine for all decks below: each must also leave the session fit for the next.
Engine& shared_engine() {
  static const auto engine = make_ngspice_engine(test::quick_options());
  return *engine;
}

void check_fails(const netlist::Deck& deck, Termination termination, const std::string& words) {
  INFO(deck.text);
  const Waveforms w = shared_engine().run(deck);
  CHECK(w.summary.termination == termination);
  CHECK_THAT(w.summary.message, Contains(words));
  CHECK(w.values.size() == 0);
  const Waveforms next = shared_engine().run(test::divider());
  REQUIRE(next.ok());
  CHECK(next.values(0, 0) == Approx(0.5));
}

}  // namespace

TEST_CASE("decks that ngspice cannot take are rejected in its words", "[engine]") {
  const auto rejected = [](const std::string& body, const std::string& words) {
    check_fails(deck_of(body), Termination::Rejected, words);
  };
  rejected("V1 a 0 1\nX1 a 0 absent\n.op\n", "unknown subckt");
  rejected("V1 a 0 1\nX1 a b c s\n.subckt s p q\nR1 p q 1\n.ends\n.op\n", "Too many parameters");
  rejected("V1 a 0 1\nR1 a 0 {absent}\n.op\n", "Undefined parameter [absent]");  // ends the session
  rejected("V1 a 0 1\nR1 a 0 1 foo=3\n.op\n", "foo");
  rejected("V1 a 0 1\nD1 a 0 absent\n.op\n", "absent");
  rejected("V1 a 0 1\nB1 a 0 I=foo(v(a))\n.op\n", "no such function");
  rejected("V1 a 0 1\nR1 a 0 1\n.dc Vx 0 1 1\n", "is not in the circuit");
  rejected("V1 a 0 1\nR1 a 0 1\n.control\nquit\n.endc\n.op\n", ".control");
  rejected("V1 a 0 1\nQuit\n.op\n", "Quit");
}

TEST_CASE("a resistance that ngspice would change is rejected", "[engine]") {
  const auto rejected = [](const std::string& resistor) {
    check_fails(deck_of("V1 a 0 1\n" + resistor + "\nR2 b 0 1\n.op\n"),
                Termination::Rejected,
                "resistance");
  };
  rejected("R1 a b 0");  // 1 mOhm in ngspice 39, without a message
  rejected("R1 a b");    // 1 mOhm, with one
  const Waveforms tiny = shared_engine().run(deck_of("V1 b 0 1\nR1 a b 1e-9\nR2 a 0 1e-9\n.op\n"));
  REQUIRE(tiny.ok());
  CHECK(tiny.values(0, 0) == Approx(0.5));
}

TEST_CASE("a rejected deck never answers with the circuit before it", "[engine]") {
  REQUIRE(shared_engine().run(test::divider(3.0)).ok());
  check_fails(deck_of("V1 a 0 1\nX1 a 0 absent\n.op\n"), Termination::Rejected, "unknown subckt");
}

TEST_CASE("circuits without a solution end as no convergence, with the cause", "[engine]") {
  check_fails(deck_of("V1 a 0 1\nV2 a 0 2\nR1 a 0 1\n.op\n"),
              Termination::NoConvergence,
              "singular matrix");
  check_fails(deck_of("V1 a 0 1\nR1 a 0 1\nI1 0 b 1\nC1 b 0 1\n.op\n"),
              Termination::NoConvergence,
              "DC path to ground");
}

TEST_CASE("a sweep that fails at one point gives no numbers and names it", "[engine]") {
  // Solvable at 0, no solution at 1: v = 1 asks for 0 and v = 0 for 1.
  check_fails(deck_of("Vi i 0 0\nR0 i 0 1\nR1 a 0 1\n"
                      "B1 a 0 V=v(i) > 0.5 ? (v(a) > 0.5 ? 0 : 1) : 0.25\n" +
                      tight + ".dc Vi 0 3 1\n"),
              Termination::NoConvergence,
              "vi = 1");
}

TEST_CASE("a point that ngspice takes for converged by overflow is caught", "[engine]") {
  // I = x - 1.5 - exp(v) into 1e12 Ohm: at x = 2, v = ln(0.5); ngspice 39 answers 5e11 V.
  check_fails(deck_of("Vi i 0 0\nR0 i 0 1\nB1 0 a I=v(i)-exp(v(a))-1.5\nR1 a 0 1e12\n" + tight +
                      ".dc Vi 0 3 1\n"),
              Termination::NoConvergence,
              "not solved");
}

TEST_CASE("a transient that gets stuck tells where", "[engine]") {
  check_fails(deck_of("V1 b 0 PWL(0 0 1e-9 1)\nR1 b 0 1\n"
                      "B1 a 0 V=v(b) > 0.5 ? (v(a) > 0.5 ? 0 : 1) : 0\nR2 a 0 1\n"
                      ".tran 1e-11 2e-9\n"),
              Termination::NoConvergence,
              "Timestep too small");
}

TEST_CASE("missing quantities and missing points are failures", "[engine]") {
  auto deck = test::divider();
  deck.vectors = {"v(a)", "v(absent)"};
  check_fails(deck, Termination::Rejected, "v(absent)");
  deck.vectors = {"v(a)"};
  deck.points = 5;
  check_fails(deck, Termination::NoConvergence, "1 of 5 points");
  check_fails({"empty", "", {"v(a)"}, 0}, Termination::Rejected, "empty");
}

TEST_CASE("quantities are found in either spelling, whatever the case", "[engine]") {
  auto deck = test::divider();
  deck.vectors = {"a", "V(A)", "v1#branch", "I(V1)", "v( a )"};
  const Waveforms w = shared_engine().run(deck);
  REQUIRE(w.ok());
  CHECK(w.values(0, 0) == Approx(0.5));
  CHECK(w.values(0, 1) == w.values(0, 0));
  CHECK(w.values(0, 2) == Approx(-0.5));
  CHECK(w.values(0, 3) == w.values(0, 2));
  CHECK(w.values(0, 4) == w.values(0, 0));
}

TEST_CASE("a deck that reads all nets gets those inside of subcircuits too", "[engine]") {
  netlist::Deck deck{"nets",
                     "* nets\n.subckt half a b\nr_1 a Middle 1k\nr_2 middle b 1k\n.ends half\n"
                     "v_in in 0 4\nx_one in out half\nr_load out 0 2k\n.dc v_in 4 8 4\n.end\n",
                     {},
                     2};
  deck.all_nets = true;
  const Waveforms w = shared_engine().run(deck);
  INFO(w.summary.message);
  REQUIRE(w.ok());
  CHECK(w.nets == std::vector<std::string>{"in", "out", "x_one.middle"});
  Eigen::MatrixXd expected(2, 3);  // half the voltage across 2 kOhm, a quarter more behind 1 kOhm
  expected << 4, 2, 3, 8, 4, 6;
  CHECK((w.values - expected).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("a deck without a last newline or .end runs", "[engine]") {
  const Waveforms w = shared_engine().run({"t", "t\nV1 a 0 2\nR1 a 0 1\n.op", {"v(a)"}, 1});
  REQUIRE(w.ok());
  CHECK(w.values(0, 0) == Approx(2.0));
}

TEST_CASE("polynomial sources of op-amp models run", "[engine]") {
  // 1 + 2 v: with 1 V in, 3 V out.
  const Waveforms w =
      shared_engine().run(deck_of("V1 b 0 1\nE1 a 0 POLY(1) b 0 1 2\nR1 a 0 1\n.op\n"));
  REQUIRE(w.ok());
  CHECK(w.values(0, 0) == Approx(3.0));
}

TEST_CASE("a user's .spiceinit is not run", "[engine]") {
  const TemporaryFolder folder;
  write_file(folder.path() / ".spiceinit", "quit 1\n");  // would make the library unusable
  const std::filesystem::path before = std::filesystem::current_path();
  const std::string home = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "";
  std::filesystem::current_path(folder.path());
  ::setenv("HOME", folder.path().c_str(), 1);
  ::setenv("SPICE_SCRIPTS", folder.path().c_str(), 1);
  const Waveforms w = make_ngspice_engine(test::quick_options())->run(test::divider());
  ::unsetenv("SPICE_SCRIPTS");
  ::setenv("HOME", home.c_str(), 1);
  std::filesystem::current_path(before);
  CHECK(w.ok());
}

TEST_CASE("the deck of a failed run is saved under a safe name", "[engine]") {
  const TemporaryFolder folder;
  Options options = test::quick_options();
  options.failed_deck_folder = (folder.path() / "failed").string();
  netlist::Deck deck = deck_of("V1 a 0 1\nX1 a 0 absent\n.op\n");
  deck.title = "../tile: conv1/0 \n x";
  const auto engine = make_ngspice_engine(options);
  const Waveforms w = engine->run(deck);
  REQUIRE_FALSE(w.summary.saved_deck.empty());
  CHECK(read_file(w.summary.saved_deck) == deck.text);
  CHECK(std::filesystem::path(w.summary.saved_deck).parent_path() == options.failed_deck_folder);
  CHECK(engine->run(test::divider()).summary.saved_deck.empty());
}

TEST_CASE("a folder that cannot be written is told and loses no result", "[engine]") {
  Options options = test::quick_options();
  options.failed_deck_folder = "/proc/absent";
  const Waveforms w = make_ngspice_engine(options)->run(deck_of("V1 a 0 1\nX1 a 0 absent\n.op\n"));
  CHECK(w.summary.termination == Termination::Rejected);
  CHECK(w.summary.saved_deck.empty());
  CHECK_THAT(w.summary.message, Contains("could not be saved"));
}

}  // namespace memspice::engine
