#pragma once
// What gates and attention take beside the crossbars: counts, and their energy and time on a
// digital unit.

#include "spectral/digital_cost.hpp"
#include "study/study.hpp"

namespace memspice::study {

struct SequenceWorkOptions {
  spectral::DigitalCard card = {};
  int lanes = 1;  ///< of the digital unit
};

/// Nothing for a network without recurrence and attention.
std::unique_ptr<const Study> make_sequence_work_study(SequenceWorkOptions options);

}  // namespace memspice::study
