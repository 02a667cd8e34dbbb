#include "tile/noisy_tiles.hpp"

#include <boost/random/normal_distribution.hpp>
#include <cmath>

#include "mapping/perturb.hpp"
#include "tile/read_stream.hpp"

namespace memspice::tile {
namespace {

/// One tile's noise, in the shape of the products that it enters.
struct TileNoise {
  std::uint64_t gaussian_key = 0, telegraph_key = 0;
  /// Outputs x word lines, of a pair of cells [S^2]; with a unit column, of each output's cells,
  /// and the unit cells' as a last row. Empty: no Gaussian.
  FloatMatrix variance;
  FloatMatrix step;  ///< bit lines x word lines, what a trap takes [S]; empty: no telegraph
  bool has_unit_column = false;
};

FloatMatrix cell_variance(const Eigen::MatrixXd& G,
                          const device::ReadNoise& noise,
                          bool has_unit_column) {
  const Eigen::ArrayXXd sigma =
      noise.sigma > 0.0
          ? (G.array() > 0.0).select(noise.sigma, Eigen::ArrayXXd::Zero(G.rows(), G.cols()))
          : (noise.relative_sigma * G.array()).eval();
  if (has_unit_column) return sigma.square().transpose().cast<float>();
  FloatMatrix variance(G.cols() / 2, G.rows());
  for (Eigen::Index j = 0; j < variance.rows(); ++j) {
    variance.row(j) =
        (sigma.col(2 * j).square() + sigma.col(2 * j + 1).square()).transpose().cast<float>();
  }
  return variance;
}

TileNoise make_noise(const mapping::Tile& tile, const NoiseSource& source) {
  const Eigen::MatrixXd G = mapping::connected_cells(tile);
  const auto key = [&](const char* purpose) {
    return source.random.fork(purpose).fork(tile.name).below(ReadStream::max());
  };
  TileNoise noise{.gaussian_key = key("gaussian"),
                  .telegraph_key = key("telegraph"),
                  .variance = {},
                  .step = {},
                  .has_unit_column = tile.has_unit_column};
  if (source.noise.is_gaussian()) {
    noise.variance = cell_variance(G, source.noise, noise.has_unit_column);
  }
  if (source.noise.is_telegraph()) {
    noise.step = (source.noise.telegraph_amplitude * G.transpose()).cast<float>();
  }
  return noise;
}

ReadNumbers reads_of(const Request& request, std::uint64_t per_image) {
  return {request.first_vector, request.vectors_of_image, per_image};
}

void add_gaussian(const TileNoise& noise,
                  const Request& request,
                  std::uint64_t per_image,
                  FloatMatrix& D) {
  thread_local FloatMatrix square, sigma;
  square = request.V.array().square();
  sigma.noalias() = noise.variance * square;
  sigma = sigma.array().sqrt();
  const ReadNumbers reads = reads_of(request, per_image);
  boost::random::normal_distribution<double> normal;
  for (Eigen::Index v = 0; v < D.cols(); ++v) {
    ReadStream stream(noise.gaussian_key, reads.of(static_cast<std::uint64_t>(v)));
    for (Eigen::Index j = 0; j < D.rows(); ++j) {
      D(j, v) += sigma(j, v) * static_cast<float>(normal(stream));
    }
    // One current, taken from every output's.
    if (noise.has_unit_column) {
      D.col(v).array() -= sigma(D.rows(), v) * static_cast<float>(normal(stream));
    }
  }
}

/// The same with a unit column, whose traps all outputs see.
void draw_single_traps(const TileNoise& noise,
                       std::uint64_t limit,
                       ReadStream& stream,
                       FloatMatrix& taken) {
  const Eigen::Index outputs = noise.step.rows() - 1;
  taken.resize(outputs, noise.step.cols());
  for (Eigen::Index i = 0; i < taken.cols(); ++i) {
    const auto trap = [&](Eigen::Index line) {
      return (stream() >> 32) < limit ? noise.step(line, i) : 0.0F;
    };
    const float unit = trap(outputs);
    for (Eigen::Index j = 0; j < outputs; ++j) taken(j, i) = trap(j) - unit;
  }
}

/// What the occupied traps take in one image: outputs x word lines [S].
void draw_traps(const TileNoise& noise,
                double probability,
                std::uint64_t image,
                FloatMatrix& taken) {
  // An occupied trap is a draw below this of 2^32 equally likely ones; each word gives two.
  const auto limit = static_cast<std::uint64_t>(std::llround(std::ldexp(probability, 32)));
  ReadStream stream(noise.telegraph_key, image);
  if (noise.has_unit_column) return draw_single_traps(noise, limit, stream, taken);
  taken.resize(noise.step.rows() / 2, noise.step.cols());
  for (Eigen::Index j = 0; j < taken.rows(); ++j) {
    for (Eigen::Index i = 0; i < taken.cols(); ++i) {
      const std::uint64_t draw = stream();
      const float plus = (draw >> 32) < limit ? noise.step(2 * j, i) : 0.0F;
      const float minus = (draw & 0xffffffffULL) < limit ? noise.step(2 * j + 1, i) : 0.0F;
      taken(j, i) = plus - minus;
    }
  }
}

class NoisyTiles : public LayerTiles {
 public:
  NoisyTiles(std::shared_ptr<const LayerTiles> quiet, const NoiseSource& source)
      : quiet_(std::move(quiet)),
        probability_(source.noise.telegraph_probability),
        vectors_per_image_(static_cast<std::uint64_t>(source.layer->vectors_per_image)) {
    for (const mapping::Block& block : source.layer->blocks) {
      noise_.emplace_back();
      for (const mapping::Tile& tile : block.tiles) {
        noise_.back().push_back(make_noise(tile, source));
      }
    }
  }

