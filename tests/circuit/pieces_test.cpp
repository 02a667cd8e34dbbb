// A circuit cut at held nets: every element once, every held net with its source.
#include "circuit/pieces.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "base/error.hpp"
#include "circuit/rule_check.hpp"
#include "support/circuit_parts.hpp"

namespace memspice::circuit {
namespace {

using test::element;

/// n held nets in a chain of resistors; between each two a second way, through a free net.
struct Chain {
  Circuit circuit{"chain"};
  std::vector<HeldNet> held;
  explicit Chain(int n) {
    for (int k = 0; k < n; ++k) held.push_back({circuit.add_net("n" + std::to_string(k)), k});
    for (int k = 1; k < n; ++k) {
      const std::string at = std::to_string(k);
      const auto step = static_cast<std::size_t>(k);
      const NetId a = held[step - 1].net, b = held[step].net;
      const NetId free = circuit.add_net("free" + at);
      circuit.add(element("wire" + at, Kind::Resistor, {a, b}, 1.0));
      circuit.add(element("left" + at, Kind::Resistor, {a, free}, 2.0));
      circuit.add(element("right" + at, Kind::Resistor, {free, b}, 2.0));
    }
  }
};

}  // namespace

TEST_CASE("pieces hold every element once and what hangs together together", "[circuit][pieces]") {
  const Chain chain(7);
  for (const int nets_per_piece : {1, 2, 3, 100}) {
    const std::vector<Piece> pieces = cut_at(chain.circuit, chain.held, nets_per_piece);
    std::multiset<std::string> elements;
    for (const Piece& piece : pieces) {
      CHECK(check_rules(piece.circuit).empty());
      std::size_t pins = 0;
      for (const Instance& instance : piece.circuit.instances()) {
        const bool is_pin = std::holds_alternative<External>(instance.waveform);
        pins += is_pin ? 1 : 0;
        if (!is_pin) elements.insert(instance.name);
      }
      CHECK(pins == piece.held.size());
      for (const int k : piece.held) CHECK(piece.circuit.find_instance(pin_name(k)));
      for (int k = 1; k < 7; ++k) {  // the two halves of a way through a free net
        const std::string at = std::to_string(k);
        CHECK(piece.circuit.find_instance("left" + at).has_value() ==
              piece.circuit.find_instance("right" + at).has_value());
      }
    }
    CHECK(elements.size() == 18);
    CHECK(std::set<std::string>(elements.begin(), elements.end()).size() == 18);
  }
  CHECK(cut_at(chain.circuit, chain.held, 100).size() == 1);
  CHECK(cut_at(chain.circuit, chain.held, 2).size() > 2);
}

TEST_CASE("pieces leave out what touches no held net", "[circuit][pieces]") {
  Chain chain(2);
  const NetId far = chain.circuit.add_net("far");
  chain.circuit.add(element("alone", Kind::Resistor, {far, kGround}, 1.0));
  const std::vector<Piece> pieces = cut_at(chain.circuit, chain.held, 10);
  REQUIRE(pieces.size() == 1);
  CHECK_FALSE(pieces.front().circuit.find_instance("alone"));
  CHECK_THROWS_AS(cut_at(chain.circuit, chain.held, 0), InputError);
}

}  // namespace memspice::circuit
