#include "crossbar/response.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/blas.hpp"
#include "base/random.hpp"
#include "base/stopwatch.hpp"
#include "crossbar/array_circuit.hpp"
#include "crossbar/contrast.hpp"
#include "crossbar/dissection.hpp"
#include "crossbar/ladder.hpp"
#include "crossbar/operation.hpp"
#include "crossbar/solvable.hpp"

namespace memspice::crossbar {
namespace {

constexpr double kNotEvaluated = std::numeric_limits<double>::quiet_NaN();

/// The general way: one sparse factorisation, one unit input per word line.
Response sparse_response(const Array& array, const Eigen::MatrixXd& G, const std::string& why) {
  const Eigen::MatrixXd unit =
      effective_inputs(array, Eigen::MatrixXd::Identity(G.rows(), G.rows()));
  Response response{Eigen::MatrixXd(G.rows(), G.cols()), {}};
  Operation operation = make_operation(array, 1, {});
  const auto read_out = [&](Eigen::Index i, const NodeOffsets& offsets) {
    const Eigen::MatrixXd I = cell_currents(G, OhmicLaw(), unit.col(i), offsets);
    fill_vector(operation, 0, array, I, unit.col(i), offsets);
    response.G_eff.row(i) = operation.current.col(0).transpose();
  };
  response.summary.residual = solve_sparse(array, G, unit, read_out);
  response.summary.message = "sparse Cholesky: " + why;
  return response;
}

/// Lines without any terminal carry no current, whatever kept the elimination regular.
void clear_open_lines(const Array& array, Eigen::MatrixXd& G_eff) {
  for (Eigen::Index i = 0; i < G_eff.rows(); ++i) {
    if (!array.is_driven(i)) G_eff.row(i).setZero();
  }
  for (Eigen::Index j = 0; j < G_eff.cols(); ++j) {
    if (!array.is_sensed(j)) G_eff.col(j).setZero();
  }
}

/// The same array read the other way: driven where it was sensed. By reciprocity its response is
/// the transposed one.
Wiring transposed(const Wiring& wiring) {
  const bool is_left = wiring.drive_side == WordLineSide::Left;
  const bool is_bottom = wiring.sense_side == BitLineSide::Bottom;
  return {.row = wiring.column,
          .column = wiring.row,
          .driver = wiring.sense,
          .sense = wiring.driver,
          .drive_side = wiring.sense_side == BitLineSide::Both ? WordLineSide::Both
                        : is_bottom                            ? WordLineSide::Right
                                                               : WordLineSide::Left,
          .sense_side = wiring.drive_side == WordLineSide::Both ? BitLineSide::Both
                        : is_left                               ? BitLineSide::Top
                                                                : BitLineSide::Bottom,
          .driver_per_line = wiring.sense_per_line,
          .sense_per_line = wiring.driver_per_line};
}

/// Whether matrices as large as the square of the long side would be all but empty and too large.
bool is_narrow(Eigen::Index rows, Eigen::Index columns) {
  constexpr Eigen::Index longest_dense = 2048;  // five square matrices of 32 MiB
  constexpr Eigen::Index slimmest = 16;
  return std::max(rows, columns) > longest_dense &&
         std::max(rows, columns) / std::min(rows, columns) >= slimmest;
}

/// The lines of the short side driven one after the other: memory as for the array itself.
Response narrow_response(const Eigen::MatrixXd& G, const Wiring& wiring) {
  const bool is_flat = G.rows() <= G.cols();
  const Eigen::Index lines = std::min(G.rows(), G.cols());
  const Eigen::MatrixXd unit = Eigen::MatrixXd::Identity(lines, lines);
  Operation operation = is_flat ? solve_vectors(G, wiring, unit)
                                : solve_vectors(G.transpose(), transposed(wiring), unit);
  Response response{std::move(operation.current), std::move(operation.summary)};
  if (is_flat) response.G_eff.transposeInPlace();
  response.summary.message += ", the lines of the short side one by one";
  return response;
}

void require_finite(Response& response) {
  if (response.G_eff.allFinite()) return;
  response.summary.termination = Summary::Termination::NotConverged;
  response.summary.message += "; some result is no finite number";
}

Response dissection_response(const Array& array, const Eigen::MatrixXd& G) {
  std::optional<Eigen::MatrixXd> G_eff = dissect(make_grid(array, G));
  if (!G_eff) return sparse_response(array, G, "a pivot of the dissection was not positive");
  Response response{std::move(*G_eff), {}};
  clear_open_lines(array, response.G_eff);
  response.summary.message = "nested dissection";
  response.summary.residual = kNotEvaluated;
  return response;
}

Response ideal_response(const Array& array, const Eigen::MatrixXd& G) {
  Response response{ideal_wire_response(array, G), {}};
  response.summary.message = "ideal wires: one node per line";
  response.summary.residual = kNotEvaluated;
  return response;
}

Response respond(const Array& array, const Eigen::MatrixXd& G, const Wiring& wiring) {
  if (is_narrow(G.rows(), G.cols())) return narrow_response(G, wiring);
  if (has_ideal_wire(array)) return ideal_response(array, G);
  if (wiring.row == 0.0 || wiring.column == 0.0) {
    return sparse_response(array, G, "ideal wires with open lines");
  }
  return dissection_response(array, G);
}

}  // namespace

double response_error(const Eigen::MatrixXd& G,
                      const Wiring& wiring,
                      const Eigen::MatrixXd& G_eff) {
  RandomStream stream(1, "crossbar/single_precision_probe");
  Eigen::MatrixXd V(G.rows(), 1);
  for (Eigen::Index i = 0; i < G.rows(); ++i) V(i, 0) = stream.uniform();
  const Operation exact = solve_vectors(G, wiring, V);
  const double scale = exact.current.norm();
  const double off = (G_eff.transpose() * V - exact.current).norm();
  return worse(scale > 0.0 ? off / scale : off, exact.summary.residual);
}

Response solve_response(const Eigen::MatrixXd& G, const Wiring& wiring) {
  wiring.validate("wiring");
  validate_conductances(G);
  pin_blas_to_one_thread();
  const Stopwatch stopwatch;
  const Array array = resolve_array(G.rows(), G.cols(), wiring);
  require_contrast(array, G);
  Response response = respond(array, G, wiring);
  require_finite(response);
  response.summary.seconds = stopwatch.seconds();
  return response;
}

}  // namespace memspice::crossbar
