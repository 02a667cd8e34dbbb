#include "stochastic/verilog.hpp"

#include <bit>
#include <map>

namespace memspice::stochastic {
namespace {

/// Replaces every @NAME@ of a template.
std::string fill(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = '@' + name + '@';
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
      text.replace(at, mark.size(), value);
      at += value.size();
    }
  }
  return text;
}

int log2_of(int power) {
  return std::bit_width(static_cast<unsigned>(power)) - 1;
}

std::map<std::string, std::string> sizes_of(const UnitOptions& unit) {
  const int m = log2_of(unit.parallel);
  return {{"FORM", std::string(to_text(unit.form))},
          {"N", std::to_string(unit.bits)},
          {"W", std::to_string(unit.bits + unit.guard_bits)},
          {"P", std::to_string(unit.lanes)},
          {"B", std::to_string(unit.parallel)},
          {"M", std::to_string(m)},
          {"K", std::to_string(unit.bits - m + 1)},
          {"SIGNED", unit.form == Form::Unsigned ? "" : "signed "}};
}

/// stream[r - 1] shows the bit of cycle r of a block; the last one is chosen by the state machine.
std::string stream_lines(const UnitOptions& unit) {
  std::string lines;
  for (int r = 1; r < unit.parallel; ++r) {
    const int bit = unit.bits - 1 - std::countr_zero(static_cast<unsigned>(r));
    lines += "  assign stream[" + std::to_string(r - 1) + "] = x[" + std::to_string(bit) + "];\n";
  }
  return lines + "  assign stream[" + std::to_string(unit.parallel - 1) + "] = |(x & select);\n";
}

/// select has a one at the bit that cycle number block * 2^M shows: N - 1 - M - trailing zeros.
std::string select_lines(const UnitOptions& unit) {
  const int m = log2_of(unit.parallel);
  std::string lines;
  for (int bit = 0; bit < unit.bits; ++bit) {
    const int zeros = unit.bits - 1 - m - bit;
    lines += "  assign select[" + std::to_string(bit) +
             "] = " + (zeros < 0 ? std::string("1'b0") : "first[" + std::to_string(zeros) + "]") +
             ";\n";
  }
  return lines;
}

constexpr const char* kLaneHead =
    R"(// One lane of a bitstream vector unit, @FORM@ form, N = @N@ bits, @B@ stream bit(s) per cycle:
// counts the ones of the activation's stream into an accumulator of @W@ bits that saturates.
module bitstream_lane (
  input clk,
  input reset,                // accumulator to zero
  input load,                 // takes the activation
  input run,                  // counts this cycle
  input negative,             // the weight's sign: counts the other way
  input [@N@-1:0] activation,
  input [@N@-1:0] select,     // one-hot: the bit that the cycle's last stream bit shows
  input [@B@-1:0] mask,       // stream bits that count in this cycle
  output reg @SIGNED@[@W@-1:0] sum
);
  reg [@N@-1:0] x;
  wire [@B@-1:0] stream;
@STREAM@
  integer r;
  reg signed [@W@+@M@+1:0] count, next;
  always @* begin
    count = 0;
    for (r = 0; r < @B@; r = r + 1) if (mask[r]) count = count + @STEP@;
    next = @SUM@ + (negative ? -count : count);
  end

  always @(posedge clk) begin
    if (load) x <= @CODE@;
    if (reset) sum <= 0;
    else if (run) begin
@SATURATE@
    end
  end
endmodule
)";

constexpr const char* kUnit =
    R"(// A bitstream vector unit, @FORM@ form, N = @N@ bits: one weight drives @P@ lanes, which share the
// stream's state machine and the weight's down-counter. A product takes ceil(|weight| / @B@) cycles.
module bitstream_vector_unit (
  input clk,
  input reset,
  input start,
  input [@N@-1:0] weight,               // @WEIGHT@
  input [@P@*@N@-1:0] activations,      // lane 0 in the lowest bits
  output busy,
  output [@P@*@W@-1:0] sums
);
  reg negative;
  reg [@N@-1:0] remaining;              // stream bits still to count
  reg [@K@-1:0] block;                  // 1, 2, ...: this cycle's block of stream bits
  wire [@K@-1:0] first = block & (~block + 1'b1);
  wire [@N@-1:0] select;
  wire [@B@-1:0] mask;
  assign busy = remaining != 0;
@SELECT@
  genvar r, lane;
  generate
    for (r = 0; r < @B@; r = r + 1) begin : masks
      assign mask[r] = remaining > r;
    end
    for (lane = 0; lane < @P@; lane = lane + 1) begin : lanes
      bitstream_lane unit (
        .clk(clk), .reset(reset), .load(start), .run(busy & ~start), .negative(negative),
        .activation(activations[lane*@N@ +: @N@]), .select(select), .mask(mask),
        .sum(sums[lane*@W@ +: @W@]));
    end
  endgenerate

  always @(posedge clk) begin
    if (reset) remaining <= 0;
    else if (start) begin
      negative <= @NEGATIVE@;
      remaining <= @MAGNITUDE@;
      block <= 1;
    end else if (busy) begin
      block <= block + 1'b1;
      remaining <= (remaining > @B@) ? remaining - @B@ : 0;
    end
  end
endmodule
)";

