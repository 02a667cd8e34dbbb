#include "netlist/gear.hpp"

namespace memspice::netlist {

Deck with_gear(Deck deck) {
  const std::size_t at = deck.text.find("\n.tran ");
  if (at != std::string::npos) deck.text.insert(at + 1, ".options method=gear\n");
  return deck;
}

}  // namespace memspice::netlist
