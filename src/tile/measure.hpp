#pragma once
// Tiles put to ngspice, with every node held or as one circuit each (tile/spice_method.hpp).

#include <Eigen/Core>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "tile/array.hpp"
#include "tile/certificate.hpp"
#include "tile/stored_pinned.hpp"

namespace memspice::tile {

/// ngspice as tiles are asked through it; what it points at outlives it.
struct Spice {
  engine::Engine* engine = nullptr;  ///< whole circuits; null where nothing needs ngspice
  StoredPinned* pinned = nullptr;    ///< null: tiles are asked as whole circuits as well

  /// "ngspice-39"
  std::string version() const { return pinned != nullptr ? pinned->version() : engine->version(); }
};

/// One tile and its inputs.
struct TileQuestion {
  std::string name;
  Eigen::MatrixXd G;  ///< in the plan's form [S]
  Eigen::MatrixXd V;  ///< word lines x vectors [V]
};

struct TileAnswer {
  Eigen::MatrixXd I;        ///< the array's bit lines x vectors [A]; empty on failure
  std::string deck_sha256;  ///< of the tile as one circuit, however it was asked
  std::optional<Certificate> certificate = {};  ///< of a pinned answer
  engine::Summary summary;
};

/// Called as each question ends, one call at a time, with its index.
using OnAnswer = std::function<void(std::size_t)>;

/// Answer k belongs to question k. A tile that fails has a summary that says so. What is done is in
/// the store at once: of pinned tiles some at a time, so that memory holds them. Throws RunError
/// for a cell whose state is not the one that its conductance needs, Interrupted after Ctrl-C.
std::vector<TileAnswer> measure(std::span<const TileQuestion> questions,
                                const Array& array,
                                const Spice& spice,
                                const OnAnswer& on_answer = {});

/// A tile as one circuit.
netlist::Deck deck_of(const TileQuestion& question, const Array& array);

}  // namespace memspice::tile
