#pragma once
// An array under write pulses in ngspice whose nodes are held: the counterpart of
// synthesis/program_bench.hpp at a cost that is linear in the cells (synthesis/pinned_pulse.hpp).

#include <memory>

#include "crossbar/pulsed_array.hpp"
#include "synthesis/pinned_pulse.hpp"

namespace memspice::synthesis {

/// What holds over all pulses so far: the worst bounds, and sums.
struct WritingCertificate : PulseCertificate {
  long pulses = 0;
  long most_corrections = 0;  ///< of one pulse
};

/// Where `apply` fails, or throws as throw_if_lost does, no state has moved.
class PinnedArray : public crossbar::PulsedArray {
 public:
  virtual const WritingCertificate& certificate() const = 0;
};

/// Two engines, for a worker that runs a transient forgets the cells that it holds.
struct PinnedEngines {
  engine::Engine& transients;
  engine::Engine& held;
};

/// x: states, n_word_lines x n_bit_lines. `cell`, `spec.cell` (its law, for first guesses and
/// slopes) and the engines must outlive it. Throws InputError for a cell that keeps more than one
/// state.
std::unique_ptr<PinnedArray> make_pinned_array(const DynamicCell& cell,
                                               const crossbar::PulsedArraySpec& spec,
                                               const Eigen::MatrixXd& x,
                                               const PinnedEngines& engines,
                                               const PinnedPulseOptions& options = {});

}  // namespace memspice::synthesis
