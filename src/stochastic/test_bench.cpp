#include "stochastic/verilog.hpp"
#include "stochastic/verilog_text.hpp"

namespace memspice::stochastic {
namespace {

constexpr const char* kBench =
    R"(// Feeds @UNIT@ from +operands=FILE, a weight as soon as the unit is ready, and prints
// cycles and accumulators per line.
`timescale 1ns / 1ps
module test_bench;
  reg clk = 0, reset = 0, start = 0;
  reg [@N@-1:0] weight;
  reg [@P@*@N@-1:0] activations;
  wire ready;
  wire [@P@*@W@-1:0] sums;
  reg [8*1024-1:0] name;
  reg [@N@-1:0] word;
  reg @SIGNED@[@W@-1:0] sum;
  reg was_ready;
  integer file, clear, found, lane, cycles;

  @UNIT@ dut (
    .clk(clk), .reset(reset), .start(start), .weight(weight), .activations(activations),
    .ready(ready), .sums(sums));

  task tick;
    begin
      #1 clk = 1;
      #1 clk = 0;
    end
  endtask

  task read_line;
    begin
      found = $fscanf(file, "%d %h", clear, weight);
      for (lane = 0; found == 2 && lane < @P@; lane = lane + 1) begin
        if ($fscanf(file, "%h", word) != 1) found = 0;
        activations[lane*@N@ +: @N@] = word;
      end
    end
  endtask

  task restart;
    begin
      start = 0; reset = 1; tick; reset = 0;
      start = 1; tick;
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
    read_line;
    if (found == 2) restart;
    while (found == 2) begin
      // The unit holds a line; the next one waits at its inputs.
      read_line;
      start = found == 2 && !clear;
      cycles = 0;
      was_ready = 0;
      while (!was_ready) begin
        was_ready = ready;
        tick;
        cycles = cycles + 1;
      end
      $write("%0d", cycles);
      for (lane = 0; lane < @P@; lane = lane + 1) begin
        sum = sums[lane*@W@ +: @W@];
        $write(" %0d", sum);
      end
      $write("\n");
      if (found == 2 && clear) restart;
    end
    $finish;
  end
endmodule
)";

}  // namespace

std::string test_bench_verilog(const UnitOptions& unit, const std::string& module) {
  return fill_verilog(kBench,
                      {{"UNIT", module},
                       {"N", std::to_string(unit.bits)},
                       {"W", std::to_string(unit.bits + unit.guard_bits)},
                       {"P", std::to_string(unit.lanes)},
                       {"SIGNED", unit.form == Form::Unsigned ? "" : "signed "}});
}

}  // namespace memspice::stochastic
