#include "device/switching_start.hpp"

#include <algorithm>

namespace memspice::device {
namespace {

constexpr const char* kGiven = "given by --set";

}  // namespace

MemristorCard SwitchingStart::card_at(const Eigen::VectorXd& p) const {
  NamedValues values;
  for (std::size_t k = 0; k < free.size(); ++k) {
    values[free[k].name] = p(static_cast<Eigen::Index>(k));
  }
  for (const SearchCoordinates& one : coordinates) {
    one.to_card(values);
    for (const FreeParameter& parameter : one.of_search) values.erase(parameter.name);
  }
  MemristorCard card = held;
  for (const auto& [name, value] : values) card.parameters[name] = {.value = value, .source = {}};
  for (const auto& [name, to] : tied) card.parameters[name].value = card.parameters[to].value;
  return card;
}

SwitchingStart SwitchingStart::in_card_parameters(const Eigen::VectorXd& p) const {
  const MemristorCard card = card_at(p);
  SwitchingStart start = *this;
  for (const SearchCoordinates& one : coordinates) {
    for (const FreeParameter& parameter : one.of_search) {
      std::erase_if(start.free, [&](const auto& other) { return other.name == parameter.name; });
    }
    start.free.insert(start.free.end(), one.of_card.begin(), one.of_card.end());
  }
  start.coordinates.clear();
  for (FreeParameter& parameter : start.free) {
    parameter.start = card.parameters.at(parameter.name).value;
  }
  return start;
}

StartBuilder::StartBuilder(std::string_view model, const NamedValues& given) : given_(given) {
  start_.held.model = model;
}

void StartBuilder::free(const FreeParameter& parameter) {
  if (!is_given(parameter.name)) start_.free.push_back(parameter);
}

void StartBuilder::hold(const std::string& name, double value, const std::string& why) {
  if (!is_given(name)) start_.held.parameters[name] = {.value = value, .source = why};
}

void StartBuilder::free_if(bool is_told, const FreeParameter& parameter, const std::string& why) {
  if (is_told) {
    free(parameter);
  } else {
    hold(parameter.name, parameter.start, why);
  }
}

void StartBuilder::tie(const std::string& name,
                       const std::string& to,
                       double value,
                       const std::string& why) {
  if (is_given(name)) return;
  hold(name, value, why);
  start_.tied[name] = to;
}

void StartBuilder::free_along(const SearchCoordinates& coordinates) {
  const auto& all = coordinates.of_card;
  if (std::ranges::any_of(all, [&](const auto& one) { return given_.contains(one.name); })) {
    for (const FreeParameter& one : all) free(one);
    return;
  }
  for (const FreeParameter& one : coordinates.of_search) free(one);
  start_.coordinates.push_back(coordinates);
}

bool StartBuilder::is_given(const std::string& name) {
  const auto at = given_.find(name);
  if (at == given_.end()) return false;
  start_.held.parameters[name] = {.value = at->second, .source = kGiven};
  return true;
}

double speed_of_one_switch(const Exposures& drive,
                           double sign,
                           const std::function<double(double)>& strength) {
  double sum = 0.0;
  for (Eigen::Index k = 0; k < drive.v.size(); ++k) {
    const double v = sign * drive.v(k);
    if (v > 0.0) sum += std::max(strength(v), 0.0) * drive.dt(k);
  }
  return sum > 0.0 ? 1.0 / sum : 1.0 / drive.dt.sum();
}

}  // namespace memspice::device
