#pragma once
// Shares and their changes as people read them, with what their images leave open.

#include <optional>
#include <string>

#include "simulate/share.hpp"

namespace memspice::report {

/// "91.30 to 92.38"; empty where nothing bounds it.
std::string interval_text(const simulate::Interval& interval);
/// "91.85 % (91.30 to 92.38)"; a share that is not to be trusted says so.
std::string with_interval(const simulate::Share& share);
/// "-0.60 to -0.08" points; empty without a change.
std::string change_interval(const std::optional<simulate::PairedChange>& change);
/// "-0.34 (-0.60 to -0.08)" points; empty without a change.
std::string change_text(const std::optional<simulate::PairedChange>& change);

/// What intervals hold for, in one sentence.
std::string interval_remark();

}  // namespace memspice::report
