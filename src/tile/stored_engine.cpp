#include "tile/stored_engine.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "tile/row_check.hpp"
#include "tile/store_payload.hpp"

namespace memspice::tile {
namespace {

using engine::OnDone;
using engine::Waveforms;

constexpr std::string_view kSpiceKind = "spice";

/// One matrix, so that exported rows are plain: the axis, then a column per probe.
std::string encode(const Waveforms& waveforms) {
  Eigen::MatrixXd table(waveforms.values.rows(), waveforms.values.cols() + 1);
  table.col(0) = waveforms.axis;
  table.rightCols(waveforms.values.cols()) = waveforms.values;
  return encode_npy(table);
}

Waveforms decode(const Eigen::MatrixXd& table, const std::string& version) {
  Waveforms waveforms;
  waveforms.axis = table.col(0);
  waveforms.values = table.rightCols(table.cols() - 1);
  waveforms.summary.message = "from the store, computed by " + version;
  waveforms.summary.attempts = 0;
  return waveforms;
}

class Implementation final : public StoredEngine {
 public:
  Implementation(Store& store, engine::Engine* inner) : store_(store), inner_(inner) {}

  std::string version() override;
  std::vector<Waveforms> run_all(std::span<const netlist::Deck> decks,
                                 const OnDone& on_done) override;
  StoreUse use() const override {
    const std::lock_guard lock(mutex_);
    return use_;
  }

 private:
  std::optional<Waveforms> look_up(const netlist::Deck& deck, const std::string& key);
  void run_missing(std::span<const netlist::Deck> decks,
                   const std::vector<std::size_t>& missing,
                   std::vector<Waveforms>& results,
                   const OnDone& on_done);
  void keep(const netlist::Deck& deck, const Waveforms& waveforms);

  Store& store_;
  engine::Engine* inner_;
  mutable std::mutex mutex_;  ///< layers that run in ngspice ask from several threads
  StoreUse use_;
  std::set<std::string> versions_used_;
};

std::string Implementation::version() {
  if (inner_ != nullptr) return inner_->version();
  const std::lock_guard lock(mutex_);
  if (versions_used_.empty()) {
    const auto newest = store_.newest_version(kSpiceKind);
    return newest.empty() ? "no simulator (offline, store empty)" : newest;
  }
  const std::vector<std::string> used(versions_used_.begin(), versions_used_.end());
  return join(used, ", ");
}

std::optional<Waveforms> Implementation::look_up(const netlist::Deck& deck,
                                                 const std::string& key) {
  const std::string version = inner_ != nullptr ? inner_->version() : std::string();
  // Behind a row that is refused and deleted an older version's may stand.
  while (const auto row = store_.get(kSpiceKind, key, version)) {
    const auto table = decode_npy(row->payload);
    const std::string fault = fault_in_answer(table, deck);
    if (fault.empty()) {
      ++use_.hits;
      use_.seconds_saved += row->seconds;
      versions_used_.insert(row->version);
      return decode(*table, row->version);
    }
    store_.refuse(*row, fault);
    if (!store_.is_writable()) break;
  }
  return std::nullopt;
}

void Implementation::keep(const netlist::Deck& deck, const Waveforms& waveforms) {
  const bool whole = waveforms.values.rows() > 0 &&
                     waveforms.axis.size() == waveforms.values.rows() &&
                     waveforms.values.cols() == static_cast<Eigen::Index>(deck.vectors.size());
  if (!waveforms.ok() || !whole) return;
  const bool kept = store_.put({.kind = std::string(kSpiceKind),
                                .key = deck_key(deck),
                                .version = inner_->version(),
                                .description = deck.title,
                                .seconds = waveforms.summary.seconds,
                                .payload = encode(waveforms)});
  if (kept) ++use_.kept;
}

/// Runs the missing decks, longest first, so that no core waits for a long one at the end. Each is
/// on disk as soon as it is done: a kill loses no more than what the cores were working on.
void Implementation::run_missing(std::span<const netlist::Deck> decks,
                                 const std::vector<std::size_t>& missing,
                                 std::vector<Waveforms>& results,
                                 const OnDone& on_done) {
  if (missing.empty()) return;
  std::vector<std::size_t> order = missing;
  std::stable_sort(order.begin(), order.end(), [&decks](std::size_t a, std::size_t b) {
    return decks[a].text.size() > decks[b].text.size();
  });
  std::vector<netlist::Deck> chosen;
  for (const std::size_t k : order) chosen.push_back(decks[k]);
  auto answers = inner_->run_all(chosen, [&](std::size_t k, const Waveforms& answer) {
    keep(chosen[k], answer);
    if (on_done) on_done(order[k], answer);
  });
  for (std::size_t k = 0; k < order.size(); ++k) results[order[k]] = std::move(answers[k]);
}

std::vector<Waveforms> Implementation::run_all(std::span<const netlist::Deck> decks,
                                               const OnDone& on_done) {
  const std::lock_guard lock(mutex_);
  std::vector<Waveforms> results(decks.size());
  std::vector<std::size_t> missing;
  std::map<std::string, std::size_t> first_with;  // key -> deck that runs for all its twins
  std::vector<std::pair<std::size_t, std::size_t>> twins;
  for (std::size_t k = 0; k < decks.size(); ++k) {
    const std::string key = deck_key(decks[k]);
    if (const auto twin = first_with.find(key); twin != first_with.end()) {
      twins.emplace_back(k, twin->second);
      continue;
    }
    if (auto stored = look_up(decks[k], key)) {
      results[k] = std::move(*stored);
      if (on_done) on_done(k, results[k]);
      continue;
    }
    ++use_.misses;
    if (inner_ != nullptr) {
      first_with.emplace(key, k);
      missing.push_back(k);
      continue;
    }
    results[k].summary = not_stored(decks[k].title);
    if (on_done) on_done(k, results[k]);
  }
  run_missing(decks, missing, results, on_done);
  for (const auto& [twin, original] : twins) {
    results[twin] = results[original];
    ++(results[twin].ok() ? use_.hits : use_.misses);
    if (on_done) on_done(twin, results[twin]);
  }
  return results;
}

}  // namespace

engine::Summary not_stored(const std::string& title) {
  engine::Summary summary;
  summary.termination = engine::Termination::Rejected;
  summary.message = title +
                    ": no stored result, and no simulator is in use; run `memspice "
                    "characterize FLOW` with the same settings and store first";
  summary.attempts = 0;
  return summary;
}

std::string deck_key(const netlist::Deck& deck) {
  // Lengths first: no two decks share the bytes that are hashed.
  std::string bytes = "deck " + to_text(static_cast<long long>(deck.text.size())) + " " +
                      to_text(static_cast<long long>(deck.points)) + "\n" + deck.text;
  for (const std::string& vector : deck.vectors) {
    bytes += to_text(static_cast<long long>(vector.size())) + " " + vector + "\n";
  }
  return sha256(bytes);
}

std::unique_ptr<StoredEngine> make_stored_engine(Store& store, engine::Engine* inner) {
  return std::make_unique<Implementation>(store, inner);
}

}  // namespace memspice::tile
