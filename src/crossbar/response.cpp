#include "crossbar/response.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "base/blas.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "crossbar/array_circuit.hpp"
#include "crossbar/contrast.hpp"
#include "crossbar/dissection.hpp"
#include "crossbar/ladder.hpp"
#include "crossbar/operation.hpp"
#include "crossbar/solvable.hpp"

namespace memspice::crossbar {
namespace {

constexpr double kNotEvaluated = std::numeric_limits<double>::quiet_NaN();

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

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

/// Arrays of one size that go through the dissection together.
struct Batch {
  std::vector<std::size_t> members;  ///< indices into the caller's arrays
};

template <class Scalar>
void dissect_batch(const Batch& batch,
                   const std::vector<Eigen::MatrixXd>& G,
                   const Array& array,
                   std::vector<Response>& responses) {
  std::vector<Grid> grids;
  for (const std::size_t k : batch.members) grids.push_back(make_grid(array, G[k]));
  std::vector<int> failed;
  std::vector<Eigen::MatrixXd> found = dissect<Scalar>(grids, failed);
  for (std::size_t k = 0; k < batch.members.size(); ++k) {
    Response& response = responses[batch.members[k]];
    response.G_eff = std::move(found[k]);
    clear_open_lines(array, response.G_eff);
    response.summary.residual = kNotEvaluated;
    response.summary.message = sizeof(Scalar) == sizeof(double)
                                   ? "nested dissection"
                                   : "nested dissection in single precision";
  }
  for (const int k : failed) {
    const std::size_t member = batch.members[static_cast<std::size_t>(k)];
    responses[member] =
        sparse_response(array, G[member], "a pivot of the dissection was not positive");
  }
}

void solve_batch(const Batch& batch,
                 const std::vector<Eigen::MatrixXd>& G,
                 const Wiring& wiring,
                 const ResponseOptions& options,
                 std::vector<Response>& responses) {
  const auto start = std::chrono::steady_clock::now();
  const Eigen::MatrixXd& first = G[batch.members.front()];
  const Array array = resolve_array(first.rows(), first.cols(), wiring);
  for (const std::size_t k : batch.members) require_contrast(array, G[k]);
  const bool single = options.precision == Precision::Single;
  if (is_narrow(first.rows(), first.cols())) {
    for (const std::size_t k : batch.members) responses[k] = narrow_response(G[k], wiring);
  } else if (has_ideal_wire(array)) {
    for (const std::size_t k : batch.members) {
      responses[k].G_eff = ideal_wire_response(array, G[k]);
      responses[k].summary.message = "ideal wires: one node per line";
      responses[k].summary.residual = kNotEvaluated;
    }
  } else if (wiring.row == 0.0 || wiring.column == 0.0) {
    for (const std::size_t k : batch.members) {
      responses[k] = sparse_response(array, G[k], "ideal wires with open lines");
    }
  } else if (single) {
    dissect_batch<float>(batch, G, array, responses);
    for (const std::size_t k : batch.members) {
      responses[k].summary.residual = response_error(G[k], wiring, responses[k].G_eff);
    }
  } else {
    dissect_batch<double>(batch, G, array, responses);
  }
  for (const std::size_t k : batch.members) require_finite(responses[k]);
  const double seconds = seconds_since(start) / static_cast<double>(batch.members.size());
  for (const std::size_t k : batch.members) responses[k].summary.seconds = seconds;
}

/// Batches of one size, large enough to fill the lanes and small enough to stay in the cache.
std::vector<Batch> make_batches(const std::vector<Eigen::MatrixXd>& G) {
  constexpr Eigen::Index most_cells = 1 << 17;
  std::map<std::pair<Eigen::Index, Eigen::Index>, std::vector<std::size_t>> by_size;
  for (std::size_t k = 0; k < G.size(); ++k) by_size[{G[k].rows(), G[k].cols()}].push_back(k);
  std::vector<Batch> batches;
  for (const auto& [size, members] : by_size) {
    const auto most = static_cast<std::size_t>(
        std::max<Eigen::Index>(1, most_cells / (size.first * size.second)));
    for (std::size_t k = 0; k < members.size(); k += most) {
      const std::size_t end = std::min(members.size(), k + most);
      batches.push_back({{members.begin() + static_cast<std::ptrdiff_t>(k),
                          members.begin() + static_cast<std::ptrdiff_t>(end)}});
    }
  }
  return batches;
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

std::vector<Response> solve_responses(const std::vector<Eigen::MatrixXd>& G,
                                      const Wiring& wiring,
                                      const ResponseOptions& options) {
  wiring.validate("wiring");
  for (const Eigen::MatrixXd& cells : G) validate_conductances(cells);
  pin_blas_to_one_thread();
  std::vector<Response> responses(G.size());
  const std::vector<Batch> batches = make_batches(G);
  parallel_for(options.jobs, batches.size(), [&](std::size_t k) {
    solve_batch(batches[k], G, wiring, options, responses);
  });
  return responses;
}

Response solve_response(const Eigen::MatrixXd& G, const Wiring& wiring) {
  return std::move(solve_responses({G}, wiring).front());
}

}  // namespace memspice::crossbar
