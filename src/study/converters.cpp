#include "study/converters.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.hpp"
#include "base/random.hpp"
#include "mapping/input_reads.hpp"
#include "periphery/measure_converters.hpp"
#include "synthesis/converter_circuit.hpp"

namespace memspice::study {
namespace {

using mapping::Converter;
using synthesis::ConverterSpec;

/// Levels [LSB] as a straight line and what is left of them: level = offset + gain (ideal + INL).
struct Straightened {
  double offset = 0.0, gain = 1.0;
  Eigen::VectorXd levels;  ///< ideal + INL
};
Straightened straighten(const Eigen::VectorXd& levels, double first_ideal) {
  const synthesis::Linearity linearity = synthesis::linearity_of(levels);
  const double lsb = linearity.lsb;
  return {.offset = levels[0] - lsb * first_ideal,
          .gain = lsb,
          .levels = ((levels.array() - levels[0]) / lsb + first_ideal).matrix()};
}

/// What one converter draws beside its ladder.
struct Drawn {
  double offset = 0.0, gain_error = 0.0;
};
Drawn draw(const ConverterSpread& spread, const RandomStream& stream) {
  return {
      .offset = spread.offset > 0 ? spread.offset * stream.fork("offset").normal() : 0.0,
      .gain_error = spread.gain_error > 0 ? spread.gain_error * stream.fork("gain").normal() : 0.0};
}

/// Sums of squares until `take_roots`.
void add_errors(double offset, double gain, ConverterErrors& errors) {
  ++errors.count;
  errors.offset += offset * offset;
  errors.gain_error += (gain - 1.0) * (gain - 1.0);
}
void add_shape(const Eigen::VectorXd& levels, ConverterErrors& errors) {
  const synthesis::Linearity linearity = synthesis::linearity_of(levels);
  errors.inl = std::max(errors.inl, linearity.inl.cwiseAbs().maxCoeff());
  errors.dnl = std::max(errors.dnl, linearity.dnl.cwiseAbs().maxCoeff());
}
void take_roots(ConverterErrors& errors) {
  if (errors.count == 0) return;
  errors.offset = std::sqrt(errors.offset / errors.count);
  errors.gain_error = std::sqrt(errors.gain_error / errors.count);
}

/// Draws the converters of one layer.
class LayerDrawing {
 public:
  LayerDrawing(const ConverterDrawing& drawing,
               const mapping::TilePlan& plan,
               const mapping::LayerPlan& layer,
               int outputs_per_adc)
      : drawing_(drawing), plan_(plan), layer_(layer), share_(outputs_per_adc) {}

  std::shared_ptr<const simulate::LayerConverters> draw_all() {
    adc_begins_ =
        levels(all_of(&LayerDrawing::adc_specs), synthesis::solve_sar, periphery::measure_sars);
    dac_levels_ =
        levels(all_of(&LayerDrawing::dac_specs), synthesis::solve_dac, periphery::measure_dacs);
    auto converters = std::make_shared<simulate::LayerConverters>();
    for (const mapping::Block& block : layer_.blocks) {
      converters->emplace_back();
      for (const mapping::Tile& tile : block.tiles) {
        converters->back().push_back(
            {.outputs_per_adc = share_, .adcs = draw_adcs(tile), .dacs = draw_dacs(tile)});
      }
    }
    take_roots(adcs_);
    take_roots(dacs_);
    return converters;
  }
  const ConverterErrors& adcs() const { return adcs_; }
  const ConverterErrors& dacs() const { return dacs_; }

 private:
  const ConverterErrorOptions& options() const { return *drawing_.options; }
  const device::AnalogFigures& figures() const { return drawing_.technology->require_analog(); }
  RandomStream stream_of(const std::string& name) const {
    return RandomStream(drawing_.seed, "converter").fork(name);
  }

  using Specs = std::vector<ConverterSpec>;

