#include "stochastic/verilog.hpp"

#include <bit>
#include <numeric>

#include "stochastic/rows.hpp"
#include "stochastic/verilog_text.hpp"

namespace memspice::stochastic {
namespace {

std::string number(int value) {
  return std::to_string(value);
}

/// "[7:0]".
std::string bus(int high, int low = 0) {
  return '[' + number(high) + ':' + number(low) + ']';
}

/// The rows of a lane side by side, row 1 in the lowest bits.
struct RowBus {
  std::vector<int> widths;
  int bits = 0;

  explicit RowBus(const UnitOptions& unit)
      : widths(row_widths(unit)), bits(std::accumulate(widths.begin(), widths.end(), 0)) {}

  /// visit(i, where): row i lies in rows[where].
  template <typename Visit>
  void for_each(Visit visit) const {
    int low = 0;
    for (std::size_t k = 0; k < widths.size(); ++k) {
      visit(static_cast<int>(k) + 1, bus(low + widths[k] - 1, low));
      low += widths[k];
    }
  }
};

std::string parallel_words(const UnitOptions& unit) {
  return unit.takes_all() ? "the whole stream" : number(unit.parallel) + " stream bit(s)";
}

VerilogValues sizes_of(const UnitOptions& unit) {
  return {{"FORM", std::string(to_text(unit.form))},
          {"N", number(unit.bits)},
          {"W", number(unit.bits + unit.guard_bits)},
          {"P", number(unit.lanes)},
          {"PARALLEL", parallel_words(unit)},
          {"B", parallel_text(unit.parallel)},
          {"S", number(selected_bits(unit))},
          {"T", number(std::bit_width(static_cast<unsigned>(most_taken(unit))))},
          {"R", number(RowBus(unit).bits)},
          {"SIGNED", unit.form == Form::Unsigned ? "" : "signed "}};
}

/// Each row where its bit of the activation is one, and the bit that the last stream bit shows.
std::string ones_of(const UnitOptions& unit) {
  std::string ones;
  RowBus(unit).for_each([&](int i, const std::string& where) {
    ones += (i == 1 ? "" : " +\n    ");
    ones += "(x[" + number(unit.bits - i) + "] ? rows" + where + " : 0)";
  });
  if (selected_bits(unit) == 0) return ones;
  const std::string last = "(|(x" + bus(selected_bits(unit) - 1) + " & select))";
  return ones.empty() ? last : ones + " +\n    " + last;
}

/// Shared inputs of a lane that this unit has: name, declared width, meaning.
struct Port {
  std::string name, width, meaning;
};
std::vector<Port> shared_ports(const UnitOptions& unit) {
  std::vector<Port> ports;
  if (RowBus(unit).bits > 0)
    ports.push_back({"rows", "[@R@-1:0]", "round(r / 2^i), r stream bits"});
  if (selected_bits(unit) > 0) {
    ports.push_back({"select", "[@S@-1:0]", "one-hot: what the last bit of a full block shows"});
  }
  if (unit.form == Form::Signed) ports.push_back({"taken", "[@T@-1:0]", "r"});
  return ports;
}

constexpr const char* kLane =
    R"(// One lane of a bitstream vector unit, @FORM@ form, N = @N@ bits, @PARALLEL@ per cycle: adds the ones
// among r bits of the activation's stream to an accumulator of @W@ bits that saturates.
module bitstream_lane (
  input clk,
  input reset,                // accumulator to zero
  input load,                 // takes the activation
  input negative,             // the weight's sign: counts the other way
  input [@N@-1:0] activation,
@PORTS@  output reg @SIGNED@[@W@-1:0] sum
);
  reg [@N@-1:0] x;
  wire [@T@-1:0] ones =
    @ONES@;
  wire signed [@W@:0] count = @COUNT@;
  wire signed [@W@:0] next =
    @SUM@ + $signed(count ^ {(@W@+1){negative}}) + $signed({1'b0, negative});

  always @(posedge clk) begin
    @HOLD@x <= @CODE@;
    sum <= reset ? {@W@{1'b0}} : @SATURATED@;
  end
endmodule
)";

constexpr const char* kHead =
    R"(// A bitstream vector unit, @FORM@ form, N = @N@ bits: one weight drives @P@ lanes, which share the
// stream's state machine and the rounding of the weight. @PARALLEL@ per cycle. A weight is taken in
// the last cycle of the one before.
module bitstream_vector_unit (
  input clk,
  input reset,
  input start,                          // takes weight and activations where the unit is ready
  input [@N@-1:0] weight,               // @WEIGHT@
  input [@P@*@N@-1:0] activations,      // lane 0 in the lowest bits
  output ready,                         // this cycle is the last of a weight
  output [@P@*@W@-1:0] sums
);
  reg negative;
@STATE@@ROUND@
  genvar lane;
  generate
    for (lane = 0; lane < @P@; lane = lane + 1) begin : lanes
      bitstream_lane unit (
        .clk(clk), .reset(reset), .load(start & ready), .negative(negative),
        .activation(activations[lane*@N@ +: @N@]),@CONNECT@
        .sum(sums[lane*@W@ +: @W@]));
    end
  endgenerate
@CLOCK@endmodule
)";

constexpr const char* kCountedState =
    R"(  reg [@N@-1:0] remaining;              // stream bits still to count
  wire [@T@-1:0] taken = (remaining > @B@) ? @B@ : remaining;
  assign ready = remaining <= @B@;
)";

constexpr const char* kSelectState =
    R"(  reg [@S@-1:0] block;                  // 1, 2, ...: this cycle's block of stream bits
  wire [@S@-1:0] first = block & (~block + 1'b1);
  wire [@S@-1:0] select;
)";

constexpr const char* kCountedClock = R"(
  always @(posedge clk) begin
    if (reset) begin
      negative <= 0;
      remaining <= 0;
    end else if (start & ready) begin
      negative <= @NEGATIVE@;
      remaining <= @MAGNITUDE@;
    end else remaining <= ready ? 0 : remaining - @B@;
@BLOCK@  end
)";

constexpr const char* kWholeState =
    R"(  reg [@T@-1:0] taken;                  // the weight's magnitude, 0 where there is none
  assign ready = 1'b1;
)";

constexpr const char* kWholeClock = R"(
  always @(posedge clk) begin
    negative <= @NEGATIVE@;
    if (reset | ~start) taken <= 0;
    else taken <= @MAGNITUDE@;
  end
)";

