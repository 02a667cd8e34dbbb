#include "netlist/hspice_dialect.hpp"

#include "base/text.hpp"
#include "netlist/line.hpp"

namespace memspice::netlist {

std::string HspiceDialect::analysis(const circuit::Analysis& analysis) const {
  constexpr double kKelvinAtZeroCelsius = 273.15;
  constexpr double kLeastResistance = 1e-15;  // HSPICE's own, 1e-5 Ohm, would replace short wires
  const circuit::Accuracy& accuracy = analysis.accuracy;
  const auto steps = static_cast<double>(accuracy.iterations);
  Line options(".option");
  options.add("reltol", accuracy.reltol).add("abstol", accuracy.abstol);
  options.add("vntol", accuracy.vntol).add("gmin", accuracy.gmin).add("gmindc", accuracy.gmin);
  options.add("itl1", steps).add("itl2", steps).add("itl4", steps);
  options.add("resmin", kLeastResistance).add("numdgt=10").add("ingold=2");
  const auto* transient = std::get_if<circuit::Transient>(&analysis.type);
  if (transient != nullptr && transient->max_step > 0) options.add("delmax", transient->max_step);
  std::string text = options.str();
  text += ".temp " + to_text_rounded(analysis.temperature - kKelvinAtZeroCelsius, 10) + "\n";
  if (transient == nullptr) return text + ".dc data=stimuli\n";
  Line line(".tran");
  line.add(transient->step).add(transient->stop);
  if (transient->use_initial_conditions) line.add("uic");
  return text + line.str();
}

std::string HspiceDialect::output(const circuit::Analysis& analysis,
                                  const std::vector<std::string>& vectors,
                                  bool) const {
  const bool is_sweep = std::holds_alternative<circuit::StimulusSweep>(analysis.type);
  Line print(is_sweep ? ".print dc" : ".print tran");
  for (const std::string& vector : vectors) print.add(vector);
  return print.str();
}

}  // namespace memspice::netlist