constexpr const char* kBench =
    R"(// Feeds bitstream_vector_unit from +operands=FILE and prints cycles and accumulators per line.
`timescale 1ns / 1ps
module test_bench;
  reg clk = 0, reset = 0, start = 0;
  reg [@N@-1:0] weight;
  reg [@P@*@N@-1:0] activations;
  wire busy;
  wire [@P@*@W@-1:0] sums;
  reg [8*1024-1:0] name;
  reg [@N@-1:0] word;
  reg @SIGNED@[@W@-1:0] sum;
  integer file, clear, found, lane, cycles;

  bitstream_vector_unit dut (
    .clk(clk), .reset(reset), .start(start), .weight(weight), .activations(activations),
    .busy(busy), .sums(sums));

  task tick;
    begin
      #1 clk = 1;
      #1 clk = 0;
    end
  endtask

  initial begin
    if (!$value$plusargs("operands=%s", name)) begin
      $display("error: give +operands=FILE");
      $finish;
    end
    file = $fopen(name, "r");
    if (file == 0) begin
      $display("error: cannot read the operands");
      $finish;
    end
    reset = 1; tick; reset = 0;
    found = $fscanf(file, "%d %h", clear, weight);
    while (found == 2) begin
      for (lane = 0; lane < @P@; lane = lane + 1) begin
        found = $fscanf(file, "%h", word);
        activations[lane*@N@ +: @N@] = word;
      end
      if (clear) begin
        reset = 1; tick; reset = 0;
      end
      start = 1; tick; start = 0;
      cycles = 0;
      while (busy) begin
        tick;
        cycles = cycles + 1;
      end
      $write("%0d", cycles);
      for (lane = 0; lane < @P@; lane = lane + 1) begin
        sum = sums[lane*@W@ +: @W@];
        $write(" %0d", sum);
      end
      $write("\n");
      found = $fscanf(file, "%d %h", clear, weight);
    end
    $finish;
  end
endmodule
)";

}  // namespace

std::string lane_verilog(const UnitOptions& unit) {
  auto values = sizes_of(unit);
  const bool is_unsigned = unit.form == Form::Unsigned;
  const std::string n = std::to_string(unit.bits);
  const std::string w = std::to_string(unit.bits + unit.guard_bits);
  values["STREAM"] = stream_lines(unit);
  // A one counts up; in the signed form a zero counts down.
  values["STEP"] = unit.form == Form::Signed ? "(stream[r] ? 1 : -1)" : "(stream[r] ? 1 : 0)";
  values["CODE"] = unit.form == Form::Signed
                       ? "{~activation[" + n + "-1], activation[" + n + "-2:0]}"
                       : "activation";
  values["SUM"] = is_unsigned ? "$signed({1'b0, sum})" : "sum";
  const std::string most = is_unsigned ? "{" + w + "{1'b1}}" : "{1'b0, {(" + w + "-1){1'b1}}}";
  const std::string least = is_unsigned ? "{" + w + "{1'b0}}" : "{1'b1, {(" + w + "-1){1'b0}}}";
  const std::string high = is_unsigned ? "$signed({1'b0, " + most + "})" : "$signed(" + most + ")";
  const std::string low = is_unsigned ? "0" : "$signed(" + least + ")";
  values["SATURATE"] = "      if (next > " + high + ") sum <= " + most +
                       ";\n      else if (next < " + low + ") sum <= " + least +
                       ";\n      else sum <= next[" + w + "-1:0];";
  return fill(kLaneHead, values);
}

std::string vector_unit_verilog(const UnitOptions& unit) {
  auto values = sizes_of(unit);
  const bool is_unsigned = unit.form == Form::Unsigned;
  const std::string sign = "weight[" + std::to_string(unit.bits) + "-1]";
  values["SELECT"] = select_lines(unit);
  values["WEIGHT"] = is_unsigned ? "unsigned" : "two's complement";
  values["NEGATIVE"] = is_unsigned ? "1'b0" : sign;
  values["MAGNITUDE"] = is_unsigned ? "weight" : sign + " ? -weight : weight";
  return fill(kUnit, values);
}

std::string test_bench_verilog(const UnitOptions& unit) {
  return fill(kBench, sizes_of(unit));
}

}  // namespace memspice::stochastic
