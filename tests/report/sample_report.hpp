#pragma once
// A finished run with made-up, plausible numbers, to test how it is shown.

#include <algorithm>
#include <cmath>

#include "report/run_report.hpp"

namespace memspice::report {

inline tile::ModelErrors sample_errors(double calibrated, long vectors) {
  return {.models = {{"ideal", {.nrmse = 0.123, .max = 0.34}},
                     {"mesh", {.nrmse = 0.0312, .max = 0.081}},
                     {"calibrated", {.nrmse = calibrated, .max = 4.0 * calibrated}}},
          .vectors = vectors};
}

inline LayerReport sample_layer(const char* name, const char* kind, int inputs, int outputs) {
  tile::LayerCalibration calibration;
  calibration.layer = name;
  calibration.calibration.coefficients = Eigen::Vector2d(0.041, 0.0007);
  calibration.fitted = sample_errors(2e-5, 16);
  calibration.held_out_vectors = sample_errors(3e-5, 8);
  calibration.held_out_tiles = sample_errors(7e-5, 24);
  calibration.spread = {.tiles = 2, .median = 4e-5, .ninetieth = 7e-5, .worst = 9e-5};
  calibration.certificate = tile::Certificate{.bound = 2.5e-15,
                                              .relative = 3.2e-10,
                                              .residual = 1e-17,
                                              .corrections = 1,
                                              .evaluations = 25};
  LayerReport layer;
  layer.name = name;
  layer.kind = kind;
  layer.fidelity = "calibrated";
  layer.path = "crossbar";
  layer.inputs = inputs;
  layer.outputs = outputs;
  layer.tiles = 4;
  layer.memristors = 2L * inputs * outputs;
  layer.vectors_per_image = 100;
  layer.array_energy = 1e-12 * inputs * outputs;
  layer.calibration = calibration;
  return layer;
}

/// `value` of 10,000 images, with its interval.
inline simulate::Share sample_share(double value) {
  return simulate::share_of(static_cast<int>(std::lround(1e4 * value)), 10000);
}

/// Of 10,000 images some gain and some lose their label.
inline simulate::PairedChange sample_change(int gained, int lost) {
  std::vector<float> before(10000, 0.0F), after(10000, 0.0F);
  std::fill_n(after.begin(), gained, 1.0F);
  std::fill_n(before.begin() + gained, lost, 1.0F);
  return simulate::paired_change(before, after);
}

inline RunReport sample_report() {
  RunReport report;
  report.flow = "lenet5_fashion";
  report.network = "lenet5_fashion.onnx";
  report.data = "t10k-images-idx3-ubyte.gz";
  report.calibration_data = "first 200 of train-images-idx3-ubyte.gz";
  report.card = "static_read/hfox_1t1r";
  report.technology = "generic_45nm";
  report.settings = {{"alpha", "2.5 1/V"},
                     {"driver", "100 Ohm"},
                     {"g_max", "20 uS"},
                     {"g_min", "2 uS"},
                     {"levels", "32"},
                     {"read voltage", "200 mV"},
                     {"sense", "10 Ohm"},
                     {"tiles", "64 x 64"},
                     {"wire column", "1.007 Ohm"},
                     {"wire row", "1.007 Ohm"}};
  report.seed = 1;
  report.images = 10000;
  report.accuracy.shares["float"] = sample_share(0.9182);
  report.accuracy.shares["ideal"] = sample_share(0.9161);
  report.accuracy.shares["mesh"] = sample_share(0.8954);
  report.accuracy.shares["calibrated"] = sample_share(0.9012);
  report.accuracy.changes = {{"ideal", sample_change(30, 51)},
                             {"mesh", sample_change(50, 257)},
                             {"calibrated", sample_change(158, 100)}};
  report.layers = {sample_layer("conv1", "convolution 6@5x5", 26, 6),
                   sample_layer("conv2", "convolution 16@5x5", 151, 16),
                   sample_layer("fc1", "fully connected", 401, 120),
                   sample_layer("fc2", "fully connected", 121, 84),
                   sample_layer("fc3", "fully connected", 85, 10)};
  report.tiles = 48;
  report.memristors = 124000;
  tile::CalibrationResult calibration;
  for (const LayerReport& layer : report.layers) calibration.layers.push_back(*layer.calibration);
  calibration.held_out = sample_errors(6e-5, 160);
  calibration.spread = {.tiles = 10, .median = 5e-5, .ninetieth = 8e-5, .worst = 9e-5};
  calibration.vectors_fit = 80;
  calibration.vectors_held_out = 160;
  report.calibration = calibration;
  report.spice = {.runs = 10,
                  .failed = 0,
                  .seconds = 42.0,
                  .version = "ngspice-39",
                  .method = "pinned",
                  .method_reason = {}};
  report.array_energy = 4.2e-9;
  report.seconds_characterize = 45.0;
  report.seconds_simulate = 31.0;
  report.seconds_total = 77.0;
  report.versions = {{"memspice", "0.1.0"}, {"ngspice", "ngspice-39"}};
  report.notes = {"conv1 has one tile: no tile is held out there"};
  return report;
}

}  // namespace memspice::report
