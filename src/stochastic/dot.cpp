#include "stochastic/dot.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "stochastic/dot_kernels.hpp"

namespace memspice::stochastic {
namespace {

/// Calls visit(first lane, lanes) for every block of at most kLanes vectors.
template <typename Visit>
void for_each_block(Eigen::Index vectors, Visit visit) {
  for (Eigen::Index first = 0; first < vectors; first += kLanes) {
    visit(first, std::min<Eigen::Index>(kLanes, vectors - first));
  }
}

/// Masks of all ones where bit N - 1 - i of a stream code is set, inputs x planes x kLanes; lanes
/// beyond the last vector hold zeros.
template <typename Lane>
void slice_bits(const LayerCodes& codes,
                const CodeMatrix& X,
                Eigen::Index first,
                int planes,
                std::vector<Lane>& masks) {
  const int bits = codes.precision.bits;
  const int shift = codes.precision.form == Form::Signed ? 1 << (bits - 1) : 0;
  const Eigen::Index lanes = std::min<Eigen::Index>(kLanes, X.cols() - first);
  masks.assign(static_cast<std::size_t>(X.rows() * planes * kLanes), Lane{0});
  for (Eigen::Index i = 0; i < X.rows(); ++i) {
    const std::int32_t* row = X.row(i).data() + first;
    for (int plane = 0; plane < planes; ++plane) {
      Lane* to = masks.data() + (i * planes + plane) * kLanes;
      for (Eigen::Index l = 0; l < lanes; ++l) {
        to[l] = static_cast<Lane>(-(((row[l] + shift) >> (bits - 1 - plane)) & 1));
      }
    }
  }
}

/// What all blocks of one group share.
struct Job {
  const GroupCodes& group;
  const LayerCodes& codes;
  const CodeMatrix& X;
  WordRange rails;
  Eigen::Matrix<std::int64_t, Eigen::Dynamic, 1> start;
  SumMatrix& Y;

  Row row(Eigen::Index output, int planes) const {
    return {group.W.row(output).data(), group.W.cols(), planes, codes.precision.form};
  }
};

/// Runs every output on one block; run(row, rails, sums) adds all products.
template <typename Lane, typename Run>
void run_outputs(const Job& job, Eigen::Index first, int planes, Run run) {
  const Eigen::Index lanes = std::min<Eigen::Index>(kLanes, job.X.cols() - first);
  const Rails<Lane> rails{static_cast<Lane>(job.rails.low), static_cast<Lane>(job.rails.high)};
  Lane sums[kLanes];
  for (Eigen::Index o = 0; o < job.group.W.rows(); ++o) {
    std::fill_n(sums, kLanes, static_cast<Lane>(job.start[o]));
    run(job.row(o, planes), rails, sums);
    std::copy_n(sums, lanes, job.Y.row(o).data() + first);
  }
}

template <typename Lane>
void accumulate_sliced(const Job& job) {
  const int planes = job.group.W.size() == 0
                         ? 0
                         : std::bit_width(static_cast<unsigned>(job.group.W.cwiseAbs().maxCoeff()));
  thread_local std::vector<Lane> masks;
  for_each_block(job.X.cols(), [&](Eigen::Index first, Eigen::Index) {
    slice_bits(job.codes, job.X, first, planes, masks);
    run_outputs<Lane>(job, first, planes, [&](const Row& row, Rails<Lane> rails, Lane* sums) {
      run_streams(row, masks.data(), rails, sums);
    });
  });
}

/// run(row, activations, rails, sums) adds all products of a row.
template <typename Lane, typename Run>
void accumulate_products(const Job& job, Run run) {
  thread_local std::vector<Lane> block;
  for_each_block(job.X.cols(), [&](Eigen::Index first, Eigen::Index lanes) {
    block.assign(static_cast<std::size_t>(job.X.rows() * kLanes), Lane{0});
    for (Eigen::Index i = 0; i < job.X.rows(); ++i) {
      std::copy_n(job.X.row(i).data() + first, lanes, block.data() + i * kLanes);
    }
    run_outputs<Lane>(job, first, 0, [&](const Row& row, Rails<Lane> rails, Lane* sums) {
      run(row, block.data(), rails, sums);
    });
  });
}

/// Whether sums and one product beyond them do.
bool fits_32_bits(const Precision& precision) {
  return 2 * precision.bits + precision.guard_bits <= 30;
}

}  // namespace

Eigen::Matrix<std::int64_t, Eigen::Dynamic, 1> starting_values(const GroupCodes& group,
                                                               int shift,
                                                               WordRange rails) {
  return (group.bias.array() * std::ldexp(1.0, -shift))
      .round()
      .max(static_cast<double>(rails.low))
      .min(static_cast<double>(rails.high))
      .cast<std::int64_t>()
      .matrix();
}

void accumulate_streams(const GroupCodes& group,
                        const LayerCodes& codes,
                        const CodeMatrix& X,
                        SumMatrix& Y) {
  const CodeRange counter = codes.stream_rails();
  const WordRange rails{counter.low, counter.high};
  Y.resize(group.W.rows(), X.cols());
  const Job job{
      group, codes, X, rails, starting_values(group, codes.precision.scale_bits(), rails), Y};
  // A counter at its rail and one product beyond it fit into 16 bits.
  if (codes.precision.bits + codes.precision.guard_bits <= 14) {
    accumulate_sliced<std::int16_t>(job);
  } else {
    accumulate_sliced<std::int32_t>(job);
  }
}

WordRange word_rails(const LayerCodes& codes) {
  const CodeRange counter = codes.stream_rails();
  const int shift = codes.precision.scale_bits();
  return {std::int64_t{counter.low} << shift, ((std::int64_t{counter.high} + 1) << shift) - 1};
}

void accumulate_words(const GroupCodes& group,
                      const LayerCodes& codes,
                      const CodeMatrix& X,
                      SumMatrix& Y) {
  const WordRange rails = word_rails(codes);
  Y.resize(group.W.rows(), X.cols());
  const Job job{group, codes, X, rails, starting_values(group, 0, rails), Y};
  const auto run = [](const Row& row, const auto* block, auto rails_of, auto* sums) {
    run_words(row, block, rails_of, sums);
  };
  if (fits_32_bits(codes.precision)) {
    accumulate_products<std::int32_t>(job, run);
  } else {
    accumulate_products<std::int64_t>(job, run);
  }
}

void accumulate_short_words(const GroupCodes& group,
                            const LayerCodes& codes,
                            Product product,
                            const CodeMatrix& X,
                            SumMatrix& Y) {
  assert(product != Product::Exact);
  const CodeRange counter = codes.stream_rails();
  const WordRange rails{counter.low, counter.high};
  const int shift = codes.precision.scale_bits();
  Y.resize(group.W.rows(), X.cols());
  const Job job{group, codes, X, rails, starting_values(group, shift, rails), Y};
  const ProductRule rule = product_rule(product, shift, codes.precision.weight_bits);
  const auto run = [&](const Row& row, const auto* block, auto rails_of, auto* sums) {
    run_short_words(row, rule, block, rails_of, sums);
  };
  if (fits_32_bits(codes.precision)) {
    accumulate_products<std::int32_t>(job, run);
  } else {
    accumulate_products<std::int64_t>(job, run);
  }
}

}  // namespace memspice::stochastic
