#include "netlist/dialect.hpp"

#include "base/names.hpp"
#include "netlist/hspice_dialect.hpp"
#include "netlist/ngspice_dialect.hpp"
#include "netlist/xyce_dialect.hpp"

namespace memspice::netlist {
namespace {

constexpr Names<3> kNames{"ngspice", "xyce", "hspice"};

}  // namespace

std::string DialectWriter::stimuli(const std::vector<const circuit::Circuit*>&,
                                   const circuit::Analysis&) const {
  return "";
}

Dialect parse_dialect(std::string_view name, const std::string& place) {
  return parse_choice<Dialect>(kNames, name, place, "is no dialect");
}

std::string dialect_name(Dialect dialect) {
  return std::string(name_of(kNames, dialect));
}

const DialectWriter& dialect_writer(Dialect dialect) {
  static const NgspiceDialect ngspice;
  static const XyceDialect xyce;
  static const HspiceDialect hspice;
  if (dialect == Dialect::Xyce) return xyce;
  if (dialect == Dialect::Hspice) return hspice;
  return ngspice;
}

}  // namespace memspice::netlist
