#include "simulate/layer_converters.hpp"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>

namespace memspice::simulate {
namespace {

const AdcChannel& adc_of(const TileConverters& converters, int output) {
  return converters.adcs[static_cast<std::size_t>(output / converters.outputs_per_adc)];
}

void add_noise(const AdcChannel& adc,
               const tile::ReadNumbers& reads,
               const Eigen::Ref<const Eigen::VectorXf>& sigma,
               Eigen::Ref<mapping::FloatMatrix> D) {
  boost::random::normal_distribution<double> normal;
  for (Eigen::Index v = 0; v < D.cols(); ++v) {
    tile::ReadStream stream(adc.noise_key, reads.of(static_cast<std::uint64_t>(v)));
    for (Eigen::Index j = 0; j < D.rows(); ++j) {
      D(j, v) += sigma[j] * static_cast<float>(normal(stream));
    }
  }
}

}  // namespace

void apply_dacs(const TileConverters& converters, Eigen::Ref<mapping::FloatMatrix> V) {
  if (converters.dacs == nullptr) return;
  Eigen::Index i = 0;
  for (const mapping::DacTable& dac : *converters.dacs) {
    dac.apply({V.row(i++).data(), static_cast<std::size_t>(V.cols())});
  }
}

void apply_adc(const TileConverters& converters,
               int output,
               const OutputConversion& conversion,
               std::span<float> row) {
  const AdcChannel& adc = adc_of(converters, output);
  adc.table->apply(conversion.converter, adc.errors, row, conversion.scale);
}

void add_adc_noise(const TileConverters& converters,
                   const tile::ReadNumbers& reads,
                   const Eigen::VectorXd& lsb,
                   mapping::FloatMatrix& D) {
  const Eigen::Index share = converters.outputs_per_adc;
  for (std::size_t k = 0; k < converters.adcs.size(); ++k) {
    const AdcChannel& adc = converters.adcs[k];
    if (adc.noise == 0.0) continue;
    const Eigen::Index first = static_cast<Eigen::Index>(k) * share;
    const Eigen::Index count = std::min(share, D.rows() - first);
    const Eigen::VectorXf sigma = (adc.noise * lsb.segment(first, count)).cast<float>();
    add_noise(adc, reads, sigma, D.middleRows(first, count));
  }
}

}  // namespace memspice::simulate
