#pragma once
// What a mapped network takes as hardware: devices, area, power, energy, time.
//
// Every layer has crossbars of its own, all of which read at once; layers work in a pipeline of
// images. One read of a crossbar: DACs drive the word lines, op-amps settle and are held, ADCs
// convert, multipliers apply the factor of a result where outputs have their own or digits are no
// powers of two, adders take the sums over row tiles, slices and the reads of one input.
//   reads    n = vectors per image / replicas      of each crossbar per image, a bit each where
//   inputs come bit by bit
//   convert  = outputs that share an ADC x its time;  interval = max(settle, convert); of a
//   recurrence, whose reads wait for each other, settle + convert
//   latency  = (n - 1) interval + settle + convert;   throughput = 1 / (n interval)
//   energy   = arrays + reads x (converters, multipliers, adders) + static power x latency (gated
//   otherwise)
// Op-amps are one per bit line, or one difference amplifier per pair (mapping::Readout).
// Every crossbar has its own DACs and op-amps, replicas and neighbours on the same inputs too.
// Static power flows while a layer works; dynamic power is what switches, over the latency.
// Not counted: memories, buses, control, activation, pooling, the gates of a
// recurrence and products of computed tensors, which stay digital here; the
// difference between an array's supply voltage and its read voltage.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "device/cost_figures.hpp"
#include "device/technology.hpp"
#include "mapping/tile_plan.hpp"

namespace memspice::cost {

/// Values that circuits were measured with; each takes the place of a card's figure.
struct MeasuredPeriphery {
  std::optional<device::Figure> settling_time;  ///< from a word line's step to a held output [s]
  std::optional<device::Figure>
      op_amp_energy;                         ///< of one op-amp per read; replaces static power [J]
  std::optional<device::Figure> dac_energy;  ///< of one conversion [J]
  std::optional<device::Figure> adc_energy;  ///< of one conversion [J]
  std::optional<device::Figure> adc_time;    ///< of one conversion [s]
};

struct CostInputs {
  const network::Graph* graph = nullptr;
  const mapping::TilePlan* plan = nullptr;
  device::CostFigures figures;
  device::Figure read_time;  ///< settling of an array and its op-amps [s]
  MeasuredPeriphery measured = {};
  /// Energy of each plan layer's arrays per image, solved from node voltages [J]; empty: estimated
  /// as sum V^2 G t over ohmic cells without wires, at the card's mean square drive.
  std::vector<double> array_energy = {};
};

enum class Part { Arrays, Dacs, OpAmps, Adcs, Multipliers, Adders };
inline constexpr std::array kParts{
    Part::Arrays, Part::Dacs, Part::OpAmps, Part::Adcs, Part::Multipliers, Part::Adders};
std::string name_of(Part part);  ///< "arrays", "DACs", "op-amps", "ADCs", "multipliers", "adders"

/// One kind of circuit. All values are multiples of fixed powers of two, so that sums are exact in
/// any order: parts and layers add up to the totals to the last bit.
struct PartCost {
  long count = 0;              ///< of the circuits; arrays: crossbars
  double area = 0.0;           ///< [m^2]
  double static_power = 0.0;   ///< [W]
  double energy = 0.0;         ///< per image, that of static power included [J]
  double static_energy = 0.0;  ///< the part of `energy` that static power takes [J]
  PartCost& operator+=(const PartCost& other);
};

struct LayerCost {
  std::string name;
  long crossbars = 0;
  long cells = 0;       ///< of all unit crossbars
  long cells_used = 0;  ///< memristors on used lines
  long memristors = 0;  ///< the same without those where lines of different groups cross
  long operations = 0;  ///< multiplications and additions of the layer's mathematics, per image
  std::array<PartCost, kParts.size()> parts;
  double latency = 0.0;   ///< of one image [s]
  double interval = 0.0;  ///< between images, when they follow each other [s]

  const PartCost& part(Part which) const { return parts[static_cast<std::size_t>(which)]; }
  PartCost sum() const;          ///< of the parts; its count is the sum of counts
  double dynamic_power() const;  ///< while the layer works [W]
  double throughput() const;     ///< images per second
};

struct NetworkCost {
  std::vector<LayerCost> layers;
  LayerCost total;  ///< counts, parts and latency: sums; interval: the slowest layer's
  std::vector<std::string> sources;  ///< where the arrays' energy and the times come from

  double average_power() const;  ///< at full throughput [W]
  double tops_per_watt() const;  ///< operations per joule / 1e12
};

/// Throws InputError when `array_energy` is neither empty nor one value per plan layer.
NetworkCost estimate_cost(const CostInputs& inputs);

/// The same with a technology card's figures in the inputs' place; nothing where the card states no
/// [cost]. read_time: of the arrays, which a flow may set beside the card [s].
std::optional<NetworkCost> estimate_cost(const device::Technology& technology,
                                         double read_time,
                                         CostInputs inputs);

}  // namespace memspice::cost
