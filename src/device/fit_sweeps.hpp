#pragma once
// The static read law out of read sweeps.
//
//   I = G sinh(alpha v) / alpha      G of each sweep, alpha of all
//
// A sweep is what has one state, device and cycle. G of each follows from alpha by linear least
// squares (variable projection: Golub, Pereyra, SIAM J. Numer. Anal. 10 (1973) 413), which leaves
// one parameter, q = (alpha v_max)^2: unlike alpha it has a slope where the sweeps are straight,
// and may come out below zero by chance. Its standard error is that of J with unequal noise of the
// points (HC3: MacKinnon, White, J. Econometrics 29 (1985) 305), so that noise which grows with the
// current does no harm. Every sweep counts as much as any other.
// Whether alpha changes with G: q = q_0 + q_1 ln(G / G_mean), q_1 by Student's t.

#include "device/device_fit.hpp"
#include "device/measurement.hpp"

namespace memspice::device {

/// A measurement of kind ReadSweeps: alpha, and with several states the window and its levels, with
/// repeats the spread. Throws InputError for a sweep of fewer than three points, or at 0 V alone.
DeviceFit fit_sweeps(const ColumnTable& table);

}  // namespace memspice::device
