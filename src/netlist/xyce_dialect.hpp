#pragma once

#include "netlist/spelled_dialect.hpp"

namespace memspice::netlist {

/// Xyce 7, as its Reference Guide has it.
class XyceDialect final : public SpelledDialect {
 public:
  XyceDialect() : SpelledDialect(xyce_spelling()) {}
  std::string analysis(const circuit::Analysis& analysis) const override;
  std::string output(const circuit::Analysis& analysis,
                     const std::vector<std::string>& vectors,
                     bool saves_all) const override;
};

}  // namespace memspice::netlist
