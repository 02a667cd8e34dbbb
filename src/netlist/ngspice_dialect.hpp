#pragma once

#include "netlist/dialect.hpp"

namespace memspice::netlist {

/// ngspice 39 and newer.
class NgspiceDialect final : public DialectWriter {
 public:
  std::string definition(const circuit::Definition& definition) const override;
  std::string element(const circuit::Circuit& circuit,
                      const circuit::Instance& instance) const override;
  std::string subcircuit_begin(const circuit::Circuit& body) const override;
  std::string subcircuit_end(const circuit::Circuit& body) const override;
  std::string analysis(const circuit::Analysis& analysis) const override;
  std::string vector(const ProbePath& probe) const override;
  std::string output(const circuit::Analysis& analysis,
                     const std::vector<std::string>& vectors,
                     bool saves_all) const override;
};

}  // namespace memspice::netlist