  void respond(std::span<const Request> requests, std::span<FloatMatrix> D) const override {
    quiet_->respond(requests, D);
    for (std::size_t k = 0; k < requests.size(); ++k) {
      const TileNoise& noise = noise_[requests[k].block][requests[k].tile];
      if (noise.step.size() > 0) add_telegraph(noise, requests[k], D[k]);
      if (noise.variance.size() > 0) add_gaussian(noise, requests[k], vectors_per_image_, D[k]);
    }
  }
  std::size_t preferred_floats() const noexcept override { return quiet_->preferred_floats(); }

 private:
  /// Image by image; a request may begin and end within one.
  void add_telegraph(const TileNoise& noise, const Request& request, FloatMatrix& D) const {
    thread_local FloatMatrix taken;
    const ReadNumbers reads = reads_of(request, vectors_per_image_);
    for (Eigen::Index v = 0; v < D.cols();) {
      const std::uint64_t vector = reads.of(static_cast<std::uint64_t>(v));
      const std::uint64_t each = request.vectors_of_image;
      const std::uint64_t left = each == 0 ? vectors_per_image_ - vector % vectors_per_image_
                                           : each - static_cast<std::uint64_t>(v) % each;
      const Eigen::Index count =
          std::min<Eigen::Index>(static_cast<Eigen::Index>(left), D.cols() - v);
      draw_traps(noise, probability_, vector / vectors_per_image_, taken);
      D.middleCols(v, count).noalias() -= taken * request.V.middleCols(v, count);
      v += count;
    }
  }

  std::shared_ptr<const LayerTiles> quiet_;
  std::vector<std::vector<TileNoise>> noise_;  // [block][tile]
  double probability_;
  std::uint64_t vectors_per_image_;
};

}  // namespace

std::shared_ptr<const LayerTiles> add_read_noise(std::shared_ptr<const LayerTiles> quiet,
                                                 const NoiseSource& source) {
  if (!source.noise.is_on()) return quiet;
  return std::make_shared<NoisyTiles>(std::move(quiet), source);
}

}  // namespace memspice::tile
