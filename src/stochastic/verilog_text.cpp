#include "stochastic/verilog_text.hpp"

namespace memspice::stochastic {

std::string fill_verilog(std::string text, const VerilogValues& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = '@' + name + '@';
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
      text.replace(at, mark.size(), value);
      at += value.size();
    }
  }
  return text;
}

}  // namespace memspice::stochastic
