#pragma once
// From valid inputs to slightly wrong ones.

#include <string>
#include <vector>

#include "target.hpp"

namespace memspice::fuzz {

/// Input `index` of a target: the same for the same seed, whatever ran before.
std::string make_input(const Target& target, std::uint64_t seed, std::uint64_t index);

/// Bits, bytes, extreme integers, blocks taken out, repeated or moved, the end cut off.
std::string mutate_bytes(std::string input, RandomStream& random);

/// Lines, numbers and words exchanged, repeated or taken out.
std::string mutate_text(std::string input,
                        const std::vector<std::string>& tokens,
                        RandomStream& random);

/// One of `list`; an empty text when it has none.
std::string pick(const std::vector<std::string>& list, RandomStream& random);

/// All words of letters, digits, dots and underscores in the texts, once each.
std::vector<std::string> words_of(const std::vector<std::string>& texts);

}  // namespace memspice::fuzz
