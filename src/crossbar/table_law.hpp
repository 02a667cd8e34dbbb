#pragma once

#include <memory>

#include "crossbar/cell_law.hpp"
#include "device/current_table.hpp"

namespace memspice::crossbar {

/// Cells of a measured table: I(G, v) of device/current_table.hpp. It rises with v.
class TableLaw final : public CellLaw {
 public:
  explicit TableLaw(std::shared_ptr<const device::TableCurrents> currents)
      : currents_(std::move(currents)) {}
  void evaluate(std::span<const double> G,
                std::span<const double> v,
                std::span<double> I,
                std::span<double> slope) const override;

 private:
  std::shared_ptr<const device::TableCurrents> currents_;
};

}  // namespace memspice::crossbar
