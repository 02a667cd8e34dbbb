#pragma once
// What travels between the pool and a worker process: framed binary messages over a socket.
// Both ends are the same build on the same machine, so numbers travel in native byte order.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace memspice::engine {

enum class MessageKind : std::uint32_t {
  Ready = 1,     ///< worker -> pool: the simulator is loaded; body: its version
  Unusable = 2,  ///< worker -> pool: it could not be loaded; body: why
  Job = 3,       ///< pool -> worker: a deck
  Result = 4,    ///< worker -> pool: its waveforms
};

struct Message {
  MessageKind kind = MessageKind::Ready;
  std::string body;
};

/// A run's waveforms, and whether the session that made them can take another deck.
struct Result {
  Waveforms waveforms;
  bool session_alive = true;
};

/// Header (kind, length) and body, ready to send.
std::string frame(MessageKind kind, std::string_view body);

/// Takes the first whole message off the front of `buffer`; nothing while it is incomplete.
/// Throws RunError when the bytes are no message.
std::optional<Message> take_message(std::string& buffer);

std::string encode_deck(const netlist::Deck& deck);
netlist::Deck decode_deck(std::string_view body);  ///< throws RunError when cut short

std::string encode_result(const Result& result);
Result decode_result(std::string_view body);  ///< throws RunError when cut short

}  // namespace memspice::engine
