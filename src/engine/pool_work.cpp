#include "engine/pool_work.hpp"

namespace memspice::engine {
namespace {

/// What ngspice 39 keeps of a circuit for each character of its deck, measured on pinned pieces of
/// 256 to 2,048 cells: 10 kB a cell of some 200 characters. An analysis takes three times as much
/// for as long as it runs.
constexpr std::size_t bytes_per_character = 50;

}  // namespace

std::string DeckWork::message(std::size_t job, Residents& residents) const {
  residents.clear();  // the session forgets its circuits for a deck of another kind
  return frame(MessageKind::Job, encode_deck(decks_[job]));
}

bool DeckWork::take(std::size_t job, std::string_view body) {
  Result result = decode_result(body);
  results_[job] = std::move(result.waveforms);
  return result.session_alive;
}

std::string PinnedWork::message(std::size_t job, Residents& residents) const {
  const PinnedPoints& points = requests_[job];
  PinnedRequest request{.forget = {}, .deck = {.key = points.deck->key, .deck = {}}, .V = points.V};
  if (residents.holds(points.deck->key)) {
    request.deck.deck.vectors = points.deck->deck.vectors;
  } else {
    request.deck.deck = points.deck->deck;
  }
  request.forget =
      residents.admit(points.deck->key, points.deck->deck.text.size() * bytes_per_character);
  return frame(MessageKind::PinnedJob, encode_request(request));
}

bool PinnedWork::take(std::size_t job, std::string_view body) {
  PinnedAnswer answer = decode_answer(body);
  results_[job] = std::move(answer.currents);
  const bool wrong_shape =
      results_[job].ok() && (results_[job].I.rows() != requests_[job].V.rows() ||
                             results_[job].I.cols() != requests_[job].V.cols());
  if (wrong_shape) {
    results_[job] = {};
    throw BrokenMessage("answered with another number of currents than was asked");
  }
  return answer.session_alive;
}

}  // namespace memspice::engine
