#include "engine/deck_check.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "decks.hpp"

namespace memspice::engine {

TEST_CASE("check_deck refuses whatever is a command or names a file", "[engine][deck_check]") {
  const std::string line = GENERATE(as<std::string>{},
                                    ".control",
                                    "  .CONTROL",
                                    "\t.control",
                                    ".include /etc/passwd",
                                    ".inc x",
                                    ".lib x y",
                                    ".exec x",
                                    ".csparam x=1",
                                    ".meas dc x max v(a)",
                                    ".if (1)",
                                    "shell ls",
                                    "codemodel /tmp/x.cm",
                                    "osdi /tmp/x.osdi",
                                    "pre_osdi x",
                                    "A1 a b filesrc",
                                    "N1 a b model",
                                    "U1 a b model",
                                    "*# shell ls",
                                    "*#",
                                    "*ng_script",
                                    "V1 a 0 pwl(file=\"x\")",
                                    "V1 a 0 FILE = x",
                                    "+ file=x",
                                    "R1 a 0 `ls`",
                                    "R1 a b 0",
                                    "r1\ta b  0.0k",
                                    "R1 a b r=0",
                                    ".print dc v(a) > /tmp/x",
                                    ".save v(a) ; quit",
                                    "quit",
                                    "R1 a 0 1\r.control",
                                    "R1 a 0 1\x01");
  INFO(line);
  const auto deck = test::deck_of("R1 a 0 1\n" + line + "\n.op\n");
  CHECK_THROWS_AS(check_deck(deck), InputError);
}

TEST_CASE("check_deck names the line it refuses", "[engine][deck_check]") {
  CHECK_THROWS_WITH(check_deck(test::deck_of("R1 a 0 1\n.include secret\n.op\n")),
                    Catch::Contains("line 3") && Catch::Contains(".include secret"));
}

TEST_CASE("check_deck accepts what a circuit is made of", "[engine][deck_check]") {
  const CheckedDeck checked = check_deck(
      {"title",
       "title with .include inside\n* comment\n\nR1 a 0 1\n+ tc=0\nB1 b 0 V=v(a) > 1 ? 1 : 0\n"
       "X1 a b cell\n.subckt cell p q\nC1 p q 1e-12\n.ends\n.param x=1\n.func f(x) {x}\n.ic "
       "v(a)=1\n"
       ".model d1 D\n.options reltol=1e-9\n.print tran v(a)\n.save v(a)\n.tran 1e-9 2e-6 uic\n.end",
       {"v(a)"},
       0});
  CHECK(checked.analysis == CheckedDeck::Analysis::Transient);
  CHECK(checked.stop == 2e-6);
  CHECK(checked.lines.front() == "title with .include inside");
  CHECK(checked.lines.back() == ".end");
}

TEST_CASE("check_deck refuses a deck that is no single run", "[engine][deck_check]") {
  const auto refused = [](const std::string& text, std::vector<std::string> vectors) {
    CHECK_THROWS_AS(check_deck({"t", text, std::move(vectors), 0}), InputError);
  };
  refused("", {"v(a)"});
  refused(" \n\n", {"v(a)"});
  refused("t\nR1 a 0 1\n.end\n", {"v(a)"});
  refused("t\nR1 a 0 1\n.op\n.dc V1 0 1 1\n.end\n", {"v(a)"});
  refused("t\nR1 a 0 1\n.op\n.end\n", {});
  refused("t\nR1 a 0 1\n.op\n.end\nR2 a 0 1\n", {"v(a)"});
  refused("*ng_script\n.op\n.end\n", {"v(a)"});
  refused(".control\n.op\n.end\n", {"v(a)"});
}

}  // namespace memspice::engine
