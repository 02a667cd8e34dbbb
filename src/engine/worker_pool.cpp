#include "engine/worker_pool.hpp"

#include <poll.h>

#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/interrupt.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "engine/worker_service.hpp"

namespace memspice::engine {
namespace {

constexpr int poll_milliseconds = 100;           // how soon Ctrl-C and time limits are noticed
constexpr std::chrono::seconds start_limit{60};  // loading the library takes milliseconds
constexpr int attempts_per_job = 2;
constexpr int starts_in_a_row = 2;  // a library that crashes when loaded must not loop

/// Letters, digits, - and _ of the title: a file name that is safe anywhere.
std::string file_name_of(const netlist::Deck& deck) {
  constexpr std::size_t longest = 60;
  std::string name;
  for (const char c : deck.title.substr(0, longest)) {
    const bool safe = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
    name += safe ? c : '_';
  }
  return "failed-" + name + "-" + sha256(deck.text).substr(0, 8) + ".cir";
}

}  // namespace

WorkerPool::WorkerPool(const Options& options) : options_(options) {
  options.validate();
  program_ = find_worker_program(options);
  const int count = options.workers > 0 ? options.workers : available_cores();
  prepare_worker_folder(folder_.path().string());
  seats_.resize(static_cast<std::size_t>(count));
  start_first_worker();
}

void WorkerPool::start_first_worker() {
  DeckWork none({}, {});
  Batch nothing{none, {}, {}, 0};
  start(seats_.front());
  while (version_.empty()) {
    throw_if_interrupted();
    for (Seat* seat : wait_for_events()) serve(*seat, nothing);
    check_deadlines(nothing);
    if (seats_.front().state == State::Empty) start(seats_.front());
  }
}

std::vector<Waveforms> WorkerPool::run_all(std::span<const netlist::Deck> decks,
                                           const OnDone& on_done) {
  DeckWork work(decks, on_done);
  run(work);
  return std::move(work).results();
}

std::vector<PinnedCurrents> WorkerPool::evaluate_all(std::span<const PinnedPoints> requests) {
  PinnedWork work(requests);
  run(work);
  return std::move(work).results();
}

void WorkerPool::run(PoolWork& work) {
  Batch batch{work, std::vector<int>(work.count(), 0), {}, 0};
  for (std::size_t k = 0; k < work.count(); ++k) batch.waiting.push_back(k);
  try {
    while (!batch.done()) {
      throw_if_interrupted();
      fill_seats(batch);
      for (Seat* seat : wait_for_events()) serve(*seat, batch);
      check_deadlines(batch);
    }
  } catch (...) {
    for (Seat& seat : seats_) clear(seat);
    throw;
  }
}

void WorkerPool::start(Seat& seat) {
  seat.process = std::make_unique<WorkerProcess>(program_, options_.library, folder_.path());
  seat.state = State::Starting;
  seat.deadline = Clock::now() + start_limit;
  seat.decks_done = 0;
}

/// Gives waiting decks to idle workers and starts as many more workers as there is work for.
void WorkerPool::fill_seats(Batch& batch) {
  for (Seat& seat : seats_) {
    if (seat.state == State::Idle && !batch.waiting.empty()) assign(seat, batch);
  }
  std::size_t coming = 0;
  for (const Seat& seat : seats_) coming += seat.state == State::Starting ? 1 : 0;
  for (Seat& seat : seats_) {
    if (seat.state != State::Empty || coming >= batch.waiting.size()) continue;
    start(seat);
    ++coming;
  }
}

/// A job whose circuit the worker holds, else one whose circuit no other holds, else the next.
std::size_t WorkerPool::take_job_for(const Seat& seat, Batch& batch) const {
  const auto is_held = [&](std::size_t job) { return batch.work.suits(job, seat.residents); };
  const auto is_free = [&](std::size_t job) {
    return std::ranges::none_of(
        seats_, [&](const Seat& other) { return batch.work.suits(job, other.residents); });
  };
  auto chosen = std::ranges::find_if(batch.waiting, is_held);
  if (chosen == batch.waiting.end()) chosen = std::ranges::find_if(batch.waiting, is_free);
  if (chosen == batch.waiting.end()) chosen = batch.waiting.begin();
  const std::size_t job = *chosen;
  batch.waiting.erase(chosen);
  return job;
}

void WorkerPool::assign(Seat& seat, Batch& batch) {
  seat.job = take_job_for(seat, batch);
  ++batch.attempts[seat.job];
  seat.state = State::Busy;
  const std::chrono::duration<double> limit(options_.time_limit);
  seat.deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(limit);
  seat.process->post(batch.work.message(seat.job, seat.residents));
}

/// The seats whose socket can be read or written, or was closed.
std::vector<WorkerPool::Seat*> WorkerPool::wait_for_events() {
  std::vector<pollfd> sockets;
  std::vector<Seat*> polled;
  for (Seat& seat : seats_) {
    if (seat.state == State::Empty) continue;
    const int events = POLLIN | (seat.process->has_unsent() ? POLLOUT : 0);
    sockets.push_back({seat.process->socket(), static_cast<short>(events), 0});
    polled.push_back(&seat);
  }
  std::vector<Seat*> ready;
  if (::poll(sockets.data(), sockets.size(), poll_milliseconds) <= 0) return ready;
  for (std::size_t k = 0; k < sockets.size(); ++k) {
    if (sockets[k].revents != 0) ready.push_back(polled[k]);
  }
  return ready;
}

void WorkerPool::serve(Seat& seat, Batch& batch) {
  const bool connected = seat.process->exchange();
  while (seat.state != State::Empty) {
    try {
      const std::optional<Message> message = seat.process->take();
      if (!message) break;
      receive(seat, *message, batch);
    } catch (const BrokenMessage& error) {  // a simulator that wrote over its own memory
      return lose(seat, batch, Termination::Crashed, error.what());
    }
  }
  if (connected || seat.state == State::Empty) return;
  lose(seat, batch, Termination::Crashed, seat.process->end(true));
}

void WorkerPool::receive(Seat& seat, const Message& message, Batch& batch) {
  if (seat.state == State::Starting && message.kind == MessageKind::Ready) {
    version_ = message.body;
    failed_starts_ = 0;
    seat.state = State::Idle;
  } else if (seat.state == State::Starting && message.kind == MessageKind::Unusable) {
    throw RunError(message.body);
  } else if (seat.state == State::Busy && message.kind == batch.work.answer_kind()) {
    take_result(seat, message.body, batch);
  } else {
    lose(seat, batch, Termination::Crashed, "answered out of turn");
  }
}

void WorkerPool::take_result(Seat& seat, const std::string& body, Batch& batch) {
  const bool alive = batch.work.take(seat.job, body);
  seat.state = State::Idle;
  if (batch.work.wears_worker()) ++seat.decks_done;
  if (!alive || seat.decks_done >= options_.recycle_after) clear(seat);
  finish(seat.job, batch);
}

void WorkerPool::check_deadlines(Batch& batch) {
  const Clock::time_point now = Clock::now();
  for (Seat& seat : seats_) {
    const bool late = now > seat.deadline;
    if (seat.state == State::Starting && late) {
      lose(seat, batch, Termination::TimedOut, "it did not start within a minute");
    } else if (seat.state == State::Busy && late) {
      const std::string limit = to_text_rounded(options_.time_limit, 4) + " s";
      lose(seat, batch, Termination::TimedOut, "over the time limit of " + limit);
    }
  }
}

/// The worker in `seat` is gone or must go; its job is tried once more or given up.
void WorkerPool::lose(Seat& seat, Batch& batch, Termination termination, const std::string& how) {
  const State state = seat.state;
  clear(seat);
  if (state == State::Starting) return count_failed_start(how);
  if (state != State::Busy) return;
  if (batch.attempts[seat.job] < attempts_per_job) {
    batch.waiting.push_front(seat.job);
    return;
  }
  const bool late = termination == Termination::TimedOut;
  Summary& summary = batch.work.summary(seat.job);
  summary.termination = termination;
  summary.message =
      "simulator process " + how + ", twice; " +
      (late ? "raise `time_limit` under [spice] or simulate a smaller circuit"
            : "run the saved deck with `ngspice -b` to see where it ends, or check the memory");
  finish(seat.job, batch);
}

void WorkerPool::count_failed_start(const std::string& how) {
  if (++failed_starts_ < starts_in_a_row) return;
  failed_starts_ = 0;
  throw RunError({.place = options_.library,
                  .value = {},
                  .rule = "the simulator process (" + program_ +
                          ") failed while it loaded this "
                          "library: " +
                          how,
                  .remedy = "install the package libngspice0 or set `library` under [spice] to a "
                            "working libngspice.so"});
}

void WorkerPool::finish(std::size_t job, Batch& batch) {
  Summary& summary = batch.work.summary(job);
  summary.attempts = batch.attempts[job];
  if (summary.termination != Termination::Done) save_failed_deck(batch.work.deck(job), summary);
  ++batch.finished;
  batch.work.finished(job);
}

void WorkerPool::save_failed_deck(const netlist::Deck& deck, Summary& summary) const {
  if (options_.failed_deck_folder.empty()) return;
  const std::filesystem::path path =
      std::filesystem::path(options_.failed_deck_folder) / file_name_of(deck);
  try {
    write_file(path, deck.text);
    summary.saved_deck = path.string();
  } catch (const Error& error) {
    summary.message += "; its deck could not be saved: " + std::string(error.what());
  }
}

void WorkerPool::clear(Seat& seat) {
  seat.process.reset();
  seat.state = State::Empty;
  seat.residents.clear();
}

}  // namespace memspice::engine
