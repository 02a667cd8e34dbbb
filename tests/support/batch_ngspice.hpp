#pragma once
// Stock `ngspice -b` as a user has it: a process, a deck file, a raw file of doubles.

#include <Eigen/Core>
#include <string>

#include "netlist/deck.hpp"

namespace memspice::test {

/// "v_name#branch" stands in a raw file as "i(v_name)", "net" as "v(net)", "time" as it is.
std::string raw_name(const std::string& vector);

/// Runs the deck through `ngspice -b -r` and returns points x probes in the deck's order. Fails
/// the running test, with ngspice's own words, when there is no ngspice or no complete result.
Eigen::MatrixXd run_batch_ngspice(const netlist::Deck& deck);

/// What `ngspice -b` prints for the deck.
std::string print_batch_ngspice(const netlist::Deck& deck);

}  // namespace memspice::test
