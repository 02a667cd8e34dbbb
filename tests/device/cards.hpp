#pragma once
// The figures of the shipped cards as plain numbers: tests of the models need no TOML.

#include <map>
#include <string>

#include "device/memristor_card.hpp"

namespace memspice::test {

inline device::MemristorCard card_of(const std::string& model) {
  using Values = std::map<std::string, double>;
  static const std::map<std::string, Values> kCards = {
      {"linear_ion_drift",
       {{"r_on", 100},
        {"r_off", 16e3},
        {"d", 1e-8},
        {"mobility", 1e-14},
        {"window", 2},
        {"p", 10},
        {"x_init", 0.3}}},
      {"team",
       {{"r_on", 100},
        {"r_off", 20e3},
        {"w_on", 0},
        {"w_off", 3e-9},
        {"k_on", -1e-8},
        {"k_off", 1e-8},
        {"i_on", -1e-5},
        {"i_off", 1e-5},
        {"alpha_on", 3},
        {"alpha_off", 3},
        {"iv", 0},
        {"window", 0},
        {"x_init", 0.1}}},
      {"vteam",
       {{"r_on", 50},
        {"r_off", 1e3},
        {"w_on", 0},
        {"w_off", 3e-9},
        {"k_on", -10},
        {"k_off", 5e-4},
        {"v_on", -0.2},
        {"v_off", 0.02},
        {"alpha_on", 3},
        {"alpha_off", 1},
        {"iv", 0},
        {"window", 0},
        {"x_init", 0.5}}},
      {"yakopcic",
       {{"a_1", 0.17},
        {"a_2", 0.17},
        {"b", 0.05},
        {"v_p", 0.16},
        {"v_n", 0.15},
        {"speed_p", 4000},
        {"speed_n", 4000},
        {"x_p", 0.3},
        {"x_n", 0.5},
        {"alpha_p", 1},
        {"alpha_n", 5},
        {"eta", 1},
        {"x_init", 0.11}}},
      {"threshold",
       {{"r_on", 1e3},
        {"r_off", 1e4},
        {"v_t", 4.6},
        {"alpha", 0},
        {"beta", 1e13},
        {"x_init", 0.5}}},
      {"stanford_rram",
       {{"i_0", 1e-3},
        {"g_0", 0.25e-9},
        {"v_0", 0.25},
        {"speed", 10},
        {"e_a", 0.6},
        {"gamma_0", 16},
        {"beta", 0.8},
        {"g_1", 1e-9},
        {"a_0", 0.25e-9},
        {"l", 12e-9},
        {"t_0", 298},
        {"r_th", 2100},
        {"gap_min", 0.2e-9},
        {"gap_max", 1.7e-9},
        {"x_init", 0.1}}},
      {"static_read", {{"g_min", 2e-6}, {"g_max", 20e-6}, {"alpha", 2.5}}}};
  device::MemristorCard card{.model = model, .name = "test"};
  for (const auto& [name, value] : kCards.at(model)) {
    card.parameters[name] = {.value = value, .source = "test"};
  }
  return card;
}

}  // namespace memspice::test
