#include "stochastic/word_verilog.hpp"

#include "stochastic/verilog_text.hpp"

namespace memspice::stochastic {
namespace {

constexpr const char* kWordLane =
    R"(// One lane of a fixed-point vector unit: adds products of @N@ x @n@ bits, @KIND@, to an accumulator
// of @W@ bits that saturates.
module word_lane (
  input clk,
  input reset,                // accumulator to zero
  input negative,             // the weight's sign
  input [@n@-2:0] magnitude,  // the weight's, 0 where there is none
  input [@N@-1:0] activation,
  output reg signed [@W@-1:0] sum
);
  reg [@N@-1:0] x;
  wire [@M@-1:0] made = @MADE@;
  wire [@Q@-1:0] product = made[@M@-1:@M@-@Q@];
  wire signed [@W@:0] addend = $signed({1'b0, product});
  wire signed [@W@:0] next =
    sum + $signed(addend ^ {(@W@+1){negative}}) + $signed({1'b0, negative});

  always @(posedge clk) begin
    x <= activation;
    sum <= reset ? {@W@{1'b0}} : (next[@W@] != next[@W@-1]) ? {next[@W@], {(@W@-1){~next[@W@]}}}
               : next[@W@-1:0];
  end
endmodule

// @P@ lanes that share a weight of @n@ bits, one cycle a weight.
module word_vector_unit (
  input clk,
  input reset,
  input start,                          // takes weight and activations
  input [@n@-1:0] weight,               // two's complement
  input [@P@*@N@-1:0] activations,      // lane 0 in the lowest bits
  output ready,
  output [@P@*@W@-1:0] sums
);
  reg negative;
  reg [@n@-2:0] magnitude;
  assign ready = 1'b1;
  genvar lane;
  generate
    for (lane = 0; lane < @P@; lane = lane + 1) begin : lanes
      word_lane unit (
        .clk(clk), .reset(reset), .negative(negative), .magnitude(magnitude),
        .activation(activations[lane*@N@ +: @N@]), .sum(sums[lane*@W@ +: @W@]));
    end
  endgenerate

  always @(posedge clk) begin
    negative <= weight[@n@-1];
    if (reset | ~start) magnitude <= 0;
    else magnitude <= weight[@n@-1] ? -weight : weight;
  end
endmodule
)";

std::string number(std::int64_t value) {
  return std::to_string(value);
}

/// The bits of row j from `lowest` on, shifted to where column `base` is the last place.
std::string row_term(const WordUnit& unit, int j, int lowest, int base) {
  const std::string bits = "x[" + number(unit.bits - 1) + ":" + number(lowest) + "]";
  const int shift = lowest + j - base;
  return "(magnitude[" + number(j) + "] ? " +
         (shift == 0 ? bits : "{" + bits + ", " + number(shift) + "'d0}") + " : 0)";
}

/// The sum of those columns that are formed, down to `base`.
std::string column_sum(const WordUnit& unit, int base) {
  std::string sum;
  const auto add = [&](const std::string& term) { sum += (sum.empty() ? "" : " +\n    ") + term; };
  for (int j = 0; j < unit.weight_bits - 1; ++j) {
    const int lowest = std::max(0, base - j);
    if (lowest < unit.bits) add(row_term(unit, j, lowest, base));
    if (unit.product == Product::FixedWidth && base - 1 - j >= 0) {
      add("(magnitude[" + number(j) + "] & x[" + number(base - 1 - j) + "])");
    }
  }
  return sum;
}

/// What the adders make, and of how many bits.
std::pair<std::string, int> made_by(const WordUnit& unit) {
  const int whole = unit.bits + unit.weight_bits - 1;
  const ProductRule rule = product_rule(unit.product, unit.bits, unit.weight_bits);
  if (unit.product == Product::Exact) return {"x * magnitude", whole};
  if (unit.product == Product::Cut) return {"x * magnitude + " + number(rule.constant), whole};
  if (unit.product == Product::FixedWidth)
    return {column_sum(unit, unit.bits), unit.product_bits()};
  const int base = unit.bits - kept_columns(unit.bits, unit.weight_bits);
  return {column_sum(unit, base) + " +\n    " + number(rule.constant >> base), whole - base};
}

}  // namespace

std::string word_unit_verilog(const WordUnit& unit) {
  const auto [made, made_bits] = made_by(unit);
  return fill_verilog(kWordLane,
                      {{"KIND", std::string(kProductNames[static_cast<std::size_t>(unit.product)])},
                       {"MADE", made},
                       {"M", number(made_bits)},
                       {"N", number(unit.bits)},
                       {"P", number(unit.lanes)},
                       {"Q", number(unit.product_bits())},
                       {"W", number(unit.sum_bits())},
                       {"n", number(unit.weight_bits)}});
}

}  // namespace memspice::stochastic
