#pragma once
// Where ngspice finds the operating point of a network of op-amps, which it does not find by
// itself: its loops are many, and of high gain. Stage after stage is solved alone, driven by what
// the stages before gave; together these voltages lie within the load of one stage by the next of
// the whole circuit's own.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.hpp"
#include "synthesis/network_circuit.hpp"

namespace memspice::periphery {

/// Every net's voltage [V], named as ngspice names it in the circuit of all stages: what
/// circuit::Analysis::start takes. `sources` as build_network_circuit's, of which the first
/// stimulus counts. Throws RunError naming the stage that ngspice does not solve.
std::vector<std::pair<std::string, double>> solve_stages(
    const synthesis::NetworkStages& network,
    const std::map<int, Eigen::MatrixXd>& sources,
    const synthesis::ArrayMake& arrays,
    const device::AnalogFigures& figures,
    engine::Engine& engine);

}  // namespace memspice::periphery
