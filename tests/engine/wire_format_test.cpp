#include "engine/wire_format.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "base/error.hpp"

namespace memspice::engine {

TEST_CASE("a deck and a result survive the wire unchanged", "[engine][wire_format]") {
  const netlist::Deck deck{"title", std::string("a\nb\0c", 5), {"v(a)", "i(v1)"}, 7, true};
  const netlist::Deck copy = decode_deck(encode_deck(deck));
  CHECK(copy.title == deck.title);
  CHECK(copy.text == deck.text);
  CHECK(copy.vectors == deck.vectors);
  CHECK(copy.points == 7);
  CHECK(copy.all_nets);

  Result result;
  result.session_alive = false;
  result.waveforms.axis = Eigen::VectorXd::LinSpaced(3, 0.0, 1.0);
  result.waveforms.values = Eigen::MatrixXd::Random(3, 2);
  result.waveforms.values(1, 1) = -std::numeric_limits<double>::infinity();
  result.waveforms.summary = {Termination::NoConvergence, "why", 0.25, 1, {}};
  result.waveforms.nets = {"a", "x_b.c"};
  const Result back = decode_result(encode_result(result));
  CHECK_FALSE(back.session_alive);
  CHECK(back.waveforms.axis == result.waveforms.axis);
  CHECK(back.waveforms.values == result.waveforms.values);
  CHECK(back.waveforms.nets == result.waveforms.nets);
  CHECK(back.waveforms.summary.termination == Termination::NoConvergence);
  CHECK(back.waveforms.summary.message == "why");
  CHECK(back.waveforms.summary.seconds == 0.25);
}

TEST_CASE("messages are taken whole, whatever the pieces they come in", "[engine][wire_format]") {
  const std::string bytes = frame(MessageKind::Ready, "one") + frame(MessageKind::Result, "");
  std::string buffer;
  std::vector<Message> taken;
  for (const char c : bytes) {
    buffer += c;
    while (auto message = take_message(buffer)) taken.push_back(*message);
  }
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].kind == MessageKind::Ready);
  CHECK(taken[0].body == "one");
  CHECK(taken[1].kind == MessageKind::Result);
  CHECK(buffer.empty());
}

TEST_CASE("damaged bytes are an error, never a wrong number", "[engine][wire_format]") {
  Result result;
  result.waveforms.axis = Eigen::VectorXd::Zero(4);
  result.waveforms.values = Eigen::MatrixXd::Zero(4, 3);
  const std::string whole = encode_result(result);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_THROWS_AS(decode_result(whole.substr(0, size)), RunError);
  }
  const std::string deck = encode_deck({"t", "text", {"v(a)"}, 1});
  for (std::size_t size = 0; size < deck.size(); ++size) {
    CHECK_THROWS_AS(decode_deck(deck.substr(0, size)), RunError);
  }
  std::string garbage = "this is no message header at all";
  CHECK_THROWS_AS(take_message(garbage), RunError);
}

}  // namespace memspice::engine
