#pragma once
// Names that may stand in a deck. They come from TOML and ONNX files, so that anything else than
// these few characters would let a file write lines of SPICE.

#include <string>
#include <string_view>

namespace memspice::circuit {

inline constexpr std::size_t kMaxNameLength = 96;

/// A leading letter, then letters, digits and `_`; at most kMaxNameLength characters.
bool is_legal_name(std::string_view name);

/// True for words that SPICE reads as something else than a net: gnd, time, all, ...
bool is_reserved_net(std::string_view name);

/// `name` in lower case, as SPICE folds it; throws InputError naming `place` when it is malformed.
std::string checked_name(std::string_view name, std::string_view place);

/// A legal name made from free text ("conv1/0.2"): itself in lower case if it is legal, else with
/// `_` for each other character and a suffix from its hash, so that different texts stay apart.
std::string legal_name(std::string_view text);

}  // namespace memspice::circuit
