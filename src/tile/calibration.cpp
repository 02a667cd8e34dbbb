#include "tile/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "tile/fit_model.hpp"
#include "tile/stimuli.hpp"

namespace memspice::tile {
namespace {

Sample prepare(const Measurement& measurement, const Array& array) {
  return {.measurement = &measurement,
          .array = &array,
          .G_eff = array.response(measurement.G),
          .D = array.outputs(measurement.I)};
}

/// Sums over tiles, each scaled by its own currents: a small tile weighs as much as a large one.
class ErrorSum {
 public:
  /// rms, peak: of ngspice's differential currents over the same vectors [A].
  void add(const Eigen::MatrixXd& error, double rms, double peak) {
    if (error.size() == 0 || rms == 0.0) return;
    square_ += error.squaredNorm() / (rms * rms);
    count_ += error.size();
    largest_ = std::max(largest_, error.cwiseAbs().maxCoeff() / peak);
  }
  void add(const ErrorSum& other) {
    square_ += other.square_;
    count_ += other.count_;
    largest_ = std::max(largest_, other.largest_);
  }
  ModelError result() const {
    if (count_ == 0) return {};
    return {.nrmse = std::sqrt(square_ / static_cast<double>(count_)), .max = largest_};
  }

 private:
  double square_ = 0.0, largest_ = 0.0;
  Eigen::Index count_ = 0;
};

/// Of all models over the same vectors.
struct ModelSums {
  std::vector<ErrorSum> models = std::vector<ErrorSum>(model_kinds().size());
  std::vector<bool> judged = std::vector<bool>(model_kinds().size(), false);
  long vectors = 0;

  void add(const ModelSums& other) {
    for (std::size_t m = 0; m < models.size(); ++m) {
      models[m].add(other.models[m]);
      judged[m] = judged[m] || other.judged[m];
    }
    vectors += other.vectors;
  }
  ModelErrors result() const {
    ModelErrors errors{.models = {}, .vectors = vectors};
    for (std::size_t m = 0; m < models.size(); ++m) {
      if (judged[m]) errors.models.emplace_back(model_kinds()[m].name, models[m].result());
    }
    return errors;
  }
};

/// All models on vectors first .. first+count-1 of one tile.
void compare(const Sample& sample,
             const Calibration& calibration,
             Eigen::Index first,
             Eigen::Index count,
             ModelSums& sum) {
  if (count == 0) return;
  const Array& array = *sample.array;
  const Eigen::MatrixXd V = sample.measurement->V.middleCols(first, count);
  const Eigen::MatrixXd D = sample.D.middleCols(first, count);
  const double own_rms = rms(D);
  const double peak = D.cwiseAbs().maxCoeff();
  const ModelInputs inputs{.G = &sample.measurement->G,
                           .G_eff = &sample.G_eff,
                           .calibration = &calibration,
                           .array = &array};
  for (std::size_t m = 0; m < sum.models.size(); ++m) {
    if (model_kinds()[m].needs_law && !array.has_law()) continue;
    sum.judged[m] = true;
    sum.models[m].add(model_kinds()[m].answer(inputs, V) - D, own_rms, peak);
  }
  sum.vectors += count;
}

struct LayerSums {
  ModelSums fitted, held_out_vectors, held_out_tiles;
  /// Of the calibrated model, tile by tile: of fitted tiles on their unseen vectors.
  std::vector<double> of_fitted_tiles, of_unseen_tiles;

