// Text of a stranger that doubles with every line: refused in linear time.
#include <catch2/catch.hpp>
#include <string>

#include "base/error.hpp"
#include "netlist/definition_text.hpp"
#include "netlist/model_text.hpp"

using namespace memspice;
using namespace memspice::netlist;
using Catch::Matchers::Contains;

namespace {

std::string cell_of(const std::string& functions, const std::string& current) {
  return ".subckt cell p n\n" + functions + "b1 p n i=" + current + "\n.ends cell\n";
}

/// f0(x) = x+x, f1(x) = f0(x)+f0(x), ...: 2^levels uses of x.
std::string doubling(int levels) {
  std::string text = ".func f0(x) {x+x}\n";
  for (int k = 1; k < levels; ++k) {
    const std::string inner = "f" + std::to_string(k - 1) + "(x)";
    text += ".func f" + std::to_string(k) + "(x) {" + inner + "+" + inner + "}\n";
  }
  return text;
}

std::string nested(const std::string& before, const std::string& after, int levels) {
  std::string text = "v(p,n)";
  for (int k = 0; k < levels; ++k) text = before + text + after;
  return text;
}

/// What spelling complains of. Without its bounds most of these texts would double until the end of
/// time, which the suite's time limit shows.
std::string complaint(const std::string& text, const Spelling& spelling) {
  std::string what = "accepted";
  try {
    spell_definition(read_definition(text, "cell.sub"), spelling);
  } catch (const InputError& error) {
    what = error.what();
  }
  CHECK(what.size() < 1000);
  return what;
}

}  // namespace

TEST_CASE("functions that double their text are bounded", "[netlist][dialect]") {
  for (const Spelling* spelling : {&xyce_spelling(), &hspice_spelling()}) {
    CHECK(complaint(cell_of(doubling(8), "f7(v(p,n))"), *spelling) == "accepted");
    CHECK_THAT(complaint(cell_of(doubling(40), "f39(v(p,n))"), *spelling),
               Contains("grows beyond reason"));
    // By the argument instead of the body.
    CHECK_THAT(complaint(cell_of(".func f(x) {x+x}\n", nested("f(", ")", 40)), *spelling),
               Contains("grows beyond reason"));
    CHECK_THAT(complaint(cell_of(".func f(x) {f(x)+f(x)}\n", "f(v(p,n))"), *spelling),
               Contains("calls itself") || Contains("grows beyond reason"));
  }
}

TEST_CASE("functions that are spelled with their argument twice are bounded",
          "[netlist][dialect]") {
  for (const char* name : {"asinh(", "acosh(", "atanh("}) {
    CHECK(complaint(cell_of("", nested(name, ")", 5)), hspice_spelling()) == "accepted");
    CHECK_THAT(complaint(cell_of("", nested(name, ")", 40)), hspice_spelling()),
               Contains("grows beyond reason"));
    CHECK(complaint(cell_of("", nested(name, ")", 40)), xyce_spelling()) == "accepted");
  }
  CHECK_THAT(complaint(cell_of("", nested("pwl(", ",0,0,1,1,2,3)", 40)), xyce_spelling()),
             Contains("grows beyond reason"));
}

TEST_CASE("long chains of operators do not exhaust the stack", "[netlist][dialect]") {
  std::string sum = "v(p,n)";
  for (int k = 0; k < 100'000; ++k) sum += "+1";
  std::string lines = "v(p,n)";
  for (int k = 0; k < 900; ++k) lines += "+1";
  for (const Spelling* spelling : {&xyce_spelling(), &hspice_spelling()}) {
    CHECK_THAT(complaint(cell_of("", sum), *spelling), Contains("1000 operators"));
    CHECK(complaint(cell_of("", lines), *spelling) == "accepted");
    CHECK(complaint(cell_of("", nested("(", ")", 200)), *spelling) == "accepted");
    // Functions that each nest as deep as they may.
    std::string deep = ".func f0(x) {" + nested("(1+", ")", 200) + "}\n";
    for (int k = 1; k < 40; ++k) {
      deep += ".func f" + std::to_string(k) + "(x) {f" + std::to_string(k - 1) + "(" +
              nested("(1+", ")", 200) + ")}\n";
    }
    CHECK_THAT(complaint(cell_of(deep, "f39(v(p,n))"), *spelling),
               Contains("grows beyond reason") || Contains("accepted"));
  }
}

TEST_CASE("what ngspice would write out by itself is bounded where it is read", "[netlist]") {
  CHECK_NOTHROW(read_definition(cell_of(doubling(8), "f7(v(p,n))"), "cell.sub"));
  CHECK_NOTHROW(read_definition(cell_of(".func f(x) {x+x}\n", nested("f(", ")", 10)), "cell.sub"));
  for (const std::string& text : {cell_of(doubling(40), "f39(v(p,n))"),
                                  cell_of(doubling(2000), "f1999(v(p,n))"),
                                  cell_of(".func f(x) {x+x}\n", nested("f(", ")", 40)),
                                  cell_of(".func f(x) {f(x)}\n", "f(v(p,n))"),
                                  cell_of(".func f(x) {g(x)}\n.func g(x) {f(x)}\n", "v(p,n)"),
                                  // Nothing calls it, and yet it is there.
                                  cell_of(doubling(40), "v(p,n)")}) {
    CHECK_THROWS_WITH(read_definition(text, "cell.sub"),
                      Contains("cell.sub:") && Contains("grows beyond reason"));
  }
}

TEST_CASE("a subcircuit does not hold itself", "[netlist]") {
  CHECK_THROWS_WITH(read_definition(".subckt a p n\nx1 p n a\nr1 p n 1\n.ends a\n", "a.sub"),
                    Contains("a.sub:2") && Contains("instantiates"));
  CHECK_THROWS_WITH(
      read_definition(".subckt a p n g=1\nx1 p n A params: g=2\nr1 p n 1\n.ends a\n", "a.sub"),
      Contains("instantiates"));
  CHECK_NOTHROW(read_definition(".subckt a p n\nx1 p n b\n.ends a\n", "a.sub"));
}
