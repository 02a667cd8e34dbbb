#pragma once
// The table of a measured cell (device/current_table.hpp) as a memristor whose state rests:
// x runs from the lowest state, 0, to the highest, 1, linear in G.

#include <memory>

#include "device/current_table.hpp"
#include "device/memristor.hpp"

namespace memspice::device {

class TableMemristor final : public Memristor {
 public:
  static constexpr std::string_view kName = "table";
  /// `G`: where it rests [S], within the window of the table.
  TableMemristor(std::shared_ptr<const TableCurrents> currents, double G)
      : Memristor((G - currents->window().g_min) / currents->window().width()),
        currents_(std::move(currents)) {}

  std::string_view name() const noexcept override { return kName; }
  double current(double v, double x) const noexcept override { return currents_->current(G(x), v); }
  double conductance(double v, double x) const noexcept override {
    return currents_->conductance(G(x), v);
  }
  double state_rate(double, double) const noexcept override { return 0.0; }

 private:
  double G(double x) const noexcept {
    return currents_->window().g_min + currents_->window().width() * x;
  }

  std::shared_ptr<const TableCurrents> currents_;
};

}  // namespace memspice::device