/// select has a one at the bit that cycle number block * b shows: S - 1 - trailing zeros.
std::string select_lines(const UnitOptions& unit) {
  const int selected = selected_bits(unit);
  std::string lines;
  for (int bit = 0; bit < selected; ++bit) {
    lines += "  assign select[" + number(bit) + "] = first[" + number(selected - 1 - bit) +
             "] & (remaining >= @B@);\n";
  }
  return lines;
}

std::string round_lines(const UnitOptions& unit) {
  const RowBus rows(unit);
  std::string lines;
  if (rows.bits > 0) lines += "  wire [@R@-1:0] rows;\n";
  rows.for_each([&](int i, const std::string& where) {
    lines += "  assign rows" + where + " = ({1'b0, taken} + " + number(1 << (i - 1)) + ") >> " +
             number(i) + ";\n";
  });
  return lines;
}

std::string state_lines(const UnitOptions& unit) {
  if (unit.takes_all()) return kWholeState;
  return selected_bits(unit) == 0 ? kCountedState
                                  : std::string(kCountedState) + kSelectState + select_lines(unit);
}

std::string clock_lines(const UnitOptions& unit) {
  if (unit.takes_all()) return kWholeClock;
  const std::string block =
      selected_bits(unit) == 0 ? "" : "    block <= (start & ready) ? 1 : block + 1'b1;\n";
  return fill_verilog(kCountedClock, {{"BLOCK", block}});
}

}  // namespace

std::string lane_verilog(const UnitOptions& unit) {
  const bool is_unsigned = unit.form == Form::Unsigned;
  const bool is_signed = unit.form == Form::Signed;
  std::string ports;
  for (const Port& port : shared_ports(unit)) {
    ports += "  input " + port.width + ' ' + port.name + ",  // " + port.meaning + '\n';
  }
  const std::string text = fill_verilog(
      kLane,
      {{"PORTS", ports},
       {"ONES", ones_of(unit)},
       // A one counts up; in the signed form a zero counts down.
       {"COUNT",
        is_signed ? "$signed({1'b0, ones, 1'b0}) - $signed({1'b0, taken})"
                  : "$signed({1'b0, ones})"},
       {"SUM", is_unsigned ? "$signed({1'b0, sum})" : "sum"},
       {"HOLD", unit.takes_all() ? "" : "if (load) "},
       {"CODE", is_signed ? "{~activation[@N@-1], activation[@N@-2:0]}" : "activation"},
       {"SATURATED",
        is_unsigned ? "next[@W@] ? {@W@{1'b1}} : next[@W@-1:0]"
                    : "(next[@W@] != next[@W@-1]) ? {next[@W@], {(@W@-1){~next[@W@]}}}\n"
                      "               : next[@W@-1:0]"}});
  return fill_verilog(text, sizes_of(unit));
}

std::string vector_unit_verilog(const UnitOptions& unit) {
  const bool is_unsigned = unit.form == Form::Unsigned;
  std::string connections;
  for (const Port& port : shared_ports(unit)) {
    connections += " ." + port.name + '(' + port.name + "),";
  }
  const std::string text = fill_verilog(kHead,
                                        {{"STATE", state_lines(unit)},
                                         {"ROUND", round_lines(unit)},
                                         {"CONNECT", connections},
                                         {"CLOCK", clock_lines(unit)}});
  auto values = sizes_of(unit);
  values["WEIGHT"] = is_unsigned ? "unsigned" : "two's complement";
  values["NEGATIVE"] = is_unsigned ? "1'b0" : "weight[" + number(unit.bits - 1) + "]";
  values["MAGNITUDE"] =
      is_unsigned ? "weight" : "weight[" + number(unit.bits - 1) + "] ? -weight : weight";
  return fill_verilog(text, values);
}

}  // namespace memspice::stochastic
