#pragma once
// What layers on bitstream multipliers give: accuracy by bits, faults, latency and area.

#include <optional>
#include <string>
#include <vector>

#include "simulate/sample_statistics.hpp"

namespace memspice::report {

/// The network with all bitstream layers at one N, and the same codes in fixed point.
struct BitstreamPoint {
  int bits = 8;
  simulate::Share bitstream = {}, fixed_point = {};            ///< accuracy, 0 .. 1
  simulate::Share cut = {}, truncated = {}, fixed_width = {};  ///< products that lose bits
  double cycles_per_product = 0.0;                    ///< mean over all products of an image
  std::optional<simulate::PairedChange> change = {};  ///< from float to bitstream
};

/// Accuracy when bits flip at a rate: over seeds, on the same images.
struct BitstreamFault {
  double rate = 0.0;
  simulate::SampleStatistics streams, words;
};

struct BitstreamLayer {
  std::string name, form;
  int bits = 8;                 ///< of its weights
  double products = 0.0;        ///< per image
  double mean_magnitude = 0.0;  ///< mean |W| of its weights
  double mean_cycles = 0.0;     ///< per product
  double cycles = 0.0;          ///< of one vector unit, per image
  double full_cycles = 0.0;     ///< the same with weights of all N bits
};

/// One way to build the unit that computes the network.
struct BitstreamUnit {
  std::string name;   ///< "bitstream, 8 bits per cycle"
  int bits = 8;       ///< of its operands
  int sum_bits = 10;  ///< of its accumulators
  simulate::Share accuracy = {};
  double area = 0.0;     ///< [m^2]
  double cycles = 0.0;   ///< per image
  double latency = 0.0;  ///< per image [s]
  double energy = 0.0;   ///< per image [J]
  double density = 0.0;  ///< multiply-accumulates per second and area [1/(s m^2)]
  double gain = 1.0;     ///< density of the bitstream unit that has most, over this one's
};

struct BitstreamReport {
  int bits = 8, guard_bits = 2, parallel = 1, lanes = 16, batch = 1;
  simulate::Share float_accuracy = {};
  simulate::Share accuracy = {}, fixed_point = {};    ///< as configured
  std::optional<simulate::PairedChange> change = {};  ///< from float to bitstream
  std::vector<BitstreamPoint> points = {};            ///< by rising bits, all layers alike
  int fault_images = 0;
  simulate::Share faultless_streams = {}, faultless_words = {};  ///< accuracy on these images
  std::vector<BitstreamFault> faults = {};                       ///< by rising rate
  std::vector<BitstreamLayer> layers = {};
  std::string gates = {};  ///< the card
  /// As configured first, fixed point last: each kind with the bitstream's bits, and with the
  /// fewest that reach its accuracy, where any do.
  std::vector<BitstreamUnit> units = {};
  int equal_bits = 8;           ///< exact fixed-point bits that reach the bitstream's accuracy
  double precision_gain = 1.0;  ///< full_cycles over cycles of all layers
  double seconds = 0.0;         ///< of one pass over all images
};

}  // namespace memspice::report
