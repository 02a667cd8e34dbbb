// The emitted Verilog in Icarus Verilog against the C++ reference.
#include "stochastic/verilog.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <sstream>

#include "base/files.hpp"
#include "base/random.hpp"

using namespace memspice;
using namespace memspice::stochastic;

namespace {

/// One line for the test bench: an instruction of the vector unit.
struct Step {
  bool clear = false;
  int weight = 0;
  std::vector<int> activations;
};

std::string operand_lines(const UnitOptions& unit, const std::vector<Step>& steps) {
  const int mask = (1 << unit.bits) - 1;
  std::ostringstream text;
  for (const Step& step : steps) {
    text << (step.clear ? 1 : 0) << ' ' << std::hex << (step.weight & mask);
    for (const int x : step.activations) text << ' ' << (x & mask);
    text << std::dec << '\n';
  }
  return text.str();
}

/// Per step the cycles, then every lane's accumulator.
std::vector<std::vector<long>> simulate(const UnitOptions& unit, const std::vector<Step>& steps) {
  const TemporaryFolder folder;
  const auto in = [&](const char* name) { return (folder.path() / name).string(); };
  write_file(in("lane.v"), lane_verilog(unit));
  write_file(in("unit.v"), vector_unit_verilog(unit));
  write_file(in("bench.v"), test_bench_verilog(unit));
  write_file(in("operands.txt"), operand_lines(unit, steps));
  const std::string build = "iverilog -g2001 -Wall -Wno-timescale -o " + in("bench.vvp") + ' ' +
                            in("lane.v") + ' ' + in("unit.v") + ' ' + in("bench.v") + " > " +
                            in("log.txt") + " 2>&1";
  REQUIRE(std::system(build.c_str()) == 0);
  CHECK(read_file(in("log.txt")).empty());  // not a single warning
  const std::string run =
      "vvp -n " + in("bench.vvp") + " +operands=" + in("operands.txt") + " > " + in("out.txt");
  REQUIRE(std::system(run.c_str()) == 0);
  std::istringstream out(read_file(in("out.txt")));
  std::vector<std::vector<long>> rows;
  for (std::string line; std::getline(out, line);) {
    std::istringstream numbers(line);
    rows.emplace_back();
    for (long number = 0; numbers >> number;) rows.back().push_back(number);
  }
  return rows;
}

std::vector<std::vector<long>> reference(const UnitOptions& unit, const std::vector<Step>& steps) {
  VectorUnit model(unit);
  std::vector<std::vector<long>> rows;
  long before = 0;
  for (const Step& step : steps) {
    if (step.clear) {
      model.reset();
      before = 0;
    }
    model.accumulate(step.weight, step.activations);
    rows.push_back({model.cycles() - before});
    before = model.cycles();
    for (const int sum : model.accumulators()) rows.back().push_back(sum);
  }
  return rows;
}

/// Every weight against every activation, each activation on a lane of its own.
std::vector<Step> all_pairs(Form form, int bits) {
  const CodeRange xs = activation_range(form, bits);
  const CodeRange ws = weight_range(form, bits);
  std::vector<int> activations;
  for (int x = xs.low; x <= xs.high; ++x) activations.push_back(x);
  std::vector<Step> steps;
  for (int w = ws.low; w <= ws.high; ++w) steps.push_back({true, w, activations});
  return steps;
}

}  // namespace

TEST_CASE("The Verilog unit multiplies all pairs of 6 bits as the reference", "[stochastic]") {
  const auto form = GENERATE(Form::Unsigned, Form::Signed, Form::Mixed);
  const auto parallel = GENERATE(1, 8);
  const UnitOptions unit{
      .form = form, .bits = 6, .guard_bits = 2, .lanes = 64, .parallel = parallel};
  const std::vector<Step> steps = all_pairs(form, 6);
  INFO(to_text(form) << ", " << parallel << " bits per cycle");
  CHECK(simulate(unit, steps) == reference(unit, steps));
}

TEST_CASE("The Verilog unit accumulates and saturates as the reference", "[stochastic]") {
  for (const auto& [form, bits, parallel] : {std::tuple{Form::Unsigned, 4, 2},
                                             {Form::Signed, 5, 1},
                                             {Form::Mixed, 8, 4},
                                             {Form::Mixed, 2, 4},
                                             {Form::Signed, 2, 1}}) {
    const UnitOptions unit{
        .form = form, .bits = bits, .guard_bits = 1, .lanes = 3, .parallel = parallel};
    RandomStream random(5, "verilog");
    const auto draw = [&](CodeRange range) {
      return range.low +
             static_cast<int>(random.below(static_cast<std::uint64_t>(range.high - range.low + 1)));
    };
    std::vector<Step> steps;
    for (int k = 0; k < 200; ++k) {
      const CodeRange xs = activation_range(form, bits);
      // Long runs of one sign drive the accumulators to their rails.
      int weight = draw(weight_range(form, bits));
      if (k % 50 < 20)
        weight = std::abs(weight) > weight_range(form, bits).high ? 0 : std::abs(weight);
      steps.push_back({k == 0, weight, {draw(xs), xs.high, 0}});
    }
    INFO(to_text(form) << ' ' << bits);
    CHECK(simulate(unit, steps) == reference(unit, steps));
  }
}
