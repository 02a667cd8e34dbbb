#pragma once
// What the kinds of charts share.

#include <string>

#include "report/chart.hpp"
#include "report/svg.hpp"

namespace memspice::report::svg {

/// "tone-first": the class that colours fill and stroke.
std::string tone_class(Tone tone);
/// A dot with the text that shows on hovering; empty: none.
std::string dot(double x, double y, double radius, Tone tone, const std::string& hover);
/// "86.20 % (85.10 to 87.30)".
std::string share_hover(const ChartPoint& point);

std::string draw_strip(const Chart& chart);
std::string draw_ladder(const Chart& chart);
std::string draw_histogram(const Chart& chart);

}  // namespace memspice::report::svg
