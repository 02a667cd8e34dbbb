#include "engine/engine.hpp"

#include <cmath>
#include <mutex>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/pinned.hpp"
#include "engine/worker_pool.hpp"

namespace memspice::engine {
namespace {

/// The pool as an Engine; calls from several threads queue up.
class NgspiceEngine final : public Engine {
 public:
  explicit NgspiceEngine(const Options& options) : pool_(options) {}

  std::string version() override { return pool_.version(); }

  std::vector<Waveforms> run_all(std::span<const netlist::Deck> decks,
                                 const OnDone& on_done) override {
    const std::lock_guard lock(mutex_);
    return pool_.run_all(decks, on_done);
  }

  std::vector<PinnedCurrents> evaluate_all(std::span<const PinnedPoints> requests) override {
    const std::lock_guard lock(mutex_);
    return pool_.evaluate_all(requests);
  }

 private:
  std::mutex mutex_;
  WorkerPool pool_;
};

void require(bool holds, const char* place, std::string value, const char* rule) {
  if (holds) return;
  throw InputError({.place = place,
                    .value = std::move(value),
                    .rule = rule,
                    .remedy = "correct it in the flow file or with --set"});
}

}  // namespace

std::vector<PinnedCurrents> Engine::evaluate_all(std::span<const PinnedPoints> requests) {
  PinnedCurrents rejected;
  rejected.summary.termination = Termination::Rejected;
  rejected.summary.message = "this engine (" + version() + ") evaluates no pinned circuits";
  return std::vector<PinnedCurrents>(requests.size(), rejected);
}

void Options::validate() const {
  constexpr double longest = 1e8;  // [s], three years: beyond it the clock's arithmetic overflows
  require(!library.empty(), "[spice] library", library, "must name a libngspice");
  require(
      workers >= 0, "[spice] workers", std::to_string(workers), "must be 0 (all cores) or more");
  require(time_limit > 0.0 && time_limit <= longest,
          "[spice] time_limit",
          to_text(time_limit),
          "must be above 0 s and at most 1e8 s");
  require(recycle_after >= 1,
          "[spice] recycle_after",
          std::to_string(recycle_after),
          "must be at least 1");
}

std::unique_ptr<Engine> make_ngspice_engine(const Options& options) {
  return std::make_unique<NgspiceEngine>(options);
}

}  // namespace memspice::engine
