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
constexpr int attempts_per_deck = 2;
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
  Batch nothing{{}, {}, {}, {}, {}, 0};
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
  Batch batch{decks,
              on_done,
              std::vector<Waveforms>(decks.size()),
              std::vector<int>(decks.size(), 0),
              {},
              0};
  for (std::size_t k = 0; k < decks.size(); ++k) batch.waiting.push_back(k);
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
  return std::move(batch.results);
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

void WorkerPool::assign(Seat& seat, Batch& batch) {
  seat.deck = batch.waiting.front();
  batch.waiting.pop_front();
  ++batch.attempts[seat.deck];
  seat.state = State::Busy;
  const std::chrono::duration<double> limit(options_.time_limit);
  seat.deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(limit);
  seat.process->post(frame(MessageKind::Job, encode_deck(batch.decks[seat.deck])));
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
    std::optional<Answer> answer;
    try {
      answer = next_answer(seat);
    } catch (const RunError& error) {  // a simulator that wrote over its own memory
      return lose(seat, batch, Termination::Crashed, error.what());
    }
    if (!answer) break;
    receive(seat, std::move(*answer), batch);
  }
  if (connected || seat.state == State::Empty) return;
  lose(seat, batch, Termination::Crashed, seat.process->end(true));
}

std::optional<WorkerPool::Answer> WorkerPool::next_answer(Seat& seat) {
  auto message = seat.process->take();
  if (!message) return std::nullopt;
  if (message->kind != MessageKind::Result) {
    return Answer{message->kind, std::move(message->body), {}};
  }
  return Answer{message->kind, {}, decode_result(message->body)};
}

void WorkerPool::receive(Seat& seat, Answer answer, Batch& batch) {
  if (seat.state == State::Starting && answer.kind == MessageKind::Ready) {
    version_ = answer.text;
    failed_starts_ = 0;
    seat.state = State::Idle;
  } else if (seat.state == State::Starting && answer.kind == MessageKind::Unusable) {
    throw RunError(answer.text);
  } else if (seat.state == State::Busy && answer.kind == MessageKind::Result) {
    take_result(seat, std::move(answer.result), batch);
  } else {
    lose(seat, batch, Termination::Crashed, "answered out of turn");
  }
}

void WorkerPool::take_result(Seat& seat, Result result, Batch& batch) {
  ++seat.decks_done;
  seat.state = State::Idle;
  if (!result.session_alive || seat.decks_done >= options_.recycle_after) clear(seat);
  finish(seat.deck, std::move(result.waveforms), batch);
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

/// The worker in `seat` is gone or must go; its deck is tried once more or given up.
void WorkerPool::lose(Seat& seat, Batch& batch, Termination termination, const std::string& how) {
  const State state = seat.state;
  clear(seat);
  if (state == State::Starting) return count_failed_start(how);
  if (state != State::Busy) return;
  if (batch.attempts[seat.deck] < attempts_per_deck) {
    batch.waiting.push_front(seat.deck);
    return;
  }
  const bool late = termination == Termination::TimedOut;
  Waveforms failed;
  failed.summary.termination = termination;
  failed.summary.message =
      "simulator process " + how + ", twice; " +
      (late ? "raise `time_limit` under [spice] or simulate a smaller circuit"
            : "run the saved deck with `ngspice -b` to see where it ends, or check the memory");
  finish(seat.deck, std::move(failed), batch);
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

void WorkerPool::finish(std::size_t deck, Waveforms waveforms, Batch& batch) {
  waveforms.summary.attempts = batch.attempts[deck];
  if (!waveforms.ok()) save_failed_deck(batch.decks[deck], waveforms.summary);
  batch.results[deck] = std::move(waveforms);
  ++batch.finished;
  if (batch.on_done) batch.on_done(deck, batch.results[deck]);
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
}

}  // namespace memspice::engine
