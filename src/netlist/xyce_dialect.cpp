#include "netlist/xyce_dialect.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "netlist/line.hpp"

namespace memspice::netlist {
namespace {

constexpr double kKelvinAtZeroCelsius = 273.15;

/// Xyce weighs a Newton step by reltol |x| + abstol, volts and amperes alike, and asks in addition
/// for a residual below rhstol.
std::string nonlinear_options(const char* package, const circuit::Accuracy& accuracy) {
  constexpr double kLeastResidual = 1e-12;  // [A]; rounding in Xyce's sums leaves about this
  Line line(".options");
  line.add(package).add("reltol", accuracy.reltol).add("abstol", accuracy.vntol);
  line.add("rhstol", std::max(accuracy.abstol, kLeastResidual));
  return line.add("maxstep", static_cast<double>(accuracy.iterations)).str();
}

std::string transient_lines(const circuit::Transient& transient) {
  Line line(".tran");
  line.add(transient.step).add(transient.stop);
  if (transient.max_step > 0) line.add("0").add(transient.max_step);
  if (transient.use_initial_conditions) line.add("uic");
  return line.str();
}

}  // namespace

std::string XyceDialect::analysis(const circuit::Analysis& analysis) const {
  const circuit::Accuracy& accuracy = analysis.accuracy;
  const double celsius = analysis.temperature - kKelvinAtZeroCelsius;
  std::string text = Line(".options device")
                         .add("gmin", accuracy.gmin)
                         .add("temp=" + to_text_rounded(celsius, 10))
                         .str();
  text += nonlinear_options("nonlin", accuracy);
  const auto* transient = std::get_if<circuit::Transient>(&analysis.type);
  if (transient == nullptr) return text + ".dc data=stimuli\n";
  text += nonlinear_options("nonlin-tran", accuracy);
  text +=
      Line(".options timeint").add("reltol", accuracy.reltol).add("abstol", accuracy.vntol).str();
  return text + transient_lines(*transient);
}

std::string XyceDialect::output(const circuit::Analysis& analysis,
                                const std::vector<std::string>& vectors,
                                bool) const {
  const bool is_sweep = std::holds_alternative<circuit::StimulusSweep>(analysis.type);
  Line print(is_sweep ? ".print dc" : ".print tran");
  print.add("format=std").add("precision=16");
  for (const std::string& vector : vectors) print.add(vector);
  return print.str();
}

}  // namespace memspice::netlist
