#pragma once
// A flow that holds several runs: each variant by itself, then all side by side.

#include <filesystem>
#include <functional>
#include <string>

#include "config/read_variants.hpp"
#include "report/study.hpp"

namespace memspice::flow {

/// Called with "variant 2 of 6: half pruned" before each begins.
using Announce = std::function<void(const std::string& line)>;

/// Runs every variant into its own folder (options.out), those of counts alone excepted, and writes
/// the study's results.json and report.html into `folder`. Networks and data of all are opened
/// before the first runs: throws InputError for what is wrong there. A variant that fails later
/// leaves its reason in its row, and the others' results as they are.
report::Study run_variants(const config::VariantFlow& flow,
                           const std::filesystem::path& folder,
                           const Announce& announce);

/// Counts and cost of every variant, without data or simulation.
report::Study map_variants(const config::VariantFlow& flow);

}  // namespace memspice::flow
