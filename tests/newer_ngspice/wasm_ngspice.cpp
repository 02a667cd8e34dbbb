#include "newer_ngspice/wasm_ngspice.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "support/batch_ngspice.hpp"

namespace memspice::test {
namespace {

void write_deck_files(const netlist::Deck& deck, const std::string& stem) {
  write_file(stem + ".cir", deck.text);
  std::string names;
  for (const std::string& vector : deck.vectors) names += to_lower(raw_name(vector)) + '\n';
  write_file(stem + ".names", names);
}

engine::Waveforms read_waveforms(const netlist::Deck& deck, const std::string& stem) {
  engine::Waveforms waveforms;
  if (!std::filesystem::exists(stem + ".values")) {
    waveforms.summary.termination = engine::Termination::NoConvergence;
    waveforms.summary.message = std::filesystem::exists(stem + ".error")
                                    ? read_file(stem + ".error")
                                    : "node ended without an answer";
    return waveforms;
  }
  const std::string bytes = read_file(stem + ".values");
  const auto vectors = static_cast<Eigen::Index>(deck.vectors.size());
  const auto points = static_cast<Eigen::Index>(bytes.size() / sizeof(double)) / vectors;
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> values(points, vectors);
  std::memcpy(
      values.data(), bytes.data(), static_cast<std::size_t>(values.size()) * sizeof(double));
  waveforms.values = values;
  waveforms.axis = Eigen::VectorXd::LinSpaced(points, 0.0, static_cast<double>(points - 1));
  waveforms.summary.seconds = parse_double(read_file(stem + ".seconds")).value();
  return waveforms;
}

}  // namespace

std::vector<engine::Waveforms> WasmNgspice::run_all(std::span<const netlist::Deck> decks,
                                                    const engine::OnDone& on_done) {
  const TemporaryFolder folder;
  const auto stem = [&](std::size_t k) { return (folder.path() / std::to_string(k)).string(); };
  for (std::size_t k = 0; k < decks.size(); ++k) write_deck_files(decks[k], stem(k));
  const std::string command = "node '" MEMSPICE_TEST_DIR "/newer_ngspice/simulate.mjs' '" +
                              packages_ + "' '" + folder.path().string() + "' " +
                              std::to_string(decks.size()) +
                              (solver_ == Solver::Sparse ? " sparse" : "") + " > /dev/null";
  if (std::system(command.c_str()) != 0) {
    throw RunError({.place = "node",
                    .value = packages_,
                    .rule = "did not run eecircuit-engine",
                    .remedy = "tests/newer_ngspice/run fetches it"});
  }
  std::vector<engine::Waveforms> results;
  for (std::size_t k = 0; k < decks.size(); ++k) {
    results.push_back(read_waveforms(decks[k], stem(k)));
    if (on_done) on_done(k, results.back());
  }
  return results;
}

}  // namespace memspice::test
