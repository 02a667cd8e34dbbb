// Neurons as circuits in stock ngspice against their functions, over their input ranges.

#include "synthesis/neuron.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "circuit/rule_check.hpp"
#include "support/block_run.hpp"

using namespace memspice;
using synthesis::AnalogBlock;
using synthesis::build_neuron;
using synthesis::NeuronKind;
using synthesis::NeuronSpec;
using synthesis::Realisation;

namespace {

constexpr NeuronKind kAll[] = {NeuronKind::Relu,
                               NeuronKind::LeakyRelu,
                               NeuronKind::ClippedRelu,
                               NeuronKind::Sigmoid,
                               NeuronKind::Tanh,
                               NeuronKind::HardSigmoid,
                               NeuronKind::HardSwish};

AnalogBlock build(const NeuronSpec& spec) {
  return build_neuron(spec, test::analog_figures());
}

/// What each circuit must keep, in parts of full scale. Tanh: two square-law pairs leave 1.2 %,
/// their LAMBDA the rest; a sigmoid is half a tanh on a level.
double allowed(NeuronKind kind) {
  if (kind == NeuronKind::Tanh) return 0.02;
  return kind == NeuronKind::Sigmoid || kind == NeuronKind::HardSwish ? 0.01 : 0.005;
}

}  // namespace

TEST_CASE("every neuron's circuit follows its function", "[synthesis][neuron]") {
  for (const NeuronKind kind : kAll) {
    const AnalogBlock block = build({.kind = kind});
    INFO(name_of(kind));
    CHECK(circuit::check_rules(*block.body).empty());
    CHECK(block.devices.behavioural == 0);
    CHECK(block.devices.op_amps >= 1);
    const double error = test::largest_error(block, test::sweep(block, 81));
    INFO("error " << error);
    CHECK(error < allowed(kind));
    CHECK(error > 1e-7);  // a circuit of real parts
  }
}

TEST_CASE("a neuron's behavioural twin is its function", "[synthesis][neuron]") {
  for (const NeuronKind kind : kAll) {
    const AnalogBlock block = build({.kind = kind, .realisation = Realisation::Behavioural});
    INFO(name_of(kind));
    CHECK(block.devices == synthesis::DeviceCount{.resistors = 3, .behavioural = 1});
    CHECK(test::largest_error(block, test::sweep(block, 41)) < 1e-6);
  }
}

TEST_CASE("neuron functions are those of the literature", "[synthesis][neuron]") {
  const auto f = [](NeuronKind kind, double x) {
    return synthesis::neuron_function({.kind = kind, .slope = 0.1, .ceiling = 6.0}, x);
  };
  CHECK(f(NeuronKind::LeakyRelu, -2.0) == Approx(-0.2));
  CHECK(f(NeuronKind::ClippedRelu, 7.0) == 6.0);
  CHECK(f(NeuronKind::Sigmoid, std::log(3.0)) == Approx(0.75));
  CHECK(f(NeuronKind::Tanh, std::log(2.0)) == Approx(0.6));
  CHECK(f(NeuronKind::HardSigmoid, 1.5) == Approx(0.75));
  CHECK(f(NeuronKind::HardSwish, 1.5) == Approx(1.125));
  CHECK(f(NeuronKind::HardSwish, -4.0) == 0.0);
}

TEST_CASE("neurons work at other scales and shapes", "[synthesis][neuron]") {
  const AnalogBlock steep = build({.kind = NeuronKind::LeakyRelu, .slope = 0.25});
  CHECK(test::largest_error(steep, test::sweep(steep, 21)) < 0.005);
  const AnalogBlock relu6 = build(
      {.kind = NeuronKind::ClippedRelu, .input_unit = 0.04, .output_unit = 0.04, .ceiling = 6.0});
  CHECK(relu6.full_scale == Approx(0.24));
  CHECK(test::largest_error(relu6, test::sweep(relu6, 41)) < 0.005);
  const AnalogBlock small = build({.kind = NeuronKind::Sigmoid, .input_unit = 0.05});
  CHECK(test::largest_error(small, test::sweep(small, 41)) < 0.015);
}

TEST_CASE("a neuron that cannot be built names itself", "[synthesis][neuron]") {
  const auto refused = [](const NeuronSpec& spec, const std::string& place) {
    try {
      build(spec);
      FAIL("was built: " << place);
    } catch (const InputError& error) {
      CHECK(error.fault().place == place);
      CHECK_FALSE(error.fault().remedy.empty());
    }
  };
  refused({.name = "n1", .kind = NeuronKind::LeakyRelu, .slope = 0.0}, "n1.slope");
  refused({.name = "n1", .kind = NeuronKind::LeakyRelu, .slope = 1.0}, "n1.slope");
  refused({.name = "n1", .kind = NeuronKind::ClippedRelu, .ceiling = -1.0}, "n1.ceiling");
  refused({.name = "n1", .kind = NeuronKind::ClippedRelu, .ceiling = NAN}, "n1.ceiling");
  refused({.name = "n1", .kind = NeuronKind::Relu, .input_unit = -0.1}, "n1.input_unit");
  refused({.name = "n1", .kind = NeuronKind::Relu, .output_unit = 0.1}, "n1.output_unit");
  refused({.name = "n1", .kind = NeuronKind::Tanh, .output_unit = 5.0}, "n1.output_unit");
  refused({.name = "n1", .kind = NeuronKind::HardSigmoid, .input_unit = 0.02}, "n1.input_unit");
  refused({.name = "n1", .kind = NeuronKind::ClippedRelu, .ceiling = 6.0}, "n1.output_unit");
}
