#include "netlist/initial_state.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "netlist/model_text.hpp"

namespace memspice::netlist {
namespace {

circuit::Definition cell_with(const std::string& lines) {
  return read_definition(".subckt cell p n x params: x0=0.5\nr1 p n 1\n" + lines + "\n.ends cell\n",
                         "cell.sub");
}

/// What a form adds to the text, between the cell's own lines and .ends.
std::string held(const std::string& lines) {
  const std::string text = hold_states(cell_with(lines)).text;
  return text.substr(text.find("\nvheld") + 1);
}

}  // namespace

TEST_CASE("stated_states finds ic= and .ic in every spelling", "[netlist]") {
  for (const char* line : {"cx x 0 1 ic={x0}",
                           "CX X 0 1 IC = {X0}",
                           "cx\tx\t0\t1\tic\t=\t{x0}",
                           "cx x gnd 1\n+ ic={x0}",
                           "cx x 0 1 ic='x0'",
                           "cx x 0 1\n.ic v(x)={x0}",
                           "cx x 0 1\n.IC V(X) = {x0}",
                           ".ic v( x )={x0}\ncx x 0 1",
                           "cx x 0 1 ic={x0}\n.ic v(x)=0.1"}) {
    CAPTURE(line);
    const auto states = stated_states(cell_with(line));
    REQUIRE(states.size() == 1);
    CHECK(states[0].node == "x");
    CHECK(states[0].to == "0");
    CHECK(states[0].value == "{x0}");
  }
  CHECK(stated_states(cell_with("cx x 0 1")).empty());
  CHECK(stated_states(cell_with("cp p n 1e-15 ic=0")).empty());  // the drive decides
  CHECK(stated_states(cell_with("cx x 0 1 ic=0\ncy y 0 1 ic=1\n.ic v(z)=2 v(y)=3")).size() == 3);
}

TEST_CASE("hold_states puts a source across each state", "[netlist]") {
  CHECK(held("cx x 0 1 ic={x0}") == "vheld_cx x 0 {x0}\n.ends cell\n");
  CHECK(held("cx 0 x 1 ic={x0}") == "vheld_cx x 0 {-(x0)}\n.ends cell\n");
  CHECK(held("cx x y 1 ic=0.3") == "vheld_cx x y {0.3}\n.ends cell\n");
  CHECK(held("cx x 0 1\n.ic v(x)=0.3") == "vheld_ic_x x 0 {0.3}\n.ends cell\n");
  const circuit::Definition none = cell_with("cx x 0 1");
  CHECK(hold_states(none).text == none.text);
}

TEST_CASE("start_states holds the nodes of an operating point", "[netlist]") {
  const auto started = [](const std::string& lines) {
    const std::string text = start_states(cell_with(lines)).text;
    return text.substr(text.find("\n.ic") + 1);
  };
  CHECK(started("cx x 0 1 ic={x0}") == ".ic v(x)={x0}\n.ends cell\n");
  CHECK(started("cx x 0 1 ic={x0}\n.ic v(x)=0.1") == ".ic v(x)={x0}\n.ends cell\n");
  CHECK(started("cx x low 1 ic={1+x0}\nvlow low 0 -1") == ".ic v(x)={(1+x0)+(-1)}\n.ends cell\n");
  CHECK(started("cx high x 1 ic={x0}\nvh 0 high dc {x0}") ==
        ".ic v(x)={(-(x0))-(x0)}\n.ends cell\n");
  CHECK_THROWS_WITH(start_states(cell_with("cx x y 1 ic=0.3")),
                    Catch::Contains("cx") && Catch::Contains("to ground"));
  CHECK_THROWS_WITH(stated_states(cell_with("l1 x 0 1 ic=0.3")), Catch::Contains("capacitor"));
}

TEST_CASE("a card .ic that states no node's voltage is refused", "[netlist]") {
  for (const char* line :
       {".ic", ".ic x=1", ".ic v(x)", ".ic v(x)=", ".ic v(x,p)=1", ".ic i(v)=1"}) {
    CAPTURE(line);
    CHECK_THROWS_AS(cell_with(line), InputError);
  }
}

}  // namespace memspice::netlist
