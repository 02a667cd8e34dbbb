#pragma once
// ngspice 45.2 out of npm's eecircuit-engine, run by node, as an engine among others.

#include <string>

#include "engine/engine.hpp"

namespace memspice::test {

class WasmNgspice final : public engine::Engine {
 public:
  enum class Solver { Klu, Sparse };

  /// packages: a folder in which npm has installed eecircuit-engine.
  WasmNgspice(std::string packages, Solver solver)
      : packages_(std::move(packages)), solver_(solver) {}

  std::string version() override { return "ngspice-45.2"; }
  /// One process for all decks; Summary::seconds is processor time.
  std::vector<engine::Waveforms> run_all(std::span<const netlist::Deck> decks,
                                         const engine::OnDone& on_done) override;

 private:
  std::string packages_;
  Solver solver_;
};

}  // namespace memspice::test
