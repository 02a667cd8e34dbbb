// ngspice in the loop of a network simulation.
#include <algorithm>
#include <map>
#include <mutex>

#include "base/error.hpp"
#include "tile/layer_tiles.hpp"

namespace memspice::tile {
namespace {

/// Vectors per deck. The first operating point of an analysis costs ten to twenty times each
/// further one, which argues for long decks; a lost worker loses its deck, and decks are what the
/// workers share, which argues for short ones.
constexpr std::size_t kVectorsPerDeck = 64;

using Vector = std::vector<float>;

/// Answers of one tile by voltage vector, kept for the whole run: images repeat themselves.
using Answers = std::map<Vector, Eigen::VectorXf>;

Vector column(const Eigen::Ref<const FloatMatrix>& V, Eigen::Index k) {
  Vector v(static_cast<std::size_t>(V.rows()));
  for (Eigen::Index i = 0; i < V.rows(); ++i) v[static_cast<std::size_t>(i)] = V(i, k);
  return v;
}

/// Some of the vectors that one tile has yet to be asked.
struct Job {
  const mapping::Tile* tile = nullptr;
  Answers* answers = nullptr;
  std::vector<Vector> vectors;
};

class SpiceTiles : public LayerTiles {
 public:
  SpiceTiles(const mapping::LayerPlan& layer, const Array& array, const Spice& spice)
      : layer_(&layer), array_(array), spice_(spice) {}

  void respond(std::span<const Request> requests, std::span<FloatMatrix> D) const override {
    const std::lock_guard lock(mutex_);
    run(missing(requests));
    for (std::size_t k = 0; k < requests.size(); ++k) {
      const Answers& answers = answers_[{requests[k].block, requests[k].tile}];
      D[k].resize(tile_of(requests[k]).output_count, requests[k].V.cols());
      for (Eigen::Index c = 0; c < D[k].cols(); ++c) {
        D[k].col(c) = answers.at(column(requests[k].V, c));
      }
    }
  }
  std::size_t preferred_floats() const noexcept override { return 0; }

 private:
  const mapping::Tile& tile_of(const Request& request) const {
    return layer_->blocks[request.block].tiles[request.tile];
  }

  std::vector<Job> missing(std::span<const Request> requests) const {
    std::vector<Job> jobs;
    for (const Request& request : requests) {
      Answers& answers = answers_[{request.block, request.tile}];
      std::vector<Vector> vectors;
      for (Eigen::Index k = 0; k < request.V.cols(); ++k) vectors.push_back(column(request.V, k));
      std::sort(vectors.begin(), vectors.end());
      vectors.erase(std::unique(vectors.begin(), vectors.end()), vectors.end());
      std::erase_if(vectors, [&](const Vector& v) { return answers.contains(v); });
      for (std::size_t first = 0; first < vectors.size(); first += kVectorsPerDeck) {
        const std::size_t last = std::min(first + kVectorsPerDeck, vectors.size());
        jobs.push_back({&tile_of(request),
                        &answers,
                        {vectors.begin() + static_cast<std::ptrdiff_t>(first),
                         vectors.begin() + static_cast<std::ptrdiff_t>(last)}});
      }
    }
    return jobs;
  }

  static TileQuestion question_of(const Job& job) {
    Eigen::MatrixXd V(job.tile->word_lines(), static_cast<Eigen::Index>(job.vectors.size()));
    for (Eigen::Index k = 0; k < V.cols(); ++k) {
      const Vector& v = job.vectors[static_cast<std::size_t>(k)];
      V.col(k) = Eigen::Map<const Eigen::VectorXf>(v.data(), V.rows()).cast<double>();
    }
    return {job.tile->name, job.tile->G, std::move(V)};
  }

  void run(const std::vector<Job>& jobs) const {
    std::vector<TileQuestion> questions;
    for (const Job& job : jobs) questions.push_back(question_of(job));
    const auto answers = measure(questions, array_, spice_);
    for (std::size_t k = 0; k < jobs.size(); ++k) record(jobs[k], answers[k]);
  }

  void record(const Job& job, const TileAnswer& answer) const {
    if (answer.I.size() == 0) {
      throw RunError({.place = "tile " + job.tile->name,
                      .value = answer.summary.message,
                      .rule = "ngspice gave no answer, and nothing stands in for it",
                      .remedy = answer.summary.saved_deck.empty()
                                    ? "run memspice doctor"
                                    : "the deck is " + answer.summary.saved_deck});
    }
    const Eigen::MatrixXd D = array_.outputs(answer.I);
    for (std::size_t k = 0; k < job.vectors.size(); ++k) {
      (*job.answers)[job.vectors[k]] = D.col(static_cast<Eigen::Index>(k)).cast<float>();
    }
  }

  const mapping::LayerPlan* layer_;
  Array array_;
  Spice spice_;
  mutable std::mutex mutex_;
  mutable std::map<std::pair<std::size_t, std::size_t>, Answers> answers_;
};

}  // namespace

std::unique_ptr<LayerTiles> make_spice_tiles(const mapping::LayerPlan& layer,
                                             const Array& array,
                                             const Spice& spice) {
  return std::make_unique<SpiceTiles>(layer, array, spice);
}

}  // namespace memspice::tile
