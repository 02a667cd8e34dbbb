#include "netlist/deck.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "support/batch_ngspice.hpp"
#include "support/circuit_parts.hpp"

namespace memspice::netlist {
namespace {

using circuit::Analysis;
using circuit::Circuit;
using circuit::Dc;
using circuit::kGround;
using circuit::Kind;
using circuit::NetId;
using circuit::Probe;
using circuit::StimulusSweep;
using circuit::Swept;
using circuit::Transient;
using test::element;
using test::source;

Probe voltage(const std::string& net) {
  return {Probe::Kind::NetVoltage, net};
}
Probe current(const std::string& name) {
  return {Probe::Kind::SourceCurrent, name};
}

/// A swept source across two resistors of 1 and 3 kOhm.
Circuit divider(std::vector<double> levels) {
  Circuit circuit("divider");
  const NetId in = circuit.add_net("in");
  const NetId out = circuit.add_net("out");
  circuit.add(source("drive", Kind::VoltageSource, {in, kGround}, Swept{std::move(levels)}));
  circuit.add(element("top", Kind::Resistor, {in, out}, 1e3));
  circuit.add(element("bottom", Kind::Resistor, {out, kGround}, 3e3));
  return circuit;
}

}  // namespace

TEST_CASE("a deck sweeps all stimuli in one analysis", "[netlist]") {
  const Deck deck =
      write_deck(divider({0.1, -0.2, 0.3}),
                 {.type = StimulusSweep{3}, .probes = {voltage("OUT"), current("drive")}});
  CHECK(deck.text ==
        "* memspice: divider\n"
        "b_drive in 0 v=pwl(v(stimulus_index), 0, 0.1 ,1,-0.2 ,2,0.3 )\n"
        "r_top in out 1000\n"
        "r_bottom out 0 3000\n"
        ".options reltol=1e-10 abstol=1e-18 vntol=1e-15 gmin=1e-18 itl1=200 itl2=200 itl4=200 "
        "noacct\n"
        ".temp 27\n"
        ".global stimulus_index\n"
        "v_stimulus_index stimulus_index 0 0\n"
        ".dc v_stimulus_index 0 2 1\n"
        ".save v(out) i(b_drive)\n"
        ".print dc v(out) i(b_drive)\n"
        ".end\n");
  CHECK(deck.vectors == std::vector<std::string>{"out", "b_drive#branch"});
  CHECK(deck.points == 3);
  CHECK(deck.title == "divider");
  const Eigen::MatrixXd values = test::run_batch_ngspice(deck);
  Eigen::MatrixXd expected(3, 2);  // V 3/4; SPICE's current into the + pin is -V / 4000
  expected << 0.075, -0.1 / 4000, -0.15, 0.2 / 4000, 0.225, -0.3 / 4000;
  CHECK((values - expected).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("ngspice -b prints the probes of a deck", "[netlist]") {
  const Deck deck =
      write_deck(divider({0.1, 0.2}), {.type = StimulusSweep{2}, .probes = {voltage("out")}});
  const std::string printed = test::print_batch_ngspice(deck);
  INFO(printed);
  CHECK(printed.find("v(out)") != std::string::npos);
  CHECK(printed.find("7.500000e-02") != std::string::npos);
  CHECK(printed.find("1.500000e-01") != std::string::npos);
}

TEST_CASE("a deck reads all nets, and starts where it is told", "[netlist]") {
  const Deck deck = write_deck(divider({0.1}),
                               {.type = StimulusSweep{1},
                                .all_nets = true,
                                .start = {{"out", 0.075}, {"x_a.inner", -2.5e-3}}});
  CHECK(deck.all_nets);
  CHECK(deck.vectors.empty());
  CHECK(deck.text.find(".nodeset v(out)=0.075\n.nodeset v(x_a.inner)=-0.0025\n") !=
        std::string::npos);
  CHECK(deck.text.find(".save") == std::string::npos);
  CHECK(deck.text.find(".print") == std::string::npos);
}

TEST_CASE("a deck takes one stimulus and as many as it says", "[netlist]") {
  for (const int count : {1, 2, 500, kMaxStimuli}) {
    std::vector<double> levels;
    for (int k = 0; k < count; ++k) levels.push_back(std::sin(k + 0.5));
    const Deck deck =
        write_deck(divider(levels), {.type = StimulusSweep{count}, .probes = {voltage("out")}});
    const Eigen::MatrixXd values = test::run_batch_ngspice(deck);
    REQUIRE(values.rows() == count);
    double worst = 0;
    for (int k = 0; k < count; ++k) {
      worst = std::max(worst, std::abs(values(k, 0) - 0.75 * levels[static_cast<std::size_t>(k)]));
    }
    CHECK(worst < 1e-15 * std::max(count, 4));  // see write_deck on swept levels
  }
}

TEST_CASE("a transient deck runs every kind of source and a switch", "[netlist]") {
  Circuit circuit("waves");
  const NetId a = circuit.add_net("a");
  const NetId b = circuit.add_net("b");
  const NetId c = circuit.add_net("c");
  const NetId d = circuit.add_net("d");
  const NetId e = circuit.add_net("e");
  circuit.add(source("sine", Kind::VoltageSource, {a, kGround}, circuit::Sine{0.5, 1, 1e6, 0}));
  circuit.add(source("pulse",
                     Kind::CurrentSource,
                     {kGround, b},
                     circuit::Pulse{0, 1e-3, 1e-7, 1e-9, 1e-9, 2e-7, 1e-6}));
  circuit.add(element("load", Kind::Resistor, {b, kGround}, 1e3));
  circuit.add(element("hold", Kind::Capacitor, {b, kGround}, 1e-15));
  circuit.add(source(
      "ramp", Kind::VoltageSource, {c, kGround}, circuit::PiecewiseLinear{{0, 1e-6}, {0, 2}}));
  circuit.add_definition({"sw1", {}, ".model sw1 sw(vt=1 vh=0 ron=1 roff=1e9)\n"});
  circuit::Instance gate = element("gate", Kind::VoltageSwitch, {c, d, c, kGround});
  gate.model = "sw1";
  circuit.add(gate);
  circuit.add(element("rd", Kind::Resistor, {d, kGround}, 1e3));
  circuit::Instance square = element("square", Kind::BehaviouralVoltage, {e, kGround});
  square.expression = "v(c)*v(c)";
  circuit.add(square);
  const Analysis analysis{
      .type = Transient{.stop = 1e-6, .step = 1e-8, .max_step = 2e-9},
      .accuracy = {.reltol = 1e-4, .abstol = 1e-12, .vntol = 1e-9, .gmin = 1e-12},
      .probes = {
          voltage("a"), voltage("b"), voltage("c"), voltage("d"), voltage("e"), current("square")}};
  const Eigen::MatrixXd values = test::run_batch_ngspice(write_deck(circuit, analysis));
  REQUIRE(values.rows() > 500);
  CHECK(values.col(0).maxCoeff() == Approx(1.5).epsilon(1e-3));
  CHECK(values.col(0).minCoeff() == Approx(-0.5).epsilon(1e-3));
  CHECK(values.col(1).maxCoeff() == Approx(1.0).epsilon(1e-3));
  CHECK(values(values.rows() - 1, 2) == Approx(2.0).epsilon(1e-6));
  CHECK(values(values.rows() - 1, 3) == Approx(2.0 / 1.001).epsilon(1e-6));
  CHECK(values(values.rows() - 1, 4) == Approx(4.0).epsilon(1e-4));  // reltol
}

TEST_CASE("controlled sources and transistors reach ngspice as they should", "[netlist]") {
  Circuit circuit("controlled");
  const NetId in = circuit.add_net("in");
  const NetId e = circuit.add_net("e");
  const NetId g = circuit.add_net("g");
  const NetId anode = circuit.add_net("anode");
  const NetId drain = circuit.add_net("drain");
  circuit.add(source("vin", Kind::VoltageSource, {in, kGround}, Dc{0.5}));
  circuit.add(element("gain", Kind::VoltageControlledVoltage, {e, kGround, in, kGround}, 4));
  circuit.add(element("gm", Kind::VoltageControlledCurrent, {kGround, g, in, kGround}, 1e-3));
  circuit.add(element("rg", Kind::Resistor, {g, kGround}, 100));
  circuit.add_definition({"dio", {}, ".model dio d(is=1e-14 n=1)\n"});
  circuit.add_definition({"nch", {}, ".model nch nmos(level=1 vto=1 kp=1e-4)\n"});
  circuit.add(source("push", Kind::CurrentSource, {kGround, anode}, Dc{1e-3}));
  circuit::Instance diode = element("dd", Kind::Diode, {anode, kGround});
  diode.model = "dio";
  circuit.add(diode);
  circuit.add(source("vdd", Kind::VoltageSource, {drain, kGround}, Dc{3}));
  circuit::Instance mosfet = element("mm", Kind::Mosfet, {drain, e, kGround, kGround});
  mosfet.model = "nch";
  mosfet.parameters = {{"w", 2e-6}, {"l", 1e-6}};
  circuit.add(mosfet);
  const Eigen::MatrixXd values = test::run_batch_ngspice(write_deck(
      circuit, {.probes = {voltage("e"), voltage("g"), voltage("anode"), current("vdd")}}));
  REQUIRE(values.rows() == 1);
  CHECK(values(0, 0) == Approx(2.0).epsilon(1e-12));
  CHECK(values(0, 1) == Approx(0.05).epsilon(1e-12));
  // kT/q ln(I/I_s + 1) at 300.15 K
  const double thermal = 1.380649e-23 * 300.15 / 1.602176634e-19;
  CHECK(values(0, 2) == Approx(thermal * std::log(1e11 + 1)).epsilon(1e-5));
  // saturation: kp/2 W/L (2 V - 1 V)^2 = 1e-4 A into the drain
  CHECK(values(0, 3) == Approx(-1e-4).epsilon(1e-5));
}

TEST_CASE("probes reach below instances and sweeps into subcircuits", "[netlist]") {
  const auto inner = std::make_shared<Circuit>("inner");
  const NetId p = inner->add_net("p");
  const NetId m = inner->add_net("m");
  const NetId q = inner->add_net("q");
  inner->add(source("lift", Kind::VoltageSource, {p, m}, Swept{{1, 2}}));
  inner->add(element("r", Kind::Resistor, {m, q}, 3));
  inner->add(source("meter", Kind::VoltageSource, {q, kGround}, Dc{0}));
  inner->set_ports({p});
  const auto outer = std::make_shared<Circuit>("outer");
  const NetId port = outer->add_net("port");
  outer->add_subcircuit(inner);
  circuit::Instance use = element("deep", Kind::Subcircuit, {port});
  use.model = "inner";
  outer->add(use);
  outer->set_ports({port});
  Circuit top("top");
  const NetId t = top.add_net("t");
  top.add(element("load", Kind::Resistor, {t, kGround}, 1));
  top.add_subcircuit(outer);
  use = element("one", Kind::Subcircuit, {t});
  use.model = "outer";
  top.add(use);
  const Deck deck = write_deck(top,
                               {.type = StimulusSweep{2},
                                .probes = {voltage("t"),
                                           voltage("one.deep.m"),
                                           current("One.Deep.Meter"),
                                           current("one.deep.lift")}});
  CHECK(deck.vectors == std::vector<std::string>{"t",
                                                 "x_one.x_deep.m",
                                                 "v.x_one.x_deep.v_meter#branch",
                                                 "b.x_one.x_deep.b_lift#branch"});
  const Eigen::MatrixXd values = test::run_batch_ngspice(deck);
  for (int k = 0; k < 2; ++k) {  // v(t) - v(m) = lift around a loop of 1 + 3 Ohm
    const double lift = k + 1;
    CHECK(values(k, 0) == Approx(lift / 4).epsilon(1e-12));
    CHECK(values(k, 1) == Approx(-0.75 * lift).epsilon(1e-12));
    CHECK(values(k, 2) == Approx(-lift / 4).epsilon(1e-12));
    CHECK(values(k, 3) == Approx(-lift / 4).epsilon(1e-12));
  }
  for (const Probe& bad : {voltage("one.port"),
                           voltage("one.nowhere"),
                           voltage("two.m"),
                           current("one.deep.r"),
                           voltage("one.deep.m\n.control"),
                           voltage(""),
                           voltage("0"),
                           voltage("."),
                           current("one.deep.m")}) {
    INFO(bad.name);
    CHECK_THROWS_AS(write_deck(top, {.type = StimulusSweep{2}, .probes = {bad}}), InputError);
  }
}

TEST_CASE("write_deck refuses analyses that cannot be", "[netlist]") {
  const Circuit circuit = divider({0.1, 0.2});
  const Analysis good{.type = StimulusSweep{2}, .probes = {voltage("out")}};
  REQUIRE_NOTHROW(write_deck(circuit, good));
  const auto refuses = [&circuit](const Analysis& analysis) {
    CHECK_THROWS_AS(write_deck(circuit, analysis), InputError);
  };
  Analysis bad = good;
  bad.probes.clear();
  refuses(bad);
  for (const int count : {-1, 0, 1, 3, kMaxStimuli + 1}) {
    bad = good;
    bad.type = StimulusSweep{count};
    refuses(bad);
  }
  bad = good;
  bad.type = Transient{.stop = 1, .step = 0.1};  // nothing steps the swept source
  refuses(bad);
  for (const double value : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    bad = good;
    bad.accuracy.reltol = value;
    refuses(bad);
    bad = good;
    bad.temperature = value;
    refuses(bad);
  }
}

TEST_CASE("write_deck checks the rules and the text of definitions first", "[netlist]") {
  Circuit circuit = divider({0.1});
  const Analysis analysis{.probes = {voltage("out")}};
  circuit.add_definition({"evil", {"p"}, ".subckt evil p\n.include /etc/passwd\n.ends\n"});
  CHECK_THROWS_WITH(write_deck(circuit, analysis),
                    Catch::Contains("evil:2") && Catch::Contains(".include"));
  Circuit floating = divider({0.1});
  floating.add_net("loose");
  CHECK_THROWS_AS(write_deck(floating, analysis), RunError);
}

TEST_CASE("names from a file cannot add a line to a deck", "[netlist]") {
  // Whatever is accepted as a name leaves one line per element and only its own characters in it.
  const std::vector<std::string> names = {"a\n.control",
                                          "a b",
                                          ".control",
                                          "a;b",
                                          "a$b",
                                          "caf\xc3\xa9",
                                          "a\r\nshell",
                                          "*a",
                                          "+a",
                                          "a+b",
                                          "{a}",
                                          "a'",
                                          std::string(5000, 'a'),
                                          "Good_1"};
  for (const std::string& name : names) {
    Circuit circuit("c");
    std::size_t elements = 0;
    try {
      const NetId net = circuit.add_net(name);
      circuit.add(element(name, Kind::Resistor, {net, kGround}, 1));
      circuit.add(source(name + "2", Kind::VoltageSource, {net, kGround}, Dc{1}));
      elements = circuit.instances().size();
    } catch (const InputError&) {
      CHECK(name != "Good_1");
      continue;
    }
    const Deck deck = write_deck(circuit, {.probes = {voltage(name)}});
    CHECK(elements == 2);
    CHECK(std::count(deck.text.begin(), deck.text.end(), '\n') == 11);
    CHECK(name == "Good_1");
  }
}

TEST_CASE("the same circuit gives the same bytes", "[netlist]") {
  const Analysis analysis{.type = StimulusSweep{3}, .probes = {voltage("out")}};
  CHECK(write_deck(divider({1, 2, 3}), analysis).text ==
        write_deck(divider({1, 2, 3}), analysis).text);
}

}  // namespace memspice::netlist
