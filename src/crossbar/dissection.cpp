#include "crossbar/dissection.hpp"

#include <array>
#include <map>
#include <memory>
#include <utility>

#include "crossbar/blas.hpp"
#include "crossbar/join.hpp"
#include "crossbar/subarray.hpp"

namespace memspice::crossbar {
namespace {

/// Cells of a sub-array that is reduced in lanes: large enough that BLAS is efficient above it,
/// smaller when there would not be one for each lane.
constexpr int largest_subarray = 32 * 32;
constexpr int smallest_subarray = 8 * 8;

Halves halve(const Region& region) {
  return region.q >= region.p ? halve_bit_lines(region) : halve_word_lines(region);
}

void cut(const Region& region, int largest, std::vector<Region>& subarrays) {
  if (region.p * region.q <= largest || (region.p == 1 && region.q == 1)) {
    subarrays.push_back(region);
    return;
  }
  const Halves halves = halve(region);
  cut(halves.first, largest, subarrays);
  cut(halves.second, largest, subarrays);
}

std::vector<Region> cut_for_lanes(const Region& array, int& largest) {
  std::vector<Region> subarrays;
  for (largest = largest_subarray;; largest /= 2) {
    subarrays.clear();
    cut(array, largest, subarrays);
    const bool fills_lanes = subarrays.size() >= static_cast<std::size_t>(Lane::width);
    if (fills_lanes || largest / 2 < smallest_subarray) return subarrays;
  }
}

/// Admittances of all sub-arrays, reduced in lanes.
class Subarrays {
 public:
  Subarrays(const Grid& grid, const Region& array) : regions_(cut_for_lanes(array, largest_)) {
    std::size_t size = 0;
    for (const Region& region : regions_) {
      offset_[{region.i, region.j}] = size;
      size += count(region);
    }
    memory_ = std::make_unique_for_overwrite<double[]>(size);
    reduce_all(grid);
  }

  int largest() const { return largest_; }

  Admittance<double> admittance(const Region& region) const {
    Admittance<double> result;
    result.data = memory_.get() + offset_.at({region.i, region.j});
    result.stride = 2 * (region.p + region.q);
    result.size = {region.p, region.p, region.q, region.q};
    result.first = {0, region.p, 2 * region.p, 2 * region.p + region.q};
    return result;
  }

 private:
  static std::size_t count(const Region& region) {
    const auto ports = static_cast<std::size_t>(2 * (region.p + region.q));
    return ports * ports;
  }

  void reduce_all(const Grid& grid) {
    std::map<std::array<int, 2>, std::vector<SubarrayTask>> by_shape;
    for (const Region& region : regions_) {
      double* to = memory_.get() + offset_.at({region.i, region.j});
      by_shape[{region.p, region.q}].push_back({&grid, region, to});
    }
    SubarrayReducer reducer;
    for (const auto& [shape, tasks] : by_shape) {
      for (std::size_t k = 0; k < tasks.size(); k += Lane::width) {
        const std::size_t n_tasks = std::min<std::size_t>(Lane::width, tasks.size() - k);
        reducer.reduce(&tasks[k], static_cast<int>(n_tasks));
      }
    }
  }

  int largest_ = 0;
  std::vector<Region> regions_;
  std::map<std::pair<int, int>, std::size_t> offset_;
  std::unique_ptr<double[]> memory_;
};

/// The upper phase for one grid: joins sub-arrays by dense fronts.
class Joiner {
 public:
  Joiner(const Subarrays& subarrays, const Grid& grid) : subarrays_(subarrays), grid_(grid) {}

  /// The block of the array's admittance between drivers (columns) and senses (rows), negated and
  /// summed over both ends of each line: n_bit_lines x n_word_lines.
  Eigen::MatrixXd transfer(const Region& array) {
    const Reduced whole = reduce(array, true);
    Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(array.q, array.p);
    for (const Side sense : {TopSide, BottomSide}) {
      for (const Side drive : {LeftSide, RightSide}) subtract(whole.seen, sense, drive, sum);
    }
    return sum;
  }

  bool failed() const { return failed_; }

 private:
  struct Reduced {
    std::unique_ptr<double[]> memory;  ///< none for a sub-array, which lives elsewhere
    Admittance<double> seen;
  };

  static void subtract(const Admittance<double>& whole,
                       Side sense,
                       Side drive,
                       Eigen::MatrixXd& sum) {
    if (whole.size[sense] == 0) return;
    for (int i = 0; i < whole.size[drive]; ++i) {
      const double* column =
          whole.data + static_cast<std::size_t>(whole.first[drive] + i) * whole.stride;
      for (int j = 0; j < whole.size[sense]; ++j) {
        sum(j, i) -= static_cast<double>(column[whole.first[sense] + j]);
      }
    }
  }

