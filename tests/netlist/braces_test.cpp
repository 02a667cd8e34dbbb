#include "netlist/braces.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "netlist/model_text.hpp"

namespace memspice::netlist {
namespace {

/// The line as a deck gets it, from a cell that holds nothing else.
std::string rendered(const std::string& line) {
  const std::string head = ".subckt cell p n a=3 b=1\n";
  const std::string text = read_definition(head + line + "\n.ends\n", "cell.sub").text;
  return text.substr(head.size(), text.size() - head.size() - std::string(".ends\n").size() - 1);
}

}  // namespace

TEST_CASE("braces get brackets where their loss would change the value", "[netlist]") {
  CHECK(bracket_braces("{a-b}*v(x)") == "{(a-b)}*v(x)");
  CHECK(bracket_braces("v(x)*{a-b}") == "v(x)*{(a-b)}");
  CHECK(bracket_braces("v(x)-{a-b}") == "v(x)-{(a-b)}");
  CHECK(bracket_braces("v(x)/{a*b}") == "v(x)/{(a*b)}");
  CHECK(bracket_braces("-{a-b}") == "-{(a-b)}");
  CHECK(bracket_braces("v(x)^{a-b}") == "v(x)^{(a-b)}");
  CHECK(bracket_braces("{a-b}**2") == "{(a-b)}**2");
  CHECK(bracket_braces("{a*{b-a}}*v(x)") == "{(a*(b-a))}*v(x)");
  CHECK(bracket_braces("{(a)-(b)}*v(x)") == "{((a)-(b))}*v(x)");
  CHECK(bracket_braces("v(x) > 0 ? {a-b}*2 : {a}") == "v(x) > 0 ? {(a-b)}*2 : {a}");
  // What cannot be read keeps its meaning all the same.
  CHECK(bracket_braces("odd[{a-b}]") == "odd[{(a-b)}]");
}

TEST_CASE("braces that may go stay as they are", "[netlist]") {
  for (const char* text : {"{a}*v(x)",
                           "{(a-b)}*v(x)",
                           "{a/b}*sinh({a}*v(p,n))",
                           "exp({a-b})",
                           "min({a-b},{b-a})",
                           "{a-b}",
                           "v(x)+{a-b}+1*({a-b})",
                           "v(x)*({a}+{(a-b)}*v(x))"}) {
    CAPTURE(text);
    const std::string sound = bracket_braces(text);
    CHECK(bracket_braces(sound) == sound);
  }
  CHECK(bracket_braces("{a/b}*sinh({a}*v(p,n))") == "{a/b}*sinh({a}*v(p,n))");
  CHECK(bracket_braces("exp({a-b})") == "exp({a-b})");
  CHECK(bracket_braces("{(a-b)}*v(x)") == "{(a-b)}*v(x)");
}

TEST_CASE("a model's lines are rendered with sound braces", "[netlist]") {
  CHECK(rendered("B1 p n I = {a - b}*V(p)") == "b1 p n i={(a-b)}*v(p)");
  CHECK(rendered("b1 p n v='a-b'*v(p)") == "b1 p n v={(a-b)}*v(p)");
  CHECK(rendered("b1 p n i = v(p)\n+ *{a\n+ -b}") == "b1 p n i=v(p) *{(a-b)}");
  CHECK(rendered("e1 p n value={ {a-b}*v(p) }") == "e1 p n value={((a-b)*v(p))}");
  CHECK(rendered("g1 p n value={a-b}*v(p)") == "g1 p n value={(a-b)}*v(p)");
  CHECK(rendered("g1 p n p n {a-b}*2") == "g1 p n p n {(a-b)*2}");
  CHECK(rendered(".func f(y) {{a-b}*y}") == ".func f(y) {{(a-b)}*y}");
  CHECK(rendered(".func f(y) {a-b} * y") == ".func f(y) {{(a-b)}*y}");
  CHECK(rendered(".func f (y) = {a*y}") == ".func f(y) {a*y}");
  CHECK_THROWS_AS(rendered(".func f {(a-b) {}*b}"), InputError);
  CHECK(rendered(".func f(y) {(a*y)} *sinh(y)\n+ + {b}") == ".func f(y) {{(a*y)}*sinh(y)+{b}}");
  CHECK(rendered(rendered(".func f(y) {a-b} * y")) == ".func f(y) {{(a-b)}*y}");
  CHECK(rendered(".func f(y)='{a-b}*y'") == ".func f(y) {{(a-b)}*y}");
  CHECK(rendered(".param c={a-b}*2 d={2*{a-b}}") == ".param c={(a-b)*2} d={2*(a-b)}");
  CHECK(rendered("r1 p n r={a-b}*v(p)") == "r1 p n r={(a-b)*v(p)}");
  CHECK(rendered("c1 p 0 1 ic={a-b}*2") == "c1 p 0 1 ic={(a-b)*2}");
  CHECK(rendered("v1 p 0 pulse( 0 {a - b} 1 )") == "v1 p 0 pulse(0 {a-b} 1)");
  CHECK(rendered("i1 p 0 pulse(0 -1 {a} {b})") == "i1 p 0 pulse(0 -1 {a} {b})");
  CHECK(rendered("b1 p 0 v=sinh ({a} -1)") == "b1 p 0 v=sinh ({a}-1)");
  CHECK_THROWS_WITH(rendered("b1 p n v='a-b"), Catch::Contains("second quote"));
}

}  // namespace memspice::netlist