  Specs specs(const std::string& kind,
              const mapping::Tile& tile,
              int count,
              int bits,
              const ConverterSpread& spread) const {
    Specs specs;
    for (int k = 0; k < count; ++k) {
      specs.push_back({.name = kind + '_' + tile.name + '_' + std::to_string(k),
                       .bits = bits,
                       .mismatch = spread.mismatch,
                       .seed = drawing_.seed});
    }
    return specs;
  }
  /// Of a tile; none where they are ideal.
  Specs adc_specs(const mapping::Tile& tile) const {
    const int count = options().of_adcs() ? (tile.output_count + share_ - 1) / share_ : 0;
    return specs("adc", tile, count, plan_.converters.adc_bits, options().adc);
  }
  Specs dac_specs(const mapping::Tile& tile) const {
    const Converter converter = mapping::input_converter(plan_, layer_);
    const int bits = converter.is_signed ? std::max(1, converter.bits - 1) : converter.bits;
    return specs("dac", tile, options().of_dacs() ? tile.input_count : 0, bits, options().dac);
  }
  Specs all_of(Specs (LayerDrawing::*of_tile)(const mapping::Tile&) const) const {
    Specs all;
    for (const mapping::Block& block : layer_.blocks) {
      for (const mapping::Tile& tile : block.tiles) {
        const Specs some = (this->*of_tile)(tile);
        all.insert(all.end(), some.begin(), some.end());
      }
    }
    return all;
  }

  /// Of ladders with mismatch, in LSB, the first one last; none of ladders without.
  template <typename Solve, typename Measure>
  std::vector<Eigen::VectorXd> levels(const Specs& specs,
                                      const Solve& solve,
                                      const Measure& measure) const {
    std::vector<Eigen::VectorXd> V;
    if (specs.empty() || specs.front().mismatch == 0.0) return V;
    if (options().ladders == Ladders::Ngspice) {
      V = measure(specs, figures(), *drawing_.engine);
    } else {
      for (const ConverterSpec& spec : specs) V.push_back(solve(spec, figures()));
    }
    for (Eigen::VectorXd& of_one : V) {
      of_one *= std::ldexp(1.0, specs.front().bits) / figures().signal.value;
    }
    std::reverse(V.begin(), V.end());
    return V;
  }
  /// The next converter's.
  static Eigen::VectorXd take(std::vector<Eigen::VectorXd>& levels) {
    Eigen::VectorXd next = std::move(levels.back());
    levels.pop_back();
    return next;
  }

  std::vector<simulate::AdcChannel> draw_adcs(const mapping::Tile& tile) {
    const Converter converter = mapping::output_converter(plan_, 1.0);
    std::vector<simulate::AdcChannel> channels;
    for (const ConverterSpec& spec : adc_specs(tile)) {
      const Straightened shape = spec.mismatch > 0.0
                                     ? shape_of(take(adc_begins_), converter)
                                     : Straightened{.levels = mapping::ideal_begins(converter)};
      channels.push_back(channel_of(spec, shape, converter));
    }
    return channels;
  }

  /// Without the first: below the lowest code of the sign's other side no code is used.
  Straightened shape_of(const Eigen::VectorXd& begins, const Converter& converter) {
    const Eigen::VectorXd about_zero = begins.array() - std::ldexp(1.0, converter.bits - 1) - 0.5;
    const Straightened shape =
        straighten(about_zero.tail(begins.size() - 1), converter.lowest() + 0.5);
    add_shape(shape.levels, adcs_);
    for (Eigen::Index k = 0; k + 1 < shape.levels.size(); ++k) {
      if (shape.levels[k] == shape.levels[k + 1]) ++adcs_.missing;
    }
    return shape;
  }

  /// A begins at offset + gain (ideal + INL) of an input (1 + gain error) x + its own offset.
  simulate::AdcChannel channel_of(const ConverterSpec& spec,
                                  const Straightened& shape,
                                  const Converter& converter) {
    const RandomStream stream = stream_of(spec.name);
    const Drawn drawn = draw(options().adc, stream);
    const mapping::AdcErrors errors{.gain = (1.0 + drawn.gain_error) / shape.gain,
                                    .offset = (drawn.offset - shape.offset) / shape.gain};
    add_errors(errors.offset, errors.gain, adcs_);
    return {.table = std::make_shared<mapping::AdcTable>(converter.lowest(), shape.levels),
            .errors = errors,
            .noise = options().adc_noise,
            .noise_key = stream.fork("noise").below(tile::ReadStream::max())};
  }

