#pragma once
// Circuits that stay loaded in one ngspice and are evaluated at voltages from outside.

#include <string>
#include <unordered_map>
#include <vector>

#include "engine/ngspice_library.hpp"
#include "engine/pinned.hpp"

namespace memspice::engine {

/// ngspice numbers its circuits from the newest, so that this class must know all that are loaded.
class ResidentCircuits {
 public:
  /// `library` must outlive it.
  explicit ResidentCircuits(NgspiceLibrary& library) : library_(library) {}

  /// See NgspiceSession::evaluate.
  PinnedCurrents evaluate(const PinnedPoints& points);
  void forget(const std::string& key);
  void forget_all();

  /// Whether ngspice may hold a circuit that is not known here.
  bool lost() const noexcept { return lost_; }

 private:
  Diagnosis make_current(const PinnedDeck& deck);
  Diagnosis load(const PinnedDeck& deck);
  Diagnosis sweep(const PinnedPoints& points, Eigen::MatrixXd& I);
  void select(std::size_t at);

  NgspiceLibrary& library_;
  std::vector<std::string> keys_;  ///< oldest first
  bool lost_ = false;
};

}  // namespace memspice::engine
