#include "config/shared_tables.hpp"

#include "config/bench_options.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

/// `wire` stands for both directions; wire_row and wire_column are more particular and win, unless
/// only `wire` was given on the command line.
void read_wires(const TomlDocument& document, Section& array, crossbar::Wiring& wiring) {
  double both = 0.0;
  const bool has_both = array.read("wire", both, Unit::Ohm, Bound::NotNegative);
  const bool typed = has_both && document.peek("array", "wire")->is_override;
  for (auto [key, wire] : {std::pair{"wire_row", &wiring.row}, {"wire_column", &wiring.column}}) {
    if (has_both) *wire = both;
    array.read(key, *wire, Unit::Ohm, Bound::NotNegative);
    const Entry* entry = document.peek("array", key);
    if (typed && entry != nullptr && !entry->is_override) *wire = both;
  }
}

}  // namespace

void read_wiring(TomlDocument& document, crossbar::Wiring& wiring) {
  Section array(document, "array");
  read_wires(document, array, wiring);
  array.read("driver", wiring.driver, Unit::Ohm, Bound::NotNegative);
  array.read("sense", wiring.sense, Unit::Ohm, Bound::NotNegative);
}

void read_spice(TomlDocument& document, engine::Options& options) {
  Section spice(document, "spice");
  spice.read("library", options.library);
  spice.read("workers", options.workers, {.low = 0, .high = 1024});
  spice.read("time_limit", options.time_limit, Unit::Second, Bound::Positive);
  spice.read("recycle_after", options.recycle_after, {.low = 1, .high = 1'000'000});
}

BenchOptions load_bench(const Overrides& overrides) {
  TomlDocument document;
  for (const std::string& assignment : overrides) document.override_with(assignment);
  BenchOptions options;
  read_wiring(document, options.wiring);
  Section(document, "device").read("alpha", options.alpha, Unit::PerVolt, Bound::NotNegative);
  read_spice(document, options.spice);
  document.finish();
  return options;
}

}  // namespace memspice::config
