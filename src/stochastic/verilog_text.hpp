#pragma once
// Templates of Verilog.

#include <map>
#include <string>

namespace memspice::stochastic {

/// By name; a template has @NAME@ in its place.
using VerilogValues = std::map<std::string, std::string>;

/// The template with every @NAME@ replaced.
std::string fill_verilog(std::string text, const VerilogValues& values);

}  // namespace memspice::stochastic
