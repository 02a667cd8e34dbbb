#pragma once
// The converters of a layer's tiles where no two are alike: each ADC with its own codes, offset,
// gain and noise, each word line's DAC with its own levels.
//
// An ADC serves the neighbouring outputs of its tile that take turns at it, as the cost model has
// it. Its noise is drawn by the number of the read: any batch and number of jobs give the same.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "mapping/converter_table.hpp"
#include "mapping/unfold.hpp"
#include "tile/read_stream.hpp"

namespace memspice::simulate {

struct AdcChannel {
  std::shared_ptr<const mapping::AdcTable> table;
  mapping::AdcErrors errors = {};
  double noise = 0.0;           ///< at its input, root mean square [LSB]
  std::uint64_t noise_key = 0;  ///< of its reads
};

struct TileConverters {
  int outputs_per_adc = 1;
  std::vector<AdcChannel> adcs = {};  ///< of outputs k outputs_per_adc ..; empty: ideal
  /// Of each word line but the bias; null: ideal.
  std::shared_ptr<const std::vector<mapping::DacTable>> dacs = nullptr;
};
/// [block][tile]
using LayerConverters = std::vector<std::vector<TileConverters>>;

/// What the tile's DACs drive its word lines with. V: the tile's word lines x vectors [V], as ideal
/// ones drive them; the bias word line, where there is one, has no DAC. No DACs: as V is.
void apply_dacs(const TileConverters& converters, Eigen::Ref<mapping::FloatMatrix> V);

/// How one output is converted.
struct OutputConversion {
  mapping::Converter converter;  ///< the ideal one
  float scale = 1.0F;            ///< of what it gives
};
/// row <- scale times what the ADC of output `output` makes of it. Precondition: has ADCs.
void apply_adc(const TileConverters& converters,
               int output,
               const OutputConversion& conversion,
               std::span<float> row);

/// D, outputs x vectors [A], plus the noise of their ADCs; lsb: per output [A]. Precondition: has
/// ADCs.
void add_adc_noise(const TileConverters& converters,
                   const tile::ReadNumbers& reads,
                   const Eigen::VectorXd& lsb,
                   mapping::FloatMatrix& D);

}  // namespace memspice::simulate
