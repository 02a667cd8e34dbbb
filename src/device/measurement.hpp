#pragma once
// What was measured on a device, told from the columns of its table.
//
//   iv           voltage, current [, state, device, cycle]      read sweeps below the threshold
//   programmed   target, conductance [, device, cycle]          what write-verify left
//   retention    time, conductance [, device]                   conductances that relax
//   spread       conductance, cycle or device [, state]         programmed again, and elsewhere
//   hysteresis   time, voltage, current                         sweeps that switch the device
//   pulses       amplitude, width, conductance [, pulse]        pulse trains, a read after each
//
// A resistance stands for its conductance, a voltage for the amplitude of a pulse. Columns that no
// kind knows are left out.

#include <string>
#include <string_view>
#include <vector>

#include "base/column_table.hpp"
#include "base/names.hpp"

namespace memspice::device {

enum class MeasurementKind { ReadSweeps, Programmed, Retention, Spread, Hysteresis, Pulses };
inline constexpr Names<6> kMeasurementNames{
    "iv", "programmed", "retention", "spread", "hysteresis", "pulses"};
constexpr bool is_switching(MeasurementKind kind) {
  return kind == MeasurementKind::Hysteresis || kind == MeasurementKind::Pulses;
}

struct Measurement {
  MeasurementKind kind = MeasurementKind::ReadSweeps;
  ColumnTable table;
};

/// Reads CSV text; `place` stands for its path in messages. `kind`: one of the names; empty: told
/// from the columns. `headings`: instead of the file's own, empty: those. Throws InputError as
/// ColumnTable does, and where the columns fit no kind, several, or not the one that was named.
Measurement read_measurement(std::string_view text,
                             const std::string& place,
                             const std::string& kind = {},
                             std::string_view headings = {});

/// Conductances, out of the column of that name or of resistances [S]; precondition: one is there.
/// Throws InputError at the row whose conductance is not above zero.
Eigen::VectorXd positive_conductances(const ColumnTable& table);

/// The column as numbers of groups 0, 1, ... in the order of their values; one group of all where
/// there is no such column.
struct Grouping {
  std::vector<double> values;  ///< of the column, per group, rising; empty: no such column
  std::vector<int> of_row;     ///< group of each row
  int size() const noexcept { return values.empty() ? 1 : static_cast<int>(values.size()); }
};
Grouping group_by(const ColumnTable& table, const std::string& column);

}  // namespace memspice::device
