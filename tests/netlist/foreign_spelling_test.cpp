#include "netlist/foreign_spelling.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "netlist/model_text.hpp"

using namespace memspice;
using Catch::Matchers::Contains;

namespace {

/// As a deck gets it, on one line each.
std::string read(const std::string& inner, const std::string& header = ".subckt m p n x") {
  std::string text = netlist::read_definition(header + "\n" + inner + "\n.ends m\n", "m.sub").text;
  for (std::size_t at; (at = text.find("\n+")) != std::string::npos;) text.erase(at, 2);
  return text;
}

}  // namespace

TEST_CASE("LTspice's parameters and functions become ngspice's", "[netlist][foreign]") {
  const std::string text = read(
      ".params Ron=100 Roff=16k\n+ D=10n\n"
      ".func f(V1, V2) = IF(V1 >= 0, IF(V2 > 1, 0, V2), -V2)\n"
      ".func g(x) = x/(1-x) + 1\n"
      "Gx 0 x value = {f(V(p,n),V(x,0))*g(V(x))}");
  CHECK_THAT(text, Contains(".param ron=100 roff=16k d=10n\n") && !Contains(".params"));
  CHECK_THAT(text, Contains(".func f(v1,v2) {((v1>=0)?(((v2>1)?(0):(v2))):(-v2))}\n"));
  CHECK_THAT(text, Contains(".func g(x) {x/(1-x)+1}\n"));
}

TEST_CASE("a text in its own words stays as it is, whatever was translated too",
          "[netlist][foreign]") {
  const std::string once = read(
      ".params a=1\n.func f(x) = if(x>0,limit(x,0,a),stp(x))\nG1 p n value={f(V(p,n))}\nC1 x 0 1 "
      "ic=a");
  CHECK(netlist::read_definition(once, "m.sub").text ==
        netlist::read_definition(netlist::read_definition(once, "m.sub").text, "m.sub").text);
  CHECK_THAT(once, Contains("((x>0)?(min(max(x,0),a)):(u(x)))") && Contains("ic={a}"));
}

TEST_CASE("ports and nodes with signs get names, in voltages too", "[netlist][foreign]") {
  const std::string text = read("Emem in+ aux value={-I(Emem)*V(x)*V(in+,in-)}\nRoff aux in- {1k}",
                                ".subckt m in+ in- x");
  CHECK_THAT(text, Contains(".subckt m in_p in_n x\n"));
  CHECK_THAT(text, Contains("emem in_p aux value={-i(emem)*v(x)*v(in_p,in_n)}"));
  CHECK_THAT(text, Contains("roff aux in_n {1k}"));
  // A name that is taken already stays the other node's.
  CHECK_THAT(read("R1 in+ in_p 1k", ".subckt m in+ in_p x"), Contains("r1 in_p_ in_p 1k"));
}

TEST_CASE("a parameter's bare name stands for its number", "[netlist][foreign]") {
  const std::string text =
      read(".param xo=0.1 twice={2*xo}\nC1 x 0 twice\n.ic V(x) = xo\nR1 x 0 1T");
  CHECK_THAT(text, Contains("c1 x 0 {twice}"));
  CHECK_THAT(text, Contains(".ic v(x)={xo}"));
  CHECK_THAT(text, Contains(".param xo=0.1 twice={2*xo}"));
}

TEST_CASE("what has no equivalent is refused at its line with what to write",
          "[netlist][foreign]") {
  const auto refused = [](const std::string& line, const std::string& word) {
    CHECK_THROWS_WITH(read("R1 p n 1\n" + line), Contains("m.sub:3") && Contains(word));
  };
  refused("Ecap q 0 value={SDT(V(p,n))}", "charge a capacitor");
  refused("G1 p n value={table(V(p,n),0,0,1,1)}", "if(c,a,b)");
  refused("G1 p n value={if(V(p,n)>0,1)}", "if(condition,a,b)");
  refused("G1 p n value={limit(V(p,n),1)}", "limit(x,lowest,highest)");
}
