#include "config/shared_tables.hpp"

#include <cstdlib>

#include "config/bench_options.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

/// `wire` beside wire_row or wire_column says two things about one wire; where one of them is typed
/// and the other stands in the file, the typed one holds.
void require_one_wire(const TomlDocument& document, const Section& array, const char* key) {
  const Entry* both = document.peek("array", "wire");
  const Entry* one = document.peek("array", key);
  if (both == nullptr || one == nullptr || both->is_override != one->is_override) return;
  array.reject(key,
               "contradicts wire, which stands for both directions",
               "give wire_row and wire_column, or wire alone");
}

void read_wires(const TomlDocument& document, Section& array, crossbar::Wiring& wiring) {
  double both = 0.0;
  const bool has_both = array.read({"wire",
                                    "of a segment between neighbouring cells, in both directions",
                                    {.standard = "wire_row and wire_column"}},
                                   both,
                                   Unit::Ohm,
                                   Bound::NotNegative);
  const bool typed = has_both && document.peek("array", "wire")->is_override;
  for (auto [key, wire] : {std::pair{"wire_row", &wiring.row}, {"wire_column", &wiring.column}}) {
    require_one_wire(document, array, key);
    if (has_both) *wire = both;
    array.read({key, "of a segment of these lines", {.of_card = true}},
               *wire,
               Unit::Ohm,
               Bound::NotNegative);
    const Entry* entry = document.peek("array", key);
    if (typed && entry != nullptr && !entry->is_override) *wire = both;
  }
}

/// --set beats the environment, which beats the flow file, as for the data.
void read_library(TomlDocument& document, Section& spice, engine::Options& options) {
  spice.read({"library", "another libngspice, by name or path: with --set or --trust alone"},
             options.library);
  const Entry* entry = document.peek("spice", "library");
  if (entry != nullptr && entry->is_override) return;
  const char* environment = std::getenv("MEMSPICE_NGSPICE");
  if (environment != nullptr && *environment != '\0') options.library = environment;
}

}  // namespace

void read_wiring(TomlDocument& document, crossbar::Wiring& wiring) {
  Section array(document, "array");
  read_wires(document, array, wiring);
  array.read({"driver", "in front of each word line", {.of_card = true}},
             wiring.driver,
             Unit::Ohm,
             Bound::NotNegative);
  array.read(
      {"sense", "behind each bit line, to 0 V or in an amplifier's input", {.of_card = true}},
      wiring.sense,
      Unit::Ohm,
      Bound::NotNegative);
}

void read_alpha(TomlDocument& document, double& alpha) {
  Section(document, "device")
      .read({"alpha", "cells carry G sinh(alpha V) / alpha; 0: ohmic", {.of_card = true}},
            alpha,
            Unit::PerVolt,
            Bound::NotNegative);
}

void read_spice(TomlDocument& document, engine::Options& options, Trust trust) {
  Section spice(document, "spice");
  read_library(document, spice, options);
  require_trusted_library(document, trust);
  spice.read(
      {"workers", "ngspice processes; 0: one per core"}, options.workers, {.low = 0, .high = 1024});
  spice.read({"time_limit", "per deck"}, options.time_limit, Unit::Second, Bound::Positive);
  spice.read({"recycle_after", "decks after which a process is replaced"},
             options.recycle_after,
             {.low = 1, .high = 1'000'000});
}

BenchOptions load_bench(const Overrides& overrides) {
  TomlDocument document;
  for (const std::string& assignment : overrides) document.override_with(assignment);
  BenchOptions options;
  read_wiring(document, options.wiring);
  read_alpha(document, options.alpha);
  read_spice(document, options.spice, Trust::User);
  document.finish();
  return options;
}

}  // namespace memspice::config
