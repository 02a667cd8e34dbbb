#pragma once
// What a call gives the pool to do: numbered jobs for workers, of one kind. The pool knows who
// works and who was lost; the work knows what is asked and what came back.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"
#include "engine/pinned.hpp"
#include "engine/residents.hpp"
#include "engine/wire_format.hpp"

namespace memspice::engine {

class PoolWork {
 public:
  virtual ~PoolWork() = default;
  virtual std::size_t count() const = 0;
  /// The deck of a job, to be saved when it fails.
  virtual const netlist::Deck& deck(std::size_t job) const = 0;
  /// Whether a worker that holds these circuits has less to do than another.
  virtual bool suits(std::size_t job, const Residents& residents) const = 0;
  /// The framed message for a worker, whose circuits are brought up to date.
  virtual std::string message(std::size_t job, Residents& residents) const = 0;
  virtual MessageKind answer_kind() const = 0;
  /// Whether a job counts against Options::recycle_after.
  virtual bool wears_worker() const = 0;
  /// Reads an answer; returns whether the session can go on. Throws RunError for broken bytes.
  virtual bool take(std::size_t job, std::string_view body) = 0;
  /// How the job went; of one that is given up without an answer, to be filled.
  virtual Summary& summary(std::size_t job) = 0;
  /// The job is over.
  virtual void finished(std::size_t job) = 0;
};

/// Each deck once.
class DeckWork final : public PoolWork {
 public:
  DeckWork(std::span<const netlist::Deck> decks, const OnDone& on_done)
      : decks_(decks), on_done_(on_done), results_(decks.size()) {}
  std::vector<Waveforms> results() && { return std::move(results_); }

  std::size_t count() const override { return decks_.size(); }
  const netlist::Deck& deck(std::size_t job) const override { return decks_[job]; }
  bool suits(std::size_t, const Residents&) const override { return true; }
  std::string message(std::size_t job, Residents& residents) const override;
  MessageKind answer_kind() const override { return MessageKind::Result; }
  bool wears_worker() const override { return true; }
  bool take(std::size_t job, std::string_view body) override;
  Summary& summary(std::size_t job) override { return results_[job].summary; }
  void finished(std::size_t job) override {
    if (on_done_) on_done_(job, results_[job]);
  }

 private:
  std::span<const netlist::Deck> decks_;
  const OnDone& on_done_;
  std::vector<Waveforms> results_;
};

/// Points for circuits that stay loaded.
class PinnedWork final : public PoolWork {
 public:
  explicit PinnedWork(std::span<const PinnedPoints> requests)
      : requests_(requests), results_(requests.size()) {}
  std::vector<PinnedCurrents> results() && { return std::move(results_); }

  std::size_t count() const override { return requests_.size(); }
  const netlist::Deck& deck(std::size_t job) const override { return requests_[job].deck->deck; }
  bool suits(std::size_t job, const Residents& residents) const override {
    return residents.holds(requests_[job].deck->key);
  }
  std::string message(std::size_t job, Residents& residents) const override;
  MessageKind answer_kind() const override { return MessageKind::PinnedResult; }
  bool wears_worker() const override { return false; }
  bool take(std::size_t job, std::string_view body) override;
  Summary& summary(std::size_t job) override { return results_[job].summary; }
  void finished(std::size_t) override {}

 private:
  std::span<const PinnedPoints> requests_;
  std::vector<PinnedCurrents> results_;
};

}  // namespace memspice::engine
