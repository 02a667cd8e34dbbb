#pragma once
// Areas of Verilog units by logic synthesis in Yosys, beside what gate counts say (cost.hpp).

#include <string>
#include <vector>

#include "stochastic/cost.hpp"

namespace memspice::stochastic {

/// The card's cells as a library in Liberty format, areas in um^2. A card has no inverter and no
/// buffer: one NAND2 with its inputs tied, and two in a row.
std::string liberty_text(const GateCard& card);

/// What is synthesized: its files' text, and the name of its top module.
struct Design {
  std::string verilog, top;
};

/// Area of `design` [um^2, or what the library counts in], flattened and mapped to the cells of a
/// Liberty text. All that Yosys reads lies in a folder of its own under fixed names, so that no
/// name or content of a user's file becomes a command. Throws RunError where Yosys is missing or
/// fails, or where the library lacks cells that the design needs.
double synthesize_area(const Design& design, const std::string& liberty);

}  // namespace memspice::stochastic
