#include "netlist/dialect.hpp"

#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "netlist/hspice_dialect.hpp"
#include "netlist/ngspice_dialect.hpp"
#include "netlist/xyce_dialect.hpp"

namespace memspice::netlist {
namespace {

const std::array<std::string, 3> kNames = {"ngspice", "xyce", "hspice"};  // as in enum Dialect

}  // namespace

std::string DialectWriter::stimuli(const std::vector<const circuit::Circuit*>&,
                                   const circuit::Analysis&) const {
  return "";
}

Dialect parse_dialect(std::string_view name, const std::string& place) {
  for (std::size_t k = 0; k < kNames.size(); ++k) {
    if (kNames[k] == name) return static_cast<Dialect>(k);
  }
  throw InputError({.place = place,
                    .value = '"' + std::string(name) + '"',
                    .rule = "is no dialect",
                    .remedy = suggest(name, kNames)});
}

std::string dialect_name(Dialect dialect) {
  return kNames[static_cast<std::size_t>(dialect)];
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
