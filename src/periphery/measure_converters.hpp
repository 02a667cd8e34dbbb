#pragma once
// Converters' levels as ngspice has them, of whole circuits: every code of a DAC, every decision of
// a SAR front end.

#include <span>
#include <vector>

#include "device/analog_figures.hpp"
#include "engine/engine.hpp"
#include "synthesis/ladder.hpp"

namespace memspice::periphery {

/// What each DAC gives for its codes [V], one deck a DAC. Throws InputError as build_dac does,
/// RunError naming the circuit when ngspice fails.
std::vector<Eigen::VectorXd> measure_dacs(std::span<const synthesis::ConverterSpec> specs,
                                          const device::AnalogFigures& figures,
                                          engine::Engine& engine);

/// Where each ADC's codes 1 .. 2^bits - 1 begin [V], as synthesis::solve_sar has them: the input at
/// which the comparator turns is bisected for all codes at once, a deck a front end and step, until
/// its amplifier is linear between the ends; there a straight line is left.
std::vector<Eigen::VectorXd> measure_sars(std::span<const synthesis::ConverterSpec> specs,
                                          const device::AnalogFigures& figures,
                                          engine::Engine& engine);

}  // namespace memspice::periphery
