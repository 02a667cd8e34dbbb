#pragma once
// What a technology offers to the analog circuits at an array's edges: supplies, an op-amp,
// transistors, diodes and passives, each with its source.

#include "device/technology_figure.hpp"

namespace memspice::device {

/// A two-stage op-amp as its macromodel (netlists/periphery/op_amp.sub) has it.
struct OpAmpFigures {
  Figure gain;               ///< open loop at DC [1]
  Figure gain_bandwidth;     ///< [Hz]
  Figure slew_rate;          ///< [V/s]
  Figure headroom;           ///< the output swings to this distance from either rail [V]
  Figure output_resistance;  ///< open loop [Ohm]
  Figure offset;             ///< input-referred [V]; circuits are built with +offset everywhere
  Figure quiescent_current;  ///< from vdd to vss [A]
};

/// SPICE level 1 (Shichman-Hodges) at the gate length that analog circuits use.
struct MosfetFigures {
  double threshold = 0.0;            ///< VTO [V]; below 0 for PMOS
  double transconductance = 0.0;     ///< KP [A/V^2]
  double modulation = 0.0;           ///< LAMBDA [1/V]
  double body_effect = 0.0;          ///< GAMMA [V^0.5]
  double surface_potential = 0.0;    ///< PHI [V]
  double length = 0.0;               ///< gate length that the figures hold for [m]
  double gate_capacitance = 0.0;     ///< per area [F/m^2]; becomes TOX
  double overlap_capacitance = 0.0;  ///< gate to drain and to source, per width [F/m]
  std::string source;
};

struct DiodeFigures {
  double saturation_current = 0.0;    ///< IS [A]
  double emission = 1.0;              ///< N [1]
  double series_resistance = 0.0;     ///< RS [Ohm]
  double junction_capacitance = 0.0;  ///< CJO [F]
  std::string source;
};

struct AnalogFigures {
  Figure vdd;     ///< positive supply [V]
  Figure vss;     ///< negative supply [V], below 0
  Figure signal;  ///< full-scale voltage of an activation: 1 in a block's own scale [V]
  OpAmpFigures op_amp;
  MosfetFigures nmos, pmos;
  DiodeFigures diode;
  Figure resistor;            ///< unit resistor of feedback and summing networks [Ohm]
  Figure hold_capacitor;      ///< of a sample-and-hold [F]
  Figure feedback_capacitor;  ///< across a transimpedance amplifier's resistor [F]
};

}  // namespace memspice::device
