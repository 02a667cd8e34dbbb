// The emitted Verilog in Icarus Verilog against the C++ reference.
#include "stochastic/verilog.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <sstream>

#include "base/files.hpp"
#include "base/random.hpp"
#include "stochastic/word_verilog.hpp"

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

/// Per step the cycles, then every lane's accumulator. `unit`: sizes of what `verilog` has.
std::vector<std::vector<long>> simulate(const UnitOptions& unit,
                                        const std::vector<Step>& steps,
                                        const std::string& verilog,
                                        const std::string& module) {
  const TemporaryFolder folder;
  const auto in = [&](const char* name) { return (folder.path() / name).string(); };
  write_file(in("unit.v"), verilog);
  write_file(in("bench.v"), test_bench_verilog(unit, module));
  write_file(in("operands.txt"), operand_lines(unit, steps));
  const std::string build = "iverilog -g2001 -Wall -Wno-timescale -o " + in("bench.vvp") + ' ' +
                            in("unit.v") + ' ' + in("bench.v") + " > " + in("log.txt") + " 2>&1";
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

std::vector<std::vector<long>> simulate(const UnitOptions& unit, const std::vector<Step>& steps) {
  return simulate(
      unit, steps, lane_verilog(unit) + vector_unit_verilog(unit), "bitstream_vector_unit");
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

/// Replaces the activations of every step by `count` drawn ones.
void draw_activations(std::vector<Step>& steps, CodeRange range, int count) {
  RandomStream random(7, "activations");
  for (Step& step : steps) {
    step.activations.resize(static_cast<std::size_t>(count));
    for (int& x : step.activations) {
      x = range.low +
          static_cast<int>(random.below(static_cast<std::uint64_t>(range.high - range.low + 1)));
    }
  }
}

}  // namespace

TEST_CASE("The Verilog unit multiplies all pairs of 6 bits as the reference", "[stochastic]") {
  const auto form = GENERATE(Form::Unsigned, Form::Signed, Form::Mixed);
  const auto parallel = GENERATE(1, 2, 8, 32, kWholeStream);
  const UnitOptions unit{
      .form = form, .bits = 6, .guard_bits = 2, .lanes = 64, .parallel = parallel};
  const std::vector<Step> steps = all_pairs(form, 6);
  INFO(to_text(form) << ", parallel " << parallel_text(parallel));
  CHECK(simulate(unit, steps) == reference(unit, steps));
}

TEST_CASE("The whole stream in one cycle is the closed form", "[stochastic]") {
  // All pairs of 5 and 6 bits; of 8 bits every weight with 100 activations drawn from a seed.
  const auto form = GENERATE(Form::Unsigned, Form::Signed, Form::Mixed);
  for (const int bits : {5, 6, 8}) {
    std::vector<Step> steps = all_pairs(form, bits);
    if (bits == 8) draw_activations(steps, activation_range(form, bits), 100);
    const int lanes = static_cast<int>(steps.front().activations.size());
    const UnitOptions unit{
        .form = form, .bits = bits, .guard_bits = 1, .lanes = lanes, .parallel = kWholeStream};
    const auto rows = simulate(unit, steps);
    REQUIRE(rows.size() == steps.size());
    long differences = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      differences += rows[k][0] != 1;  // one cycle each
      for (int lane = 0; lane < lanes; ++lane) {
        const auto l = static_cast<std::size_t>(lane);
        const int product = multiply(form, bits, steps[k].activations[l], steps[k].weight);
        differences += rows[k][1 + l] != product;
      }
    }
    INFO(to_text(form) << ' ' << bits);
    CHECK(differences == 0);
  }
}

TEST_CASE("No cycle is lost between weights", "[stochastic]") {
  const UnitOptions unit{
      .form = Form::Mixed, .bits = 8, .guard_bits = 6, .lanes = 1, .parallel = 4};
  // 1, 2, 25 and 32 cycles; a weight of zero passes in one that counts nothing.
  const std::vector<Step> steps{{true, 3, {200}},
                                {false, -5, {7}},
                                {false, 0, {255}},
                                {false, 100, {31}},
                                {false, 127, {90}}};
  const auto rows = simulate(unit, steps);
  REQUIRE(rows.size() == 5);
  const std::vector<long> cycles{1, 2, 1, 25, 32};
  for (std::size_t k = 0; k < 5; ++k) CHECK(rows[k][0] == cycles[k]);
  CHECK(rows == reference(unit, steps));
}

TEST_CASE("The Verilog unit accumulates and saturates as the reference", "[stochastic]") {
  for (const auto& [form, bits, parallel] : {std::tuple{Form::Unsigned, 4, 2},
                                             {Form::Signed, 5, 1},
                                             {Form::Mixed, 8, 4},
                                             {Form::Mixed, 2, 4},
                                             {Form::Mixed, 8, kWholeStream},
                                             {Form::Unsigned, 2, 4},
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

TEST_CASE("Fixed-point units multiply and saturate as their products say", "[stochastic]") {
  const auto product =
      GENERATE(Product::Exact, Product::Cut, Product::Truncated, Product::FixedWidth);
  for (const int bits : {2, 5, 8}) {
    const WordUnit unit{
        .bits = bits, .weight_bits = bits, .guard_bits = 1, .lanes = 40, .product = product};
    // The bench needs sizes alone: accumulators of bits + guard_bits.
    const UnitOptions sizes{.form = Form::Mixed,
                            .bits = bits,
                            .guard_bits = unit.sum_bits() - bits,
                            .lanes = unit.lanes,
                            .parallel = kWholeStream};
    std::vector<Step> steps = all_pairs(Form::Mixed, bits);
    draw_activations(steps, activation_range(Form::Mixed, bits), unit.lanes);
    // Every other weight adds to what the one before left, so that sums reach their rails.
    for (std::size_t k = 0; k < steps.size(); ++k) steps[k].clear = k % 8 == 0;
    const auto rows = simulate(sizes, steps, word_unit_verilog(unit), "word_vector_unit");
    REQUIRE(rows.size() == steps.size());
    const ProductRule rule = product_rule(product, bits, bits);
    const long rail = 1L << (unit.sum_bits() - 1);
    std::vector<long> sums(static_cast<std::size_t>(unit.lanes), 0);
    long differences = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      if (steps[k].clear) std::ranges::fill(sums, 0);
      differences += rows[k][0] != 1;
      for (std::size_t l = 0; l < sums.size(); ++l) {
        sums[l] += multiply_words(rule, steps[k].activations[l], steps[k].weight);
        sums[l] = std::clamp(sums[l], -rail, rail - 1);
        differences += rows[k][1 + l] != sums[l];
      }
    }
    INFO(name_of(kProductNames, product) << ' ' << bits);
    CHECK(differences == 0);
  }
}