  const std::vector<double>& tile_errors() const {
    return of_unseen_tiles.empty() ? of_fitted_tiles : of_unseen_tiles;
  }
};

void compare_tile(const Sample& sample,
                  const Calibration& calibration,
                  Eigen::Index first,
                  Eigen::Index count,
                  ModelSums& sum,
                  std::vector<double>& by_tile) {
  ModelSums tile;
  compare(sample, calibration, first, count, tile);
  sum.add(tile);
  by_tile.push_back(tile.result().of("calibrated").nrmse);
}

LayerSums compare_all(const std::vector<Sample>& samples, const Calibration& calibration) {
  LayerSums sums;
  for (const Sample& sample : samples) {
    const Eigen::Index all = sample.D.cols();
    // Corners drive far larger currents than a network does; they would flatter every error.
    const Eigen::Index corners = sample.measurement->corner_count;
    if (sample.measurement->held_out_tile) {
      compare_tile(
          sample, calibration, corners, all - corners, sums.held_out_tiles, sums.of_unseen_tiles);
      continue;
    }
    const Eigen::Index fitted = sample.fit_count();
    compare(sample, calibration, corners, fitted - corners, sums.fitted);
    compare_tile(
        sample, calibration, fitted, all - fitted, sums.held_out_vectors, sums.of_fitted_tiles);
  }
  return sums;
}

/// What one model is fitted to, and for which layers.
struct SampleGroup {
  std::vector<std::string> layers;
  std::string name;  ///< LayerCalibration::group
  std::vector<Sample> samples;
};

std::string name_of_group(const Measurement& measurement) {
  if (measurement.serves.size() < 2) return {};
  const bool is_signed = measurement.corner_count == corner_count(true);
  return std::to_string(measurement.G.rows()) + " x " + std::to_string(measurement.G.cols()) +
         (is_signed ? " signed, " : ", ") + std::to_string(measurement.serves.size()) + " layers";
}

/// Successful measurements by the layers they serve, in the order of their first appearance.
std::vector<SampleGroup> group_samples(const Dataset& dataset, const Array& array) {
  std::vector<SampleGroup> groups;
  for (const Measurement& measurement : dataset.measurements) {
    const std::vector<std::string> layers =
        measurement.serves.empty() ? std::vector{measurement.layer} : measurement.serves;
    if (groups.empty() || groups.back().layers != layers) {
      groups.push_back({.layers = layers, .name = name_of_group(measurement), .samples = {}});
    }
    if (measurement.I.size() > 0) groups.back().samples.push_back(prepare(measurement, array));
  }
  return groups;
}

std::optional<Certificate> certificate_of(const std::vector<Sample>& samples) {
  std::optional<Certificate> worst;
  for (const Sample& sample : samples) {
    const std::optional<Certificate>& own = sample.measurement->certificate;
    if (own) worst = worst ? worst_of(*worst, *own) : own;
  }
  return worst;
}

/// Groups hold layers from all over the network; a plan goes through them in order.
void sort_as(const std::vector<std::string>& layers, std::vector<LayerCalibration>& calibrations) {
  const auto place = [&](const LayerCalibration& calibration) {
    return std::find(layers.begin(), layers.end(), calibration.layer) - layers.begin();
  };
  std::ranges::stable_sort(calibrations, {}, place);
}

void require_fitted_vectors(const std::string& layer, const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) {
    if (sample.fit_count() > 0) return;
  }
  throw RunError({.place = "layer " + layer,
                  .value = {},
                  .rule = "no tile of it was characterized, so there is nothing to calibrate with",
                  .remedy = "see the failed ngspice runs above"});
}

}  // namespace

bool ModelErrors::has(std::string_view model) const {
  return std::ranges::any_of(models, [&](const auto& found) { return found.first == model; });
}

ModelError ModelErrors::of(std::string_view model) const {
  for (const auto& [name, error] : models) {
    if (name == model) return error;
  }
  return {};
}

TileSpread spread_of(std::vector<double> nrmse) {
  if (nrmse.empty()) return {};
  std::ranges::sort(nrmse);
  const auto rank = [&](double share) {
    const double at = std::ceil(share * static_cast<double>(nrmse.size()));
    return nrmse[static_cast<std::size_t>(std::max(at, 1.0)) - 1];
  };
  return {.tiles = static_cast<int>(nrmse.size()),
          .median = rank(0.5),
          .ninetieth = rank(0.9),
          .worst = nrmse.back()};
}

CalibrationResult fit(const Dataset& dataset, const Array& array, Cells cells) {
  CalibrationResult result;
  ModelSums held_out;
  std::vector<double> by_tile;
  for (const auto& [layers, group, samples] : group_samples(dataset, array)) {
    require_fitted_vectors(layers.front(), samples);
    const Calibration calibration =
        fit_model(samples, array, cells == Cells::Alike ? 1 : array.conductance_terms());
    const LayerSums sums = compare_all(samples, calibration);
    held_out.add(sums.held_out_vectors);
    held_out.add(sums.held_out_tiles);
    by_tile.insert(by_tile.end(), sums.tile_errors().begin(), sums.tile_errors().end());
    for (const Sample& sample : samples) result.vectors_fit += sample.fit_count();
    for (const std::string& layer : layers) {
      result.layers.push_back({.layer = layer,
                               .group = group,
                               .calibration = calibration,
                               .fitted = sums.fitted.result(),
                               .held_out_vectors = sums.held_out_vectors.result(),
                               .held_out_tiles = sums.held_out_tiles.result(),
                               .spread = spread_of(sums.tile_errors()),
                               .certificate = certificate_of(samples)});
    }
  }
  sort_as(dataset.layers, result.layers);
  result.held_out = held_out.result();
  result.spread = spread_of(std::move(by_tile));
  result.vectors_held_out = held_out.vectors;
  return result;
}

}  // namespace memspice::tile
