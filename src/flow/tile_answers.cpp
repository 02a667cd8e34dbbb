#include "flow/tile_answers.hpp"

#include "base/files.hpp"

namespace memspice::flow {

std::unique_ptr<const TileAnswers> answer_tiles(const SpicePlan& spice,
                                                SpiceUse use,
                                                const std::filesystem::path& folder,
                                                study::Bench& bench) {
  auto answers = std::make_unique<TileAnswers>();
  answers->store = open_store(spice.store);
  tile::Store& store = *answers->store.store;
  const bool calibrates = needs_ngspice(bench.ladder, bench.mapped->plan);
  if (calibrates || spice.beside_ladder) {
    answers->engine = open_engine(spice.engine, store, use == SpiceUse::RunMissing);
    answers->method = spice.choice();
    bench.spice = answers->engine->spice(answers->method.method);
  }
  if (calibrates) {
    answers->calibrated = calibrate(spice, bench);
    bench.models = &answers->calibrated->result;
    write_file(folder / "characterization.json",
               tile::to_json(answers->calibrated->dataset, bench.array));
  }
  answers->responses = solve_responses(bench, &store);
  bench.responses = &answers->responses.G_eff;
  return answers;
}

}  // namespace memspice::flow
