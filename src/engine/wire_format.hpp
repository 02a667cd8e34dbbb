#pragma once
// What travels between the pool and a worker process: framed binary messages over a socket.
// Both ends are the same build on the same machine, so numbers travel in native byte order.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "engine/engine.hpp"
#include "engine/pinned.hpp"

namespace memspice::engine {

/// Bytes that are no message, or no whole one.
class BrokenMessage : public RunError {
 public:
  using RunError::RunError;
};

enum class MessageKind : std::uint32_t {
  Ready = 1,         ///< worker -> pool: the simulator is loaded; body: its version
  Unusable = 2,      ///< worker -> pool: it could not be loaded; body: why
  Job = 3,           ///< pool -> worker: a deck
  Result = 4,        ///< worker -> pool: its waveforms
  PinnedJob = 5,     ///< pool -> worker: voltages for a circuit that it holds or is given
  PinnedResult = 6,  ///< worker -> pool: the currents
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

/// Points for a circuit, and what is to be forgotten before.
struct PinnedRequest {
  std::vector<std::string> forget;  ///< keys of circuits
  PinnedDeck deck;                  ///< without text when the worker holds its key
  Eigen::MatrixXd V;                ///< sources x points [V]
};

struct PinnedAnswer {
  PinnedCurrents currents;
  bool session_alive = true;
};

/// Header (kind, length) and body, ready to send.
std::string frame(MessageKind kind, std::string_view body);

/// Takes the first whole message off the front of `buffer`; nothing while it is incomplete.
/// Throws BrokenMessage when they are no message.
std::optional<Message> take_message(std::string& buffer);

std::string encode_deck(const netlist::Deck& deck);
netlist::Deck decode_deck(std::string_view body);  ///< throws BrokenMessage when cut short

std::string encode_result(const Result& result);
Result decode_result(std::string_view body);  ///< throws BrokenMessage when cut short

std::string encode_request(const PinnedRequest& request);
PinnedRequest decode_request(std::string_view body);  ///< throws BrokenMessage when cut short

std::string encode_answer(const PinnedAnswer& answer);
PinnedAnswer decode_answer(std::string_view body);  ///< throws BrokenMessage when cut short

}  // namespace memspice::engine
