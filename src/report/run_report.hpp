#pragma once
// The answer to a run, and its three forms: terminal, results.json, report.html.

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cost/network_cost.hpp"
#include "mapping/scheme_count.hpp"
#include "report/accuracy.hpp"
#include "report/bitstream_report.hpp"
#include "report/kernel_first_report.hpp"
#include "report/network_periphery_report.hpp"
#include "report/programming_report.hpp"
#include "report/provenance.hpp"
#include "report/section.hpp"
#include "report/spectral_report.hpp"
#include "report/variability_report.hpp"
#include "report/verified_report.hpp"
#include "tile/calibration.hpp"

namespace memspice::report {

struct LayerReport {
  std::string name, kind;       ///< "conv1", "convolution 6@5x5"
  std::string fidelity, path;   ///< "calibrated", "crossbar"
  int inputs = 0, outputs = 0;  ///< word lines (bias included) x outputs
  int tiles = 0;                ///< distinct ones
  long replicas = 1;            ///< crossbars that hold each tile, one per sub-image
  long memristors = 0;
  long vectors_per_image = 0;
  double array_energy = 0.0;  ///< per image [J]
  std::optional<tile::LayerCalibration> calibration;
};

/// Where pixels are labelled: accuracy counts pixels, and one class is looked for.
struct SegmentationReport {
  Accuracy dice;       ///< of that class, all pixels together
  int foreground = 0;  ///< its label value
  /// Taking for it what is darker than a grey level, the one of the best Dice on training slices.
  int threshold = 0;
  double threshold_accuracy = 0.0, threshold_dice = 0.0;
};

struct SpiceReport {
  int runs = 0;  ///< decks that ran in this run; what the store answered is not among them
  int failed = 0;
  double seconds = 0.0;                        ///< wall time of the characterization
  std::string version;                         ///< "ngspice-39"
  std::string method;                          ///< "pinned" or "direct"; empty: no tile was asked
  std::string method_reason;                   ///< why, where it is not as the flow asks
  std::optional<SpiceAccuracy> accuracy = {};  ///< where images were verified
};

struct RunReport {
  std::string flow, network, data, calibration_data, card, technology;
  std::map<std::string, std::string> settings;  ///< the values that shaped the result, with units
  std::uint64_t seed = 0;
  int images = 0;
  Accuracy accuracy;
  std::optional<SegmentationReport> segmentation;  ///< where pixels are labelled
  int tiles = 0;                                   ///< distinct ones
  long memristors = 0;
  long parameters = 0;  ///< trained numbers that crossbars hold, biases included
  /// RMS of what line resistance takes from the tiles' differential conductances, relative to
  /// their RMS, over all tiles; absent where no tile was solved.
  std::optional<double> line_loss;
  std::vector<LayerReport> layers;
  std::vector<mapping::LayerSchemes> schemes;  ///< every convolution under each mapping scheme
  std::optional<tile::CalibrationResult> calibration;
  SpiceReport spice;
  double array_energy = 0.0;                        ///< per image [J]
  std::optional<cost::NetworkCost> cost;            ///< where the technology card states [cost]
  std::optional<KernelFirstReport> kernel_first;    ///< where layers are mapped so
  std::optional<VariabilityReport> variability;     ///< where [nonideality] turns an effect on
  std::optional<ProgrammingReport> programming;     ///< where the flow has [programming]
  std::optional<NetworkPeripheryReport> periphery;  ///< where [periphery] has in_network
  std::optional<BitstreamReport> bitstream;         ///< where a layer takes that path
  std::optional<SpectralReport> spectral;           ///< where a layer or the network does
  Sections sections;  ///< of studies whose findings no other figure rests on
  double seconds_characterize = 0.0, seconds_simulate = 0.0, seconds_total = 0.0;
  std::map<std::string, std::string> versions;
  Provenance provenance;
  std::vector<std::string> warnings;  ///< why figures are not to be trusted; also on stderr
  std::vector<std::string> notes;  ///< what a reader must know, e.g. data that calibration reused
};

/// Tiles and their replicas.
long crossbar_count(const RunReport& report);

/// The terminal summary: aligned tables, one screen.
std::string to_terminal(const RunReport& report);
/// The keys of DESIGN's contract plus one entry per layer.
nlohmann::ordered_json results_json(const RunReport& report);
/// The same as results.json holds it.
std::string to_json(const RunReport& report);
/// One self-contained page with inline SVG plots; loads nothing.
std::string to_html(const RunReport& report);

/// Writes results.json and report.html into `folder`, each whole or not at all.
void write_report(const RunReport& report, const std::string& folder);

}  // namespace memspice::report
