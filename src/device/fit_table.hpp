#pragma once

#include "device/device_fit.hpp"
#include "device/measurement.hpp"

namespace memspice::device {

/// The table of a cell out of read sweeps (device/current_table.hpp): per state and voltage the
/// mean over devices and cycles; where noise lets it fall from one voltage to the next, the least
/// change that keeps it from falling (pooled neighbours; Ayer et al., Ann. Math. Stat. 26 (1955)
/// 641). What flows at 0 V is taken off as the instrument's. Throws InputError where a state lacks
/// a voltage that another one has, and as TableCurrents does.
DeviceFit fit_table(const ColumnTable& table);

}  // namespace memspice::device
