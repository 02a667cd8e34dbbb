#include "circuit/circuit.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "circuit/hierarchy.hpp"
#include "circuit/name.hpp"
#include "support/circuit_parts.hpp"

namespace memspice::circuit {

using test::element;

TEST_CASE("a circuit keeps nets and instances in the order of their making", "[circuit]") {
  Circuit circuit("Divider");
  const NetId in = circuit.add_net("In");
  const NetId out = circuit.add_net("out");
  circuit.add(element("top", Kind::Resistor, {in, out}, 1e3));
  circuit.add(element("bottom", Kind::Resistor, {out, kGround}, 1e3));
  CHECK(circuit.name() == "divider");
  CHECK(circuit.net_count() == 3);
  CHECK(circuit.net_name(kGround) == "0");
  CHECK(circuit.net_name(in) == "in");
  CHECK(circuit.find_net("IN") == in);
  CHECK(circuit.find_net("0") == kGround);
  CHECK_FALSE(circuit.find_net("nowhere"));
  CHECK(circuit.find_instance("BOTTOM") == InstanceId{1});
  CHECK_FALSE(circuit.find_instance("middle"));
  REQUIRE(circuit.instances().size() == 2);
  CHECK(circuit.instances()[0].name == "top");
  CHECK(circuit.instances_on(out) == std::vector<InstanceId>{{0}, {1}});
  CHECK(circuit.instances_on(kGround) == std::vector<InstanceId>{{1}});
  CHECK(circuit.pins_on(out) == 2);
}

TEST_CASE("an instance with two pins on a net stands there twice", "[circuit]") {
  Circuit circuit("loop");
  const NetId a = circuit.add_net("a");
  circuit.add(element("r", Kind::Resistor, {a, a}, 1));
  CHECK(circuit.pins_on(a) == 2);
  CHECK(circuit.instances_on(a).size() == 2);
}

TEST_CASE("names that could write lines of a deck are refused everywhere", "[circuit]") {
  const std::vector<std::string> hostile = {"",
                                            " ",
                                            "a b",
                                            "a\n.control\nshell true\n.endc",
                                            "a\r",
                                            "a\t",
                                            ".control",
                                            "*ng_script",
                                            "1a",
                                            "_a",
                                            "a.b",
                                            "a-b",
                                            "a;b",
                                            "a$b",
                                            "a{b}",
                                            "a=1",
                                            "a\\",
                                            "a\"",
                                            "a`ls`",
                                            "na\xc3\xafve",
                                            std::string("a\0b", 3),
                                            std::string(kMaxNameLength + 1, 'a')};
  for (const std::string& name : hostile) {
    INFO(name);
    CHECK_FALSE(is_legal_name(name));
    CHECK_THROWS_AS(Circuit(name), InputError);
    Circuit circuit("c");
    const NetId a = circuit.add_net("a");
    CHECK_THROWS_AS(circuit.add_net(name), InputError);
    CHECK_FALSE(circuit.find_net(name));
    CHECK_THROWS_AS(circuit.add(element(name, Kind::Resistor, {a, kGround}, 1)), InputError);
    Instance sub = element("x", Kind::Subcircuit, {a});
    sub.model = name;
    CHECK_THROWS_AS(circuit.add(sub), InputError);
    sub.model = "model";
    sub.parameters = {{name, 1.0}};
    CHECK_THROWS_AS(circuit.add(sub), InputError);
    CHECK_THROWS_AS(circuit.add_definition({name, {}, ""}), InputError);
    CHECK(circuit.instances().empty());
    CHECK(is_legal_name(legal_name(name)));
  }
  CHECK(is_legal_name(std::string(kMaxNameLength, 'a')));
}

TEST_CASE("legal_name keeps legal names and tells the others apart", "[circuit]") {
  CHECK(legal_name("Conv1") == "conv1");
  CHECK(legal_name("conv1/0") != legal_name("conv1_0"));
  CHECK(legal_name("conv1/0") != legal_name("conv1.0"));
  CHECK(legal_name("conv1/0").starts_with("conv1_0_"));
  CHECK(legal_name("1") != legal_name("n_1"));
}

TEST_CASE("words that mean something else to SPICE name no net", "[circuit]") {
  Circuit circuit("c");
  for (const char* name : {"gnd", "GND", "time", "all", "stimulus_index", "temper"}) {
    CHECK_THROWS_AS(circuit.add_net(name), InputError);
  }
}

TEST_CASE("names are unique whatever their case", "[circuit]") {
  Circuit circuit("c");
  const NetId a = circuit.add_net("a");
  CHECK_THROWS_WITH(circuit.add_net("A"), Catch::Contains("taken"));
  circuit.add(element("r", Kind::Resistor, {a, kGround}, 1));
  CHECK_THROWS_WITH(circuit.add(element("R", Kind::Resistor, {a, kGround}, 1)),
                    Catch::Contains("c.r") && Catch::Contains("taken"));
  CHECK(circuit.pins_on(a) == 1);
}

TEST_CASE("add refuses pins that do not fit", "[circuit]") {
  Circuit circuit("c");
  const NetId a = circuit.add_net("a");
  CHECK_THROWS_AS(circuit.add(element("r", Kind::Resistor, {a}, 1)), InputError);
  CHECK_THROWS_AS(circuit.add(element("r", Kind::Resistor, {a, NetId{7}}, 1)), InputError);
  CHECK_THROWS_AS(circuit.add(element("r", Kind::Resistor, {a, NetId{-1}}, 1)), InputError);
  CHECK_THROWS_AS(circuit.add(element("e", Kind::VoltageControlledVoltage, {a, kGround}, 1)),
                  InputError);
}

TEST_CASE("behavioural expressions hold arithmetic over known nets and nothing else", "[circuit]") {
  Circuit circuit("c");
  const NetId a = circuit.add_net("a");
  circuit.add_net("b");
  Instance source = element("s0", Kind::BehaviouralCurrent, {a, kGround});
  int count = 0;
  for (const char* good : {"1e-6*sinh(3*V(a, b))/3",
                           "v(a,0) > 0.5 ? 1e-3 : -2.5E-4",
                           "max(v(b),0)^2",
                           "exp(-time/1e-9)+temper*pi"}) {
    source.name = "s" + std::to_string(++count);
    source.expression = good;
    CHECK_NOTHROW(circuit.add(source));
  }
  CHECK(circuit.instances()[0].expression == "1e-6*sinh(3*v(a,b))/3");
  for (const char* bad : {"",
                          "v(c)",
                          "v(a",
                          "v a",
                          "(v(a)",
                          "v(a))",
                          "1k*v(a)",
                          "1e",
                          "1.2.3",
                          "i(vx)",
                          "v(a)\n.control",
                          "v(a);shell",
                          "system(1)",
                          "v(a){x}",
                          "v(a)\"",
                          "a"}) {
    source.name = "t";
    source.expression = bad;
    INFO(bad);
    CHECK_THROWS_AS(circuit.add(source), InputError);
  }
}

TEST_CASE("ports are nets of the circuit, each once, never ground", "[circuit]") {
  Circuit circuit("c");
  const NetId a = circuit.add_net("a");
  CHECK_THROWS_AS(circuit.set_ports({kGround}), InputError);
  CHECK_THROWS_AS(circuit.set_ports({a, a}), InputError);
  CHECK_THROWS_AS(circuit.set_ports({NetId{9}}), InputError);
  CHECK_NOTHROW(circuit.set_ports({a}));
}

TEST_CASE("bodies_of lists each subcircuit once, inner ones first", "[circuit]") {
  const auto inner = std::make_shared<Circuit>("inner");
  const auto outer = std::make_shared<Circuit>("outer");
  outer->add_subcircuit(inner);
  Circuit top("top");
  top.add_subcircuit(outer);
  top.add_subcircuit(inner);
  CHECK(bodies_of(top) == std::vector<const Circuit*>{inner.get(), outer.get()});
  top.add_definition({"model", {}, ".model model d\n"});
  top.add_definition({"model", {}, ".model model d\n"});
  CHECK(definitions_of(top).size() == 1);
  CHECK_THROWS_AS(top.add_definition({"model", {}, ".model model r\n"}), InputError);
}

TEST_CASE("two things of one name are refused across the hierarchy", "[circuit]") {
  const auto outer = std::make_shared<Circuit>("outer");
  outer->add_subcircuit(std::make_shared<Circuit>("cell"));
  Circuit top("top");
  top.add_subcircuit(outer);
  CHECK_NOTHROW(bodies_of(top));
  top.add_subcircuit(std::make_shared<Circuit>("cell"));
  CHECK_THROWS_WITH(bodies_of(top), Catch::Contains("cell"));
  Circuit other("other");
  other.add_subcircuit(std::make_shared<Circuit>("cell"));
  other.add_definition({"cell", {"p"}, ""});
  CHECK_THROWS_WITH(definitions_of(other), Catch::Contains("cell"));
}

}  // namespace memspice::circuit
