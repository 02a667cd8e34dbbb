#pragma once

#include "netlist/dialect.hpp"
#include "netlist/line.hpp"
#include "netlist/spelling.hpp"

namespace memspice::netlist {

/// What Xyce and HSPICE write alike: elements, and stimuli as a .data table with a row per
/// stimulus and a parameter per swept source. A level is there as it is, where ngspice
/// interpolates a list.
class SpelledDialect : public DialectWriter {
 public:
  explicit SpelledDialect(const Spelling& spelling) : spelling_(spelling) {}

  std::string definition(const circuit::Definition& definition) const override;
  std::string element(const circuit::Circuit& circuit,
                      const circuit::Instance& instance) const override;
  std::string subcircuit_begin(const circuit::Circuit& body) const override;
  std::string subcircuit_end(const circuit::Circuit& body) const override;
  std::string stimuli(const std::vector<const circuit::Circuit*>& circuits,
                      const circuit::Analysis& analysis) const override;
  std::string vector(const ProbePath& probe) const override;

 protected:
  bool is_xyce() const { return spelling_.dialect == Dialect::Xyce; }
  /// The element's whole name: letter, `_` and the instance's name.
  std::string element_name(const circuit::Instance& instance) const;

 private:
  void add_body(Line& line,
                const circuit::Circuit& circuit,
                const circuit::Instance& instance) const;
  void add_expression(Line& line,
                      const circuit::Circuit& circuit,
                      const circuit::Instance& instance) const;
  void add_parameters(Line& line, const circuit::Instance& instance) const;

  const Spelling& spelling_;
};

}  // namespace memspice::netlist