  std::shared_ptr<const std::vector<mapping::DacTable>> draw_dacs(const mapping::Tile& tile) {
    if (!options().of_dacs()) return nullptr;
    const Converter converter = mapping::input_converter(plan_, layer_);
    const float lsb = converter.step(static_cast<float>(plan_.read_voltage / layer_.x_max));
    auto dacs = std::make_shared<std::vector<mapping::DacTable>>();
    for (const ConverterSpec& spec : dac_specs(tile)) {
      const int steps = converter.steps();
      const Eigen::VectorXd sizes = spec.mismatch > 0.0
                                        ? take(dac_levels_)
                                        : Eigen::VectorXd::LinSpaced(steps + 1, 0, steps).eval();
      dacs->emplace_back(converter, lsb, levels_of(spec, sizes, converter));
    }
    return dacs;
  }

  /// Of every code, those of a sign as the size's level with that sign; offset and gain upon it.
  Eigen::VectorXd levels_of(const ConverterSpec& spec,
                            const Eigen::VectorXd& sizes,
                            const Converter& converter) {
    const Drawn drawn = draw(options().dac, stream_of(spec.name));
    const Straightened shape = straighten(sizes, 0.0);
    add_shape(shape.levels, dacs_);
    add_errors(shape.offset + drawn.offset, shape.gain * (1.0 + drawn.gain_error), dacs_);
    Eigen::VectorXd levels(converter.steps() - converter.lowest() + 1);
    for (int code = converter.lowest(); code <= converter.steps(); ++code) {
      const double size = sizes[std::abs(code)];
      levels[code - converter.lowest()] =
          (1.0 + drawn.gain_error) * (code < 0 ? -size : size) + drawn.offset;
    }
    return levels;
  }

  const ConverterDrawing& drawing_;
  const mapping::TilePlan& plan_;
  const mapping::LayerPlan& layer_;
  int share_;
  std::vector<Eigen::VectorXd> adc_begins_, dac_levels_;  ///< of those to come, the next one last
  ConverterErrors adcs_, dacs_;
};

}  // namespace

std::shared_ptr<const DrawnConverters> draw_converters(const ConverterDrawing& drawing,
                                                       const mapping::TilePlan& plan) {
  if (!drawing.options->any()) return nullptr;
  const std::optional<device::CostFigures>& cost = drawing.technology->cost;
  if (!cost && plan.options.outputs_per_adc == 0) {
    reject(drawing.technology->name,
           {},
           "states no [cost.outputs_per_adc]: how many outputs share an ADC",
           "set mapping.outputs_per_adc, take a card that does, or leave converters ideal");
  }
  auto drawn = std::make_shared<DrawnConverters>();
  drawn->ladders = drawing.options->ladders;
  drawn->outputs_per_adc = plan.options.adc_share(cost ? cost->outputs_per_adc.value : 0.0);
  for (const mapping::LayerPlan& layer : plan.layers) {
    LayerDrawing of_layer(drawing, plan, layer, drawn->outputs_per_adc);
    drawn->layers.push_back(of_layer.draw_all());
    drawn->adcs.push_back(of_layer.adcs());
    drawn->dacs.push_back(of_layer.dacs());
  }
  return drawn;
}

std::shared_ptr<const simulate::LayerConverters> with_effects(
    const std::shared_ptr<const simulate::LayerConverters>& layer,
    const ConverterEffects& effects) {
  if (!effects.any()) return nullptr;
  auto chosen = std::make_shared<simulate::LayerConverters>(*layer);
  const bool has_adcs = effects.linearity || effects.offset || effects.noise;
  for (auto& block : *chosen) {
    for (simulate::TileConverters& tile : block) {
      if (!effects.dacs) tile.dacs = nullptr;
      if (!has_adcs) tile.adcs.clear();
      for (simulate::AdcChannel& adc : tile.adcs) {
        if (!effects.offset) adc.errors = {};
        if (!effects.noise) adc.noise = 0.0;
      }
    }
  }
  return chosen;
}

}  // namespace memspice::study
