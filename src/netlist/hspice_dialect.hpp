#pragma once

#include "netlist/spelled_dialect.hpp"

namespace memspice::netlist {

/// Synopsys HSPICE, as its Reference Manual has it.
class HspiceDialect final : public SpelledDialect {
 public:
  HspiceDialect() : SpelledDialect(hspice_spelling()) {}
  std::string analysis(const circuit::Analysis& analysis) const override;
  std::string output(const circuit::Analysis& analysis,
                     const std::vector<std::string>& vectors,
                     bool saves_all) const override;
};

}  // namespace memspice::netlist
