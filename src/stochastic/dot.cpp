#include "stochastic/dot.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <vector>

// Kernels for the processor at hand, chosen when the program is loaded.
#ifdef __SANITIZE_THREAD__
#define MEMSPICE_HOT  // what chooses among clones would run before the sanitizer has started
#else
#define MEMSPICE_HOT __attribute__((target_clones("avx2", "default")))
#endif
#define MEMSPICE_INLINE inline __attribute__((always_inline))

namespace memspice::stochastic {
namespace {

constexpr int kLanes = 128;  ///< vectors per block: planes of 150 inputs stay in the second cache
constexpr int kMostPlanes = kMostBits;

template <typename Lane>
struct Rails {
  Lane low, high;
};

/// What a weight adds, per bit of the activation.
template <typename Lane>
struct Coefficients {
  Lane offset = 0;
  int planes = 0;  ///< bits that count: the first bit_width(|w|)
  Lane c[kMostPlanes] = {};
};

template <typename Lane>
MEMSPICE_INLINE Coefficients<Lane> coefficients_of(int weight, Form form) {
  const int cycles = std::abs(weight);
  const int step = (weight < 0 ? -1 : 1) * (form == Form::Signed ? 2 : 1);
  Coefficients<Lane> found;
  found.offset = static_cast<Lane>(form == Form::Signed ? -weight : 0);
  found.planes = std::bit_width(static_cast<unsigned>(cycles));
  for (int i = 1; i <= found.planes; ++i) {
    found.c[i - 1] = static_cast<Lane>(step * ((cycles + (1 << (i - 1))) >> i));
  }
  return found;
}

template <int Planes, typename Lane>
MEMSPICE_INLINE void add_product(const Coefficients<Lane>& w,
                                 const Lane* masks,
                                 Rails<Lane> rails,
                                 Lane* sums) {
  for (int l = 0; l < kLanes; ++l) {
    Lane sum = static_cast<Lane>(sums[l] + w.offset);
    for (int i = 0; i < Planes; ++i) {
      sum = static_cast<Lane>(sum + static_cast<Lane>(masks[i * kLanes + l] & w.c[i]));
    }
    sums[l] = std::min(std::max(sum, rails.low), rails.high);
  }
}

/// The weights of one output and how their streams are laid out.
struct Row {
  const std::int32_t* weights = nullptr;
  Eigen::Index inputs = 0;
  int planes = 0;  ///< masks per input
  Form form = Form::Mixed;
};

/// One block of lanes through all inputs of one output. masks: inputs x planes x kLanes.
template <typename Lane>
MEMSPICE_INLINE void run_row(const Row& row, const Lane* masks, Rails<Lane> rails, Lane* sums) {
  for (Eigen::Index i = 0; i < row.inputs; ++i) {
    if (row.weights[i] == 0) continue;
    const auto w = coefficients_of<Lane>(row.weights[i], row.form);
    const Lane* own = masks + i * row.planes * kLanes;
    // clang-format off
    switch (w.planes) {
      case 1: add_product<1>(w, own, rails, sums); break;
      case 2: add_product<2>(w, own, rails, sums); break;
      case 3: add_product<3>(w, own, rails, sums); break;
      case 4: add_product<4>(w, own, rails, sums); break;
      case 5: add_product<5>(w, own, rails, sums); break;
      case 6: add_product<6>(w, own, rails, sums); break;
      case 7: add_product<7>(w, own, rails, sums); break;
      case 8: add_product<8>(w, own, rails, sums); break;
      case 9: add_product<9>(w, own, rails, sums); break;
      case 10: add_product<10>(w, own, rails, sums); break;
      case 11: add_product<11>(w, own, rails, sums); break;
      case 12: add_product<12>(w, own, rails, sums); break;
      case 13: add_product<13>(w, own, rails, sums); break;
      case 14: add_product<14>(w, own, rails, sums); break;
      case 15: add_product<15>(w, own, rails, sums); break;
      default: add_product<16>(w, own, rails, sums); break;
    }
    // clang-format on
  }
}

MEMSPICE_HOT void run_streams(const Row& row,
                              const std::int16_t* masks,
                              Rails<std::int16_t> rails,
                              std::int16_t* sums) {
  run_row(row, masks, rails, sums);
}
MEMSPICE_HOT void run_streams(const Row& row,
                              const std::int32_t* masks,
                              Rails<std::int32_t> rails,
                              std::int32_t* sums) {
  run_row(row, masks, rails, sums);
}

template <typename Lane>
MEMSPICE_INLINE void run_products(const Row& row, const Lane* X, Rails<Lane> rails, Lane* sums) {
  for (Eigen::Index i = 0; i < row.inputs; ++i) {
    if (row.weights[i] == 0) continue;
    const Lane w = row.weights[i];
    for (int l = 0; l < kLanes; ++l) {
      sums[l] = std::min(std::max(sums[l] + w * X[i * kLanes + l], rails.low), rails.high);
    }
  }
}

MEMSPICE_HOT void run_words(const Row& row,
                            const std::int32_t* X,
                            Rails<std::int32_t> rails,
                            std::int32_t* sums) {
  run_products(row, X, rails, sums);
}
MEMSPICE_HOT void run_words(const Row& row,
                            const std::int64_t* X,
                            Rails<std::int64_t> rails,
                            std::int64_t* sums) {
  run_products(row, X, rails, sums);
}

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

template <typename Lane>
void accumulate_products(const Job& job) {
  thread_local std::vector<Lane> block;
  for_each_block(job.X.cols(), [&](Eigen::Index first, Eigen::Index lanes) {
    block.assign(static_cast<std::size_t>(job.X.rows() * kLanes), Lane{0});
    for (Eigen::Index i = 0; i < job.X.rows(); ++i) {
      std::copy_n(job.X.row(i).data() + first, lanes, block.data() + i * kLanes);
    }
    run_outputs<Lane>(job, first, 0, [&](const Row& row, Rails<Lane> rails, Lane* sums) {
      run_words(row, block.data(), rails, sums);
    });
  });
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
  if (2 * codes.precision.bits + codes.precision.guard_bits <= 30) {
    accumulate_products<std::int32_t>(job);
  } else {
    accumulate_products<std::int64_t>(job);
  }
}

}  // namespace memspice::stochastic
