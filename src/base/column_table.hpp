#pragma once
// Tables of readings as people keep them: comma-separated columns, each headed by name and unit.
//
//   voltage_mV,current_uA      voltage [mV],current (uA)      # time_s,voltage_v,current_a
//
// The first row that is not all numbers heads the columns, else the last `#` comment above the
// first row of numbers.

#include <Eigen/Core>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"

namespace memspice {

/// What a column may hold.
struct ColumnKind {
  std::string name;                        ///< "voltage"
  Unit unit = Unit::None;                  ///< that its heading must name; None: a plain number
  std::vector<std::string> synonyms = {};  ///< in lower case: "v", "bias"
};

class ColumnTable {
 public:
  /// `headings`: instead of those of the text; empty: its own. Throws InputError naming
  /// place:line, and the column, for a heading without unit or with a foreign one, a quantity that
  /// stands twice, no headings, a ragged row, a field that is no finite number.
  ColumnTable(std::string_view text,
              std::string place,
              const std::vector<ColumnKind>& kinds,
              std::string_view headings = {});

  bool has(const std::string& kind) const { return columns_.contains(kind); }
  /// One value per row [SI]; precondition: has(kind).
  const Eigen::VectorXd& at(const std::string& kind) const { return columns_.at(kind); }
  Eigen::Index rows() const noexcept { return static_cast<Eigen::Index>(lines_.size()); }

  const std::string& place() const noexcept { return place_; }
  std::string place_of(Eigen::Index row) const;  ///< "data.csv:12"
  /// Headings that name none of the kinds, as written.
  const std::vector<std::string>& unused() const noexcept { return unused_; }
  /// Of all columns, as written.
  const std::vector<std::string>& headings() const noexcept { return headings_; }

 private:
  std::string place_;
  std::map<std::string, Eigen::VectorXd> columns_;
  std::vector<std::size_t> lines_;  ///< of the file, per row
  std::vector<std::string> headings_, unused_;
};

/// The same from a file.
ColumnTable read_columns(const std::filesystem::path& path,
                         const std::vector<ColumnKind>& kinds,
                         std::string_view headings = {});

}  // namespace memspice
