#include "device/memristor.hpp"

#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "device/linear_ion_drift.hpp"
#include "device/stanford_rram.hpp"
#include "device/static_memristor.hpp"
#include "device/team.hpp"
#include "device/threshold.hpp"
#include "device/yakopcic.hpp"

namespace memspice::device {
namespace {

struct Model {
  std::string_view name;
  ParameterTable (*parameters)();
  std::unique_ptr<Memristor> (*make)(const MemristorCard&);
};

template <typename Class>
constexpr Model model() {
  return {Class::kName, &Class::parameters, [](const MemristorCard& card) {
            return std::unique_ptr<Memristor>(std::make_unique<Class>(card));
          }};
}

// The one list of models: a new one is a class, a line here, a card, a subcircuit and a test.
constexpr Model kModels[] = {model<LinearIonDrift>(),
                             model<Team>(),
                             model<Vteam>(),
                             model<Yakopcic>(),
                             model<Threshold>(),
                             model<StanfordRram>(),
                             model<StaticMemristor>()};

const Model& find_model(const std::string& name) {
  for (const Model& model : kModels) {
    if (model.name == name) return model;
  }
  throw InputError({.place = "model",
                    .value = '"' + name + '"',
                    .rule = "is no memristor model with a C++ class",
                    .remedy = suggest(name, memristor_models())});
}

}  // namespace

std::vector<std::string> memristor_models() {
  std::vector<std::string> names;
  for (const Model& model : kModels) names.emplace_back(model.name);
  return names;
}

ParameterTable parameter_table(const std::string& model) {
  return find_model(model).parameters();
}

std::unique_ptr<Memristor> make_memristor(const MemristorCard& card) {
  const Model& model = find_model(card.model);
  return model.make(complete_card(card, model.parameters()));
}

double Memristor::state_of(double G) const {
  const double at_0 = conductance_of(0.0) - G;
  const double at_1 = conductance_of(1.0) - G;
  if (at_0 == 0.0) return 0.0;
  if (at_1 == 0.0) return 1.0;
  if (!(at_0 * at_1 < 0.0)) {
    throw InputError({.place = std::string(name()),
                      .value = to_text(G) + " S",
                      .rule = "is no conductance between " + to_text(conductance_of(0.0)) +
                              " S and " + to_text(conductance_of(1.0)) + " S",
                      .remedy = "choose a conductance that the card reaches"});
  }
  std::uintmax_t iterations = 200;
  const auto [low, high] =
      boost::math::tools::toms748_solve([&](double x) { return conductance_of(x) - G; },
                                        0.0,
                                        1.0,
                                        at_0,
                                        at_1,
                                        boost::math::tools::eps_tolerance<double>(50),
                                        iterations);
  return 0.5 * (low + high);
}

}  // namespace memspice::device
