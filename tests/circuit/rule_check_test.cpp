#include "circuit/rule_check.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "support/circuit_parts.hpp"

namespace memspice::circuit {
namespace {

using test::element;
using test::source;

/// A sound circuit to seed faults into: a source across two resistors in series.
struct Divider {
  Circuit circuit{"divider"};
  NetId in = circuit.add_net("in");
  NetId out = circuit.add_net("out");
  Divider() {
    circuit.add(source("drive", Kind::VoltageSource, {in, kGround}, Dc{1}));
    circuit.add(element("top", Kind::Resistor, {in, out}, 1e3));
    circuit.add(element("bottom", Kind::Resistor, {out, kGround}, 1e3));
  }
};

/// The one violation of a circuit with one fault.
Violation only(const Circuit& circuit) {
  const std::vector<Violation> found = check_rules(circuit);
  for (const Violation& violation : found)
    UNSCOPED_INFO(violation.place + ": " + violation.message);
  REQUIRE(found.size() == 1);
  CHECK_THROWS_WITH(require_sound(circuit),
                    Catch::Contains(found[0].place) && Catch::Contains(found[0].message));
  return found[0];
}

}  // namespace

TEST_CASE("the rule check passes a sound circuit", "[circuit]") {
  CHECK(check_rules(Divider().circuit).empty());
  CHECK(check_rules(Circuit("empty")).empty());
  CHECK_NOTHROW(require_sound(Divider().circuit));
}

TEST_CASE("the rule check finds a floating net", "[circuit]") {
  Divider divider;
  const NetId loose = divider.circuit.add_net("loose");
  divider.circuit.add(element("stub", Kind::Resistor, {divider.out, loose}, 10));
  const Violation violation = only(divider.circuit);
  CHECK(violation.rule == Rule::FloatingNet);
  CHECK(violation.place == "divider.loose");
  CHECK_THAT(violation.message, Catch::Contains("connect"));
}

TEST_CASE("a net that a voltage source holds needs nothing else", "[circuit]") {
  Divider divider;
  const NetId held = divider.circuit.add_net("held");
  divider.circuit.add(source("meter", Kind::VoltageSource, {held, kGround}, Dc{0}));
  CHECK(check_rules(divider.circuit).empty());
}

TEST_CASE("the rule check finds nets without a DC path to ground", "[circuit]") {
  Divider divider;
  Circuit& circuit = divider.circuit;
  const NetId a = circuit.add_net("a");
  const NetId b = circuit.add_net("b");
  circuit.add(element("couple", Kind::Capacitor, {divider.out, a}, 1e-12));
  circuit.add(element("island", Kind::Resistor, {a, b}, 10));
  circuit.add(source("push", Kind::CurrentSource, {kGround, b}, Dc{1e-6}));
  const Violation violation = only(circuit);
  CHECK(violation.rule == Rule::NoDcPath);
  CHECK(violation.place == "divider.a");
  CHECK_THAT(violation.message, Catch::Contains("1 more") && Catch::Contains("resistor"));
  circuit.add(element("leak", Kind::Resistor, {b, kGround}, 1e9));
  CHECK(check_rules(circuit).empty());
}

TEST_CASE("gates and control pins conduct nothing, channels and junctions do", "[circuit]") {
  Divider divider;
  Circuit& circuit = divider.circuit;
  circuit.add_definition({"n1", {}, ".model n1 nmos\n"});
  const NetId gate = circuit.add_net("gate");
  const NetId drain = circuit.add_net("drain");
  Instance mosfet = element("m", Kind::Mosfet, {drain, gate, kGround, kGround});
  mosfet.model = "n1";
  circuit.add(mosfet);
  circuit.add(element("load", Kind::Capacitor, {drain, gate}, 1e-15));
  const Violation violation = only(circuit);
  CHECK(violation.rule == Rule::NoDcPath);
  CHECK(violation.place == "divider.gate");
}

TEST_CASE("a current source controlled by its own voltage is a conductance", "[circuit]") {
  Divider divider;
  Circuit& circuit = divider.circuit;
  const NetId a = circuit.add_net("a");
  const NetId b = circuit.add_net("b");
  Instance cell = element("cell", Kind::BehaviouralCurrent, {divider.out, a});
  cell.expression = "1e-6*sinh(v(out,a))";
  circuit.add(cell);
  circuit.add(element("gm", Kind::VoltageControlledCurrent, {a, b, a, b}, 1e-3));
  circuit.add(element("c", Kind::Capacitor, {b, kGround}, 1e-12));
  CHECK(check_rules(circuit).empty());
  const NetId out = circuit.add_net("driven");
  circuit.add(element("g2", Kind::VoltageControlledCurrent, {kGround, out, a, kGround}, 1e-3));
  circuit.add(element("c2", Kind::Capacitor, {out, kGround}, 1e-12));
  CHECK(only(circuit).place == "divider.driven");
}

TEST_CASE("the rule check finds shorted sources and loops of sources", "[circuit]") {
  SECTION("both pins on one net") {
    Divider divider;
    divider.circuit.add(source("short", Kind::VoltageSource, {divider.out, divider.out}, Dc{1}));
    CHECK(only(divider.circuit).rule == Rule::ShortedSource);
  }
  SECTION("two in parallel") {
    Divider divider;
    divider.circuit.add(source("second", Kind::VoltageSource, {kGround, divider.in}, Dc{1}));
    const Violation violation = only(divider.circuit);
    CHECK(violation.rule == Rule::ShortedSource);
    CHECK(violation.place == "divider.second");
    CHECK_THAT(violation.message, Catch::Contains("loop") && Catch::Contains("resistance"));
  }
  SECTION("three kinds in a ring") {
    Divider divider;
    const NetId b = divider.circuit.add_net("b");
    divider.circuit.add(
        element("gain", Kind::VoltageControlledVoltage, {b, kGround, divider.in, kGround}, 2));
    Instance ring = element("ring", Kind::BehaviouralVoltage, {divider.in, b});
    ring.expression = "v(out)";
    divider.circuit.add(ring);
    CHECK(only(divider.circuit).place == "divider.ring");
  }
  SECTION("through a subcircuit") {
    const auto body = std::make_shared<Circuit>("meter");
    const NetId p = body->add_net("p");
    const NetId n = body->add_net("n");
    body->add(source("zero", Kind::VoltageSource, {p, n}, Dc{0}));
    body->set_ports({p, n});
    Divider divider;
    divider.circuit.add_subcircuit(body);
    Instance instance = element("x", Kind::Subcircuit, {divider.in, kGround});
    instance.model = "meter";
    divider.circuit.add(instance);
    const Violation violation = only(divider.circuit);
    CHECK(violation.rule == Rule::ShortedSource);
    CHECK(violation.place == "divider.x");
  }
}

TEST_CASE("the rule check looks into subcircuits and through their ports", "[circuit]") {
  const auto body = std::make_shared<Circuit>("body");
  const NetId p = body->add_net("p");
  const NetId q = body->add_net("q");
  const NetId gate = body->add_net("gate");
  body->add(element("r", Kind::Resistor, {p, q}, 10));
  body->add(element("c", Kind::Capacitor, {gate, kGround}, 1e-15));
  body->set_ports({p, q, gate});
  Divider divider;
  Circuit& top = divider.circuit;
  top.add_subcircuit(body);
  const NetId end = top.add_net("end");
  Instance instance = element("x", Kind::Subcircuit, {divider.out, end, divider.out});
  instance.model = "body";
  top.add(instance);
  top.add(element("load", Kind::Capacitor, {end, kGround}, 1e-12));
  CHECK(check_rules(top).empty());  // end reaches ground through p - q

  instance.name = "y";
  const NetId lost = top.add_net("lost");
  instance.pins = {divider.out, end, lost};
  top.add(instance);
  top.add(element("c_lost", Kind::Capacitor, {lost, kGround}, 1e-12));
  CHECK(only(top).place == "divider.lost");  // only a gate and capacitors
}

TEST_CASE("the rule check finds a port with nothing on it and faults inside bodies", "[circuit]") {
  const auto body = std::make_shared<Circuit>("body");
  const NetId p = body->add_net("p");
  const NetId open = body->add_net("open");
  body->add(element("r", Kind::Resistor, {p, kGround}, 10));
  body->set_ports({p, open});
  Divider divider;
  divider.circuit.add_subcircuit(body);
  const Violation violation = only(divider.circuit);
  CHECK(violation.rule == Rule::UnconnectedPort);
  CHECK(violation.place == "body.open");
}

TEST_CASE("the rule check finds models that are missing or do not fit", "[circuit]") {
  Divider divider;
  Instance instance = element("x", Kind::Subcircuit, {divider.out, kGround});
  instance.model = "cell";
  SECTION("missing") {
    divider.circuit.add(instance);
    const Violation violation = only(divider.circuit);
    CHECK(violation.rule == Rule::UnknownModel);
    CHECK_THAT(violation.message, Catch::Contains("cell") && Catch::Contains("add it"));
  }
  SECTION("another number of ports") {
    divider.circuit.add_definition({"cell", {"p"}, ".subckt cell p\nr1 p 0 1\n.ends\n"});
    divider.circuit.add(instance);
    CHECK_THAT(only(divider.circuit).message,
               Catch::Contains("2 pins") && Catch::Contains("1 ports"));
  }
  SECTION("a .model where a .subckt is needed") {
    divider.circuit.add_definition({"cell", {}, ".model cell d\n"});
    divider.circuit.add(instance);
    CHECK_THAT(only(divider.circuit).message, Catch::Contains(".subckt"));
  }
  SECTION("a .subckt where a .model is needed") {
    divider.circuit.add_definition({"cell", {"p", "n"}, ".subckt cell p n\nr1 p n 1\n.ends\n"});
    instance.kind = Kind::Diode;
    divider.circuit.add(instance);
    CHECK_THAT(only(divider.circuit).message, Catch::Contains(".model"));
  }
}

TEST_CASE("the rule check finds values that are none", "[circuit]") {
  const auto rule_of = [](Instance instance) {
    Divider divider;
    instance.pins = {divider.out, kGround};
    divider.circuit.add(std::move(instance));
    const Violation violation = only(divider.circuit);
    CHECK(violation.place == "divider.bad");
    return violation.rule;
  };
  for (const double R : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    CHECK(rule_of(element("bad", Kind::Resistor, {}, R)) == Rule::BadValue);
  }
  CHECK(rule_of(element("bad", Kind::Capacitor, {}, -1e-12)) == Rule::BadValue);
  const std::vector<Waveform> waveforms = {Dc{std::nan("")},
                                           Swept{},
                                           Swept{{1, HUGE_VAL}},
                                           Sine{.frequency = 0},
                                           Sine{.offset = std::nan("")},
                                           Pulse{.rise = -1},
                                           PiecewiseLinear{},
                                           PiecewiseLinear{{0, 1}, {0}},
                                           PiecewiseLinear{{0, 0}, {0, 1}},
                                           PiecewiseLinear{{1, 0}, {0, 1}}};
  for (const Waveform& waveform : waveforms) {
    CHECK(rule_of(source("bad", Kind::CurrentSource, {}, waveform)) == Rule::BadValue);
  }
}

TEST_CASE("require_sound lists the first violations and counts the rest", "[circuit]") {
  Divider divider;
  for (int k = 0; k < 8; ++k) {
    divider.circuit.add(
        element("r" + std::to_string(k), Kind::Resistor, {divider.out, kGround}, 0));
  }
  CHECK_THROWS_AS(require_sound(divider.circuit), RunError);
  CHECK_THROWS_WITH(require_sound(divider.circuit),
                    Catch::Contains("divider.r4") && Catch::Contains("3 more"));
}

}  // namespace memspice::circuit
