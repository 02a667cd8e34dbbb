#pragma once
// memspice solve: one crossbar, by memspice's own solver or by ngspice.

#include <Eigen/Core>
#include <memory>
#include <optional>
#include <string>

#include "config/bench_options.hpp"
#include "crossbar/cell_law.hpp"
#include "crossbar/crossbar.hpp"
#include "tile/certificate.hpp"
#include "tile/own_cell.hpp"

namespace memspice::cli {

/// One array and what to ask of it.
struct SolveTask {
  Eigen::MatrixXd G;  ///< n_word_lines x n_bit_lines [S]
  Eigen::MatrixXd V;  ///< n_word_lines x n_vectors [V]; empty when only the response is asked for
  config::BenchOptions bench;
  std::shared_ptr<const tile::OwnCell> cell = {};     ///< of a card that ngspice runs
  std::shared_ptr<const crossbar::CellLaw> law = {};  ///< of a card whose law we know
  bool response = false;
  bool node_voltages = false;
};

struct SolveAnswer {
  Eigen::MatrixXd values;         ///< n_vectors x n_bit_lines [A], or the response, n x m [S]
  crossbar::Operation operation;  ///< node voltages and power where the mesh solver gave them
  double seconds = 0.0;           ///< of the solve alone
  int iterations = 0;
  std::optional<double> residual;                ///< the mesh solver's; ngspice tells none
  std::string engine;                            ///< "mesh", "ngspice-39"
  std::string method;                            ///< which way was taken and why
  std::optional<tile::Certificate> certificate;  ///< of --certificate
};

/// Gives the task the cells of a card: the read model's curvature, a table, or a subcircuit of
/// one's own with a table [read]. Empty: none. Throws InputError as the cards' readers do.
void read_cells(const std::string& card, SolveTask& task);

/// Rows `vector, word line, bit line, word-line voltage, bit-line voltage`, counted from 0.
std::string format_nodes(const crossbar::Operation& operation);
/// What was solved, how fast and how well, for people.
std::string describe_solve(const SolveTask& task, const SolveAnswer& answer);

/// Throws RunError when the iteration did not converge.
SolveAnswer solve_by_mesh(const SolveTask& task);
/// Throws RunError when ngspice failed.
SolveAnswer solve_by_ngspice(const SolveTask& task);
/// By ngspice with every node held (tile/pinned_solver.hpp), no node voltages. Throws RunError when
/// ngspice failed or no correction brought the bound down.
SolveAnswer solve_with_certificate(const SolveTask& task);

}  // namespace memspice::cli
