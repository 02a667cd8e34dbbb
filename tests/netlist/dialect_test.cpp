// Decks for Xyce and HSPICE. Neither simulator is here: golden texts keep what the manuals say, and
// ngspice, which understands HSPICE's arithmetic, checks that a spelled expression has its value.

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "netlist/deck.hpp"
#include "netlist/definition_text.hpp"
#include "netlist/model_text.hpp"
#include "netlist/spelling.hpp"
#include "netlist/term.hpp"
#include "support/batch_ngspice.hpp"
#include "support/circuit_parts.hpp"
#include "support/golden.hpp"

namespace memspice::netlist {
namespace {

using circuit::Circuit;
using circuit::kGround;
using circuit::Kind;
using circuit::NetId;
using circuit::Probe;
using test::element;
using test::source;

circuit::Instance call(const std::string& name,
                       const std::string& model,
                       std::vector<NetId> pins,
                       std::vector<circuit::Parameter> parameters = {}) {
  circuit::Instance instance = element(name, Kind::Subcircuit, std::move(pins));
  instance.model = model;
  instance.parameters = std::move(parameters);
  return instance;
}

/// A swept source over a subcircuit that holds a cell and an ammeter, and an expression.
Circuit swept_circuit() {
  auto body = std::make_shared<Circuit>("branch");
  const NetId top = body->add_net("top");
  const NetId low = body->add_net("low");
  body->add_definition(
      read_definition_file(shipped_file("device_models/static_read/static_read.sub")));
  body->add(call("cell", "static_read", {top, low}, {{"g", 2e-5}, {"alpha", 1.5}}));
  body->add(source("meter", Kind::VoltageSource, {low, kGround}, circuit::Dc{0}));
  body->set_ports({top});

  Circuit circuit("swept");
  const NetId in = circuit.add_net("in");
  const NetId out = circuit.add_net("out");
  circuit.add(source("drive", Kind::VoltageSource, {in, kGround}, circuit::Swept{{0.1, -0.2, 3}}));
  circuit.add(source("push", Kind::CurrentSource, {kGround, in}, circuit::Swept{{1e-6, 0, -1e-6}}));
  circuit.add_subcircuit(body);
  circuit.add(call("left", "branch", {in}));
  circuit::Instance bent = element("bent", Kind::BehaviouralVoltage, {out, kGround});
  bent.expression = "v(in) > 0 ? ln(1+v(in)) : -v(in,0)^2";
  circuit.add(bent);
  return circuit;
}

circuit::Analysis sweep_analysis() {
  return {.type = circuit::StimulusSweep{3},
          .probes = {{Probe::Kind::NetVoltage, "out"},
                     {Probe::Kind::NetVoltage, "left.low"},
                     {Probe::Kind::SourceCurrent, "drive"},
                     {Probe::Kind::SourceCurrent, "left.meter"}}};
}

Circuit switched_circuit() {
  Circuit circuit("switched");
  const NetId a = circuit.add_net("a");
  const NetId b = circuit.add_net("b");
  const NetId c = circuit.add_net("c");
  circuit.add(source("sine", Kind::VoltageSource, {a, kGround}, circuit::Sine{0.5, 1, 1e6, 0}));
  circuit.add(source("gate",
                     Kind::VoltageSource,
                     {c, kGround},
                     circuit::Pulse{0, 1, 1e-7, 1e-9, 1e-9, 2e-7, 1e-6}));
  circuit.add_definition({"sw1", {}, ".model sw1 sw(vt=0.5 vh=0.1 ron=10 roff=1e9)\n"});
  circuit::Instance gate = element("hold", Kind::VoltageSwitch, {a, b, c, kGround});
  gate.model = "sw1";
  circuit.add(gate);
  circuit.add(element("load", Kind::Resistor, {b, kGround}, 1e5));
  circuit.add(element("store", Kind::Capacitor, {b, kGround}, 1e-12));
  circuit.add_definition({"n1", {}, ".model n1 nmos(level=1 vto=0.5 kp=1e-4)\n"});
  circuit::Instance nmos = element("pull", Kind::Mosfet, {b, c, kGround, kGround});
  nmos.model = "n1";
  nmos.parameters = {{"w", 1e-6}, {"l", 1e-6}};
  circuit.add(nmos);
  circuit.add(element("copy", Kind::VoltageControlledCurrent, {b, kGround, a, kGround}, 1e-9));
  return circuit;
}

circuit::Analysis transient_analysis() {
  return {.type = circuit::Transient{.stop = 1e-6, .step = 1e-8, .max_step = 2e-9},
          .accuracy = {.reltol = 1e-4, .abstol = 1e-12, .vntol = 1e-9, .gmin = 1e-12},
          .probes = {{Probe::Kind::NetVoltage, "b"}, {Probe::Kind::SourceCurrent, "sine"}}};
}

void check_deck(const std::string& name, Dialect dialect, const Deck& deck) {
  test::check_golden(MEMSPICE_TEST_DIR, name + "_" + dialect_name(dialect) + ".cir", deck.text);
}

/// What ngspice makes of expressions over v(a): one value each at each level.
Eigen::MatrixXd evaluate(const std::vector<std::string>& expressions, std::vector<double> levels) {
  Circuit circuit("values");
  const auto count = static_cast<int>(levels.size());
  const NetId a = circuit.add_net("a");
  circuit.add(source("a", Kind::VoltageSource, {a, kGround}, circuit::Swept{std::move(levels)}));
  circuit::Analysis analysis{.type = circuit::StimulusSweep{count}};
  for (std::size_t k = 0; k < expressions.size(); ++k) {
    const std::string name = "o" + std::to_string(k);
    const NetId out = circuit.add_net(name);
    circuit::Instance value = element(name, Kind::BehaviouralVoltage, {out, kGround});
    value.expression = expressions[k];
    circuit.add(value);
    analysis.probes.push_back({Probe::Kind::NetVoltage, name});
  }
  return test::run_batch_ngspice(write_deck(circuit, analysis));
}

const std::vector<std::string> kExpressions = {
    "v(a)^3",
    "2^v(a)^2",
    "-v(a)^2",
    "pow(v(a),3)+pwr(v(a),3)",
    "v(a)-(1-v(a))-1",
    "8/(4/(v(a)+7))/2",
    "log(abs(v(a))+1)+ln(2)",
    "u(v(a))+u2(v(a))*uramp(v(a)-1)",
    "v(a)<0.2 && v(a)>-1 ? 3 : 4+1",
    "1+(v(a)<0)*2",
    "!v(a)+(v(a)==0.5 || v(a)>1)",
    "v(a) ? min(v(a),1) : max(v(a),2)",
    "ternary_fcn(v(a)>0, v(a), -2*-v(a))",
    "pwl(v(a),-1,1,0,0,1,3)",
    "asinh(v(a))+atanh(v(a)/9)+acosh(2+v(a)*v(a))",
    "sgn(v(a))*sqrt(abs(v(a)))*pi+nint(v(a)*3)",
    "v(a)*-(v(a)-2)-(-v(a))",
    "sinh(v(a))*tanh(v(a))/cosh(v(a,0))",
};

}  // namespace

TEST_CASE("an expression spelled for HSPICE has ngspice's value", "[netlist][dialect]") {
  std::vector<std::string> spelled;
  for (const std::string& text : kExpressions) {
    spelled.push_back(spell(parse_term(text, "test"), hspice_spelling(), "test"));
  }
  const std::vector<double> levels = {-2, -0.7, 0, 0.1, 0.5, 3};
  const Eigen::MatrixXd expected = evaluate(kExpressions, levels);
  const Eigen::MatrixXd values = evaluate(spelled, levels);
  for (Eigen::Index k = 0; k < expected.cols(); ++k) {
    INFO(kExpressions[static_cast<std::size_t>(k)] << " as "
                                                   << spelled[static_cast<std::size_t>(k)]);
    // ngspice 39's own pi is 1.0e-11 off the number that stands for it; the rest is rounding.
    CHECK((values.col(k) - expected.col(k)).cwiseAbs().maxCoeff() < 5e-11);
  }
  CHECK(expected.cwiseAbs().colwise().maxCoeff().minCoeff() > 0.1);
}

TEST_CASE("Xyce has words of its own", "[netlist][dialect]") {
  const auto xyce = [](const std::string& text) {
    return spell(parse_term(text, "test"), xyce_spelling(), "test");
  };
  CHECK(xyce("log(v(a))") == "ln(v(a))");
  CHECK(xyce("pwr(v(a),3)") == "pwrs(v(a),3)");
  CHECK(xyce("asinh(v(a,b))") == "asinh(v(a,b))");
  CHECK(xyce("v(a)>1 && !v(b) ? 1 : 2") == "(((v(a) > 1) & (~(v(b) != 0))) ? 1 : 2)");
  CHECK(xyce("v(a)**2") == "(abs(v(a))**2)");
  CHECK_THROWS_AS(xyce("ddt(v(a))"), InputError);
  CHECK_THROWS_AS(xyce("pwl(v(a),0,1,v(b),2)"), InputError);
  CHECK_THROWS_AS(xyce("v(a)+"), InputError);
  CHECK_THROWS_AS(xyce(std::string(100000, '(')), InputError);
}

TEST_CASE("decks of sweeps for Xyce and HSPICE", "[netlist][dialect][golden]") {
  for (const Dialect dialect : {Dialect::Xyce, Dialect::Hspice}) {
    const Deck deck = write_deck(swept_circuit(), sweep_analysis(), dialect);
    check_deck("sweep", dialect, deck);
    CHECK(deck.points == 3);
    const std::string part = dialect == Dialect::Xyce ? ":" : ".";
    CHECK(deck.vectors ==
          std::vector<std::string>{
              "v(out)", "v(x_left" + part + "low)", "i(v_drive)", "i(x_left" + part + "v_meter)"});
  }
  // The circuit itself is sound: stock ngspice computes it.
  const Eigen::MatrixXd V = test::run_batch_ngspice(write_deck(swept_circuit(), sweep_analysis()));
  CHECK(V(0, 0) == Approx(std::log(1.1)).epsilon(1e-12));
  CHECK(V(1, 0) == Approx(-0.04).epsilon(1e-12));
  CHECK(V(2, 3) == Approx(2e-5 / 1.5 * std::sinh(4.5)).epsilon(1e-12));
}

TEST_CASE("decks of transients for Xyce and HSPICE", "[netlist][dialect][golden]") {
  for (const Dialect dialect : {Dialect::Xyce, Dialect::Hspice}) {
    check_deck("transient", dialect, write_deck(switched_circuit(), transient_analysis(), dialect));
  }
}

TEST_CASE("every shipped memristor can be said in every dialect", "[netlist][dialect][golden]") {
  for (const Dialect dialect : {Dialect::Xyce, Dialect::Hspice}) {
    const Spelling& spelling = dialect == Dialect::Xyce ? xyce_spelling() : hspice_spelling();
    std::string texts;
    for (const char* name : {"linear_ion_drift",
                             "stanford_rram",
                             "static_read",
                             "team",
                             "threshold",
                             "vteam",
                             "yakopcic"}) {
      const std::string file = std::string("device_models/") + name + "/" + name + ".sub";
      const std::string text = spell_definition(read_definition_file(shipped_file(file)), spelling);
      CHECK(text.find(".func") == std::string::npos);
      CHECK(text.find(dialect == Dialect::Xyce ? '\'' : '{') == std::string::npos);
      texts += text;
    }
    test::check_golden(MEMSPICE_TEST_DIR, "memristors_" + dialect_name(dialect) + ".cir", texts);
  }
}

TEST_CASE("written-out functions keep their value", "[netlist][dialect]") {
  // HSPICE's text without its quotes is ngspice's: the same cell twice, the same currents.
  const circuit::Definition cell = read_definition(
      ".subckt cell p n g=1e-3 edge=0.5\n"
      ".func ramp(y,s) {(y) <= 0 ? 0 : ((y) < (s) ? (y)*(y)/(s) : (y))}\n"
      ".func fade(u) {min((u),1)*(2-ramp(u,{edge}))}\n"
      "b1 p n i={g}*fade(v(p,n)*v(p,n)) + {2*g}*v(p,n)^3\n"
      ".ends cell\n",
      "cell.sub");
  std::string text = spell_definition(cell, hspice_spelling());
  while (text.find("\n+") != std::string::npos) text.erase(text.find("\n+"), 2);
  CHECK(text.find("gb1 p n cur='") != std::string::npos);
  const std::size_t at = text.find("gb1");
  text.replace(at, 2, "b");
  text.replace(text.find("cur='"), 5, "i=");
  text.erase(text.find('\''), 1);
  text.replace(text.find(".subckt cell"), 12, ".subckt twin");
  text.replace(text.find(".ends cell"), 10, ".ends twin");
  Circuit circuit("twins");
  const NetId in = circuit.add_net("in");
  const NetId one = circuit.add_net("one");
  const NetId two = circuit.add_net("two");
  circuit.add(
      source("in", Kind::VoltageSource, {in, kGround}, circuit::Swept{{-1.5, -0.3, 0.2, 0.7, 2}}));
  circuit.add(source("one", Kind::VoltageSource, {one, kGround}, circuit::Dc{}));
  circuit.add(source("two", Kind::VoltageSource, {two, kGround}, circuit::Dc{}));
  circuit.add_definition(cell);
  circuit.add_definition(read_definition(text, "twin.sub"));
  circuit.add(call("a", "cell", {in, one}, {{"edge", 0.25}}));
  circuit.add(call("b", "twin", {in, two}, {{"edge", 0.25}}));
  const Eigen::MatrixXd I = test::run_batch_ngspice(write_deck(
      circuit,
      {.type = circuit::StimulusSweep{5},
       .probes = {{Probe::Kind::SourceCurrent, "one"}, {Probe::Kind::SourceCurrent, "two"}}}));
  CHECK(I.col(0).cwiseAbs().minCoeff() > 1e-5);
  CHECK((I.col(0) - I.col(1)).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("what a dialect cannot say is named", "[netlist][dialect]") {
  const auto refuse = [](const std::string& inner, const Spelling& spelling) {
    CHECK_THROWS_AS(
        spell_definition(read_definition(".subckt odd a b\n" + inner + "\n.ends odd\n", "odd.sub"),
                         spelling),
        InputError);
  };
  refuse("w1 a b v1 wm\nv1 a 0 0\n.model wm csw(it=1)", hspice_spelling());
  refuse("s1 a b a b nowhere", hspice_spelling());
  refuse("e1 a b poly(1) a b 1 2 3", xyce_spelling());
  refuse("b1 a b q=v(a)", xyce_spelling());
  refuse(".func f(x) {f(x)+1}\nb1 a b i=f(v(a))", xyce_spelling());
  refuse(".func f(x,y) {x+y}\nb1 a b i=f(v(a))", xyce_spelling());
  CHECK_THROWS_AS(parse_dialect("spectre", "--dialect"), InputError);
  for (const char* name : {"ngspice", "xyce", "hspice"}) {
    CHECK(dialect_name(parse_dialect(name, "--dialect")) == name);
  }
}

}  // namespace memspice::netlist
