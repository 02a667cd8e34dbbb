#include "report/trace_plot.hpp"

#include "report/axes.hpp"
#include "report/svg.hpp"

namespace memspice::report {
namespace {

constexpr const char* kVoltageColour = "#0b62b5";
constexpr const char* kCurrentColour = "#0f7a50";
constexpr const char* kStateColour = "#c2410c";

struct Waveform {
  const Eigen::VectorXd* values;
  const char* name;
  Unit unit;
  const char* colour;
};

/// Values over time.
std::string draw_waveform(const svg::Box& box, const device::Trace& trace, const Waveform& wave) {
  const svg::Axis time = svg::make_axis(trace.time, "time", Unit::Second);
  const svg::Axis values = svg::make_axis(*wave.values, wave.name, wave.unit);
  return svg::draw_axes(box, time, values) +
         svg::draw_line(box, time, values, trace.time, *wave.values, wave.colour);
}

/// Current over voltage.
std::string draw_loop(const svg::Box& box, const device::Trace& trace) {
  const svg::Axis voltage = svg::make_axis(trace.voltage, "voltage", Unit::Volt);
  const svg::Axis current = svg::make_axis(trace.current, "current", Unit::Ampere);
  return svg::draw_axes(box, voltage, current) +
         svg::draw_line(box, voltage, current, trace.voltage, trace.current, kCurrentColour);
}

}  // namespace

std::string plot_trace(const device::Trace& trace, const std::string& title) {
  constexpr double kLeft = 80.0, kPanelWidth = 610.0;
  const Waveform waves[] = {{&trace.voltage, "voltage", Unit::Volt, kVoltageColour},
                            {&trace.current, "current", Unit::Ampere, kCurrentColour},
                            {&trace.state, "state", Unit::None, kStateColour}};
  std::string body = svg::text_at(kLeft, 30.0, "class=\"value\" font-size=\"16\"", title);
  body += draw_loop({kLeft, 48.0, kPanelWidth, 330.0}, trace);
  double top = 448.0;
  for (const Waveform& wave : waves) {
    body += draw_waveform({kLeft, top, kPanelWidth, 110.0}, trace, wave);
    top += 176.0;
  }
  return svg::file(top - 10.0, title, body);
}

}  // namespace memspice::report
