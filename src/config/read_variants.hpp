#pragma once
// Flow files that hold several runs.
//
//   [study]                 how the runs are laid side by side: title, x, columns, claims
//   [[variant]]
//   name = "half pruned"    its results lie in OUT/half_pruned
//   x = 0.5                 where it stands in plots; either all variants have one or none
//   series = "128 x 128"    variants of one series are joined by a line
//   counts_only = true      counts and cost, as `memspice map` gives them; nothing is simulated
//   mapping.rows = 256      any key of the flow: it takes the place of the flow's own
// --set on the command line beats a variant's key.

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"
#include "report/study.hpp"

namespace memspice::config {

struct Variant {
  std::string name, series;
  std::string folder;       ///< variant_folder(name)
  std::optional<double> x;  ///< in the study's unit
  bool counts_only = false;
  FlowOptions options;
};

struct VariantFlow {
  report::StudyLayout study;
  std::vector<Variant> variants;  ///< in the order of the file; empty: the flow is a single run
};

/// Reads and checks every variant. Throws InputError with file:line:column of the variant's own
/// key where that is at fault.
VariantFlow load_variants(const std::filesystem::path& file, const Overrides& overrides = {});

/// The folder that a variant's results lie in, below the flow's: "Half pruned" -> "half_pruned".
std::string variant_folder(const std::string& name);

/// Lays one variant's keys over the document, and marks [study] and [[variant]] as known. Without a
/// name: a file with variants is refused, with their names. Throws InputError for a variant without
/// a name, two of one folder, or a folder that the study's own files leave no room for.
void apply_variant(TomlDocument& flow, const std::string& name);

}  // namespace memspice::config
