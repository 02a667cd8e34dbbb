#pragma once
// A circuit cut at nets whose voltages are given from outside.
//
//        |            |                     |            |
//   --R--o--R--  -->  o--R--   and     --R--o            o: net held by a source of its own piece
//        |            |                     |
//
// What hangs together only by held nets does not know of each other: each piece is a circuit of its
// own, and the currents of a net's sources, added over the pieces, are what leaves it in the whole.

#include <span>
#include <vector>

#include "circuit/circuit.hpp"

namespace memspice::circuit {

/// A net to hold. Elements whose nets stand near each other in `order` come into one piece; a
/// negative order says nothing (a line that runs through the whole circuit).
struct HeldNet {
  NetId net;
  int order = -1;
};

struct Piece {
  Circuit circuit;        ///< flat, with an External source `pin_K` for each of `held`
  std::vector<int> held;  ///< K: indices into the list of held nets, rising
};

/// Name of the source that holds net `held` in a piece: "pin_12".
std::string pin_name(int held);

/// Cuts `circuit`, in which no source may hold a net of `held`, into pieces of about
/// `nets_per_piece` held nets. Elements that touch no held net are left out: they move nothing.
/// Deterministic. Throws InputError when `nets_per_piece` < 1.
std::vector<Piece> cut_at(const Circuit& circuit,
                          std::span<const HeldNet> held,
                          int nets_per_piece);

}  // namespace memspice::circuit
