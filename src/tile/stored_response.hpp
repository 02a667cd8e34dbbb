#pragma once
// Exact linear responses through the store.

#include <Eigen/Core>
#include <vector>

#include "crossbar/crossbar.hpp"
#include "tile/store.hpp"
#include "tile/stored_engine.hpp"

namespace memspice::tile {

/// G_eff: n_word_lines x n_bit_lines [S] of crossbar::solve_response, from the store when the same
/// cells with the same wiring were solved before, bit for bit. Null `store`, or an array so small
/// that solving is as quick as looking up (is_worth_storing): computed, which counts as a miss.
/// Adds to `use` unless it is null. Throws RunError when the solver did not converge; such a result
/// is never kept.
Eigen::MatrixXd stored_response(Store* store,
                                const Eigen::MatrixXd& G,
                                const crossbar::Wiring& wiring,
                                StoreUse* use = nullptr);

/// Those of many arrays.
struct StoredResponses {
  std::vector<Eigen::MatrixXd> G_eff;  ///< one per array, in order [S]
  StoreUse use;
};

/// Whether an array's response is looked up and kept at all.
bool is_worth_storing(Eigen::Index n_word_lines, Eigen::Index n_bit_lines);

/// The key of an array's row: SHA-256 over the shape, the cells' and the wiring's bytes.
std::string response_key(const Eigen::MatrixXd& G, const crossbar::Wiring& wiring);

}  // namespace memspice::tile