  /// Drops the ports beyond the array's edge where there are no terminals.
  void drop_unused_edges(const Region& region, Admittance<double>& seen) const {
    if (region.j + region.q == grid_.G.cols() && !grid_.driven_right) seen.size[RightSide] = 0;
    if (region.i + region.p == grid_.G.rows() && !grid_.sensed_bottom) seen.size[BottomSide] = 0;
  }

  Reduced reduce(const Region& region, bool is_whole) {
    Reduced reduced;
    if (region.p * region.q <= subarrays_.largest() || (region.p == 1 && region.q == 1)) {
      reduced.seen = subarrays_.admittance(region);
      drop_unused_edges(region, reduced.seen);
      return reduced;
    }
    const Halves halves = halve(region);
    const Reduced first = reduce(halves.first, false);
    const Reduced second = reduce(halves.second, false);
    const Join join = join_sides(first.seen.size, second.seen.size, halves.stacked);
    Front<double> front;
    const int rows = lay_out(front, join.n_shared, join.size);
    front.stride = rows;
    const auto n = static_cast<std::size_t>(rows);
    reduced.memory = std::make_unique_for_overwrite<double[]>(n * n);
    front.data = reduced.memory.get();
    assemble(front, join, first.seen, second.seen);
    eliminate(front, rows, is_whole);
    reduced.seen = front.result();
    return reduced;
  }

  void eliminate(const Front<double>& front, int rows, bool is_whole) {
    const int n = front.n_eliminated;
    const int ports = rows - n;
    failed_ = !factor_cholesky(n, front.data, front.stride) || failed_;
    solve_right(ports, n, front.data, front.data + n, front.stride);
    if (!is_whole) {
      subtract_square(ports, n, front.data + n, &front.at(n, n), front.stride);
      return;
    }
    // Of the last front only the block between drivers and senses is wanted.
    const int bits = front.first[TopSide];
    subtract_product({rows - bits, bits - n, n},
                     front.data + bits,
                     front.data + n,
                     &front.at(bits, n),
                     front.stride);
  }

  const Subarrays& subarrays_;
  const Grid& grid_;
  bool failed_ = false;
};

/// Back to the caller's numbering of lines.
Eigen::MatrixXd turned_back(const Grid& grid, const Eigen::MatrixXd& transfer) {
  Eigen::MatrixXd G_eff = transfer.transpose();
  if (grid.word_lines_turned) G_eff = G_eff.rowwise().reverse().eval();
  if (grid.bit_lines_turned) G_eff = G_eff.colwise().reverse().eval();
  return G_eff;
}

/// Operations below and in one region; right, bottom: whether it ends at the array's edge there.
double operations(const Region& region, int largest, bool right, bool bottom) {
  if (region.p * region.q <= largest) return subarray_operations(region.p, region.q);
  const Halves halves = halve(region);
  const double below =
      operations(halves.first, largest, right && halves.stacked, bottom && !halves.stacked) +
      operations(halves.second, largest, right, bottom);
  const int shared = halves.stacked ? region.q : region.p;
  const double ports = (right ? 1.0 : 2.0) * region.p + (bottom ? 1.0 : 2.0) * region.q;
  return below + front_operations(shared, ports);
}

}  // namespace

double dissection_operations(int n_word_lines, int n_bit_lines) {
  const Region array{0, 0, n_word_lines, n_bit_lines};
  int largest = 0;
  cut_for_lanes(array, largest);
  const double all = operations(array, largest, true, true);
  if (n_word_lines * n_bit_lines <= largest) return all;
  // The last front forms the block between drivers and senses, not the whole square.
  const double shared = halve(array).stacked ? n_bit_lines : n_word_lines;
  const double ports = n_word_lines + n_bit_lines;
  return all - shared * ports * ports + 2.0 * shared * n_word_lines * n_bit_lines;
}

std::optional<Eigen::MatrixXd> dissect(const Grid& grid) {
  const Region array{0, 0, static_cast<int>(grid.G.rows()), static_cast<int>(grid.G.cols())};
  const Subarrays subarrays(grid, array);
  Joiner joiner(subarrays, grid);
  Eigen::MatrixXd G_eff = turned_back(grid, joiner.transfer(array));
  if (joiner.failed() || !G_eff.allFinite()) return std::nullopt;
  return G_eff;
}

}  // namespace memspice::crossbar
