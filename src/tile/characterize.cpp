#include "base/error.hpp"
#include "base/names.hpp"
#include "base/progress.hpp"
#include "base/stopwatch.hpp"
#include "tile/characterization.hpp"
#include "tile/stimuli.hpp"
#include "tile/tile_choice.hpp"

namespace memspice::tile {
namespace {

/// A measurement before its run: everything but ngspice's answer.
Measurement prepare(const CharacterizeInputs& inputs, const TileChoice& place) {
  const mapping::FloatMatrix& samples = inputs.samples.at(place.layer_index).at(place.block);
  const StimulusCounts counts{.fitted = inputs.options.vectors,
                              .held_out = inputs.options.held_out};
  return {.layer = place.layer->name,
          .tile = place.tile->name,
          .serves = place.serves,
          .held_out_tile = place.is_held_out,
          .corner_count = corner_count(place.layer->signed_input),
          .fit_count = inputs.options.vectors,
          .G = place.tile->G,
          .V = inputs.array.input().carried(
              choose_stimuli(*inputs.plan,
                             *place.layer,
                             *place.tile,
                             samples,
                             counts,
                             RandomStream(inputs.seed, "stimuli/" + place.tile->name))),
          .I = {},
          .provenance = {.deck_sha256 = {}, .engine = {}, .card = inputs.card, .seed = inputs.seed},
          .summary = {}};
}

std::vector<Measurement> plan_measurements(const CharacterizeInputs& inputs) {
  std::vector<Measurement> measurements;
  for (const TileChoice& choice : choose_tiles(*inputs.plan, inputs.options, inputs.seed)) {
    measurements.push_back(prepare(inputs, choice));
  }
  return measurements;
}

std::vector<TileQuestion> questions_of(const std::vector<Measurement>& measurements) {
  std::vector<TileQuestion> questions;
  for (const Measurement& m : measurements) questions.push_back({m.tile, m.G, m.V});
  return questions;
}

}  // namespace

Scope parse_scope(std::string_view name, std::string_view place) {
  constexpr Names<2> scopes{"layer", "network"};
  return parse_choice<Scope>(scopes, name, place, "is no scope of a tile model");
}

void CharacterizeOptions::validate(std::string_view place) const {
  const auto require = [&](std::string_view key, int value, int least) {
    if (value >= least) return;
    throw InputError({.place = std::string(place) + '.' + std::string(key),
                      .value = std::to_string(value),
                      .rule = "must be at least " + std::to_string(least),
                      .remedy = "characterize a little, or choose another fidelity"});
  };
  require("tiles", tiles, kAutoTiles);
  require("vectors", vectors, corner_count(true) + 2);
  require("held_out", held_out, 1);
}

Dataset characterize(const CharacterizeInputs& inputs, const Spice& spice) {
  const Stopwatch stopwatch;
  Dataset dataset{.measurements = plan_measurements(inputs)};
  for (const mapping::LayerPlan& layer : inputs.plan->layers) dataset.layers.push_back(layer.name);
  Progress progress("characterize with ngspice", dataset.measurements.size(), "tiles");
  auto answers = measure(questions_of(dataset.measurements), inputs.array, spice, [&](std::size_t) {
    progress.advance();
  });
  progress.finish();
  const std::string version = spice.version();
  for (std::size_t k = 0; k < answers.size(); ++k) {
    Measurement& measurement = dataset.measurements[k];
    measurement.provenance.engine = version;
    measurement.provenance.deck_sha256 = std::move(answers[k].deck_sha256);
    measurement.I = std::move(answers[k].I);
    measurement.certificate = answers[k].certificate;
    measurement.summary = std::move(answers[k].summary);
    dataset.failed += measurement.I.size() > 0 ? 0 : 1;
  }
  dataset.runs = static_cast<int>(answers.size());
  dataset.seconds = stopwatch.seconds();
  return dataset;
}

std::vector<TileQuestion> characterization_questions(const CharacterizeInputs& inputs) {
  return questions_of(plan_measurements(inputs));
}

}  // namespace memspice::tile
