#include "simulate/bitstream_kernel.hpp"

#include <algorithm>
#include <cassert>

#include "mapping/unfold.hpp"
#include "simulate/digital_bias.hpp"
#include "stochastic/dot.hpp"
#include "stochastic/faults.hpp"

namespace memspice::simulate {
namespace {

using mapping::Block;
using mapping::FloatMatrix;
using network::Tensor;
using stochastic::CodeMatrix;
using stochastic::GroupCodes;
using stochastic::LayerCodes;
using stochastic::Product;
using stochastic::SumMatrix;

/// Codes that one call unfolds at most: 4 MiB stay near the processor.
constexpr Eigen::Index kCodesPerCall = 1 << 20;

/// The group as the unfolding of layers knows it.
Block block_of(const GroupCodes& group) {
  Block block;
  block.first_channel_in = group.first_channel_in;
  block.first_channel_out = group.first_channel_out;
  block.input_count = static_cast<int>(group.W.cols());
  block.output_count = static_cast<int>(group.W.rows());
  return block;
}

class BitstreamKernel : public LayerKernel {
 public:
  BitstreamKernel(const network::Layer& layer,
                  std::shared_ptr<const LayerCodes> codes,
                  Arithmetic arithmetic,
                  std::optional<BitFaults> faults)
      : layer_(layer),
        codes_(std::move(codes)),
        arithmetic_(arithmetic),
        faults_(std::move(faults)) {
    assert(!faults_ || arithmetic == Arithmetic::Bitstream || arithmetic == Arithmetic::FixedPoint);
  }

  Tensor apply(std::span<const Tensor* const> inputs, std::uint64_t first_image) const override {
    const Tensor encoded = stochastic::encode_activations(*codes_, *inputs.front());
    network::Shape shape = layer_.output_shape;
    shape.front() = encoded.shape.front();
    Tensor output(shape);
    for (std::size_t g = 0; g < codes_->groups.size(); ++g) {
      apply_group(g, encoded, first_image, output);
    }
    // A transposed convolution's kernels overlap, so its bias is added after they were summed.
    const auto* deconvolution = std::get_if<network::Deconvolution>(&layer_.operation);
    if (deconvolution != nullptr) add_digital_bias(deconvolution->bias.data, output);
    return output;
  }

 private:
  void apply_group(std::size_t g,
                   const Tensor& encoded,
                   std::uint64_t first_image,
                   Tensor& output) const {
    const GroupCodes& group = codes_->groups[g];
    const Block block = block_of(group);
    const int images = static_cast<int>(encoded.shape.front());
    const int step = images_per_call(group, encoded);
    thread_local FloatMatrix V;
    thread_local SumMatrix Y;
    for (int first = 0; first < images; first += step) {
      const int count = std::min(step, images - first);
      mapping::unfold(layer_, block, encoded, first, count, 0.0F, V);
      const CodeMatrix X = V.topRows(block.input_count).cast<std::int32_t>();
      compute(group, X, Y);
      if (faults_) flip(g, X, count, first_image + static_cast<std::uint64_t>(first), Y);
      const FloatMatrix values = (Y.cast<double>() * step_of_sum()).cast<float>();
      mapping::fold(layer_, block, values, first, count, output);
    }
  }

  void compute(const GroupCodes& group, const CodeMatrix& X, SumMatrix& Y) const {
    switch (arithmetic_) {
      case Arithmetic::Bitstream:
        return stochastic::accumulate_streams(group, *codes_, X, Y);
      case Arithmetic::FixedPoint:
        return stochastic::accumulate_words(group, *codes_, X, Y);
      case Arithmetic::Cut:
        return stochastic::accumulate_short_words(group, *codes_, Product::Cut, X, Y);
      case Arithmetic::Truncated:
        return stochastic::accumulate_short_words(group, *codes_, Product::Truncated, X, Y);
      case Arithmetic::FixedWidth:
        return stochastic::accumulate_short_words(group, *codes_, Product::FixedWidth, X, Y);
    }
  }

  /// Each image and group has flips of its own, whatever batch they come in.
  void flip(
      std::size_t g, const CodeMatrix& X, int images, std::uint64_t first, SumMatrix& Y) const {
    const Eigen::Index vectors = X.cols() / images;
    for (int n = 0; n < images; ++n) {
      stochastic::FlipSequence flips(
          faults_->rate, faults_->random.fork(first + static_cast<std::uint64_t>(n)).fork(g));
      const stochastic::VectorSpan span{n * vectors, vectors};
      if (arithmetic_ == Arithmetic::Bitstream) {
        stochastic::flip_streams(codes_->groups[g], *codes_, X, span, flips, Y);
      } else {
        stochastic::flip_words(codes_->groups[g], *codes_, X, span, flips, Y);
      }
    }
  }

  double step_of_sum() const {
    return arithmetic_ == Arithmetic::FixedPoint ? codes_->word_step() : codes_->result_step();
  }

  static int images_per_call(const GroupCodes& group, const Tensor& encoded) {
    // Unfolded inputs are at most kernel-size times the tensor; a bound is all that is needed.
    const Eigen::Index images = encoded.shape.front();
    const Eigen::Index positions =
        encoded.shape.size() == 4 ? encoded.shape[2] * encoded.shape[3] : 1;
    const Eigen::Index per_image = std::max<Eigen::Index>(1, group.W.cols() * positions);
    return static_cast<int>(std::clamp<Eigen::Index>(kCodesPerCall / per_image, 1, images));
  }

  const network::Layer& layer_;
  std::shared_ptr<const LayerCodes> codes_;
  Arithmetic arithmetic_;
  std::optional<BitFaults> faults_;
};

}  // namespace

std::unique_ptr<LayerKernel> make_bitstream_kernel(const network::Layer& layer,
                                                   std::shared_ptr<const LayerCodes> codes,
                                                   Arithmetic arithmetic,
                                                   std::optional<BitFaults> faults) {
  return std::make_unique<BitstreamKernel>(layer, std::move(codes), arithmetic, std::move(faults));
}

}  // namespace memspice::simulate
