#include "cli/solve_command.hpp"
#include "config/own_cell.hpp"
#include "crossbar/table_law.hpp"
#include "device/static_memristor.hpp"

namespace memspice::cli {

void read_cells(const std::string& card, SolveTask& task) {
  if (card.empty()) return;
  const std::string model = config::is_card_path(card)
                                ? config::model_of_card(card)
                                : std::string(device::StaticMemristor::kName);
  if (model == device::StaticMemristor::kName) {
    task.bench.alpha = config::load_read_card(model, card).alpha.value;
    return;
  }
  task.cell = std::make_shared<const tile::OwnCell>(config::load_own_cell(model, card));
  if (const auto currents = config::load_model_card(model, card).currents) {
    task.law = std::make_shared<const crossbar::TableLaw>(currents);
  }
}

}  // namespace memspice::cli
